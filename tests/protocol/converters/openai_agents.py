"""OpenAI's Agents SDK: tools of MCP as functions, and in strict mode where it finds that it can."""

from types import SimpleNamespace

from agents.mcp.util import MCPUtil
from mcp.types import Tool

import openai_dialect

# As much of a server as the conversion looks at.
SERVER = SimpleNamespace(
    name="clerk",
    tool_input_guardrails=None,
    tool_output_guardrails=None,
    _get_failure_error_function=lambda default: default,
    _get_needs_approval_for_tool=lambda tool, agent: False,
)


def convert(tool):
    for strict in (False, True):
        function = MCPUtil.to_function_tool(Tool.model_validate(tool), SERVER, strict)
        yield openai_dialect.conversion(function.params_json_schema, function.strict_json_schema)

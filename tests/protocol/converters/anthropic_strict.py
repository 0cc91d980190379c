"""Anthropic's SDK: tools of MCP as they are, and the transformation for strict tools."""

from anthropic import transform_schema
from anthropic.lib.tools.mcp import mcp_tool
from mcp.types import Tool

from meaning import by_schema
from values import has_open_object

STRICTLY_KEPT = frozenset({"type", "enum", "items/type", "items/enum", "minItems"})


def convert(tool):
    yield by_schema(mcp_tool(Tool.model_validate(tool), None).to_dict()["input_schema"])
    strict = transform_schema(tool["inputSchema"])
    # What strict tools have no keyword for goes to the description. They have no open objects: what is made of a tool
    # with some is only for somebody who does without them.
    if not has_open_object(tool["inputSchema"]):
        yield by_schema(strict, keeps=STRICTLY_KEPT, is_strict=True)

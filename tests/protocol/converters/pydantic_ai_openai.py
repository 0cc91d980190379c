"""Pydantic AI with models of OpenAI: as it treats tools of MCP, and strict where somebody asks for that."""

from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.tools import ToolDefinition

import openai_dialect
from meaning import EVERYTHING
from values import has_open_object

MODEL = OpenAIChatModel("gpt-5.4", provider=OpenAIProvider(api_key="unused"))


def convert(tool):
    # Strict mode has no open objects, so that nobody can ask for it where there are some.
    for strict in (None,) if has_open_object(tool["inputSchema"]) else (None, True):
        definition = ToolDefinition(
            name=tool["name"],
            description=tool["description"],
            parameters_json_schema=tool["inputSchema"],
            strict=strict,
        )
        [converted] = MODEL.customize_request_parameters(
            ModelRequestParameters(function_tools=[definition])
        ).function_tools
        # It moves into the description what not every API that is like OpenAI's takes.
        keeps = (
            EVERYTHING
            if strict is None
            else EVERYTHING - {"minLength", "maxLength", "items/minLength", "items/maxLength"}
        )
        yield openai_dialect.conversion(converted.parameters_json_schema, converted.strict, keeps=keeps)

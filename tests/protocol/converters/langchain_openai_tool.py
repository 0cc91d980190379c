"""LangChain: tools of MCP for models that are called as OpenAI's are, and strict where somebody asks for that."""

from langchain_core.utils.function_calling import convert_to_openai_tool

import openai_dialect
from values import has_open_object


def convert(tool):
    named = {"title": tool["name"], "description": tool["description"]} | tool["inputSchema"]
    # Strict mode has no open objects, so that nobody can ask for it where there are some.
    for strict in (None,) if has_open_object(tool["inputSchema"]) else (None, True):
        function = convert_to_openai_tool(named, strict=strict)["function"]
        yield openai_dialect.conversion(function["parameters"], bool(function.get("strict")))

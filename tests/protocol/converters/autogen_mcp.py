"""AutoGen: tools of MCP as Pydantic models."""

from autogen_ext.tools.mcp import StdioMcpToolAdapter, StdioServerParams
from mcp.types import Tool
from pydantic import ValidationError

from meaning import EVERYTHING, Conversion

# Of what an array holds, it keeps the type only.
KEEPS = EVERYTHING - {keyword for keyword in EVERYTHING if keyword.startswith("items/")} | {"items/type"}


def convert(tool):
    adapter = StdioMcpToolAdapter(StdioServerParams(command="unused"), Tool.model_validate(tool))

    def accepts(arguments):
        try:
            model = adapter.args_type().model_validate(arguments)
        except ValidationError:
            return False
        # What it sends is what was given.
        return model.model_dump(exclude_unset=True) == arguments

    parameters = adapter.schema["parameters"]
    yield Conversion(parameters["properties"], accepts, parameters.get("required", []), KEEPS)

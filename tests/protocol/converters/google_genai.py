"""Google's Gen AI SDK: tools of MCP as function declarations."""

from google.genai._mcp_utils import mcp_to_gemini_tool
from mcp.types import Tool

from meaning import EVERYTHING, by_schema

# What the API takes for text; it refuses every other format.
FORMATS = {"enum", "date-time"}
# It drops what has a name of two words.
KEEPS = EVERYTHING - {
    f"{where}{limit}{of}" for where in ("", "items/") for limit in ("min", "max") for of in ("Items", "Length")
}


def convert(tool):
    [declaration] = mcp_to_gemini_tool(Tool.model_validate(tool)).function_declarations
    written = declaration.parameters.model_dump(mode="json", by_alias=True, exclude_none=True)
    yield by_schema(json_schema(written), keeps=KEEPS, refused=tuple(refused(declaration.parameters)))


def json_schema(written):
    """The same with the types as JSON Schema spells them."""
    spelled = written | {"type": written.get("type", "").lower()}
    if "items" in written:
        spelled["items"] = json_schema(written["items"])
    if "properties" in written:
        spelled["properties"] = {name: json_schema(child) for name, child in written["properties"].items()}
    return spelled


def refused(schema, where="parameters"):
    """What the Gemini API answers with an error."""
    if schema.type is None or schema.type.name not in ("STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT"):
        yield f"{where}: the type is {schema.type}"
    if schema.any_of or schema.additional_properties is not None or schema.ref or schema.defs:
        yield f"{where}: more than a plain schema"
    if schema.format is not None and schema.format not in FORMATS:
        yield f"{where}: there is no format {schema.format}"
    if schema.type == "ARRAY":
        if schema.items is None:
            yield f"{where}: an array has no items"
        else:
            yield from refused(schema.items, f"{where}/items")
    for name, child in (schema.properties or {}).items():
        yield from refused(child, f"{where}/{name}")

"""What OpenAI's API takes as the parameters of a function."""

from meaning import by_schema

FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}
# The keywords of strict mode (https://platform.openai.com/docs/guides/structured-outputs, "Supported schemas").
STRICT = {
    *(
        "type",
        "description",
        "title",
        "default",
        "enum",
        "const",
        "anyOf",
        "properties",
        "required",
        "additionalProperties",
    ),
    *("items", "minItems", "maxItems", "pattern", "format", "minLength", "maxLength"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}


def conversion(schema, is_strict, **details):
    return by_schema(schema, is_strict=is_strict, refused=tuple(refused(schema, is_strict)), **details)


def refused(schema, is_strict, where="parameters"):
    kind = schema.get("type")
    if kind == "array" and not schema.get("items"):
        yield f"{where}: an array has no items"
    if kind == "object" and "properties" not in schema and where == "parameters":
        yield f"{where}: an object has no properties"
    if is_strict:
        yield from refused_strictly(schema, where)
    for name, child in [
        *schema.get("properties", {}).items(),
        *([("items", schema["items"])] if "items" in schema else []),
    ]:
        yield from refused(child, is_strict, f"{where}/{name}")


def refused_strictly(schema, where):
    if unknown := schema.keys() - STRICT:
        yield f"{where}: strict mode has no {', '.join(sorted(unknown))}"
    if schema.get("format", "date") not in FORMATS:
        yield f"{where}: strict mode has no format {schema['format']}"
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            yield f"{where}: an object is not closed"
        if set(schema.get("required", [])) != schema.get("properties", {}).keys():
            yield f"{where}: not every property is required"

"""Values that a schema describes, and values that it does not."""

import re

try:
    import re._parser as regex_parser
except ImportError:  # Python 3.10
    import sre_parse as regex_parser

# What an open object may hold: anything.
ANYTHING = {"text": "pro", "number": 5, "flag": True, "nothing": None, "nested": {"list": [1, "two"]}}

# A value of another type, for each type.
ANOTHER_TYPE = {"string": {}, "integer": "x", "number": "x", "boolean": "x", "array": {}, "object": "x"}


def is_open(schema):
    """Whether a schema describes an object with keys that nobody knows beforehand."""
    return (
        schema.get("type") == "object"
        and not schema.get("properties")
        and schema.get("additionalProperties") is not False
    )


def has_open_object(schema):
    """Whether one of the parameters is an open object or contains one."""
    below = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
    return any(is_open(child) or has_open_object(child) for child in below)


def arguments(schema, anything=ANYTHING):
    """A value for every parameter of a tool."""
    return {name: made(parameter, anything) for name, parameter in schema.get("properties", {}).items()}


def made(schema, anything=ANYTHING):
    """A value that the schema describes."""
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object" if is_open(schema):
            return anything
        case "object":
            return arguments(schema, anything)
        case "array":
            return [made(schema.get("items", {}), anything)] * max(1, schema.get("minItems", 1))
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
    return matching(schema["pattern"]) if "pattern" in schema else "text"


def matching(pattern):
    """A short text that a regular expression matches."""
    return "".join(generated(regex_parser.parse(pattern)))


def generated(tokens):
    for name, argument in tokens:
        match str(name):
            case "LITERAL":
                yield chr(argument)
            case "IN":
                yield first_of(argument)
            case "SUBPATTERN":
                yield from generated(argument[-1])
            case "BRANCH":
                yield from generated(argument[1][0])
            case "MAX_REPEAT":
                least, _, repeated = argument
                # A sign that may be left out is left out; what may be long has three characters.
                yield from "".join(generated(repeated)) * (3 if argument[1] > 3 else least)
            case "AT":
                pass
            case other:
                raise ValueError(f"a pattern has {other}, which not every converter knows")


def first_of(characters):
    for name, argument in characters:
        if str(name) == "RANGE":
            return chr(argument[0])
        if str(name) == "LITERAL":
            return chr(argument)
    return "x"


def broken(schema):
    """Values that the schema does not describe, each with the keyword that they offend and that keyword's value."""
    if another := ANOTHER_TYPE.get(str(schema.get("type"))):
        yield "type", schema["type"], another
    if "enum" in schema:
        yield "enum", schema["enum"], "none of them"
    if "minimum" in schema:
        yield "minimum", schema["minimum"], schema["minimum"] - 1
    if "maximum" in schema:
        yield "maximum", schema["maximum"], schema["maximum"] + 1
    if schema.get("minLength"):
        yield "minLength", schema["minLength"], "x" * (schema["minLength"] - 1)
    if "maxLength" in schema:
        yield "maxLength", schema["maxLength"], "x" * (schema["maxLength"] + 1)
    if "pattern" in schema and not re.search(schema["pattern"], "%"):
        yield "pattern", schema["pattern"], "%"
    if schema.get("minItems"):
        yield "minItems", schema["minItems"], []
    if "maxItems" in schema:
        yield "maxItems", schema["maxItems"], [made(schema["items"])] * (schema["maxItems"] + 1)
    for keyword, wanted, value in broken(schema["items"]) if "items" in schema else ():
        yield f"items/{keyword}", wanted, [value]

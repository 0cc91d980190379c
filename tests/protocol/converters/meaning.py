"""Whether a tool means after its conversion what it meant before."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from jsonschema import Draft202012Validator

import values

KEYWORDS = ("type", "enum", "minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems")
# What a converter that leaves a schema as it is holds a value against.
EVERYTHING = frozenset(KEYWORDS) | {f"items/{keyword}" for keyword in KEYWORDS}

# Bounds that no model reaches, which need no words in a description.
FAR_AWAY = {"maxItems": 100, "maximum": 2**31}


@dataclass
class Conversion:
    """What a client would give a model for a tool."""

    # The parameters as the model sees them: JSON Schema, or as much of it as there is.
    parameters: dict
    # Whether arguments can come from a model that keeps to the converted tool.
    accepts: Callable[[dict], bool]
    # The parameters that a model has to give.
    required: list
    # The keywords that are enforced. Whatever the others say has to be in the description.
    keeps: frozenset = EVERYTHING
    # Nothing but valid arguments can come from a model.
    is_strict: bool = False
    # What the model's provider would refuse.
    refused: tuple = ()
    # What an open object can hold at least.
    anything: dict = field(default_factory=lambda: values.ANYTHING)


def by_schema(schema, **details):
    """A conversion to JSON Schema."""
    Draft202012Validator.check_schema(schema)
    is_valid = Draft202012Validator(schema).is_valid
    return Conversion(schema.get("properties", {}), is_valid, schema.get("required", []), **details)


def problems(tool, conversion, examples):
    """What was lost. `examples`: arguments of calls of the tool."""
    schema = tool["inputSchema"]
    yield from conversion.refused
    yield from lost_parameters(schema, conversion)
    yield from refused_calls(schema, conversion, examples)
    for name, parameter in schema.get("properties", {}).items():
        yield from lost_rules(schema, name, parameter, conversion)


def lost_parameters(schema, conversion):
    for name, parameter in schema.get("properties", {}).items():
        if name not in conversion.parameters:
            yield f"{name} is lost"
        elif parameter.get("description", "") not in conversion.parameters[name].get("description", ""):
            yield f"the description of {name} is lost"


def refused_calls(schema, conversion, examples):
    """Calls that a model could not make any more, or that this program would not take from it."""
    is_valid = Draft202012Validator(schema).is_valid
    everything = values.arguments(schema, conversion.anything)
    for example in [*examples, everything]:
        arguments = needed(schema, conversion) | settled(example, schema, conversion.anything)
        if not conversion.accepts(arguments):
            yield f"refuses {arguments}"
        if not is_valid(arguments):
            yield f"takes {arguments}, which the tool's own schema does not"


def needed(schema, conversion):
    """As few arguments as a model can give."""
    everything = values.arguments(schema, conversion.anything)
    return {name: everything[name] for name in conversion.required if name in everything}


def settled(example, schema, anything):
    """The arguments of an example, with what the converter has for open objects where it has not everything."""
    if anything is values.ANYTHING:
        return example
    opened = {name for name, parameter in schema.get("properties", {}).items() if values.is_open(parameter)}
    return {name: anything if name in opened else value for name, value in example.items()}


def lost_rules(schema, name, parameter, conversion):
    """Rules for one parameter that neither the converted schema nor the description has."""
    least = needed(schema, conversion)
    without = {key: value for key, value in least.items() if key != name}
    if name in schema.get("required", []) and conversion.accepts(without):
        yield f"{name} is not required any more"
    converted = conversion.parameters.get(name, {})
    description = converted.get("description", "") + converted.get("items", {}).get("description", "")
    for keyword, wanted, value in values.broken(parameter):
        if keyword in conversion.keeps:
            if conversion.accepts(least | {name: value}):
                yield f"{name} is not held against its {keyword} any more: {str(value)[:60]}"
        elif not told(keyword.removeprefix("items/"), wanted, description):
            yield f"nothing tells of the {keyword} of {name} ({wanted}), which the converter drops"


def told(keyword, wanted, description):
    """Whether a description says what a keyword says."""
    if keyword == "pattern":
        words = re.findall(r"[a-z_]{3,}", re.sub(r"\[.*?\]", " ", wanted))
        return all(word in description for word in words)
    if isinstance(wanted, int):
        return wanted in (0, 1) or wanted >= FAR_AWAY.get(keyword, wanted + 1) or str(wanted) in description
    return True

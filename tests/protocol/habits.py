"""What clients were seen to do to every call and every answer, as clients of their own in the matrix."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Habit:
    """What a client makes of the arguments of a model, and of a result before the model sees it."""

    arguments: Callable = lambda arguments, tool: arguments
    result: Callable = lambda result, tool: result


class Habitual:
    """A client with a habit."""

    def __init__(self, client, habit):
        self.client = client
        self.habit = habit
        self.tools = {}

    def version(self):
        return self.client.version()

    def ask(self, method, **params):
        if method != "tools/call" or params["name"] not in self.tools:
            result = self.client.ask(method, **params)
            if method == "tools/list":
                self.tools = {tool["name"]: tool for tool in result["tools"]}
            return result
        tool = self.tools[params["name"]]
        arguments = self.habit.arguments(params["arguments"], tool)
        return self.habit.result(self.client.ask(method, **params | {"arguments": arguments}), tool)


def adding(**more):
    """A client that adds arguments of its own."""
    return Habit(lambda arguments, _: arguments | more)


def as_text(arguments, tool):
    """Numbers, switches, lists and objects as text, and every default said that the schema has."""
    properties = tool["inputSchema"].get("properties", {})
    defaults = {name: schema["default"] for name, schema in properties.items() if "default" in schema}
    return {
        name: value if isinstance(value, str) else json.dumps(value) for name, value in (defaults | arguments).items()
    }


def with_nulls(arguments, tool):
    """Null for every parameter that is not needed, as where a model has to give all of them."""
    schema = tool["inputSchema"]
    optional = schema.get("properties", {}).keys() - set(schema.get("required", []))
    return dict.fromkeys(sorted(optional)) | arguments


def in_camel_case(arguments, _):
    """Names as Clerk's JavaScript packages spell them: userId, inviterUserId."""
    return {re.sub("_([a-z])", lambda letter: letter[1].upper(), name): value for name, value in arguments.items()}


def held_against_output_schema(result, tool):
    """Text that is JSON, that of a failure too, has to fit what the tool says of its answers."""
    for content in result["content"]:
        if content["type"] == "text" and content["text"].startswith("{"):
            fit(json.loads(content["text"]), tool.get("outputSchema", {}), "the answer")
    return result


def fit(value, schema, where):
    """An error if a value is not as an output schema says."""
    types = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
    kind = types.get(schema.get("type"), object)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind in (int, (int, float))):
        raise AssertionError(f"{where} is no {schema['type']}")
    if isinstance(value, dict):
        if missing := set(schema.get("required", [])) - value.keys():
            raise AssertionError(f"{where} must have {', '.join(sorted(missing))}")
        for name, child in schema.get("properties", {}).items():
            if name in value:
                fit(value[name], child, f"{where}'s {name}")
    for item in value if isinstance(value, list) else ():
        fit(item, schema.get("items", {}), f"an item of {where}")


def without_what_is_not_named(result, tool):
    """Drops what the output schema does not name, if it names anything. The mark of untrusted text has to stay."""
    if result.get("isError"):
        return result
    whole = json.loads(result["content"][0]["text"])
    named = tool.get("outputSchema", {}).get("properties") or whole
    left = {name: value for name, value in whole.items() if name in named}
    if "untrusted_text" in whole and "untrusted_text" not in left:
        raise AssertionError("untrusted_text is not named in the output schema")
    text = [{"type": "text", "text": json.dumps(left)}]
    return result | {"content": text, "structuredContent": left}


GEMINI_CLI = Habit(lambda arguments, _: arguments | {"wait_for_previous": True}, held_against_output_schema)
N8N = adding(sessionId="0b5ad", action="sendMessage", chatInput="Who is Ada?", toolCallId="call_1")
CURSOR = adding(_sessionID="0b5ad", random_string="x")
TEXT = Habit(as_text)
STRICT = Habit(with_nulls)
CAMEL_CASE = Habit(in_camel_case)
MCPO = Habit(result=without_what_is_not_named)

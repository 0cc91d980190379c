"""What every client has to be able to do, as `calls.json` says it."""

import json
from contextlib import contextmanager

from client import Gone, Refused
from install import SOURCES

CALLS = json.loads((SOURCES / "calls.json").read_text())


class Report:
    """What held and what did not."""

    def __init__(self):
        self.passed = 0
        self.tools = 0
        self.failures = []

    @contextmanager
    def check(self, what):
        try:
            yield
            self.passed += 1
        except Gone:
            raise
        except Exception as error:  # Whatever goes wrong in a check is its failure, and the next one is another matter.
            self.failures.append(f"{what}: {type(error).__name__}: {error}")


def run(client, version, cannot, asks, report):
    """Asks for everything, except for what a client has no way to ask for. `asks`: whether tools ask for consent here."""
    with report.check("version"):
        equal(client.version(), version)
    with report.check("tools/list"):
        names = [tool["name"] for tool in client.ask("tools/list")["tools"]]
        equal(sorted(names), sorted(call["name"] for call in CALLS["tools"]))
    kept = call_tools(client, asks, report)
    call_badly(client, cannot, report)
    use_prompts(client, report)
    read_resources(client, kept, report)
    if "completion/complete" not in cannot:
        with report.check("completion/complete"):
            completion = client.ask("completion/complete", **CALLS["completion"])["completion"]
            contains(completion["values"], CALLS["completed"])


def call_tools(client, asks, report):
    """Calls every tool once; gives the ids that were found on the way."""
    kept = {}
    for call in CALLS["tools"]:
        with report.check(call["name"]):
            output = output_of(client, call, kept)
            if asks and call.get("asks"):
                contains(output["preview"]["tool"], call["name"])
                token = {"confirmation_token": output["confirmation_token"]}
                output = output_of(client, call | {"arguments": call["arguments"] | token}, kept)
            for pointer, value in filled(call["output"], kept).items():
                equal(at(output, pointer), value)
            kept |= {name: at(output, pointer) for name, pointer in call.get("keep", {}).items()}
            report.tools += 1
    return kept


def output_of(client, call, kept):
    """What a tool answers, the same as text and as structured content."""
    result = call_tool(client, call, kept, is_error=False)
    equal(json.loads(result["content"][0]["text"]), result["structuredContent"])
    return result["structuredContent"]


def call_badly(client, cannot, report):
    for call in CALLS["failures"]:
        with report.check(call["what"]):
            result = call_tool(client, call, {}, is_error=True)
            equal(json.loads(result["content"][0]["text"])["code"], call["code"])
    if "unknown tool" not in cannot:
        with report.check("an unknown tool"):
            equal(refusal(client, "tools/call", **CALLS["unknown_tool"]), -32602)


def use_prompts(client, report):
    with report.check("prompts/list"):
        equal([prompt["name"] for prompt in client.ask("prompts/list")["prompts"]], CALLS["prompts"])
    with report.check("prompts/get"):
        [message] = client.ask("prompts/get", **CALLS["prompt"])["messages"]
        equal(message["role"], "user")
        contains(message["content"]["text"], CALLS["prompt"]["arguments"]["user"])


def read_resources(client, kept, report):
    with report.check("resources/list"):
        equal(client.ask("resources/list")["resources"], [])
    with report.check("resources/templates/list"):
        templates = client.ask("resources/templates/list")["resourceTemplates"]
        equal([template["uriTemplate"] for template in templates], CALLS["resource_templates"])
    with report.check("resources/read"):
        resource = filled(CALLS["resource"], kept)
        [contents] = client.ask("resources/read", **resource)["contents"]
        equal(contents["uri"], resource["uri"])
        equal(json.loads(contents["text"])["id"], kept["ada"])


def call_tool(client, call, kept, is_error):
    """The result of a call, which has to be a success or a failure."""
    result = client.ask("tools/call", name=call["name"], arguments=filled(call["arguments"], kept))
    equal(result.get("isError", False), is_error)
    return result


def refusal(client, method, **params):
    """The code of the error that a request ends with."""
    try:
        result = client.ask(method, **params)
    except Refused as error:
        return error.code
    raise AssertionError(f"no error, but {result}")


def filled(value, kept):
    """The value with the ids that were found in place of their names in braces."""
    text = json.dumps(value)
    for name, found in kept.items():
        text = text.replace(f"{{{name}}}", found)
    return json.loads(text)


def at(value, pointer):
    for step in pointer.split("/"):
        value = value[int(step) if isinstance(value, list) else step]
    return value


def equal(found, wanted):
    if found != wanted:
        raise AssertionError(f"{found!r} instead of {wanted!r}")


def contains(found, wanted):
    if wanted not in found:
        raise AssertionError(f"{wanted!r} is not in {found!r}")

"""What every client has to be able to do, as `calls.json` and the example calls of the tools say it."""

import json
from contextlib import contextmanager

from client import Gone, Refused
from install import ROOT, SOURCES
from verdicts import contains, equal

EXAMPLES = ROOT / "tests/example-calls.json"
PLACES = json.loads(EXAMPLES.read_text())["places"]


def read(path):
    """A file of calls, with the ids of the sample in place of their names in braces."""
    text = path.read_text()
    for name, found in PLACES.items():
        text = text.replace(f"{{{name}}}", found)
    return json.loads(text)


TOOLS = read(EXAMPLES)["calls"]
CALLS = read(SOURCES / "calls.json")
# Those with which a client shows that it passes on texts, lists and objects, and what is asked.
FEW = [call for call in TOOLS if call["tool"] in CALLS["few"]]
assert {call["tool"] for call in FEW} == set(CALLS["few"]), "a tool of calls.json is not there"
SKILLS = sorted(path.name for path in (ROOT / "skills").iterdir())


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


def run(client, version, cannot, asks, tools, report):
    """Asks for everything, except for what a client has no way to ask for. `asks`: whether tools ask for consent here.
    `tools`: the calls of tools to make."""
    with report.check("version"):
        equal(client.version(), version)
    with report.check("tools/list"):
        names = [tool["name"] for tool in client.ask("tools/list")["tools"]]
        equal(sorted(names), sorted(call["tool"] for call in TOOLS))
    call_tools(client, asks, tools, report)
    call_badly(client, cannot, report)
    use_prompts(client, report)
    read_resources(client, report)
    if "completion/complete" not in cannot:
        with report.check("completion/complete"):
            completion = client.ask("completion/complete", **CALLS["completion"])["completion"]
            contains(completion["values"], CALLS["completed"])


def call_tools(client, asks, tools, report):
    """Makes each call once."""
    asking = []
    if asks:
        with report.check("what asks"):
            asking = output_of(client, "clerk_whoami", {})["tools_that_ask"]
            contains(asking, "clerk_delete_user")
    for call in tools:
        name, arguments = call["tool"], call["arguments"]
        with report.check(name):
            output = output_of(client, name, arguments)
            equal("confirmation_token" in output, name in asking)
            if name in asking:
                equal(output["preview"]["tool"], name)
                output = output_of(client, name, arguments | {"confirmation_token": output["confirmation_token"]})
            for pointer, value in call["output"].items():
                equal(at(output, pointer), value)
            report.tools += 1


def output_of(client, name, arguments):
    """What a tool answers, the same as text and as structured content."""
    result = call_tool(client, name, arguments, is_error=False)
    equal(json.loads(result["content"][0]["text"]), result["structuredContent"])
    return result["structuredContent"]


def call_badly(client, cannot, report):
    for call in CALLS["failures"]:
        with report.check(call["what"]):
            result = call_tool(client, call["name"], call["arguments"], is_error=True)
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


def read_resources(client, report):
    with report.check("resources/list"):
        listed = [resource["uri"] for resource in client.ask("resources/list")["resources"]]
        equal(listed, [f"skill://{name}/SKILL.md" for name in SKILLS])
    with report.check("resources/templates/list"):
        templates = client.ask("resources/templates/list")["resourceTemplates"]
        equal([template["uriTemplate"] for template in templates], CALLS["resource_templates"])
    with report.check("resources/read"):
        [contents] = client.ask("resources/read", **CALLS["resource"])["contents"]
        equal(contents["uri"], CALLS["resource"]["uri"])
        contains(contents["uri"], json.loads(contents["text"])["id"])


def call_tool(client, name, arguments, is_error):
    """The result of a call, which has to be a success or a failure."""
    result = client.ask("tools/call", name=name, arguments=arguments)
    if result.get("isError", False) != is_error:
        raise AssertionError(f"{'no error' if is_error else 'an error'}: {result['content'][0]['text'][:300]}")
    return result


def refusal(client, method, **params):
    """The code of the error that a request ends with."""
    try:
        result = client.ask(method, **params)
    except Refused as error:
        return error.code
    raise AssertionError(f"no error, but {result}")


def at(value, pointer):
    for step in pointer.split("/")[1:]:
        value = value[int(step) if isinstance(value, list) else step]
    return value

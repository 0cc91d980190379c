"""The program before the validating proxy: every operation by the tools that lead to it, and every other tool."""

import json
import tempfile
from contextlib import contextmanager

import checks
import operations
import program
import samples
from client import Client
from emulator import KEY
from install import NODE, NODE_CLIENTS

# Everything is allowed and nothing asks: what is tried is which requests leave.
UNBOUND = ("--mode", "full", "--confirm", "off", "--max-writes", "0", "--max-requests", "0", "--listen", "127.0.0.1:0")


@contextmanager
def connected(api):
    """A client of the program, for which this API is Clerk's."""
    with tempfile.TemporaryDirectory() as secrets:
        options = (*UNBOUND, "--api-url", api, "--secrets-dir", secrets)
        with program.serving(*options, CLERK_SECRET_KEY=KEY) as url:
            with Client([NODE, NODE_CLIENTS / "typescript_sdk.mjs", "legacy", url]) as client:
                client.version()
                yield client


def error_of(client, tool, arguments):
    """The error that a tool answers with; none where it succeeds."""
    result = client.ask("tools/call", name=tool, arguments=arguments)
    return result["content"][0]["text"] if result.get("isError", False) else None


def walk_described(client, recorded):
    """Gives each operation with what the program says about it, and its wrong and its right request."""
    walk = operations.Walk()
    for tried, wrong, right in walk:
        result = client.ask("tools/call", name="clerk_api_describe", arguments={"operation": tried["call"]})
        yield json.loads(result["content"][0]["text"]), wrong, right
        walk.keep(tried, recorded.last)


def call_operations(recorded, findings):
    """Each operation wrongly, as a dry run, and rightly."""
    unsent = 0
    with connected(recorded.url) as client:
        for described, wrong, right in walk_described(client, recorded):
            tool = described["tool"]

            def judged(what, request, succeeds, **more):
                error = error_of(client, tool, {"operation": request.call, "arguments": request.arguments(), **more})
                exchanges = recorded.take()
                failures = [] if (error is None) == succeeds else [error or "it is no error"]
                findings.judge(f"{request.call}, {what}", exchanges, failures)
                return exchanges

            if off := described.get("off"):
                findings.notes.append(f"not called by a tool: {right.call}, because it {off}")
                if judged("off", right, False):
                    findings.failures.append(f"{right.call}: it is off, and sent")
                send_directly(right, recorded)
                continue
            unsent += not judged("wrong", wrong, False)
            if tool != "clerk_api_read":
                looks = judged("dry run", right, True, dry_run=True)
                written = [look.target for look in looks if look.method != "GET"]
                findings.failures += [f"{right.call}: a dry run writes to {target}" for target in written]
            judged("right", right, True)
    findings.notes.append(f"wrong calls that are refused before anything is sent: {unsent}")


def call_with_everything(recorded, findings):
    """Each operation with a value for all that it takes. Clerk would refuse many: what counts is how they are sent."""
    with connected(recorded.url) as client:
        for described, _, right in walk_described(client, recorded):
            if "off" in described:
                send_directly(right, recorded)
                continue
            arguments = samples.fitting(described["arguments"]) | right.arguments()
            if arguments != right.arguments():
                error = error_of(client, described["tool"], {"operation": right.call, "arguments": arguments})
                exchanges = recorded.take()
                is_sent = bool(exchanges) and right.call.startswith(exchanges[-1].method)
                findings.judge(f"{right.call}, everything", exchanges, [] if is_sent else [error or "it is not sent"])
            send_directly(right, recorded)


def send_directly(request, recorded):
    """Sends a request past the program, for what later ones need of it."""
    request.send(recorded.url)
    recorded.take()


def call_tools(recorded, findings):
    """Each tool by its example."""
    with connected(recorded.url) as client:
        for example in checks.TOOLS:
            error = error_of(client, example["tool"], example["arguments"])
            findings.judge(example["tool"], recorded.take(), [error] if error else [])

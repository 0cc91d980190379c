"""What the Python clients have in common: the checks ask on standard input, a client answers on standard output."""

import json
import sys

import anyio.to_thread
import mcp_types
from mcp import MCPError

# The arguments: `legacy`, `auto` or a version of the protocol; then a URL, or a command with its arguments.
ERA, COMMAND, *ARGUMENTS = sys.argv[1:]


def reference(ref):
    """What `completion/complete` completes, as the SDK's type."""
    kinds = {"ref/prompt": mcp_types.PromptReference, "ref/resource": mcp_types.ResourceTemplateReference}
    return kinds[ref["type"]](**ref)


async def converse(protocol_version, methods):
    """Says which version was agreed on, then answers each line with a result or an error."""
    say({"result": {"protocolVersion": protocol_version}})
    while line := await anyio.to_thread.run_sync(sys.stdin.readline):
        request = json.loads(line)
        try:
            result = await methods[request["method"]](**request["params"])
            say({"result": result.model_dump(mode="json", by_alias=True, exclude_none=True)})
        except MCPError as error:
            say({"error": {"code": error.code, "message": error.message}})
        except Exception as error:
            say({"error": {"code": None, "message": f"{type(error).__name__}: {error}"}})


def say(answer):
    print(json.dumps(answer), flush=True)

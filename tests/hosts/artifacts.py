"""What holds of the files in `dist/` wherever they are loaded."""

import hashlib
import json
import subprocess

from checks import contains, equal
from install import ROOT

DIST = ROOT / "dist"
TOOLS = "clerk-tools.wasm"
# What each artifact may have from its host, besides what the guard sends requests with.
HARMLESS = (
    "wasi:io/",
    "wasi:clocks/monotonic-clock@",
    "wasi:clocks/wall-clock@",
    "wasi:cli/environment@",
    "wasi:http/types@",
    "wasi:http/outgoing-handler@",
)
MAY_IMPORT = {
    "clerk-tools-guarded.wasm": HARMLESS,
    "clerk-mcp-http.wasm": HARMLESS,
    "clerk-mcp-stdio.wasm": (*HARMLESS, "wasi:cli/stdin@", "wasi:cli/stdout@"),
    "clerk-mcp-wassette.wasm": HARMLESS,
}


def checks(program):
    """The checks, each with its name."""
    described = {name: describe(program, DIST / name) for name in [TOOLS, *MAY_IMPORT]}
    for name in MAY_IMPORT:
        yield f"{name} holds the very tools", lambda name=name: holds_the_tools(described[name], described[TOOLS])
        yield f"{name}: only the guard reaches the network", lambda name=name: only_the_guard_gets_out(described[name])
        yield f"{name} imports little", lambda name=name: imports_little(described[name], MAY_IMPORT[name])
    yield "the sums are those of the files", sums_are_right
    yield "the import lists are those of the files", lambda: import_lists_are_right(program)


def describe(program, file):
    said = subprocess.run([program, "inspect", "--json", file], check=True, capture_output=True, text=True).stdout
    return json.loads(said)


def holds_the_tools(composed, tools):
    [guarded] = [part for part in composed["components"] if part["name"] == "guarded"]
    equal(guarded["sha256"], tools["sha256"])
    equal(sum(part["sha256"] == tools["sha256"] for part in composed["components"]), 1)


def only_the_guard_gets_out(composed):
    equal({part["name"]: part["is_let_out"] for part in composed["components"] if part["is_let_out"] is not False}, {"guard": True})
    sources = {
        (part["name"], entry["name"].split("@")[0]): entry["from"] for part in composed["components"] for entry in part["imports"]
    }
    equal(sources["guarded", "wasi:http/types"], "guard")
    equal(sources["guarded", "wasi:http/outgoing-handler"], "guard")
    equal(sources["guard", "wasi:cli/environment"], "host")
    equal(sources.get(("adapter", "wasi:cli/environment"), "guard"), "guard")
    equal(("guarded", "wasi:cli/environment") in sources, False)


def imports_little(composed, allowed):
    equal([name for name in composed["imports"] if not name.startswith(allowed)], [])


def sums_are_right():
    lines = dict(reversed(line.split()) for line in (DIST / "SHA256SUMS").read_text().splitlines())
    equal(sorted(lines), sorted([TOOLS, *MAY_IMPORT]))
    for name, digest in lines.items():
        equal(hashlib.sha256((DIST / name).read_bytes()).hexdigest(), digest)


def import_lists_are_right(program):
    for name in [TOOLS, *MAY_IMPORT]:
        said = subprocess.run([program, "inspect", name], cwd=DIST, check=True, capture_output=True, text=True).stdout
        equal((DIST / name).with_suffix(".imports.txt").read_text(), said)
        contains(said, "imports, which is all that it can reach")

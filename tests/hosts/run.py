#!/usr/bin/env python3
"""Loads the components in `dist/` into other hosts than our own, and the guard around tools that misbehave; has clients use
them there, and stops one of two servers under load.

    run.py [part…]    for example: run.py wassette "wasmtime serve"
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import artifacts
import checks
import install
import registry
import service
import upstream
from artifacts import DIST
from hosts import HOSTS
from install import ROOT
from verdicts import report

GUESTS = ROOT / "target/hosts/guests"


def main(chosen):
    missing = install.install()
    if not shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"):
        missing["nginx"] = "it is not installed"
    compose_guests()
    checks.TOOLS, checks.LISTED = tools_of_the_program("--toolsets", "all"), tools_of_the_program()
    passed, failed = 0, 0
    with upstream.emulator() as emulator:
        parts = list(all_parts(emulator))
        if unknown := set(chosen) - {name for name, _, _ in parts}:
            return f"there is no {', '.join(unknown)}; there are {', '.join(name for name, _, _ in parts)}"
        for name, needs, named_checks in parts:
            if (chosen and name not in chosen) or is_skipped(name, needs, missing):
                continue
            numbers = report(name, named_checks)
            passed, failed = passed + numbers[0], failed + numbers[1]
    print(f"\n{passed} passed, {failed} failed, {len(missing)} programs not to be had")
    return 1 if failed or not passed else 0


def all_parts(emulator):
    """Each with its name, the programs that it needs, and its checks."""
    yield "dist", [], artifacts.checks(program())
    yield "registry", registry.NEEDS, registry.checks()
    for host in (kind() for kind in HOSTS):
        todo = [(check, DIST) for check in checks.OF_ARTIFACTS] + [(check, GUESTS) for check in checks.OF_GUESTS]
        yield host.name, host.needs, [(check.__name__, bound(check, host, folder, emulator)) for check, folder in todo]
    yield "clients", ["wasmtime"], service.client_checks()
    yield "two wasmCloud hosts", ["wash", "nats-server", "docker-registry"], service.wasmcloud_checks()
    yield "two replicas behind nginx", ["nginx"], service.nginx_checks(program())


def is_skipped(what, needs, missing):
    reasons = [f"{name}: {missing[name]}" for name in needs if name in missing]
    if reasons:
        print(f"{what}: skipped, it cannot be had here ({'; '.join(reasons)})")
    return bool(reasons)


def bound(check, host, folder, emulator):
    return lambda: check(host, folder / host.artifact, emulator)


def program():
    path = Path(os.environ.get("CLERK_MCP", ROOT / "target/quick/clerk-mcp")).resolve()
    if not path.is_file():
        raise SystemExit(f"{path} is missing: run `make quick` first")
    return path


def tools_of_the_program(*arguments):
    command = [program(), "tools", "--json", "--demo", *arguments]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {tool["name"]: tool["description"] for tool in json.loads(listed)["tools"]}


def compose_guests():
    """The tools that misbehave, composed as the real ones are."""
    fixture = ROOT / "tests/fixtures/guest"
    build = ["cargo", "build", "--release", "--locked", "--target", "wasm32-wasip2"]
    subprocess.run([*build, "--target-dir", ROOT / "target/fixtures", "--quiet"], cwd=fixture, check=True)
    guest = ROOT / "target/fixtures/wasm32-wasip2/release/guest.wasm"
    built = program().parents[1] / "component/wasm32-wasip2/component"
    GUESTS.mkdir(parents=True, exist_ok=True)
    compose = [ROOT / "target/debug/compose", "--guard", built / "egress_guard.wasm"]
    for artifact, adapter in {
        "clerk-tools-guarded.wasm": None,
        "clerk-mcp-http.wasm": "mcp_http.wasm",
        "clerk-mcp-stdio.wasm": "mcp_stdio.wasm",
        "clerk-mcp-wassette.wasm": "wassette.wasm",
    }.items():
        in_front = ["--adapter", built / adapter] if adapter else []
        subprocess.run([*compose, *in_front, guest, GUESTS / artifact], check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

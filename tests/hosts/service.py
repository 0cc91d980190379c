"""What clients and operators see of the components as a service: the tests of the program itself, and the scaling trials."""

import os
import subprocess
import sys

from hosts import own_environment
from install import BIN, ROOT, SOURCES

# Enough to stop a server in their midst.
WRITES = "600"


def client_checks():
    """MCP's own conformance suite and five clients, against the components in wasmtime instead of the program."""
    protocol = [sys.executable, "-B", ROOT / "tests/protocol/run.py"]
    for part in ["matrix", "shipped"]:
        variables = {"CLERK_MCP": str(SOURCES / "in-wasmtime"), "FORGETS": "http"}
        yield part, lambda part=part, variables=variables: succeed([*protocol, part], **variables)


def wasmcloud_checks():
    trial = [ROOT / "scripts/scaling/two-wasmcloud-hosts", "--programs", BIN, "--writes", WRITES]
    for how in ["drained", "sigkill"]:
        yield f"one of two hosts is stopped: {how}", lambda how=how: succeed([*trial, "--stop", how])


def nginx_checks(program):
    trial = [ROOT / "scripts/scaling/two-replicas-behind-nginx", "--program", program, "--writes", WRITES]
    for how in ["drained", "sigterm", "sigkill"]:
        yield f"one of two replicas is stopped: {how}", lambda how=how: succeed([*trial, "--stop", how])


def succeed(command, **variables):
    path = {"PATH": f"{os.environ['PATH']}:/usr/sbin"}
    done = subprocess.run(command, env=own_environment() | path | variables, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError("\n".join((done.stdout + done.stderr).strip().splitlines()[-25:]))

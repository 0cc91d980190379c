"""Clerk's own SDK for servers against the emulator: each of its methods, and the id or the count that it has to answer."""

import json
import subprocess

import emulator
import program
from install import NODE, NODE_CLIENTS


def run():
    """Prints what failed and what is left out; gives the numbers of calls that passed and failed."""
    with emulator.serving() as url:
        command = [NODE, NODE_CLIENTS / "backend.mjs", url.removesuffix("/v1"), emulator.KEY]
        ended = subprocess.run(command, env=program.environment(), capture_output=True, text=True, timeout=program.PATIENCE)
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    called = [line for line in lines if "skipped" not in line]
    failures = [f"{line['call']}: {line['error']}" for line in called if line["error"]]
    if ended.returncode or not called:
        failures.append(f"the SDK's program ended with {ended.returncode}: {ended.stderr.strip()[-500:]}")
    passed = sum(not line["error"] for line in called)
    methods = len({line["call"] for line in called})
    print(f"\n@clerk/backend: {methods} methods, {passed} calls passed, {len(failures)} failed")
    for failure in failures:
        print(f"    FAILED {failure}")
    for line in lines:
        if "skipped" in line:
            print(f"not called of @clerk/backend: {line['call']}, because {line['skipped']}")
    return passed, len(failures)

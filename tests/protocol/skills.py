"""The skills: by the linter of their format, and as the Inspector gets, reads and verifies them."""

import json
import os
import subprocess

import program
from install import INSTALLED, NODE, PACKAGES, ROOT

LINTER = (NODE, PACKAGES / ".bin/skills-ref")
INSPECTOR = (NODE, PACKAGES / ".bin/inspector")
FOLDERS = sorted((ROOT / "skills").iterdir())
# The Inspector keeps files in the home directory.
ENVIRONMENT = os.environ | {"HOME": str(INSTALLED / "npm/home")}


def run():
    """Prints what fails; gives the numbers of checks that passed and failed."""
    failures = []
    checks = 0
    for name, check in [("skills-ref", lint), ("inspector, stdio", over_stdio), ("inspector, http", over_http)]:
        for what, problem in check():
            checks += 1
            if problem:
                failures.append(f"FAILED {name} {what}: {problem}")
    print(f"\nskills: {checks - len(failures)} passed, {len(failures)} failed")
    print("".join(f"    {failure}\n" for failure in failures), end="")
    return checks - len(failures), len(failures)


def lint():
    for folder in FOLDERS:
        done = subprocess.run([*LINTER, "validate", folder], capture_output=True, text=True)
        yield folder.name, done.stdout + done.stderr if done.returncode else ""


def over_stdio():
    for era in ("legacy", "modern"):
        yield from verified(era, "--", program.path(), "stdio", "--demo")


def over_http():
    with program.serving("--demo", "--listen", "127.0.0.1:0") as url:
        for era in ("legacy", "modern"):
            yield from verified(era, url)


def verified(era, *server):
    """Each skill of a server, and what is wrong with it."""
    verify = ["--method", "skills/list", "--verify", "--require-digests", "--protocol-era", era, "--format", "json"]
    command = [*INSPECTOR, "--cli", *verify, *server]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT)
    reports = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    yield f"{era}: all are listed", "" if len(reports) == len(FOLDERS) else done.stdout + done.stderr
    yield f"{era}: all are as they say", done.stdout + done.stderr if done.returncode else ""

#!/usr/bin/env python3
"""Tries the released programs, those of `dist/programs/`, on the systems that they are for, as far as these are to be had
here: Linux itself, aarch64 by qemu, Windows by wine.

    run.py [target…]    for example: run.py x86_64-pc-windows-gnu
"""

import sys
import tomllib
from pathlib import Path

import checks
from machines import machine_for

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "dist/programs"


def main(chosen):
    targets = [target["rust"] for target in tomllib.loads((ROOT / "packaging/package.toml").read_text())["targets"]]
    if unknown := set(chosen) - set(targets):
        return f"there is no {', '.join(sorted(unknown))}; there are {', '.join(targets)}"
    passed, failed = 0, 0
    for target in chosen or targets:
        program = next((PROGRAMS / target).glob("clerk-mcp*"), None)
        machine, missing = machine_for(target)
        if missing := missing or (None if program else f"{PROGRAMS / target} has no program: `make release` builds it"):
            print(f"{target}: skipped, {missing}", flush=True)
            continue
        with machine(program) as here:
            numbers = report(target, here)
        passed, failed = passed + numbers[0], failed + numbers[1]
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def report(target, machine):
    """Runs the checks and prints what became of them; gives how many passed and failed."""
    passed, failures = 0, []
    for check in checks.ALL:
        try:
            check(machine)
            passed += 1
        except Exception as error:  # Whatever goes wrong in a check is its failure, and the next one is another matter.
            failures.append(f"  {check.__name__}: {type(error).__name__}: {error}\n")
    print(f"{target}: {passed} of {passed + len(failures)} checks passed\n{''.join(failures)}", end="", flush=True)
    return passed, len(failures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
"""Tries the released programs, those of `dist/programs/`, on the systems that they are for, as far as these are to be had
here: Linux itself, aarch64 by qemu, Windows by wine.

    run.py [target…]    for example: run.py x86_64-pc-windows-gnu
"""

import sys
import tomllib
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/shared"))

import checks  # noqa: E402
from machines import machine_for  # noqa: E402
from verdicts import report  # noqa: E402

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
            numbers = report(target, [(check.__name__, partial(check, here)) for check in checks.ALL])
        passed, failed = passed + numbers[0], failed + numbers[1]
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

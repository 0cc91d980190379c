#!/usr/bin/env python3
"""Proves the program by others' programs: five clients (`matrix`), the converters with which SDKs make functions of
tools (`schemas`), and the official conformance suite against the program as it is shipped (`shipped`) and with a
component made for the suite (`fixture`). Proves the emulator by Clerk's own SDK (`backend`), and by a proxy that knows
Clerk's document the emulator and all that the program sends (`proxy`). Proves the skills by their linter and the Inspector
(`skills`)."""

import sys
import time

import backend
import conformance
import install
import matrix
import proxy
import schemas
import skills

PARTS = {
    "matrix": matrix.run,
    "schemas": schemas.run,
    "shipped": conformance.run_shipped,
    "fixture": conformance.run_fixture,
    "backend": backend.run,
    "proxy": proxy.run,
    "skills": skills.run,
}


def main(chosen):
    if unknown := set(chosen) - PARTS.keys():
        return f"there is no part {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}"
    install.install()
    passed, failed = 0, 0
    for name in chosen or PARTS:
        started = time.monotonic()
        numbers = PARTS[name]()
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
        passed, failed = passed + numbers[0], failed + numbers[1]
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

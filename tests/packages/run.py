#!/usr/bin/env python3
"""Installs the packages in `dist/packages/` into empty homes, as people do, and tries what was installed.

    run.py [part…]    for example: run.py npm pypi
"""

import sys

import archives_trial
import bundle_trial
import descriptions_trial
import image_trial
import install
import npm_trial
import plugin_trial
import pypi_trial
from described import own

PARTS = {
    "npm": npm_trial,
    "pypi": pypi_trial,
    "bundle": bundle_trial,
    "image": image_trial,
    "archives": archives_trial,
    "descriptions": descriptions_trial,
    "plugin": plugin_trial,
}


def main(chosen):
    if unknown := set(chosen) - set(PARTS):
        return f"there is no {', '.join(unknown)}; there are {', '.join(PARTS)}"
    target = own()
    if target is None or not target.path.is_file():
        return f"there is no program for this machine in dist/programs/{target.rust if target else ''}: run `make release`"
    install.install()
    passed, failed, skipped = 0, 0, 0
    for name in chosen or PARTS:
        if reason := getattr(PARTS[name], "missing", lambda: None)():
            print(f"{name}: skipped, {reason}")
            skipped += 1
            continue
        numbers = report(name, PARTS[name].checks())
        passed, failed = passed + numbers[0], failed + numbers[1]
    print(f"\n{passed} passed, {failed} failed, {skipped} parts not to be had")
    return 1 if failed or not passed else 0


def report(what, named_checks):
    """Runs checks and prints what became of them; gives how many passed and failed."""
    passed, failures = 0, []
    for name, check in named_checks:
        try:
            check()
            passed += 1
        except Exception as error:  # Whatever goes wrong in a check is its failure, and the next one is another matter.
            failures.append(f"  {name}: {type(error).__name__}: {error}\n")
    print(f"{what}: {passed} of {passed + len(failures)} checks passed\n{''.join(failures)}", end="", flush=True)
    return passed, len(failures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

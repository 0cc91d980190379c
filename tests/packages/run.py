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
from verdicts import report

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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

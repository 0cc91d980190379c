#!/usr/bin/env python3
"""Makes the packages of the programs in dist/programs/<target>/ and leaves them in dist/packages/.

    packaging/pack.py [--out DIRECTORY] [channel…]    for example: packaging/pack.py npm pypi
    packaging/pack.py --check                         fails where a generated file of the repository is stale
    packaging/pack.py --write                         rewrites those files
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

import archives
import bundle
import extras
import generated
import homebrew
import licences
import npm
import pypi
import registry
import winget
from description import EXTRAS, NAME, PACKAGES, PROGRAMS, ROOT, TARGETS, VERSION, built, own

# In this order: formulas name the hashes of archives, and the registry that of the bundle.
CHANNELS = {
    "npm": [npm],
    "pypi": [pypi],
    "bundle": [bundle],
    "archives": [archives],
    "homebrew": [archives, homebrew],
    "winget": [archives, winget],
    "registry": [bundle, registry],
}


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("channels", nargs="*", metavar="channel", help=", ".join(CHANNELS))
    parser.add_argument("--out", type=Path, default=PACKAGES)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    if unknown := set(options.channels) - set(CHANNELS):
        return f"there is no {', '.join(sorted(unknown))}; there are {', '.join(CHANNELS)}"
    if options.write:
        return generated.write(ROOT)
    if options.check:
        stale = generated.stale(ROOT)
        return f"stale: {', '.join(stale)}; `make docs` writes them anew" if stale else 0
    return pack(options.out, options.channels or list(CHANNELS))


def pack(out, channels):
    if not built():
        return f"there is no program in {PROGRAMS}/<target>/: run `make release` first"
    for target in TARGETS:
        if target not in built():
            print(f"{target.rust}: skipped, {target.path.relative_to(ROOT)} is not there")
    if not licences.OTHERS.is_file():
        return f"{licences.OTHERS.relative_to(ROOT)} is missing, which goes into every package: run `make release` first"
    if reason := write_extras():
        return reason
    modules = list(dict.fromkeys(module for channel in channels for module in CHANNELS[channel]))
    for module in modules:
        shutil.rmtree(out / module.__name__, ignore_errors=True)
        module.pack(out)
        for path in sorted((out / module.__name__).glob("*")):
            print(f"{path.stat().st_size:>11,}  {path.relative_to(out)}")
    return 0


def write_extras():
    """Writes the completions and the manual page by the program that runs here. Gives the reason if it is not the one to pack."""
    target = own()
    if target not in built():
        return None
    try:
        said = subprocess.run([target.path, "--version"], check=True, capture_output=True, text=True).stdout.strip()
        if said != f"{NAME} {VERSION}":
            return f"{target.path} is {said}, and its packages would say {VERSION}: run `make release` again"
        extras.write(target.path, EXTRAS)
    except (OSError, subprocess.CalledProcessError) as error:
        return f"{target.path} does not run here: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

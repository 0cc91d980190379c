#!/usr/bin/env python3
"""Leaves the completions of shells and the manual page in dist/extras/, as the program prints them.

    packaging/extras.py [PROGRAM]    by default that of this machine in dist/programs/, or target/release/clerk-mcp
"""

import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXTRAS = ROOT / "dist/extras"
# The ends of the targets whose programs this machine runs, after the name of its processor.
SYSTEMS = {"Linux": "unknown-linux-musl", "Darwin": "apple-darwin"}
PROCESSORS = {"arm64": "aarch64", "AMD64": "x86_64"}
# Each file by the name that its reader looks for, and the command that prints it.
FILES = {
    "completions/clerk-mcp.bash": ["completions", "bash"],
    "completions/_clerk-mcp": ["completions", "zsh"],
    "completions/clerk-mcp.fish": ["completions", "fish"],
    "completions/_clerk-mcp.ps1": ["completions", "powershell"],
    "man/clerk-mcp.1": ["man"],
}


def main(arguments):
    if len(arguments) > 1:
        return __doc__
    program = Path(arguments[0]) if arguments else own_program()
    if not program:
        print("skipped the completions and the manual page: there is no program that runs here; `make build` makes one")
        return 0
    try:
        write(program, EXTRAS)
    except (OSError, subprocess.CalledProcessError) as error:
        return f"{program} printed no completions: {error}"
    return 0


def own_program():
    processor = PROCESSORS.get(platform.machine(), platform.machine())
    target = f"{processor}-{SYSTEMS.get(platform.system())}"
    programs = [ROOT / "dist/programs" / target / "clerk-mcp", ROOT / "target/release/clerk-mcp"]
    return next((program for program in programs if program.is_file()), None)


def write(program, out):
    for name, command in FILES.items():
        printed = subprocess.run([program, *command], check=True, stdout=subprocess.PIPE).stdout
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(printed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

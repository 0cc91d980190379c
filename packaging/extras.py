#!/usr/bin/env python3
"""Leaves the completions of shells and the manual page in dist/extras/, as the program prints them.

    packaging/extras.py [PROGRAM]    by default target/release/clerk-mcp
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXTRAS = ROOT / "dist/extras"
PROGRAM = ROOT / "target/release/clerk-mcp"
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
    program = Path(arguments[0]) if arguments else PROGRAM
    if not program.is_file():
        return f"{program} is missing: run `make build` first, or name another program of this machine's kind"
    try:
        write(program, EXTRAS)
    except (OSError, subprocess.CalledProcessError) as error:
        return f"{program} printed no completions: {error}"
    return 0


def write(program, out):
    for name, command in FILES.items():
        printed = subprocess.run([program, *command], check=True, stdout=subprocess.PIPE).stdout
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(printed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

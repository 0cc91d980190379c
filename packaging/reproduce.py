#!/usr/bin/env python3
"""Builds programs a second time, of the last commit in another folder and with another home of cargo, and compares their bytes
with those in dist/programs.

    packaging/reproduce.py [TARGET…]    those that are in dist/programs, or those that are named
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main(names):
    built = sums(ROOT)
    names = names or list(built)
    with tempfile.TemporaryDirectory(prefix="clerk-mcp-") as directory:
        again = Path(directory, "in-another-folder")
        subprocess.run(["git", "clone", "--quiet", ROOT, again], check=True)
        home = Path(directory, "another-home-of-cargo")
        copy_settings(home)
        command = [sys.executable, "-B", again / "packaging/release.py", *names]
        subprocess.run(command, check=True, env={**os.environ, "CARGO_HOME": str(home)})
        rebuilt = sums(again)
    same = [name for name in names if rebuilt[name] == built.get(name)]
    for name in names:
        print(f"{name}: {'the same bytes' if name in same else 'other bytes'}")
    print(f"{len(same)} passed, {len(names) - len(same)} failed")
    return 0 if names and same == names else 1


def copy_settings(home):
    """Which registry a machine asks is one of cargo's settings; the sources are fetched again."""
    home.mkdir()
    settings = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"), "config.toml")
    if settings.is_file():
        shutil.copy(settings, home)


def sums(root):
    """The sum of each target's program, as release.py leaves them."""
    lines = (root / "dist/programs/SHA256SUMS").read_text().splitlines()
    return {path.split("/")[0]: digest for digest, path in map(str.split, lines)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

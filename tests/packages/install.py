"""Installs the pinned registries, validators and the client below `target/packages`, once for each state of the locks."""

import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parent
ROOT = SOURCES.parents[1]
INSTALLED = ROOT / "target/packages"
BIN = INSTALLED / "python/bin"
PYTHON = BIN / "python"
# verdaccio needs a newer Node than many systems have; the packages are tried with the system's own.
NODE = INSTALLED / "npm/node"
MODULES = INSTALLED / "npm/node_modules"

sys.path.append(str(ROOT / "tests/shared"))

import locked  # noqa: E402


def install():
    npm = [SOURCES / name for name in ["package.json", "package-lock.json", ".npmrc"]]
    locked.once("npm", npm, INSTALLED, locked.install_npm)
    locked.once("python", [SOURCES / "requirements.txt"], INSTALLED, locked.install_python)

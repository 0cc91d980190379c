"""Installs the browser's driver, the client and the host's side of MCP Apps below `target/views`, once for each state of the lock.
The browser itself is Debian's."""

import shutil
import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parent
ROOT = SOURCES.parents[1]
INSTALLED = ROOT / "target/views"

NODE = INSTALLED / "npm/node"
# Node looks for packages in the directories above a program.
SCRIPTS = INSTALLED / "npm/views"

sys.path.append(str(ROOT / "tests/shared"))

import locked  # noqa: E402


def install():
    """Installs what is not there yet, and puts the scripts beside it. Without a browser this ends the program."""
    sources = [SOURCES / name for name in ["package.json", "package-lock.json", ".npmrc"]]
    locked.once("npm", sources, INSTALLED, locked.install_npm)
    shutil.rmtree(SCRIPTS, ignore_errors=True)
    shutil.copytree(SOURCES, SCRIPTS, ignore=shutil.ignore_patterns("package*.json", "*.py", "__pycache__"))


def browser():
    """Where Chromium is."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        sys.exit("there is no Chromium: on Debian, `apt-get install chromium`")
    return found

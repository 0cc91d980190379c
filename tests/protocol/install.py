"""Installs the pinned clients, converters and conformance suite below `target/protocol`, once for each state of the
locks."""

import shutil
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

SOURCES = Path(__file__).resolve().parent
ROOT = SOURCES.parents[1]
INSTALLED = ROOT / "target/protocol"

# The packages need a newer Node than many systems have, so that it is one of them.
NODE = INSTALLED / "npm/node"
PYTHON = INSTALLED / "python/bin/python"
CONVERTERS_PYTHON = INSTALLED / "converters/bin/python"
PACKAGES = INSTALLED / "npm/node_modules"
# Node looks for packages in the directories above a program.
NODE_CLIENTS = INSTALLED / "npm/clients"
PYTHON_CLIENTS = SOURCES / "clients"

sys.path.append(str(ROOT / "tests/shared"))

import locked  # noqa: E402


def install():
    """Installs what is not there yet. A client that cannot be installed ends the program."""
    once("npm", ["package.json", "package-lock.json", ".npmrc"], locked.install_npm)
    once("python", ["requirements.txt"], locked.install_python)
    once("converters", ["converters.txt", "converters-source.txt"], install_converters)
    shutil.copytree(SOURCES / "clients", NODE_CLIENTS, dirs_exist_ok=True)


def once(name, sources, install_into):
    locked.once(name, [SOURCES / source for source in sources], INSTALLED, install_into)


def install_converters(directory):
    venv.create(directory, with_pip=True)
    locked.pip(directory, "install", "--only-binary", ":all:", "--requirement", directory / "converters.txt")
    with tempfile.TemporaryDirectory() as downloads:
        source = ["--no-deps", "--no-binary", "llama-cpp-python", "--requirement", directory / "converters-source.txt"]
        locked.pip(directory, "download", "--dest", downloads, *source)
        [archive] = Path(downloads).glob("llama_cpp_python-*.tar.gz")
        # Its conversion of schemas needs nothing else of it.
        with tarfile.open(archive) as contents:
            file = contents.extractfile(f"{archive.name.removesuffix('.tar.gz')}/llama_cpp/llama_grammar.py")
            (directory / "llama_grammar.py").write_bytes(file.read())

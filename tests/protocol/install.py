"""Installs the pinned clients, converters and conformance suite below `target/protocol`, once for each state of the
locks."""

import hashlib
import platform
import shutil
import subprocess
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


def install():
    """Installs what is not there yet. A client that cannot be installed ends the program."""
    once("npm", ["package.json", "package-lock.json", ".npmrc"], install_npm)
    once("python", ["requirements.txt"], install_python)
    once("converters", ["converters.txt", "converters-source.txt"], install_converters)
    shutil.copytree(SOURCES / "clients", NODE_CLIENTS, dirs_exist_ok=True)


def once(name, sources, install_into):
    stamp = INSTALLED / f"{name}.installed"
    # Both keep to the directory that they were installed in.
    digest = hashlib.sha256(f"{platform.machine()} {sys.version} {INSTALLED}".encode())
    for source in sources:
        digest.update((SOURCES / source).read_bytes())
    if stamp.is_file() and stamp.read_text() == digest.hexdigest():
        return
    directory = INSTALLED / name
    stamp.unlink(missing_ok=True)
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    for source in sources:
        shutil.copy(SOURCES / source, directory)
    print(f"installing the {name} packages", flush=True)
    try:
        install_into(directory)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"installing the {name} packages failed: {error}; they need npm, Python 3.10, venv and a network")
    stamp.write_text(digest.hexdigest())


def install_npm(directory):
    # None of these packages needs its installation scripts, and newer versions of npm do not run them.
    subprocess.run(["npm", "ci", "--ignore-scripts", "--loglevel=error"], cwd=directory, check=True)
    # A package of Node for each system is named as optional. Not every npm links the program of the one it installs.
    for program in directory.glob("node_modules/node-*/bin/node"):
        NODE.symlink_to(program)
    if not NODE.exists():
        raise OSError("there is no package of Node for this system")


def install_python(directory):
    venv.create(directory, with_pip=True)
    pip(directory, "install", "--only-binary", ":all:", "--requirement", directory / "requirements.txt")


def install_converters(directory):
    venv.create(directory, with_pip=True)
    pip(directory, "install", "--only-binary", ":all:", "--requirement", directory / "converters.txt")
    with tempfile.TemporaryDirectory() as downloads:
        source = ["--no-deps", "--no-binary", "llama-cpp-python", "--requirement", directory / "converters-source.txt"]
        pip(directory, "download", "--dest", downloads, *source)
        [archive] = Path(downloads).glob("llama_cpp_python-*.tar.gz")
        # Its conversion of schemas needs nothing else of it.
        with tarfile.open(archive) as contents:
            file = contents.extractfile(f"{archive.name.removesuffix('.tar.gz')}/llama_cpp/llama_grammar.py")
            (directory / "llama_grammar.py").write_bytes(file.read())


def pip(directory, command, *options):
    pip = [directory / "bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, command, "--require-hashes", *options], check=True)

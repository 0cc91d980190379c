"""Installs the pinned registries, validators and the client below `target/packages`, once for each state of the locks."""

import hashlib
import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path

SOURCES = Path(__file__).resolve().parent
ROOT = SOURCES.parents[1]
INSTALLED = ROOT / "target/packages"
BIN = INSTALLED / "python/bin"
PYTHON = BIN / "python"
# verdaccio needs a newer Node than many systems have; the packages are tried with the system's own.
NODE = INSTALLED / "npm/node"
MODULES = INSTALLED / "npm/node_modules"


def install():
    once("npm", ["package.json", "package-lock.json", ".npmrc"], install_npm)
    once("python", ["requirements.txt"], install_python)


def once(name, sources, install_into):
    stamp = INSTALLED / f"{name}.installed"
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
    subprocess.run(["npm", "ci", "--ignore-scripts", "--loglevel=error"], cwd=directory, check=True)
    for program in directory.glob("node_modules/node-*/bin/node"):
        NODE.symlink_to(program)
    if not NODE.exists():
        raise OSError("there is no package of Node for this system")


def install_python(directory):
    venv.create(directory, with_pip=True)
    pip = [directory / "bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    required = ["--require-hashes", "--only-binary", ":all:", "--requirement", directory / "requirements.txt"]
    subprocess.run([*pip, *required], check=True)

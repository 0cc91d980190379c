"""Installs packages by their locks, each set once for each state of its lock."""

import hashlib
import platform
import shutil
import subprocess
import sys
import venv


def once(name, sources, installed, install_into):
    """Installs into a directory of this name below `installed`, with copies of the source files there."""
    stamp = installed / f"{name}.installed"
    # npm and pip keep to the directory that they were installed in.
    digest = hashlib.sha256(f"{platform.machine()} {sys.version} {installed}".encode())
    for source in sources:
        digest.update(source.read_bytes())
    if stamp.is_file() and stamp.read_text() == digest.hexdigest():
        return
    directory = installed / name
    stamp.unlink(missing_ok=True)
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    for source in sources:
        shutil.copy(source, directory)
    print(f"installing the {name} packages", flush=True)
    try:
        install_into(directory)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"installing the {name} packages failed: {error}; they need npm, Python 3.10, venv and a network")
    stamp.write_text(digest.hexdigest())


def install_npm(directory):
    """Installs what package-lock.json says, and links Node, which is one of the packages, to `node`."""
    # None of these packages needs its installation scripts, and newer versions of npm do not run them.
    subprocess.run(["npm", "ci", "--ignore-scripts", "--loglevel=error"], cwd=directory, check=True)
    node = directory / "node"
    # A package of Node for each system is named as optional. Not every npm links the program of the one it installs.
    for program in directory.glob("node_modules/node-*/bin/node"):
        node.symlink_to(program)
    if not node.exists():
        raise OSError("there is no package of Node for this system")


def install_python(directory):
    """Installs what requirements.txt says."""
    venv.create(directory, with_pip=True)
    pip(directory, "install", "--only-binary", ":all:", "--requirement", directory / "requirements.txt")


def pip(directory, command, *options):
    pip = [directory / "bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, command, "--require-hashes", *options], check=True)

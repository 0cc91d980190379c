#!/usr/bin/env python3
"""Builds the programs to release, on Linux, for all targets of package.toml or those that are named.

    packaging/release.py [TARGET…]    for example: packaging/release.py aarch64-unknown-linux-musl

Each becomes dist/programs/TARGET/clerk-mcp[.exe]: stripped, without a compiler in it (the component is compiled for its
processor while it is built), and the same bytes from whichever folder it is built in. Their sums are in
dist/programs/SHA256SUMS, and what is inside them is written to dist/extras. Zig links and compiles C for all of them; it and cargo-zigbuild come from PyPI into target/release-tools.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "packaging"
TOOLS = ROOT / "target/release-tools"
PROGRAMS = ROOT / "dist/programs"
# What is written into files as the time of the build.
EPOCH = "315532800"


def main(names):
    targets = tomllib.loads((HERE / "package.toml").read_text())["targets"]
    targets = {target["rust"]: target for target in targets}
    if unknown := [name for name in names if name not in targets]:
        return f"package.toml has no target {', '.join(unknown)}; it has {', '.join(targets)}"
    names = names or list(targets)
    subprocess.run(["rustup", "target", "add", *names], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    install()
    # Where the sources lie is left out of the programs, and has to be known.
    subprocess.run(["cargo", "fetch", "--quiet", "--locked"], cwd=ROOT, check=True)
    for group in groups(names):
        started = time.monotonic()
        print(f"building {', '.join(group)}", flush=True)
        build(group)
        print(f"built in {time.monotonic() - started:.0f} s", flush=True)
    for program in (keep(name) for name in names):
        print(f"{program.relative_to(ROOT)}: {program.stat().st_size} bytes", flush=True)
    write_sums()
    return subprocess.run([TOOLS / "bin/python", HERE / "contents.py", ROOT / "dist/extras"]).returncode


def groups(names):
    """Those that take the same flags: cargo builds them at once, and the linker has one processor for each."""
    apple = [name for name in names if "apple" in name]
    return [group for group in [[name for name in names if name not in apple], apple] if group]


def write_sums():
    """The sums of all programs that are there, as `sha256sum --check` reads them."""
    programs = sorted(PROGRAMS.glob("*/clerk-mcp*"))
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(PROGRAMS)}\n" for file in programs]
    (PROGRAMS / "SHA256SUMS").write_text("".join(lines))


def install():
    requirements = (HERE / "requirements.txt").read_text()
    installed = TOOLS / "installed.txt"
    if installed.is_file() and installed.read_text() == requirements:
        return
    venv.create(TOOLS, with_pip=True, clear=True)
    pip = [TOOLS / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "--only-binary", ":all:", "--requirement", HERE / "requirements.txt"], check=True)
    installed.write_text(requirements)


def build(targets):
    command = ["cargo", "zigbuild", "--locked", "--release", "--package", "clerk-mcp", "--no-default-features"]
    # One compiler for all of them: other features would be other bytes.
    command += ["--features", "all-processors"]
    command += [f"--target={target}" for target in targets]
    subprocess.run(command, cwd=ROOT, check=True, env=environment(targets))


def keep(target):
    """The program in its place."""
    name = "clerk-mcp.exe" if "windows" in target else "clerk-mcp"
    built = ROOT / "target" / target / "release" / name
    program = PROGRAMS / target / name
    program.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(built, program)
    return program


def environment(targets):
    cargo = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    remapped = [f"--remap-path-prefix={ROOT}=/clerk-mcp"]
    # The names of the registries' folders differ between machines.
    remapped += [f"--remap-path-prefix={registry}=/crates" for registry in sorted((cargo / "registry/src").glob("*"))]
    flags = [*remapped, "-Cstrip=symbols"]
    if "apple" in targets[0]:
        flags.append(f"-Clink-arg=-F{HERE / 'macos'}")
    return {
        **os.environ,
        "PATH": f"{TOOLS / 'bin'}:{os.environ['PATH']}",
        "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(flags),
        "CARGO_TARGET_DIR": str(ROOT / "target"),
        # mimalloc names its date, which is the one below; Zig takes that for an error.
        **{f"CFLAGS_{target.replace('-', '_')}": "-Wno-error=date-time" for target in targets},
        "SOURCE_DATE_EPOCH": EPOCH,
        "ZERO_AR_DATE": "1",
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

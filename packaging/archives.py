"""The archives of a release, for people, Homebrew, winget and cargo binstall: the program and what belongs to it."""

import hashlib

import licences
from description import EXTRAS, ROOT, built
from packing import File, program, tar_gz, zipped


def pack(out):
    for target in built():
        write = zipped if target.os == "win32" else tar_gz
        write(out / "archives" / target.archive_file, archive(target))


def archive(target):
    readme = {"README.md": File((ROOT / "README.md").read_bytes())}
    files = {target.program: program(target)} | additions() | licences.files() | readme
    return {f"{target.archive}/{name}": file for name, file in sorted(files.items())}


def additions():
    """The completions of shells and the manual page."""
    files = sorted(path for name in ["completions", "man"] for path in (EXTRAS / name).glob("*"))
    return {path.relative_to(EXTRAS).as_posix(): File(path.read_bytes()) for path in files}


def sha256(out, target):
    return hashlib.sha256((out / "archives" / target.archive_file).read_bytes()).hexdigest()

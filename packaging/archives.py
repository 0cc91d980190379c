"""The archives of a release, for people, Homebrew, winget and cargo binstall: the program and what belongs to it."""

import hashlib

from description import EXTRAS, ROOT, built
from packing import File, program, tar_gz, zipped


def pack(out):
    for target in built():
        write = zipped if target.os == "win32" else tar_gz
        write(out / "archives" / target.archive_file, archive(target))


def archive(target):
    files = {target.program: program(target)} | extras()
    files |= {name: File((ROOT / name).read_bytes()) for name in ["LICENSE", "README.md"]}
    return {f"{target.archive}/{name}": file for name, file in sorted(files.items())}


def extras():
    """The completions of shells and the man page, which `make release` leaves."""
    files = sorted(path for path in EXTRAS.rglob("*") if path.is_file())
    return {path.relative_to(EXTRAS).as_posix(): File(path.read_bytes()) for path in files}


def sha256(out, target):
    return hashlib.sha256((out / "archives" / target.archive_file).read_bytes()).hexdigest()

"""Archives whose bytes depend on nothing but what is in them."""

import gzip
import io
import tarfile
import zipfile
from dataclasses import dataclass

# The first moment that zip can say; npm and pip need none.
TIME = (1980, 1, 1, 0, 0, 0)
SECONDS = 315532800


@dataclass(frozen=True)
class File:
    contents: bytes
    executable: bool = False

    @property
    def mode(self):
        return 0o755 if self.executable else 0o644


def text(contents):
    return File(contents.encode())


def program(target):
    return File(target.path.read_bytes(), executable=True)


def tar_gz(path, files):
    """Writes files, given by their names, into an archive."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out, gzip.GzipFile("", "wb", 9, out, mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for name, file in sorted(files.items()):
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode, entry.mtime = len(file.contents), file.mode, SECONDS
                archive.addfile(entry, io.BytesIO(file.contents))


def zipped(path, files):
    """Writes files, given by their names, into an archive in the order that they are given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, file in files.items():
            entry = zipfile.ZipInfo(name, TIME)
            entry.create_system = 3  # Unix, so that the mode is read.
            entry.external_attr = (0o100000 | file.mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.contents)

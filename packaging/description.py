"""The one description of all packages: `package.toml`, the version in Cargo.toml, and the programs that are there."""

import platform
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ROOT / "dist/programs"
EXTRAS = ROOT / "dist/extras"
PACKAGES = ROOT / "dist/packages"
DESCRIPTION = tomllib.loads((ROOT / "packaging/package.toml").read_text("utf-8"))
VERSION = tomllib.loads((ROOT / "Cargo.toml").read_text("utf-8"))["workspace"]["package"]["version"]
NAME = DESCRIPTION["name"]
# As one paragraph.
ABOUT = " ".join(DESCRIPTION["description"].split())
REPOSITORY = DESCRIPTION["repository"]
RELEASE = f"{REPOSITORY}/releases/download/v{VERSION}"
DOCUMENTATION = f"{REPOSITORY}/blob/main/docs/install.md"
SETTINGS = DESCRIPTION["settings"]


@dataclass(frozen=True)
class Target:
    """A system and processor that programs are built for."""

    rust: str
    os: str
    cpu: str
    wheel: str

    @property
    def program(self):
        """The name of the program's file."""
        return f"{NAME}.exe" if self.os == "win32" else NAME

    @property
    def path(self):
        return PROGRAMS / self.rust / self.program

    @property
    def npm(self):
        return f"{DESCRIPTION['npm_scope']}/{self.os}-{self.cpu}"

    @property
    def archive(self):
        """The archive of a release, without what it ends with."""
        return f"{NAME}-{VERSION}-{self.rust}"

    @property
    def archive_file(self):
        return f"{self.archive}.zip" if self.os == "win32" else f"{self.archive}.tar.gz"


TARGETS = [Target(**target) for target in DESCRIPTION["targets"]]


def own():
    """The target of this machine, of which there need not be a program."""
    cpu = {"x86_64": "x64", "AMD64": "x64", "aarch64": "arm64", "arm64": "arm64", "ARM64": "arm64"}.get(platform.machine())
    return next((target for target in TARGETS if (target.os, target.cpu) == (sys.platform, cpu)), None)


def built():
    """The targets whose program is there."""
    return [target for target in TARGETS if target.path.is_file()]

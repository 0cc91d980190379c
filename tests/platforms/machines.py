"""Where a program of another system runs: how it is started there, and what paths look like to it."""

import getpass
import os
import platform
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

# How long to wait for what takes no time on an idle machine, in seconds.
PATIENCE = 120
# Debian has wine's programs beside its libraries.
WINE = f"{os.environ['PATH']}:/usr/lib/wine"
# Of Debian's mingw, for a library that wine 8 lacks.
COMPILER = "x86_64-w64-mingw32-gcc"


class Linux:
    """This machine. The other ones are it with something in front of the program."""

    in_front = []
    # Whether the program can start itself there.
    starts_programs = True

    def __init__(self, program):
        self.program = program

    def __enter__(self):
        self.place = tempfile.TemporaryDirectory(prefix="clerk-mcp-platforms-")
        self.folder = Path(self.place.name)
        self.set_up()
        return self

    def __exit__(self, *_):
        self.tear_down()
        self.place.cleanup()

    def set_up(self):
        pass

    def tear_down(self):
        pass

    def environment(self):
        """Nothing of the one who runs the tests but where programs are."""
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}

    @property
    def home(self):
        """The folder of the user."""
        return self.folder

    def private_folder(self, name):
        """A new folder that nobody else can get into."""
        folder = self.folder / name
        folder.mkdir(mode=0o700)
        return folder

    def open_folder(self, name):
        """A new folder that others can get into, and what is said about it."""
        folder = self.folder / name
        folder.mkdir()
        folder.chmod(0o755)
        return folder, "run `chmod 700` on it"

    def path(self, path):
        """A path as the program knows it."""
        return str(path)

    def here(self, path):
        """A path of the program's as it is here."""
        return Path(path)

    def rename(self, old, new):
        """Renames a file as another program of that system does."""
        os.rename(old, new)

    def start(self, *arguments, **variables):
        """Starts the program; standard error goes to standard output's side in a pipe of its own."""
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        command = [*self.in_front, self.program, *arguments]
        return subprocess.Popen(command, cwd=self.folder, env=self.environment() | variables, encoding="utf-8", **pipes)

    def run(self, *arguments, **variables):
        """Runs the program to its end, without input: its exit status and what it wrote."""
        process = self.start(*arguments, **variables)
        try:
            output, errors = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
        return process.returncode, output, errors

    def interrupt(self, process):
        """Ctrl-C."""
        process.send_signal(signal.SIGINT)


class Aarch64(Linux):
    """Linux on another processor."""

    in_front = ["qemu-aarch64-static"]
    starts_programs = False


class Windows(Linux):
    """Windows as wine knows it."""

    in_front = [shutil.which("wine64", path=WINE)]

    def set_up(self):
        self.wine("wineboot", "-i")
        library = self.folder / "wine/drive_c/windows/system32/bcryptprimitives.dll"
        if not library.exists():
            source = Path(__file__).with_name("bcryptprimitives.c")
            subprocess.run([COMPILER, "-shared", "-o", library, source, "-ladvapi32"], check=True)
        self.profile = self.folder / "wine/drive_c/users" / getpass.getuser()

    def tear_down(self):
        # What still runs there ends, so that nothing writes into the folder that is removed.
        for option in ["-k", "-w"]:
            subprocess.run([shutil.which("wineserver", path=WINE), option], env=self.environment(), timeout=PATIENCE)

    def wine(self, *command):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        done = subprocess.run([*self.in_front, *command], env=self.environment(), timeout=PATIENCE, **quiet)
        return done.returncode

    def environment(self):
        return super().environment() | {"WINEPREFIX": str(self.folder / "wine"), "WINEDEBUG": "-all"}

    @property
    def home(self):
        return self.profile

    def private_folder(self, name):
        folder = self.profile / name
        folder.mkdir()
        return folder

    def open_folder(self, name):
        folder = self.folder / "wine/drive_c" / name
        folder.mkdir()
        return folder, "only a directory in your user profile (C:\\users\\"

    def path(self, path):
        drive = self.folder / "wine/drive_c"
        path, drive_name = (path.relative_to(drive), "C:\\") if path.is_relative_to(drive) else (path.relative_to("/"), "Z:\\")
        return drive_name + str(path).replace("/", "\\")

    def here(self, path):
        drives = {"C:": self.folder / "wine/drive_c", "Z:": Path("/")}
        return drives[path[:2]] / path[3:].replace("\\", "/")

    def rename(self, old, new):
        if self.wine("cmd", "/c", "move", self.path(old), self.path(new)):
            raise AssertionError(f"{old} cannot be renamed")


def machine_for(target):
    """The machine for programs of a target, or why there is none."""
    processor = target.partition("-")[0]
    if target.endswith("-linux-musl"):
        if processor == platform.machine():
            return Linux, None
        return Aarch64, is_missing("qemu-aarch64-static", "qemu-user-static") if processor == "aarch64" else "no machine for it"
    if target == "x86_64-pc-windows-gnu":
        wine = None if Windows.in_front[0] else "wine64 is not installed (Debian's wine64)"
        return Windows, wine or is_missing(COMPILER, "gcc-mingw-w64-x86-64")
    return None, "nothing runs it here"


def is_missing(program, package):
    return None if shutil.which(program) else f"{program} is not installed (Debian's {package})"

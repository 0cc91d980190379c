"""The program under test, started with the settings that are named here and no others."""

import os
import re
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from install import ROOT

# How long to wait for what takes no time on an idle machine.
PATIENCE = 60


def path():
    """Where the program is: `CLERK_MCP`, or what `make quick` makes."""
    program = Path(os.environ.get("CLERK_MCP", ROOT / "target/quick/clerk-mcp")).resolve()
    if not program.is_file():
        raise SystemExit(f"{program} is missing: run `make quick` first")
    return program


def environment(**variables):
    """This process's environment without settings of the program, and with these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLERK_")}
    return kept | variables


@contextmanager
def serving(*arguments, **variables):
    """Serves HTTP; gives the URL."""
    command = [path(), "http", *arguments]
    with tempfile.NamedTemporaryFile("w") as log:
        process = subprocess.Popen(command, env=environment(**variables), stdin=subprocess.DEVNULL, stderr=log)
        try:
            yield url(process, Path(log.name))
        finally:
            process.terminate()
            process.wait(PATIENCE)


def url(process, log):
    """The URL that the program prints when it listens."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"http://\S+/mcp\b", log.read_text()):
            return found[0]
        time.sleep(0.02)
    raise RuntimeError(f"the program does not serve HTTP; it says: {log.read_text().strip()}")

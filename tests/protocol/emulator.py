"""The emulator as a server of its own, for what is no MCP: Clerk's SDK and a proxy that knows Clerk's document."""

import os
import subprocess
from contextlib import contextmanager

from install import ROOT
from program import PATIENCE

PROGRAM = ROOT / "target/debug/clerk-emulator"
KEY = "sk_test_demo0000000000000000000000000000000000"


@contextmanager
def serving():
    """Serves the sample; gives the URL of its API."""
    program = os.environ.get("CLERK_EMULATOR", PROGRAM)
    process = subprocess.Popen([program, "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True)
    try:
        line = process.stderr.readline()
        if "http://" not in line:
            raise SystemExit(f"{program} does not start: {line}")
        yield line.split()[-1]
    finally:
        process.kill()
        process.wait(PATIENCE)
        process.stderr.close()

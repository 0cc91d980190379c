"""Means of every trial: an empty home, the client, servers on loopback, and comparisons."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from install import PYTHON, SOURCES
from verdicts import contains, equal  # noqa: F401

PATIENCE = 120
DEMO = ["stdio", "--demo"]


@contextmanager
def empty_home():
    """A directory, and the environment of somebody who has nothing there, and no Rust."""
    with tempfile.TemporaryDirectory() as home:
        programs = {os.path.dirname(path) for name in ["node", "npm", "python3"] if (path := shutil.which(name))}
        path = ":".join([*sorted(programs), "/usr/bin", "/bin"])
        yield Path(home), {"HOME": home, "PATH": path, "TMPDIR": home}


def run(command, env=None, **options):
    """Runs a program and gives what it prints; its failure is an error with its last words."""
    done = try_to(command, env, **options)
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()[-15:]
        raise AssertionError(f"{' '.join(map(str, command))}: exit status {done.returncode}\n" + "\n".join(said))
    return done.stdout


def try_to(command, env=None, **options):
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE, **options)


def serves(command, env):
    """Has the client start a server, list its tools and make a call."""
    answer = json.loads(run([PYTHON, SOURCES / "client.py", *command], env).splitlines()[-1])
    equal(answer["server"], "clerk-mcp")
    equal(answer["called"]["username"], "ada")
    equal("clerk_list_users" in answer["tools"], True)
    return answer["tools"]


@contextmanager
def server(command, port, **options):
    """A server, once it listens. Leaving the block ends it."""
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, **options)
        try:
            deadline = time.monotonic() + PATIENCE
            while not listens(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    said.seek(0)
                    raise AssertionError(f"it does not start: {said.read()[-1000:]}")
                time.sleep(0.05)
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True

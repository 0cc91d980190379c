"""Publishing to a registry, and pulling what was published."""

import json
import os
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from artifacts import DIST
from checks import contains, equal
from hosts import Lines, free_port, own_environment, wait_for
from install import BIN, ROOT

NEEDS = ["docker-registry", "oras", "wash"]


def checks():
    yield "what was published is pulled as it was", published_artifacts_are_pulled_as_they_were
    yield "publishing to a registry that is not there fails in words", an_absent_registry_is_named


@contextmanager
def registry():
    port = free_port()
    with tempfile.TemporaryDirectory() as directory:
        settings = {"version": "0.1", "http": {"addr": f"127.0.0.1:{port}"},
                    "storage": {"filesystem": {"rootdirectory": f"{directory}/blobs"}}}
        # YAML, as JSON is.
        file = Path(directory, "registry.yml")
        file.write_text(json.dumps(settings))
        process = Lines([BIN / "docker-registry", "serve", file], {"OTEL_TRACES_EXPORTER": "none"})
        try:
            wait_for(f"127.0.0.1:{port}", process)
            yield f"127.0.0.1:{port}/clerk"
        finally:
            process.end()


def publish(*arguments):
    environment = own_environment() | {"PATH": f"{BIN}:{os.environ['PATH']}"}
    environment |= {name: os.environ[name] for name in ["CLERK_MCP"] if name in os.environ}
    return subprocess.run([ROOT / "scripts/publish", *arguments], env=environment, capture_output=True, text=True)


def published_artifacts_are_pulled_as_they_were():
    files = sorted(DIST.glob("*.wasm"))
    with registry() as address, tempfile.TemporaryDirectory() as directory:
        done = publish(address)
        equal((done.returncode, done.stderr), (0, ""))
        version = done.stdout.rsplit(":", 1)[-1].strip()
        for file in files:
            contains(done.stdout, f"pushed {address}/{file.stem}:{version}")
            pulled = Path(directory, file.name)
            # By another program than it was pushed with.
            pull = [BIN / "wash", "oci", "pull", "--insecure", f"{address}/{file.stem}:{version}", pulled]
            subprocess.run(pull, env=own_environment() | {"HOME": directory}, check=True, capture_output=True)
            equal(pulled.read_bytes() == file.read_bytes(), True)


def an_absent_registry_is_named():
    done = publish("127.0.0.1:1/clerk", "0.0.0")
    equal(done.returncode, 1)
    contains(done.stderr, "could not push 127.0.0.1:1/clerk/")

"""The hosts: each loads its artifact with an environment, and is asked to list and to call in the same way."""

import json
import os
import queue
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from install import BIN, INSTALLED, SOURCES

# How long to wait for what takes no time on an idle machine, in seconds.
PATIENCE = 60


class Failed(Exception):
    """The host did not answer, or not as it should."""


class Lines:
    """A process that answers lines on its standard input with lines on its standard output."""

    def __init__(self, command, environment=None):
        self.errors = tempfile.TemporaryFile("w+")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self.errors}
        self.process = subprocess.Popen(command, env=own_environment() | (environment or {}), text=True, **pipes)
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put("")

    def send(self, message):
        try:
            self.process.stdin.write(json.dumps(message) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise Failed(self.last_words()) from None

    def ask(self, message, patience=PATIENCE):
        self.send(message)
        try:
            line = self.lines.get(timeout=patience)
        except queue.Empty:
            raise Failed(f"no answer within {patience} s") from None
        if not line:
            raise Failed(self.last_words())
        return json.loads(line)

    def last_words(self):
        self.process.wait(PATIENCE)
        self.errors.seek(0)
        return f"the host ended with {self.process.returncode}: {self.errors.read().strip()[-600:]}"

    def end(self):
        self.process.kill()
        self.process.wait()


# What the newest version of MCP wants to be told with each message; this client can ask a person.
VERSION = "2026-07-28"
META = {
    "io.modelcontextprotocol/protocolVersion": VERSION,
    "io.modelcontextprotocol/clientInfo": {"name": "tests", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {"elicitation": {"form": {}}},
}


class Mcp:
    """A host that speaks MCP, one message at a time by `exchange`."""

    def __init__(self, exchange):
        self.exchange = exchange

    def request(self, method, params):
        answer = self.exchange({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        if error := answer.get("error"):
            raise Failed(f"{error['message']} ({error['code']})")
        return answer["result"]

    def list(self):
        return [tool["name"] for tool in self.request("tools/list", {})["tools"]]

    def call(self, name, arguments):
        result = self.request("tools/call", {"name": name, "arguments": arguments})
        return json.loads(result["content"][0]["text"])

    def ask(self, call):
        """A round of a call, by the newest version."""
        return self.request("tools/call", call | {"_meta": META})


class WasmtimeRun:
    name = "wasmtime run"
    needs = ["wasmtime"]
    artifact = "clerk-mcp-stdio.wasm"
    hints = {"key": "wasmtime run -S http --env CLERK_SECRET_KEY", "network": "CLERK_API_URL"}
    program = "wasmtime"

    @contextmanager
    def load(self, file, env, network=True):
        flags = [f"--env={name}={value}" for name, value in env.items()]
        http = ["-S", "http"] if network else []
        process = Lines([BIN / self.program, "run", *http, *flags, file])
        try:
            yield Mcp(process.ask)
        finally:
            process.end()


class OlderWasmtimeRun(WasmtimeRun):
    """Its wasi:http is older than the one that the components import."""

    name = "wasmtime run, an older one"
    needs = ["wasmtime-older"]
    program = "wasmtime-older"


class WasmtimeServe:
    name = "wasmtime serve"
    needs = ["wasmtime"]
    artifact = "clerk-mcp-http.wasm"
    hints = {"key": "wasmtime serve --env CLERK_SECRET_KEY", "network": "CLERK_API_URL"}

    @contextmanager
    def load(self, file, env):
        address = f"127.0.0.1:{free_port()}"
        flags = [f"--env={name}={value}" for name, value in env.items()]
        process = Lines([BIN / "wasmtime", "serve", "-Scli", f"--addr={address}", *flags, file])
        try:
            wait_for(address, process)
            yield Http(f"http://{address}", env.get("CLERK_MCP_AUTH_TOKEN"))
        finally:
            process.end()


class Http(Mcp):
    def __init__(self, url, token):
        authorized = {"authorization": f"Bearer {token}"} if token else {}
        super().__init__(lambda message: self.post(message, **authorized, **self.about(message))[1])
        self.url = url

    @staticmethod
    def about(message):
        """The headers that the newest version wants."""
        if "_meta" not in message["params"]:
            return {}
        method, name = message["method"], message["params"]["name"]
        return {"mcp-protocol-version": VERSION, "mcp-method": method, "mcp-name": name}

    def post(self, message, **headers):
        """The status and the JSON of the answer to a message."""
        usual = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
        return self.send("/mcp", usual | headers, json.dumps(message).encode())

    def send(self, path, headers, body=None):
        request = urllib.request.Request(self.url + path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            text = error.read().decode()
            if not text.startswith("{"):
                raise Failed(f"HTTP {error.code}: {text[:200]}") from None
            return error.code, json.loads(text)

    def text(self, path, headers, message):
        """The text of the answer to a message, which is no JSON."""
        request = urllib.request.Request(self.url + path, json.dumps(message).encode(), headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            if (kind := response.headers["content-type"]) != headers["accept"]:
                raise Failed(f"the answer is {kind}")
            return response.read().decode()


class Wassette(Mcp):
    name = "wassette"
    needs = ["wassette"]
    artifact = "clerk-mcp-wassette.wasm"
    hints = {"key": "permissions.environment.allow", "network": "permissions.network.allow"}

    def __init__(self):
        super().__init__(None)

    @contextmanager
    def load(self, file, env, network=True):
        policy = {"version": "1.0", "description": "a test", "permissions": {
            "environment": {"allow": [{"key": name} for name in env]},
            "network": {"allow": [{"host": "http://127.0.0.1"}] if network else []},
        }}
        with tempfile.TemporaryDirectory() as directory:
            shutil.copy(file, directory)
            # YAML, as JSON is.
            Path(directory, Path(file).stem + ".policy.yaml").write_text(json.dumps(policy))
            flags = [flag for name, value in env.items() for flag in ("--env", f"{name}={value}")]
            command = [BIN / "wassette", "run", "--component-dir", directory, "--disable-builtin-tools", *flags]
            process = Lines(command, {"HOME": directory, "XDG_DATA_HOME": directory})
            try:
                self.exchange = process.ask
                self.begin(process)
                yield self
            finally:
                process.end()

    def begin(self, process):
        client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "tests", "version": "1"}}
        self.request("initialize", client)
        process.send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        deadline = time.monotonic() + PATIENCE
        self.tools = {}
        # It compiles components while it serves already.
        while not self.tools and time.monotonic() < deadline:
            tools = self.request("tools/list", {})["tools"]
            self.tools = {tool["name"]: tool for tool in tools}
            time.sleep(0.05)

    def request(self, method, params):
        answer = self.exchange({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        # It tells that its list has grown.
        while "method" in answer:
            answer = self.exchange({"jsonrpc": "2.0", "method": "notifications/ignored"})
        if "error" in answer:
            raise Failed(answer["error"]["message"])
        return answer["result"]

    def list(self):
        return [name.replace("-", "_") for name in self.tools]

    def call(self, name, arguments):
        tool = self.tools[name.replace("_", "-")]
        given = {key.replace("_", "-"): self.plain(value) for key, value in arguments.items()}
        # Every parameter has to be there.
        absent = dict.fromkeys(tool["inputSchema"]["properties"])
        result = self.request("tools/call", {"name": tool["name"], "arguments": absent | given})
        text = result["content"][0]["text"]
        if result.get("isError"):
            raise Failed(text)
        return json.loads(text)

    @staticmethod
    def plain(value):
        return json.dumps(value) if isinstance(value, dict) else value


class Embedded:
    """A program of ours in a host's own language, which loads the guarded tools."""

    artifact = "clerk-tools-guarded.wasm"
    hints = {"key": "CLERK_SECRET_KEY", "network": "one API only"}

    @contextmanager
    def load(self, file, env):
        process = Lines(self.command(file))
        settings = {
            "env": env,
            "policy": {
                "mode": "read-only" if env.get("CLERK_READ_ONLY") == "true" else env.get("CLERK_MODE", "standard"),
                "production": not env.get("CLERK_SECRET_KEY", "").startswith("sk_test_"),
                "confirm": env.get("CLERK_CONFIRM", "token"),
                "toolsets": [],
                "tools": [],
                "exclude_tools": env["CLERK_EXCLUDE_TOOLS"].split(",") if "CLERK_EXCLUDE_TOOLS" in env else [],
                "private_metadata": env.get("CLERK_PRIVATE_METADATA", "show"),
                "ask_metadata": env.get("CLERK_ASK_METADATA") == "true",
                "page_bytes": int(env.get("CLERK_PAGE_BYTES", 60_000)),
                "keeps_secrets": False,
                "masks": {"emails": False, "phones": False},
                "organizations": [env[name] for name in ("CLERK_ORGANIZATION",) if name in env and "TEST_UNPINNED" not in env],
                "users": [],
            },
            "api_url": env.get("CLERK_API_URL", "https://api.clerk.com/v1"),
            "timeout_ms": int(env.get("CLERK_MCP_TIMEOUT", 30)) * 1000,
        }
        # Where the tools want to go need not be where the guard lets them.
        settings["api_url"] = env.get("TEST_TOOLS_API_URL", settings["api_url"])
        process.send(settings)
        self.ask = process.ask
        try:
            yield self
        finally:
            process.end()

    def list(self):
        return self.ask({"list": True})

    def call(self, name, arguments):
        answer = self.ask({"call": [name, json.dumps(arguments)]})
        return {"code": answer["refused"]} if "refused" in answer else json.loads(answer["text"])


class WasmtimePy(Embedded):
    name = "wasmtime-py"
    needs = ["wasmtime-py"]

    def command(self, file):
        return [INSTALLED / "python/bin/python", "-B", SOURCES / "drivers/wasmtime_py.py", file]


class Jco(Embedded):
    name = "jco"
    needs = ["jco"]

    def command(self, file):
        directory = INSTALLED / "npm/transpiled" / Path(file).parent.name
        jco = INSTALLED / "npm/node_modules/.bin/jco"
        # Beside the packages that it imports.
        shutil.copy(SOURCES / "drivers/jco.mjs", INSTALLED / "npm")
        flags = ["--name", "tools", "--instantiation", "async", "--quiet", "--out-dir", directory]
        subprocess.run([BIN / "node", jco.resolve(), "transpile", file, *flags], check=True, capture_output=True)
        return [BIN / "node", INSTALLED / "npm/jco.mjs", directory, "tools"]


def own_environment():
    """This process's environment without settings of the product, and without what slows wash down."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLERK_")}
    return kept | {"RUST_BACKTRACE": "0"}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(address, process):
    host, port = address.split(":")
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.process.poll() is None:
        try:
            socket.create_connection((host, int(port)), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    process.process.kill()
    raise Failed(process.last_words())


HOSTS = [WasmtimeRun, OlderWasmtimeRun, WasmtimeServe, Wassette, WasmtimePy, Jco]

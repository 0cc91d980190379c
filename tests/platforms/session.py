"""A program that serves MCP: over its standard streams, and over HTTP."""

import itertools
import json
import queue
import re
import threading
import urllib.request

from machines import PATIENCE

# What the newest version of MCP wants to be told with each message.
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": {"name": "tests", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}


class Running:
    """A program that runs, and ends with its test."""

    def __init__(self, process):
        self.process = process
        self.output, self.errors = self.lines(process.stdout), self.lines(process.stderr)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    @staticmethod
    def lines(stream):
        """The lines of a stream as they come, and nothing at its end."""
        lines = queue.Queue()

        def read():
            for line in stream:
                lines.put(line)
            lines.put("")

        threading.Thread(target=read, daemon=True).start()
        return lines

    def next(self, lines):
        try:
            return lines.get(timeout=PATIENCE)
        except queue.Empty:
            raise AssertionError(f"nothing came within {PATIENCE} s") from None

    def last_words(self):
        """How it ended, and what it said on standard error."""
        errors = "".join(iter(lambda: self.next(self.errors), ""))
        return f"it ended with {self.ended()}: {errors.strip()[-600:]}"

    def ended(self):
        """The exit status of a program that ends by itself."""
        return self.process.wait(PATIENCE)


class Stdio(Running):
    """MCP over standard input and output."""

    def __init__(self, process, meta=None):
        super().__init__(process)
        self.meta, self.ids = meta, itertools.count(1)

    def send(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def notify(self, method):
        self.send({"jsonrpc": "2.0", "method": method})

    def ask(self, method, **params):
        number = next(self.ids)
        if self.meta:
            params["_meta"] = self.meta
        self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        answer = self.next(self.output)
        if not answer:
            raise AssertionError(f"{method} is not answered: {self.last_words()}")
        answer = json.loads(answer)
        if answer.get("id") != number or "result" not in answer:
            raise AssertionError(f"{method} is answered with {answer}")
        return answer["result"]

    def initialize(self):
        client = {"name": "tests", "version": "1"}
        result = self.ask("initialize", protocolVersion="2025-11-25", capabilities={}, clientInfo=client)
        self.notify("notifications/initialized")
        return result

    def call(self, tool, **arguments):
        return self.ask("tools/call", name=tool, arguments=arguments)["structuredContent"]

    def close_input(self):
        self.process.stdin.close()


class Http(Running):
    """MCP over HTTP."""

    def __init__(self, process):
        super().__init__(process)
        said = self.next(self.errors)
        found = re.search(r"MCP at (http://127\.0\.0\.1:\d+)/mcp", said)
        if not found:
            raise AssertionError(f"the server does not say where it is: {said}")
        self.url = found[1]

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as answer:
            return json.load(answer)

    def call(self, tool, **arguments):
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
        headers = {"content-type": "application/json", "accept": "application/json"}
        request = urllib.request.Request(f"{self.url}/mcp", json.dumps(message).encode(), headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)["result"]["structuredContent"]

"""An MCP client over stdio that cannot ask a person: a call that asks answers it with a preview and a token."""

import json
import os
import subprocess
import tempfile

import emulator

PROGRAM = os.environ.get("CLERK_MCP", "target/quick/clerk-mcp")


class Client:
    """A session with the program. `reads` and `writes`: the bytes that a model would have to."""

    def __init__(self, base, *options):
        self.log = tempfile.TemporaryFile("w+")
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", ""),
                       "CLERK_SECRET_KEY": emulator.KEY, "CLERK_MCP_LOG": "info"}
        command = [PROGRAM, "stdio", "--api-url", base, "--log-format", "json", *options]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True, env=environment)
        self.number = self.reads = self.writes = 0
        about = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "evals", "version": "1"}}
        self.instructions = self.ask("initialize", about).get("instructions", "")
        self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def send(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def ask(self, method, params):
        """The result of a request. Raises OSError where there is none."""
        self.number += 1
        self.send({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params})
        while line := self.process.stdout.readline():
            answer = json.loads(line)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise OSError(f"{method}: {answer['error']}")
                return answer["result"]
        raise OSError(f"{PROGRAM} has ended")

    def call(self, tool, arguments):
        """The answer of a tool: whether it failed, and its object."""
        self.writes += len(json.dumps({"name": tool, "arguments": arguments}, ensure_ascii=False).encode())
        result = self.ask("tools/call", {"name": tool, "arguments": arguments})
        text = "".join(part["text"] for part in result["content"] if part["type"] == "text")
        self.reads += len(text.encode())
        return result.get("isError", False), json.loads(text)

    def close(self):
        """Ends the program; the log's lines of calls, each with its tool and the requests that it took."""
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()
        self.log.seek(0)
        lines = [json.loads(line) for line in self.log if line.startswith("{")]
        self.log.close()
        return [line for line in lines if line.get("method") == "tools/call"]

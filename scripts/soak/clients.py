"""Clients of the program: over HTTP, with a session or without, and over stdio. Each has one call in flight."""

import asyncio
import json

import http1

# How long a client waits, in seconds: far longer than a call may take, and than disks stall.
PATIENCE = 60
INTRODUCTION = {
    "protocolVersion": "2025-06-18", "capabilities": {"elicitation": {}},
    "clientInfo": {"name": "soak", "version": "1"},
}


class Missing(Exception):
    """There is no answer, or one that no client could read."""


class BrokenOff(Exception):
    """The client itself has given up."""


def envelope(number, call):
    """A `tools/call` whose trace is its number, so that the proxy knows which call a request belongs to."""
    parent = f"00-{number:032x}-{number:016x}-01"
    params = {"name": call.tool, "arguments": call.arguments, "_meta": {"traceparent": parent}}
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params}


class Http:
    """`has_session`: whether it introduces itself as a client of a version with sessions."""

    def __init__(self, port, has_session):
        self.port, self.has_session = port, has_session
        self.session, self.connection = None, None

    async def call(self, number, call, patience):
        """The answer's JSON-RPC message. Raises Missing; BrokenOff after `patience` seconds, where there is such."""
        if self.has_session and not self.session:
            await self.introduce()
        try:
            return (await asyncio.wait_for(self.ask(envelope(number, call)), patience or PATIENCE))[0]
        except TimeoutError:
            self.close()
            raise (BrokenOff() if patience else Missing(f"no answer in {PATIENCE} s")) from None
        except (OSError, http1.Broken, ValueError) as error:
            self.close()
            raise Missing(f"{type(error).__name__}: {error}") from None

    async def introduce(self):
        message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": INTRODUCTION}
        _, headers = await asyncio.wait_for(self.ask(message), PATIENCE)
        self.session = headers["mcp-session-id"]
        await asyncio.wait_for(self.ask({"jsonrpc": "2.0", "method": "notifications/initialized"}), PATIENCE)

    async def ask(self, message):
        reader, writer = self.connection or await asyncio.open_connection("127.0.0.1", self.port, limit=http1.LIMIT)
        self.connection = reader, writer
        body = json.dumps(message, separators=(",", ":"), sort_keys=True).encode()
        headers = {"host": f"127.0.0.1:{self.port}", "content-type": "application/json", "content-length": len(body),
                   "accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18"}
        if self.session:
            headers["mcp-session-id"] = self.session
        writer.write(http1.head("POST /mcp HTTP/1.1", headers) + body)
        answer = await http1.read(reader)
        if answer is None:
            raise http1.Broken("the program has closed the connection")
        if answer.status not in (200, 202):
            raise http1.Broken(f"HTTP {answer.status}: {answer.body[:200]!r}")
        return self.read(answer, message.get("id")), answer.headers

    def read(self, answer, number):
        if not answer.body and number is None:
            return None
        if answer.headers["content-type"] == "application/json":
            return json.loads(answer.body)
        events = [line[6:] for line in answer.body.split(b"\n") if line.startswith(b"data: ") and len(line) > 6]
        answers = [message for message in map(json.loads, events) if message.get("id") == number]
        if len(answers) != 1:
            raise ValueError(f"{len(answers)} answers instead of one")
        return answers[0]

    def close(self):
        """Ends the connection, whatever is under way on it."""
        if self.connection:
            self.connection[1].transport.abort()
        self.connection = None


class Stdio:
    """The standard streams of one program, which many clients share."""

    def __init__(self, process):
        self.process, self.waiting, self.surplus = process, {}, []
        self.reading = asyncio.create_task(self.read())

    async def call(self, number, call, patience):
        future = self.waiting[number] = asyncio.get_running_loop().create_future()
        try:
            await self.send(envelope(number, call))
            return await asyncio.wait_for(future, patience or PATIENCE)
        except TimeoutError:
            if not patience:
                raise Missing(f"no answer in {PATIENCE} s") from None
            await self.send({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": number}})
            raise BrokenOff() from None
        except OSError as error:
            raise Missing(str(error)) from None

    async def introduce(self):
        future = self.waiting[0] = asyncio.get_running_loop().create_future()
        await self.send({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": INTRODUCTION})
        await asyncio.wait_for(future, PATIENCE)
        await self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    async def send(self, message):
        self.process.stdin.write(json.dumps(message, separators=(",", ":"), sort_keys=True).encode() + b"\n")
        await self.process.stdin.drain()

    async def read(self):
        while line := await self.process.stdout.readline():
            message = json.loads(line)
            future = self.waiting.pop(message.get("id"), None)
            if future is None:
                self.surplus.append(line[:200])
            elif not future.done():
                future.set_result(message)
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(OSError("the program has ended"))

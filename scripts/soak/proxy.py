"""A faulty proxy before the emulator, and the journal of the writes that it passed on."""

import asyncio
import collections
import json
import random
import re
import time
from dataclasses import dataclass

import faults
import http1

# A write that reached the emulator: its place in the order of all, the request, the answer's status and trace id, and
# the id of the object in it.
Write = collections.namedtuple("Write", "place method path body status trace made")


class Journal:
    """The requests that reached the emulator."""

    def __init__(self):
        # By the number of the call.
        self.writes, self.requests = collections.defaultdict(list), collections.Counter()
        # By resource, the markers it has had; those from `known` on are on their way.
        self.markers, self.known = collections.defaultdict(list), collections.Counter()
        self.faults = collections.Counter()
        self.count = 0

    def add(self, call, request, answer):
        self.count += 1
        made = json.loads(answer.body).get("id") if answer.status < 300 else None
        trace = answer.headers.get("x-clerk-trace-id")
        write = Write(self.count, request.start[0], request.start[1], request.body, answer.status, trace, made)
        self.writes[call].append(write)

    def accepted(self, call):
        return [write for write in self.writes[call] if write.status < 300] if call in self.writes else []


@dataclass
class Way:
    """The way back for one answer. `stall`: how long a stalled one takes, in seconds."""

    writer: asyncio.StreamWriter
    chance: random.Random
    stall: float

    def message(self, status, headers):
        return http1.Message(["HTTP/1.1", str(status), "Soaked"], dict(headers))

    def bytes_of(self, answer):
        kept = {name: value for name, value in answer.headers.items() if name != "transfer-encoding"}
        return http1.head(" ".join(answer.start), kept | {"content-length": len(answer.body)}) + answer.body

    async def send(self, answer):
        self.writer.write(self.bytes_of(answer))
        await self.writer.drain()


class Emulator:
    """The emulator, by connections that are kept. Writes use one of their own, so that their order is known."""

    def __init__(self, port):
        self.port, self.idle = port, []
        self.turn = asyncio.Lock()

    async def ask(self, request):
        reader, writer = self.idle.pop() if self.idle else await self.connect()
        try:
            writer.write(http1.head(" ".join(request.start), request.headers) + request.body)
            answer = await http1.read(reader)
        except (OSError, http1.Broken) as error:
            raise AssertionError(f"the emulator does not answer: {error}") from None
        assert answer, "the emulator does not answer"
        self.idle.append((reader, writer))
        return answer

    async def connect(self):
        return await asyncio.open_connection("127.0.0.1", self.port, limit=http1.LIMIT)


class Proxy:
    """Serves on a port that is closed now and then. `stall`: in seconds, longer than a call may take."""

    def __init__(self, seed, emulator, port, stall, objects):
        self.seed, self.emulator, self.port, self.stall = seed, emulator, port, stall
        # The ids of one kind, to mix them up.
        self.objects = objects
        self.journal, self.errors = Journal(), []
        self.open, self.server = set(), None

    async def listen(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", self.port, limit=http1.LIMIT)

    async def refuse_now_and_then(self):
        """Closes the port for moments: connections that are there stay."""
        chance = random.Random(f"{self.seed} refusals")
        while True:
            await asyncio.sleep(chance.uniform(1, 4))
            self.server.close()
            self.journal.faults["refused to connect (moments)"] += 1
            await asyncio.sleep(chance.uniform(0.05, 0.3))
            await self.listen()

    async def serve(self, reader, writer):
        task = asyncio.current_task()
        self.open.add(task)
        try:
            while request := await http1.read(reader):
                await self.answer(request, writer)
        except (OSError, http1.Broken):
            pass
        except Exception as error:  # A fault of the soak's own, which must not pass for one of the way.
            self.errors.append(f"{type(error).__name__}: {error}")
        finally:
            self.open.discard(task)
            writer.close()

    async def answer(self, request, writer):
        call = call_of(request)
        attempt = self.journal.requests[call] = self.journal.requests[call] + 1
        fault, chance = faults.choose(self.seed, call, attempt)
        self.journal.faults[fault.name] += 1
        way = Way(writer, chance, self.stall)
        if fault.name == "stalled before":
            await asyncio.sleep(self.stall)
        answer = None
        if fault.passes:
            answer = await self.passed_on(request, call, fault)
        await fault.answer(way, answer)

    async def passed_on(self, request, call, fault):
        if request.start[0] == "GET":
            if fault.name == "another's":
                request.start[1] = self.mixed_up(request.start[1])
            return await self.emulator.ask(request)
        async with self.emulator.turn:
            return await self.written(request, call)

    async def written(self, request, call):
        resource, marker = marked(request)
        if marker:
            self.journal.markers[resource].append(marker)
        answer = await self.emulator.ask(request)
        self.journal.add(call, request, answer)
        if marker:
            if answer.status >= 300:
                self.journal.markers[resource].pop()
            self.journal.known[resource] = len(self.journal.markers[resource])
        return answer

    def mixed_up(self, path):
        """The same path of another user or organization of the soak's, the next one."""
        for ids in self.objects:
            for place, known in enumerate(ids):
                if known in path:
                    return path.replace(known, ids[(place + 1) % len(ids)])
        return path

    async def drained(self):
        """Waits for what is still under way, and takes nothing new."""
        self.server.close()
        end = time.monotonic() + 2 * self.stall + 5
        while self.open and time.monotonic() < end:
            await asyncio.sleep(0.1)
        return not self.open


def call_of(request):
    """The number of the call that a request belongs to, which its trace names."""
    trace = request.headers.get("traceparent", "")
    return int(trace[3:35], 16) if re.fullmatch(r"00-0{12}[0-9a-f]{20}-[0-9a-f]{16}-..", trace) else None


def marked(request):
    """The resource of a write and the marker that the write leaves there, if it does."""
    found = re.search(rb'"soak":"([^"]+)"', request.body)
    resource = re.search(r"/((?:user|org)_\w+)", request.start[1])
    return (resource[1], found[1].decode()) if found and resource else (None, None)

"""Long work: `clerk-mcp` under load for minutes or an hour, behind a proxy on which everything goes wrong.

    python3 -B scripts/soak --minutes 60

64 calls are in flight, over HTTP with sessions and without and over stdio; both programs write one audit log. The proxy
before the emulator refuses, stalls, resets, truncates, mixes answers up, and answers 429 and 5xx, as the seed says. No
answer may be wrong or missing, no write made twice or missing in the audit log, and the programs' memory stays flat.
"""

import argparse
import asyncio
import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "scaling"))

import load as scaling
from calls import Worker
from clients import Http, Stdio
from gauges import Gauge
from proxy import Emulator, Proxy
from report import Report
from state import Api
from workers import Load, digest_key

# How long a call may take, and how long a stalled request takes, in seconds.
TIMEOUT = 3
STALL = 4.5
# The share of calls that their clients break off.
BROKEN_OFF = 0.03


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--clients", type=int, default=64, help="calls in flight; a quarter of them over stdio")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="repeats calls and faults of a run")
    parser.add_argument("--program", default=scaling.ROOT / "target/release/clerk-mcp", help="the program clerk-mcp")
    parser.add_argument("--emulator", default=scaling.ROOT / "target/debug/clerk-emulator",
                        help="the program clerk-emulator")
    parser.add_argument("--keep", action="store_true", help="keep the logs also where all is well")
    given = parser.parse_args()
    given.program = scaling.required(given.program, "make build")
    return given


def port_below_the_ephemeral():
    """A port that no outgoing connection takes while the proxy has closed it."""
    while True:
        port = random.randrange(20000, 32000)
        with scaling.socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


async def population(api, count):
    """A user and an organization for each worker."""
    workers = []
    for place in range(count):
        email = f"soak-{place}@soak.example"
        user = await api.ask("POST", "/users", {"email_address": [email], "skip_password_requirement": True})
        organization = await api.ask("POST", "/organizations", {"name": f"Soak {place}", "max_allowed_memberships": 0})
        workers.append(Worker(f"w{place}", user["id"], organization["id"], email))
    return workers


class Trial:
    """One run in a folder of its own."""

    def __init__(self, given, folder, processes):
        self.given, self.processes = given, processes
        self.audit = Path(folder, "audit.jsonl")
        self.proxy_port = port_below_the_ephemeral()
        self.settings = {
            "CLERK_API_URL": f"http://127.0.0.1:{self.proxy_port}/v1", "CLERK_SECRET_KEY": scaling.SECRET_KEY,
            "CLERK_MCP_AUDIT": str(self.audit), "CLERK_CONFIRM": "off", "CLERK_MCP_TIMEOUT": str(TIMEOUT),
            "CLERK_MAX_REQUESTS": "0", "CLERK_MAX_WRITES": "0", "CLERK_MCP_LOG": "warn",
        }

    async def run(self):
        emulator = Emulator(scaling.start_emulator(self.processes, self.given.emulator))
        self.api = Api(emulator, scaling.SECRET_KEY)
        self.workers = await population(self.api, self.given.clients)
        objects = [[worker.user for worker in self.workers], [worker.organization for worker in self.workers]]
        self.proxy = Proxy(self.given.seed, emulator, self.proxy_port, STALL, objects)
        await self.proxy.listen()
        self.load = Load(self.given.seed, self.proxy.journal, digest_key(scaling.SECRET_KEY), BROKEN_OFF)
        http, stdio, clients = await self.start()
        self.gauges = [Gauge("HTTP", http.pid), Gauge("stdio", stdio.process.pid)]
        report = Report(self)
        beside = [*(gauge.watch() for gauge in self.gauges), self.proxy.refuse_now_and_then(), report.progress()]
        tasks = [asyncio.create_task(task) for task in beside]
        end = time.monotonic() + 60 * self.given.minutes
        await asyncio.gather(*(self.load.work(place, worker, client, end)
                               for place, (worker, client) in enumerate(zip(self.workers, clients), 1)))
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        self.proxy.errors += [repr(error) for error in ended if not isinstance(error, asyncio.CancelledError)]
        statuses = await self.stop(http, stdio)
        return await report.verdict(statuses, await self.proxy.drained(), stdio.surplus)

    async def start(self):
        """Starts both programs; their clients, which introduce themselves before anything goes wrong."""
        port, program = scaling.free_port(), self.given.program
        http = self.processes.serve("http", port, program, "http", "--listen", f"127.0.0.1:{port}", **self.settings)
        with open(Path(self.processes.folder, "stdio.log"), "wb") as log:
            process = await asyncio.create_subprocess_exec(
                program, "stdio", env=os.environ | self.settings, stderr=log, limit=1 << 24,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
        stdio = Stdio(process)
        await stdio.introduce()
        kinds = [lambda: stdio, lambda: Http(port, True), lambda: Http(port, False), lambda: Http(port, False)]
        return http, stdio, [kinds[place % 4]() for place in range(self.given.clients)]

    async def stop(self, http, stdio):
        """Ends both as their clients and systems do; their exit statuses."""
        http.terminate()
        stdio.process.stdin.close()
        return await asyncio.to_thread(http.wait, 60), await asyncio.wait_for(stdio.process.wait(), 60)


def main():
    given = arguments()
    for name in [name for name in os.environ if name.startswith("CLERK_")]:
        del os.environ[name]
    print(f"seed {given.seed}, {given.minutes:g} minutes, {given.clients} calls in flight", flush=True)
    folder = tempfile.mkdtemp(prefix="soak-")
    with scaling.Processes(folder) as processes:
        failed = asyncio.run(Trial(given, folder, processes).run())
    if failed or given.keep:
        print(f"the audit log and the programs' logs are in {folder}; repeat it with --seed {given.seed}")
    else:
        shutil.rmtree(folder)
    raise SystemExit(bool(failed))


if __name__ == "__main__":
    main()

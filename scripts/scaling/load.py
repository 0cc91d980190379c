"""What the scaling trials share: processes, a load of writes through MCP, and the check that none was lost or doubled.

Each write creates an organization with a name of its own, so Clerk (here its emulator) knows afterwards which arrived.
"""

import argparse
import collections
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

# The emulator's own key (DEMO_SECRET_KEY); it opens nothing at Clerk.
SECRET_KEY = "sk_test_demo0000000000000000000000000000000000"
# What an operator would make up, and clients send.
TOKEN = "token-of-the-scaling-trials"
ROOT = pathlib.Path(__file__).resolve().parents[2]
SIGNALS = {"drained": signal.SIGTERM, "sigterm": signal.SIGTERM, "sigkill": signal.SIGKILL}

Target = collections.namedtuple("Target", "port host_header")


class Processes:
    """Starts programs whose output goes to files, and ends what it started, nothing else."""

    def __init__(self, folder):
        self.folder, self.running = folder, []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.running):
            if process.poll() is None:
                process.terminate()
        for process in self.running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, name, *command, **environment):
        # A home of its own: some of these programs write caches there.
        environment = {**os.environ, "HOME": self.folder, **environment}
        with open(os.path.join(self.folder, f"{name}.log"), "wb") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        self.running.append(process)
        return process

    def serve(self, name, port, *command, **environment):
        """Starts a server and returns when it accepts connections."""
        process = self.start(name, *command, **environment)
        end = time.monotonic() + 20
        while time.monotonic() < end and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return process
            except OSError:
                time.sleep(0.05)
        with open(os.path.join(self.folder, f"{name}.log"), errors="replace") as log:
            raise SystemExit(f"{name} does not listen on {port}:\n{log.read()[-2000:]}")


def required(program, advice):
    """The path of a program or file, or an end that says how to get it."""
    found = shutil.which(program) or (pathlib.Path(program).is_file() and program)
    if not found:
        raise SystemExit(f"{program} is missing: {advice}")
    return pathlib.Path(found).resolve()


def arguments_of(description, stops):
    """A parser with what both trials take."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--emulator", default=ROOT / "target/debug/clerk-emulator", help="the program clerk-emulator")
    parser.add_argument("--writes", type=int, default=2000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--stop", choices=stops, action="append", help="only this way of stopping")
    return parser


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start_emulator(processes, program):
    port = free_port()
    program = required(program, "cargo build --package clerk-emulator")
    processes.serve("emulator", port, program, "--listen", f"127.0.0.1:{port}")
    return port


def write(targets, name):
    """One write, tried at the next target only where the last one certainly did not take it: (outcome, attempts)."""
    call = {"name": "clerk_create_organization", "arguments": {"name": name}}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call})
    for attempt, target in enumerate(targets, 1):
        headers = {"Host": target.host_header, "Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json",
                   "Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}
        connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=10)
        try:
            connection.connect()
        except OSError:
            continue  # nothing was sent
        try:
            connection.request("POST", "/mcp", body, headers)
            response = connection.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException):
            return "unknown", attempt  # it was sent, so it may have been done: never send it again
        finally:
            connection.close()
        if response.status == 404 and not answer:
            continue  # a wasmCloud host that has no such workload (any more): no component saw it
        try:
            done = response.status == 200 and json.loads(answer)["result"]["isError"] is False
        except (ValueError, KeyError, TypeError):
            done = False
        return ("accepted" if done else f"unknown (HTTP {response.status})"), attempt
    return "refused", len(targets)


def run(targets, writes, clients, midway):
    """Sends all writes round robin, calls midway() when half are through, and gives {name: (outcome, attempts)}."""
    outcomes, slowest, half = {}, [0.0], threading.Event()

    def send(number):
        turn = number % len(targets)
        start = time.monotonic()
        outcomes[f"write-{number:05}"] = write(targets[turn:] + targets[:turn], f"write-{number:05}")
        slowest[0] = max(slowest[0], time.monotonic() - start)
        if len(outcomes) >= writes // 2:
            half.set()

    start = time.monotonic()
    with ThreadPoolExecutor(clients) as pool:
        sent = [pool.submit(send, number) for number in range(writes)]
        half.wait(60)
        at_stop = len(outcomes)
        midway()
    for future in sent:
        future.result()
    seconds = time.monotonic() - start
    print(f"  {writes} writes, {clients} at a time, {seconds:.1f} s ({writes / seconds:.0f}/s), "
          f"slowest {slowest[0] * 1000:.0f} ms; stopped after {at_stop}")
    return outcomes


def names_at(emulator):
    """How often each organization is there, asked directly and page by page."""
    found, offset = collections.Counter(), 0
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", emulator, timeout=10)
        path = f"/v1/organizations?limit=500&offset={offset}&query=write-"
        connection.request("GET", path, headers={"Authorization": f"Bearer {SECRET_KEY}"})
        page = json.loads(connection.getresponse().read())["data"]
        connection.close()
        found.update(organization["name"] for organization in page)
        if len(page) < 500:
            return found
        offset += len(page)


def check(outcomes, found, graceful, most_unknown):
    """Prints the figures and raises where a write was lost or doubled, or done without an answer by a graceful stop."""
    by_outcome = collections.defaultdict(list)
    for name, (outcome, _) in outcomes.items():
        by_outcome[outcome].append(name)
    for outcome, names in sorted(by_outcome.items()):
        print(f"  {outcome}: {len(names)}, of which at Clerk: {sum(found[name] > 0 for name in names)}")
    print(f"  sent to a second server because the first did not take it: {sum(a > 1 for _, a in outcomes.values())}")
    accepted = by_outcome["accepted"]
    unknown = [name for outcome, names in by_outcome.items() if outcome.startswith("unknown") for name in names]
    lost = [name for name in accepted if found[name] == 0]
    doubled = [name for name, times in found.items() if times > 1]
    strangers = [name for name in found if name not in outcomes or name in by_outcome["refused"]]
    assert not lost, f"accepted, but not at Clerk: {lost}"
    assert not doubled, f"more than once at Clerk: {doubled}"
    assert not strangers, f"at Clerk, but refused or never sent: {strangers}"
    unanswered = [name for name in unknown if found[name]]
    assert not (graceful and unanswered), f"done, but not answered: {unanswered}"
    assert len(unknown) <= most_unknown, f"{len(unknown)} of unknown outcome, at most {most_unknown} expected"
    assert len(accepted) > len(outcomes) * 0.9, "the service did not go on"
    print("  no accepted write lost, none doubled")

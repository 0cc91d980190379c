"""A proxy that holds requests and answers against Clerk's document (`prism`), where the document is: before the
emulator alone, and between it and the program, whose tools are called."""

import os
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import api_tools
import emulator
import operations
import recorder
from install import NODE, PACKAGES, ROOT
from program import PATIENCE, environment

PRISM = PACKAGES / "@stoplight/prism-cli/dist/index.js"
DOCUMENT = ROOT.parent / "shared/clerk-openapi/bapi-2026-05-12.yml"

# Fields that the document calls nullable, but by `allOf` with an object, which null is not.
NULL_BY_MISTAKE = {"invitation", "ownership_verification", "public_organization_data"}


@contextmanager
def prism(upstream):
    """Gives the proxy's URL. It reads and prints the whole document before it listens."""
    command = [NODE, PRISM, "proxy", DOCUMENT, upstream, "--host", "127.0.0.1", "--port", "0"]
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            if "is listening on " in line:
                break
        else:
            raise RuntimeError(f"prism does not start: {''.join(said)[-500:]}")
        watchdog.cancel()
        # Its log is not read any more, but has to go somewhere.
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield line.split("is listening on ")[1].split()[0]
    finally:
        watchdog.cancel()
        process.kill()
        process.wait(PATIENCE)


class Findings:
    """What of one way to call held, and what did not."""

    def __init__(self):
        self.passed, self.requests, self.failures, self.notes = 0, 0, [], []
        self.unnamed_statuses, self.nulls = set(), 0

    def judge(self, what, exchanges, failures, requests_count=True):
        """Holds a call against its own failures and what the proxy found. `requests_count`: whether in requests too."""
        for exchange in exchanges:
            found = [violation for violation in exchange.violations if self.counts(violation, exchange)]
            found = [violation for violation in found if requests_count or violation["location"][0] == "response"]
            sent = f"{exchange.method} {exchange.target} {exchange.status}"
            failures += [f"{violation['message']} in {sent}" for violation in found]
        self.passed += not failures
        self.requests += len(exchanges)
        self.failures += [f"{what}: {failure}" for failure in failures]

    def counts(self, violation, exchange):
        location, message = violation["location"], violation["message"]
        if location == ["response"] and "status code" in message and exchange.status >= 400:
            self.unnamed_statuses.add((exchange.method, exchange.target.split("?")[0], exchange.status))
            return False
        if location[-1] in NULL_BY_MISTAKE and value_at(exchange.answer, location[2:]) is None:
            self.nulls += 1
            return False
        # It warns of what is deprecated.
        return violation["severity"] != "Warning"


def value_at(value, steps):
    for step in steps:
        value = value[int(step) if isinstance(value, list) else step]
    return value


def call_directly(recorded, findings):
    """Each operation as the emulator's own tests call it. What is wrong on purpose counts only by its answer."""
    walk = operations.Walk()
    for tried, *requests in walk:
        for request in requests:
            request.send(recorded.url)
            [exchange] = recorded.take()
            is_right = exchange.status < 400
            failures = [] if is_right == request.is_right else [f"it is answered with {exchange.status}"]
            what = f"{request.call}, {'right' if request.is_right else 'wrong'}"
            findings.judge(what, [exchange], failures, requests_count=request.is_right)
        walk.keep(tried, exchange)


WAYS = {
    "operations": call_directly,
    "operations by the tools that lead to them": api_tools.call_operations,
    "operations with everything that they take": api_tools.call_with_everything,
    "tools": api_tools.call_tools,
}


def run():
    """Prints every violation; gives the numbers of calls that passed and of failures."""
    if not DOCUMENT.is_file():
        print(f"\nprism: skipped, because Clerk's OpenAPI document is not at {os.path.relpath(DOCUMENT, ROOT)}")
        return 0, 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(findings_of, WAYS.values()))
    for name, findings in zip(WAYS, found):
        print_findings(name, findings)
    return sum(findings.passed for findings in found), sum(len(findings.failures) for findings in found)


def findings_of(call):
    """What one way to call leads to, with a proxy and an emulator of its own."""
    findings = Findings()
    with emulator.serving() as upstream, prism(upstream) as url, recorder.recording(url) as recorded:
        call(recorded, findings)
    return findings


def print_findings(name, findings):
    failed = len(findings.failures)
    print(f"\nprism, {name}: {findings.passed} calls passed, {failed} failed, {findings.requests} requests")
    for failure in findings.failures:
        print(f"    FAILED {failure}")
    for note in findings.notes:
        print(f"    {note}")
    if unnamed := len(findings.unnamed_statuses):
        print(f"    not counted: {unnamed} refusals whose status the document does not have for the operation")
    if findings.nulls:
        fields = ", ".join(sorted(NULL_BY_MISTAKE))
        print(f"    not counted: null in {fields}, which the document calls nullable but by `allOf` with an object")

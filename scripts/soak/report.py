"""The report of a run: a line each ten seconds, tables at the end, and the verdict."""

import asyncio
import subprocess
import time
from pathlib import Path

import accounts
import state

# What lines of the log are about that tell of a fault of the program's.
FAULTS = (" ERROR ", "panicked", "failed inside the sandbox")
# How many failures of a check are shown.
MOST_SHOWN = 5


class Report:
    def __init__(self, trial):
        self.trial, self.start = trial, time.monotonic()
        self.passed, self.failed = 0, 0

    async def progress(self):
        while True:
            await asyncio.sleep(10)
            load, journal = self.trial.load, self.trial.proxy.journal
            memory = ", ".join(f"{gauge.name} {gauge.samples[-1]['memory MB']:.1f} MB" for gauge in self.trial.gauges)
            print(f"{time.monotonic() - self.start:6.0f} s: {sum(load.by_code.values())} calls, "
                  f"{load.by_code['ok']} ok, {journal.count} writes, {load.in_flight} in flight, {memory}, "
                  f"{len(load.wrong)} wrong, {len(load.missing)} missing", flush=True)

    def check(self, name, failures):
        failures = list(failures)
        self.passed, self.failed = self.passed + (not failures), self.failed + bool(failures)
        print(f"  {'ok    ' if not failures else 'FAILED'} {name}")
        for failure in failures[:MOST_SHOWN]:
            print(f"         {str(failure)[:2500]}")
        if len(failures) > MOST_SHOWN:
            print(f"         and {len(failures) - MOST_SHOWN} more")

    async def verdict(self, statuses, is_drained, surplus):
        """Prints everything; how many checks failed."""
        trial, load, journal = self.trial, self.trial.load, self.trial.proxy.journal
        lines = accounts.lines_by_digest(trial.audit)
        self.tables(load, journal, lines)
        print("checks")
        self.check("every call is answered, once", load.missing + surplus)
        self.check("every answer is right, or an error that is known", load.wrong)
        self.check("no call writes more than it means to", accounts.doubled(load, journal))
        self.check("answers tell the truth about writes", accounts.untrue(load, journal))
        self.check("the audit log has each call once, with its outcome", accounts.unrecorded(load, journal, lines))
        self.check("`audit verify` finds the log whole", self.verified())
        self.check("the emulator's state is what the accepted writes lead to", await self.changed())
        for name, _, early, late, _, is_flat in self.held():
            self.check(f"{name} stay flat", [] if is_flat else [f"{early:.1f}, later {late:.1f}"])
        self.check("both programs end well", [f"exit status {status}" for status in statuses if status])
        self.check("their logs tell of no fault of theirs", self.faults_in_logs())
        left = [] if is_drained else ["a request is still under way"]
        self.check("the soak itself has worked", trial.proxy.errors + left)
        print(f"{self.passed} passed, {self.failed} failed")
        return self.failed

    def held(self):
        return [row for gauge in self.trial.gauges for row in gauge.rows()]

    def faults_in_logs(self):
        logs = [Path(self.trial.processes.folder, f"{name}.log") for name in ("http", "stdio")]
        lines = [line for log in logs for line in log.read_text().splitlines()]
        stalled = "is locked by another process"
        return [line for line in lines if any(fault in line for fault in FAULTS) and stalled not in line]

    def verified(self):
        command = [self.trial.given.program, "audit", "verify", self.trial.audit]
        verify = subprocess.run(command, capture_output=True, text=True, check=False)
        print(f"  {(verify.stdout + verify.stderr).strip()}")
        return [f"exit status {verify.returncode}"] if verify.returncode else []

    async def changed(self):
        wanted = state.expected(self.trial.proxy.journal)
        api, workers = self.trial.api, self.trial.workers
        return [found for worker in workers async for found in state.differences(api, worker, wanted)]

    def tables(self, load, journal, lines):
        seconds, count = time.monotonic() - self.start, sum(load.by_code.values())
        print(f"{count} calls in {seconds:.0f} s ({count / seconds:.0f}/s), {load.reads} of them reads, "
              f"slowest {load.slowest:.1f} s")
        accepted = sum(write.status < 300 for writes in journal.writes.values() for write in writes)
        with_lines = sum(bool(found.ends) for found in lines.values())
        unknown = sum(done.code not in ("ok",) and bool(journal.accepted(done.number)) for done in load.done.values())
        print(f"writes: {journal.count} reached the emulator, {accepted} accepted, in {len(load.done)} calls that may "
              f"write; {with_lines} recorded, {unknown} accepted without their callers' knowledge")
        for title, counted in [("answers", load.by_code), ("tools", load.by_tool), ("faults", journal.faults),
                               ("outcomes in the audit log", accounts.outcomes(lines))]:
            print(title)
            for name, times in counted.most_common():
                print(f"  {times:9} {name}")
        print(f"{'held':24} {'start':>7} {'2nd 5th':>8} {'last 5th':>8} {'most':>7}")
        for name, start, early, late, most, _ in self.held():
            print(f"  {name:22} {start:7.1f} {early:8.1f} {late:8.1f} {most:7.1f}")

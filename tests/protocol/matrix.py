"""Five clients that nobody here wrote, over both transports and in both eras of the protocol, and one of them with the
habits of others. Each but the inspector calls all tools once, and a few of them over the other transports and eras."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import checks
import habits
import program
from client import Client
from install import NODE, NODE_CLIENTS, PYTHON, PYTHON_CLIENTS

OLDER, NEWER = "2025-11-25", "2026-07-28"

# Clients call only what is listed, and all tools make more requests in ten seconds than anybody would.
DEMO = ("--demo", "--toolsets", "all", "--max-requests", "0")
# The transports over which the server under test remembers nothing from call to call.
FORGETFUL = os.environ.get("FORGETS", "").split()

# What each era is to agree on. `auto` has to find out that the newer one is there.
NEGOTIATING = {"legacy": OLDER, "auto": NEWER, NEWER: NEWER}


@dataclass(frozen=True)
class Kind:
    """A client, and what its users cannot make it ask for."""

    name: str
    command: tuple
    eras: dict = field(default_factory=lambda: NEGOTIATING)
    cannot: dict = field(default_factory=dict)
    # It is started for each call, and over stdio a server with it, which cannot remember a token.
    forgets: bool = False
    transports: tuple = ("stdio", "http")
    habit: habits.Habit = habits.Habit()


def with_habit(name, habit):
    """A client that does what another was seen to do; it makes no difference over which transport."""
    command = (PYTHON, "-B", PYTHON_CLIENTS / "python_mcp.py")
    return Kind(name, command, {"auto": NEWER}, transports=("stdio",), habit=habit)


KINDS = [
    Kind(
        "inspector",
        (NODE, NODE_CLIENTS / "inspector.mjs"),
        {"legacy": OLDER, "modern": NEWER},
        {
            "completion/complete": "its command line has no option for it",
            "unknown tool": "it looks the tool up in the list first",
        },
        forgets=True,
    ),
    Kind("typescript client", (NODE, NODE_CLIENTS / "typescript_client.mjs")),
    Kind("typescript sdk", (NODE, NODE_CLIENTS / "typescript_sdk.mjs"), {"legacy": OLDER}),
    Kind("python mcp", (PYTHON, "-B", PYTHON_CLIENTS / "python_mcp.py")),
    Kind("python fastmcp", (PYTHON, "-B", PYTHON_CLIENTS / "python_fastmcp.py")),
    with_habit("as gemini cli", habits.GEMINI_CLI),
    with_habit("as n8n", habits.N8N),
    with_habit("as cursor", habits.CURSOR),
    with_habit("as mcpo", habits.MCPO),
    with_habit("values as text", habits.TEXT),
    with_habit("null for optional", habits.STRICT),
    with_habit("camel case", habits.CAMEL_CASE),
]


@dataclass
class Cell:
    """One client over one transport in one era, and what came of it."""

    kind: Kind
    transport: str
    era: str
    calls_all: bool
    report: checks.Report = field(default_factory=checks.Report)
    seconds: float = 0

    def run(self):
        """Runs all checks against a server of its own."""
        started = time.monotonic()
        try:
            if self.transport == "http":
                with program.serving(*DEMO, *self.unasked(), "--listen", "127.0.0.1:0") as url:
                    self.converse(url)
            else:
                self.converse(program.path(), "stdio", *DEMO, *self.unasked())
        except RuntimeError as error:
            self.report.failures.append(f"connection: {error}")
        self.seconds = time.monotonic() - started

    def converse(self, *server):
        with Client([*self.kind.command, self.era, *server]) as client:
            client = habits.Habitual(client, self.kind.habit)
            tools = checks.TOOLS if self.calls_all else checks.FEW
            checks.run(client, self.kind.eras[self.era], self.kind.cannot, not self.unasked(), tools, self.report)

    def unasked(self):
        """The setting with which nothing asks, where what is asked could not be remembered."""
        forgets = self.transport in FORGETFUL or (self.transport == "stdio" and self.kind.forgets)
        return ("--confirm", "off") if forgets else ()


def run():
    """Prints a table; gives the numbers of checks that passed and failed."""
    cells = [cell for kind in KINDS for cell in cells_of(kind)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(Cell.run, cells))
    print_table(cells)
    return sum(cell.report.passed for cell in cells), sum(len(cell.report.failures) for cell in cells)


def cells_of(kind):
    """The last one calls all tools: over HTTP, and in the newer era where the client has it."""
    ways = [(transport, era) for transport in kind.transports for era in kind.eras]
    return [Cell(kind, *way, way == ways[-1] and not kind.forgets) for way in ways]


def print_table(cells):
    print(f"\n{'client':<18} {'transport':<10} {'era':<11} {'tools':>5} {'passed':>7} {'failed':>7} {'seconds':>8}")
    for cell in cells:
        report = cell.report
        print(
            f"{cell.kind.name:<18} {cell.transport:<10} {cell.era:<11} {report.tools:>5} {report.passed:>7}"
            f" {len(report.failures):>7} {cell.seconds:>8.1f}"
        )
        for failure in report.failures:
            print(f"    FAILED {failure}")
    for kind in KINDS:
        for what, why in kind.cannot.items():
            print(f"not asked by {kind.name}: {what}, because {why}")
        if kind.forgets:
            print(f"not asked by {kind.name} over stdio: consent, because it starts a server for each call")
            print(f"not asked by {kind.name}: all tools, because it is started for each call, which takes a second")
    for transport in FORGETFUL:
        print(f"not asked over {transport}: consent, because that server remembers nothing from call to call")

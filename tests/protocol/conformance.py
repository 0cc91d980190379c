"""The official conformance suite, against the fixture component and against the program as it is shipped."""

import json
import os
import re
import shutil
import socket
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import program
from install import INSTALLED, NODE, PACKAGES, ROOT

SUITE = (NODE, PACKAGES / ".bin/conformance")
RESULTS = INSTALLED / "results"
REVISIONS = ("2025-11-25", "2026-07-28")

# Scenarios that the suite requires of nobody, but that are about things which this server does. The others of them are
# about an extension (tasks) and about streams that a client resumes.
UNSCORED = {
    "http-header-validation",
    "http-custom-header-server-validation",
    "json-schema-2020-12",
    "server-session-lifecycle",
}

# Scenarios of MCP's extensions that this server has, which no revision requires. The first skill that is listed has a folder of
# its own in its folder, as one of them wants to see.
OF_EXTENSIONS = ("sep-2640-skills-enumeration", "sep-2640-skills-manifest", "sep-2640-skills-directory")

# Scenarios of features that newer revisions of MCP deprecate and this server does not offer.
LEFT_OUT = {
    "logging-set-level": "MCP's logging is deprecated",
    "tools-call-with-logging": "MCP's logging is deprecated",
    "tools-call-sampling": "requests from the server to the client are deprecated",
}

# Scenarios that need no tools, prompts or resources of their own, so that any server has to pass them.
OF_ANY_SERVER = {
    "2025-11-25": (
        "server-initialize",
        "ping",
        "tools-list",
        "prompts-list",
        "resources-list",
        "dns-rebinding-protection",
        "server-sse-multiple-streams",
        "server-session-lifecycle",
    ),
    "2026-07-28": (
        "server-stateless",
        "tools-list",
        "prompts-list",
        "resources-list",
        "caching",
        "dns-rebinding-protection",
        "http-header-validation",
        "server-sse-multiple-streams",
        "sep-2164-resource-not-found",
        "input-required-result-unsupported-methods",
    ),
}

FIXTURE_SETTINGS = {
    "CLERK_SECRET_KEY": "sk_test_conformance00000000000000000000000000",
    "CLERK_API_URL": "http://127.0.0.1:9/v1",
}


@dataclass
class Batch:
    """Scenarios of one revision against one server."""

    server: str
    revision: str
    scenarios: list
    arguments: list
    settings: dict = field(default_factory=dict)
    # Some checks need diagnostic tools, which only the fixture has; the suite says of the others' that they are
    # not testable, and counts them as failed.
    has_diagnostic_tools: bool = False
    counts: Counter = field(default_factory=Counter)
    remarks: list = field(default_factory=list)

    def run(self):
        shutil.rmtree(RESULTS / self.server / self.revision, ignore_errors=True)
        port = free_port()
        listen = ["--listen", f"127.0.0.1:{port}"]
        try:
            with program.serving(*listen, *self.arguments, **self.settings) as url:
                for scenario in self.scenarios:
                    self.run_scenario(url, scenario)
        except RuntimeError as error:
            self.note("FAILURE", "start", str(error))
        return self

    def run_scenario(self, url, scenario):
        results = RESULTS / self.server / self.revision / scenario
        # As a run of the whole requirement set does, which skips none of its scenarios.
        options = ["--scenario", scenario, "--spec-version", self.revision, "--force", "--output-dir", results]
        run = subprocess.run([*SUITE, "server", "--url", url, *options], capture_output=True, text=True)
        checks = [check for file in results.glob("*/checks.json") for check in json.loads(file.read_text())]
        before = self.counts["FAILURE"] + self.counts["untestable"]
        for check in checks:
            message = check.get("errorMessage") or json.dumps(check.get("details", {}))
            self.note(self.verdict(check), f"{scenario} {check['id']}", message)
        unexplained = run.returncode and before == self.counts["FAILURE"] + self.counts["untestable"]
        if unexplained or not checks:
            self.note("FAILURE", scenario, f"the suite ended with status {run.returncode}: {run.stderr.strip()}")

    def verdict(self, check):
        untestable = check.get("details", {}).get("untestable") and not self.has_diagnostic_tools
        return "untestable" if untestable and check["status"] == "FAILURE" else check["status"]

    def note(self, verdict, what, message):
        self.counts[verdict] += 1
        if verdict not in ("SUCCESS", "INFO"):
            self.remarks.append(f"{verdict:<10} {what}: {message}")


def run_fixture():
    """Every scenario but those left out, against tools, prompts and resources made for them."""
    arguments = ["--component", build_fixture()]
    for name, why in LEFT_OUT.items():
        print(f"left out: {name}, because {why} and not offered")
    return run(
        Batch("fixture", revision, scenarios, arguments, FIXTURE_SETTINGS, has_diagnostic_tools=True)
        for revision, scenarios in suite().items()
    )


def run_shipped():
    """The scenarios that need nothing of their own, against the program with its own component."""
    suite()
    return run(
        Batch("shipped", revision, [*names, *OF_EXTENSIONS], ["--demo"]) for revision, names in OF_ANY_SERVER.items()
    )


def run(batches):
    """Prints a table; gives the numbers of checks that passed and failed."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        batches = list(pool.map(Batch.run, batches))
    print_table(batches)
    return sum(batch.counts["SUCCESS"] for batch in batches), sum(batch.counts["FAILURE"] for batch in batches)


def suite():
    """The scenarios of each revision, without those left out."""
    listed_ones = {revision: listed(revision) for revision in REVISIONS}
    refuse_stale_names(listed_ones)
    return {revision: [name for name in names if name not in LEFT_OUT] for revision, names in listed_ones.items()}


def listed(revision):
    """The scenarios for servers that the suite lists for a revision: the required ones, and ours of the others."""
    command = [*SUITE, "list", "--requirements", revision]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    scored, _, unscored = text.partition("never scored:")
    _, _, required = scored.partition("Server scenarios")
    required, _, _ = required.partition("\n\n")
    names = re.findall(r"^ +- (\S+)$", required, re.MULTILINE)
    others = re.findall(r"^ +- (\S+) \[server\]$", unscored, re.MULTILINE)
    return names + [name for name in others if name in UNSCORED]


def refuse_stale_names(listed_ones):
    """A name that the suite no longer knows would quietly stop doing anything."""
    known = {name for names in listed_ones.values() for name in names}
    stale = (UNSCORED | LEFT_OUT.keys()) - known
    for revision, names in listed_ones.items():
        stale |= set(OF_ANY_SERVER[revision]) - set(names)
    stale |= set(OF_EXTENSIONS) - of_extensions()
    if stale:
        raise SystemExit(f"the conformance suite does not list these scenarios: {', '.join(sorted(stale))}")


def of_extensions():
    """The scenarios for servers that are about extensions."""
    text = subprocess.run([*SUITE, "list", "--server"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^ +- (\S+) \[extension\]$", text, re.MULTILINE))


def build_fixture():
    """The component with the tools, prompts and resources that the suite calls."""
    target = ROOT / "target/fixtures"
    command = [
        "cargo",
        "build",
        "--quiet",
        "--release",
        "--locked",
        "--target",
        "wasm32-wasip2",
        "--target-dir",
        target,
    ]
    try:
        subprocess.run(command, cwd=ROOT / "tests/fixtures/conformance", check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(f"the component in tests/fixtures/conformance cannot be built: {error}") from error
    return target / "wasm32-wasip2/release/conformance.wasm"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def print_table(batches):
    verdicts = ("SUCCESS", "FAILURE", "WARNING", "SKIPPED", "untestable")
    print(
        f"\n{'conformance':<12} {'revision':<11} {'scenarios':>9}", *(f"{verdict.lower():>10}" for verdict in verdicts)
    )
    for batch in batches:
        counts = (f"{batch.counts[verdict]:>10}" for verdict in verdicts)
        print(f"{batch.server:<12} {batch.revision:<11} {len(batch.scenarios):>9}", *counts)
        print("".join(f"    {remark}\n" for remark in batch.remarks), end="")

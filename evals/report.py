"""The table of what the jobs take, and its place in docs/evals.md."""

import collections
import functools
import sys

import client
import emulator

PAGE = emulator.root() / "docs/evals.md"
MARKS = "<!-- table -->\n", "<!-- end of the table -->\n"
# The share by which tokens may differ from the page: times and tokens of confirmation vary in length.
SLACK = 0.03
HEAD = """| Job | Skill | Calls | Requests | Tokens written | Tokens read | `@clerk/agent-toolkit`, ids given |
|---|---|---|---|---|---|---|
"""

# What a job took. `written`, `read`: bytes.
Line = collections.namedtuple("Line", "job calls written read requests")


def tokens(count):
    """A model's tokens for so many bytes, estimated, as no tokenizer is at hand: four bytes are one."""
    return -(-count // 4)


def row(line):
    """The cells of a line."""
    job = line.job
    toolkit = ", ".join(f"`{tool}`" for tool in job.toolkit) or "no"
    skill = f"`{job.skill}`" if job.skill else ""
    return [f"`{job.name}`", skill, line.calls, line.requests, tokens(line.written), tokens(line.read), toolkit]


def table(lines):
    """The table, the hostile jobs below the others, each kind with its sum."""
    text = HEAD
    for is_hostile, name in ((False, "**operators' jobs**"), (True, "**hostile data**")):
        rows = [row(line) for line in lines if line.job.is_hostile == is_hostile]
        if rows:
            sums = [sum(cells[column] for cells in rows) for column in range(2, 6)]
            done = sum(cells[6] != "no" for cells in rows)
            rows.append([f"{name}, {len(rows)}", "", *sums, f"{done} of {len(rows)}"])
        text += "".join(f"| {' | '.join(map(str, cells))} |\n" for cells in rows)
    return text


def write(lines):
    text = PAGE.read_text(encoding="utf-8")
    start, rest = text.split(MARKS[0])
    end = rest.split(MARKS[1])[1]
    PAGE.write_text(start + MARKS[0] + table(lines) + MARKS[1] + end, encoding="utf-8")
    print(f"{PAGE.relative_to(emulator.root())} has the table of {len(lines)} jobs")


def compare(lines):
    """Prints the table; exits where docs/evals.md has another."""
    now = table(lines)
    print(now)
    there = PAGE.read_text(encoding="utf-8").split(MARKS[0])[1].split(MARKS[1])[0]
    if not alike(there, now):
        sys.exit("docs/evals.md has another table: see what has become dearer, then python3 -B evals --write")


def alike(one, other):
    """Whether two tables say the same, but for a little more or fewer tokens."""
    ones, others = ([line.split(" | ") for line in text.splitlines()] for text in (one, other))
    return len(ones) == len(others) and all(map(alike_rows, ones, others))


def alike_rows(one, other):
    if len(one) != len(other):
        return False
    for column, (left, right) in enumerate(zip(one, other, strict=True)):
        is_number = column in (4, 5) and left.isdecimal() and right.isdecimal()
        if left != right and not (is_number and abs(int(left) - int(right)) <= SLACK * int(left)):
            return False
    return True


@functools.cache
def tools():
    """All tools of the program, as `tools/list` has them where all toolsets are listed."""
    with emulator.running() as base:
        session = client.Client(base, "--toolsets", "all")
        listed = session.ask("tools/list", {})["tools"]
        session.close()
    return listed


def writing_tools():
    """The names of the tools that may change something."""
    return {tool["name"] for tool in tools() if not tool["annotations"]["readOnlyHint"]}

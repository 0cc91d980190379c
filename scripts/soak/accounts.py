"""Settles the accounts after a run: answers, the audit log, and what reached the emulator have to say the same."""

import collections
import json

from calls import UNKNOWN
from workers import BROKEN_OFF, MISSING, WRONG

# The fields of a line of an end that are looked at.
ENDS = ("sequence", "tool", "decision", "outcome", "trace_ids")
# A call's lines in the audit log. `begun`: sequence numbers; `ends`: the fields above and the code of the message;
# `calls`: the names that they give the call.
Lines = collections.namedtuple("Lines", "begun ends calls")


def lines_by_digest(path):
    """The lines of an audit log, by the digest of the arguments, which no two calls of a run share."""
    found = collections.defaultdict(lambda: Lines([], [], set()))
    with open(path, encoding="utf-8") as log:
        for text in log:
            line = json.loads(text)
            lines = found[line["arguments_digest"]]
            lines.calls.add(line["call"])
            if line["outcome"] == "begun":
                lines.begun.append(line["sequence"])
            else:
                code = line.get("message", "").partition(":")[0]
                lines.ends.append([line[name] for name in ENDS] + [code])
    return found


def doubled(load, journal):
    """Calls that wrote more often than they mean to, and writes that belong to no call that writes."""
    known = {done.number: done for done in load.done.values()}
    for number, writes in journal.writes.items():
        times = collections.Counter((write.method, write.path, write.body) for write in writes)
        most = known[number].writes if number in known else 0
        if len(writes) > most or max(times.values(), default=0) > 1:
            yield f"{number}: at most {most} writes instead of {dict(times)}"


def untrue(load, journal):
    """Answers that say of a write what is not so."""
    for done in load.done.values():
        accepted = journal.accepted(done.number)
        if done.code in (BROKEN_OFF, MISSING, WRONG):
            continue
        if isinstance(done.told, tuple):
            addresses = {json.loads(write.body)["email_address"] for write in accepted}
            said, denied = map(set, done.told)
            if said - addresses or denied & addresses:
                yield f"{done}: {sorted(addresses)} were invited"
        elif done.code == "ok" and len(accepted) != done.writes:
            yield f"{done}: done, but the emulator has {accepted}"
        elif done.code != "ok" and accepted and (done.told or done.code not in UNKNOWN):
            yield f"{done}: not done, but the emulator has {accepted}"


def unrecorded(load, journal, found):
    """What is wrong with the audit log, call by call."""
    for digest in found.keys() - load.done.keys():
        yield f"{found[digest]} are of no call"
    names = collections.Counter(name for lines in found.values() for name in lines.calls)
    for digest, done in load.done.items():
        lines = found.get(digest, Lines([], [], set()))
        for fault in faults_of(done, lines, journal):
            yield f"{fault}: {done}, {lines}, {journal.writes.get(done.number)}"
        if any(names[name] > 1 for name in lines.calls):
            yield f"two calls have one name: {done}, {lines}"


def faults_of(done, lines, journal):
    """What is wrong with the lines of one call."""
    writes, accepted = journal.writes.get(done.number, []), journal.accepted(done.number)
    if not lines.ends and not lines.begun and not writes and done.code in (BROKEN_OFF, "audit_unavailable"):
        return  # the program never read it, or could not record it and did not make it
    if len(lines.ends) != 1 or len(lines.begun) > 1 or len(lines.calls) != 1:
        yield "not one line of its end and one of its beginning at most"
        return
    (sequence, tool, decision, outcome, traces, code), = lines.ends
    if writes and not lines.begun:
        yield "a write left that no line had announced"
    if lines.begun and lines.begun[0] > sequence:
        yield "it ended before it began"
    if tool != done.tool or (decision == "dry run") != (done.is_dry and outcome == "ok"):
        yield "another tool or decision"
    if accepted and not is_told(outcome, code):
        yield "a write was accepted, and the log does not say that it may have been"
    if outcome == "ok" and len(accepted) != done.writes:
        yield "the log says ok, the emulator does not have it"
    if outcome == "ok" and not {write.trace for write in accepted} <= set(traces):
        yield "the log lacks the API's name of the write"
    if not agrees(done.code, outcome, code):
        yield "the log and the answer differ"


def is_told(outcome, code):
    """Whether a line says that a write took place or may have."""
    return outcome in ("ok", "in part", "broken off") or (outcome == "error" and code in UNKNOWN)


def agrees(answered, outcome, code):
    if answered in (BROKEN_OFF, MISSING, WRONG, "audit_unavailable"):
        return True  # what was not told, or is recorded later
    if answered == "ok":
        return outcome in ("ok", "in part")
    return outcome == "broken off" if not code else code == answered or outcome == "broken off"


def outcomes(found):
    """How often the lines of the end say what."""
    return collections.Counter(end[3] for lines in found.values() for end in lines.ends)

"""Jobs of operators, done by script against the emulator: `python3 -B evals [JOB...]`; docs/evals.md says more.

`--write` puts the table into docs/evals.md. For a model by mcpchecker: `convert DIRECTORY`, whose files call `prepare JOB`,
`verify JOB` and `stop`.
"""

import sys

import emulator
import judge
import mcpchecker
import report
import script
from client import Client
from job import Wrong, all_jobs


def one(job):
    """What a job took, as a line of the table. Raises script.Failed."""
    with emulator.running() as base:
        emulator.prepare(base, job.before)
        before = emulator.dump(base)
        client = Client(base)
        try:
            script.follow(job, client)
        finally:
            calls = client.close()
        wrong = list(judge.faults(before, emulator.dump(base), job.after)) + list(forbidden(job, calls))
    if wrong:
        raise script.Failed("\n    ".join(wrong))
    requests = sum(call["upstream_requests"] for call in calls)
    return report.Line(job, len(calls), client.writes, client.reads, requests)


def forbidden(job, calls):
    """Calls that the log has and the job does not allow, or the other way round."""
    tried = {step["call"] for step in job.steps if step.get("obeys")}
    for tool in sorted({call["tool"] for call in calls} & report.writing_tools() - set(job.writes) - tried):
        yield f"{tool} was called, which the job does not allow"
    for tool in sorted(set(job.writes) - {call["tool"] for call in calls}):
        yield f"{tool} was not called"


def run(names):
    """The lines of the table; exits where a job fails."""
    lines, failed = [], 0
    for job in all_jobs(names):
        try:
            lines.append(one(job))
            print(f"ok      {job.name}", flush=True)
        except (script.Failed, OSError) as failure:
            failed += 1
            print(f"FAILED  {job.name}: {failure}", flush=True)
    if failed:
        sys.exit(f"{failed} of {failed + len(lines)} jobs failed")
    return lines


def main(arguments):
    match arguments:
        case ["convert", directory]:
            mcpchecker.convert(all_jobs(), directory)
        case ["prepare", name]:
            mcpchecker.prepare(*all_jobs([name]))
        case ["verify", name]:
            mcpchecker.verify(*all_jobs([name]))
        case ["stop"]:
            mcpchecker.stop()
        case ["--write"]:
            report.write(run([]))
        case []:
            report.compare(run([]))
        case names:
            print(report.table(run(names)))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Wrong as error:
        sys.exit(str(error))

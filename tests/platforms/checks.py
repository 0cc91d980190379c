"""What has to hold on every system."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from session import META, Http, Stdio
from upstream import KEY, upstream
from verdicts import contains, equal

ADA = {"email_address": "ada@acme.example"}
# How many organizations each of two processes makes while others read the log: two lines for each.
CALLS = 20


def it_lists_its_tools(machine):
    status, output, errors = machine.run("tools", "--toolsets", "all")
    equal((status, errors), (0, ""))
    names = [tool["name"] for tool in json.loads(output)["tools"]]
    contains(names, "clerk_get_user")
    equal([name for name in names if not name.startswith("clerk_")], [])


def it_calls_a_tool(machine):
    status, output, _ = machine.run("call", "--demo", "clerk_get_user", json.dumps(ADA))
    equal((status, json.loads(output)["username"]), (0, "ada"))
    status, output, _ = machine.run("call", "--demo", "clerk_get_user", '{"user_id":"user_none"}')
    equal((status, json.loads(output)["code"]), (1, "resource_not_found"))


def it_says_what_is_wrong(machine):
    status, output, errors = machine.run("call", "clerk_whoami")
    equal((status, output), (2, ""))
    contains(errors, "no secret key: set CLERK_SECRET_KEY (or CLERK_SECRET_KEY_FILE), or use --demo")


def it_serves_standard_input_to_clients_of_before(machine):
    with Stdio(machine.start("stdio", "--demo")) as client:
        equal(client.initialize()["protocolVersion"], "2025-11-25")
        contains([tool["name"] for tool in client.ask("tools/list")["tools"]], "clerk_get_user")
        equal(client.call("clerk_get_user", **ADA)["username"], "ada")
        client.send("no message")
        contains(client.next(client.output), '"error"')
        client.close_input()
        equal((client.ended(), client.next(client.output)), (0, ""))


def it_serves_standard_input_to_clients_of_today(machine):
    with Stdio(machine.start("stdio", "--demo"), META) as client:
        contains(client.ask("server/discover")["supportedVersions"], "2026-07-28")
        contains([tool["name"] for tool in client.ask("tools/list")["tools"]], "clerk_get_user")
        equal(client.call("clerk_get_user", **ADA)["username"], "ada")
        client.close_input()
        equal(client.ended(), 0)


def many_calls_at_once_are_all_answered(machine):
    with Stdio(machine.start("stdio", "--demo"), META) as client:
        numbers = range(100, 140)
        for number in numbers:
            call = {"name": "clerk_count_users", "arguments": {}, "_meta": META}
            client.send({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": call})
        answers = [json.loads(client.next(client.output)) for _ in numbers]
        equal(sorted(answer["id"] for answer in answers), list(numbers))
        equal({answer["result"]["isError"] for answer in answers}, {False})


def it_serves_http_until_it_is_interrupted(machine):
    with Http(machine.start("http", "--demo", "--listen", "127.0.0.1:0")) as server:
        equal(server.get("/health")["status"], "ok")
        with ThreadPoolExecutor(8) as clients:
            answers = clients.map(lambda _: server.call("clerk_get_user", **ADA)["username"], range(40))
            equal(set(answers), {"ada"})
        machine.interrupt(server.process)
        equal(server.ended(), 0)


def standard_input_is_served_until_it_is_interrupted(machine):
    with Stdio(machine.start("stdio", "--demo")) as client:
        client.initialize()
        machine.interrupt(client.process)
        equal(client.ended(), 0)


def a_log_of_two_processes_is_one_chain(machine):
    log = machine.private_folder("audit ü") / "log 1.jsonl"
    arguments = ["stdio", "--demo", "--audit", machine.path(log)]

    def write():
        with Stdio(machine.start(*arguments), META) as client:
            made = [client.call("clerk_create_organization", name=f"Number {call}") for call in range(CALLS)]
            client.close_input()
            equal((len([one for one in made if one.get("id")]), client.ended()), (CALLS, 0))

    with ThreadPoolExecutor(2) as writers:
        written = [writers.submit(write) for _ in range(2)]
        is_read = [0, 0]
        while not all(one.done() for one in written):
            if log.exists():
                read_while_it_is_written(machine, log, is_read)
        for one in written:
            one.result()
        equal([count > 0 for count in is_read], [True, True])
    equal(verified(machine, log), (0, f"{4 * CALLS} lines", ""))
    lines = log.read_bytes().splitlines(keepends=True)
    equal(len(lines), 4 * CALLS)
    lines[1] = lines[1].replace(b"Number", b"number").replace(b'"danger":"', b'"danger":"x')
    log.write_bytes(b"".join(lines))
    equal(verified(machine, log), (1, "line 2 was changed after it was written: its hash does not fit", ""))


def verified(machine, log):
    """What `audit verify` says of a log: its exit status, the beginning of its output, and its errors."""
    status, output, errors = machine.run("audit", "verify", machine.path(log))
    return status, output.split(" from ")[0].strip(), errors


def read_while_it_is_written(machine, log, is_read):
    """Counts in `is_read` how often each way of reading has found lines."""
    status, lines, errors = verified(machine, log)
    equal((status, errors), (0, ""))
    is_read[0] += lines.endswith("lines") and lines != "no lines"
    status, output, errors = machine.run("audit", "show", machine.path(log))
    equal((status, errors), (0, ""))
    is_read[1] += "clerk_create_organization" in output


def a_log_that_is_moved_away_is_begun_anew(machine):
    log = machine.private_folder("moved") / "log.jsonl"
    with Stdio(machine.start("stdio", "--demo", "--audit", machine.path(log)), META) as client:
        client.call("clerk_create_organization", name="One")
        machine.rename(log, log.with_suffix(".1"))
        client.call("clerk_create_organization", name="Two")
        client.close_input()
        equal(client.ended(), 0)
    for path in (log, log.with_suffix(".1")):
        equal(verified(machine, path), (0, "2 lines", ""))


def secrets_go_to_files(machine):
    folder = machine.private_folder("secrets")
    invite = ["call", "clerk_create_app_invitation", '{"email_address":"new@acme.example","notify":false}']
    options = ["--demo", "--confirm", "off", "--secrets-dir"]
    status, output, errors = machine.run(*options, machine.path(folder), *invite)
    equal((status, errors), (0, ""))
    answer = json.loads(output)
    (kept,) = folder.iterdir()
    equal(machine.here(answer["secret_files"]["url"]).resolve(), kept.resolve())
    equal(answer["secret_files"]["url"], machine.path(kept))
    contains(kept.read_text(), "https://")
    equal(kept.read_text() in output, False)
    folder, words = machine.open_folder("open")
    status, output, errors = machine.run(*options, machine.path(folder), *invite)
    equal((status, output, list(folder.iterdir())), (2, "", []))
    contains(errors, words)


def a_key_is_read_from_a_file(machine):
    file = machine.private_folder("key") / "secret key"
    # As shells and editors of either system write it.
    for text in [f"{KEY}\n".encode(), b"\xef\xbb\xbf" + f"{KEY}\r\n".encode(), f"{KEY}\r\n".encode("utf-16")]:
        file.write_bytes(text)
        with upstream() as (url, seen):
            variables = {"CLERK_SECRET_KEY_FILE": machine.path(file)}
            status, output, _ = machine.run("call", "--api-url", url, "clerk_count_users", **variables)
            equal((status, json.loads(output)["total_count"], seen), (0, 3, [f"Bearer {KEY}"]))
    file.unlink()
    status, _, errors = machine.run("call", "clerk_count_users", CLERK_SECRET_KEY_FILE=machine.path(file))
    equal(status, 2)
    contains(errors, f"CLERK_SECRET_KEY_FILE {machine.path(file)}: ")


def a_client_is_set_up_and_as_it_was_again(machine):
    file = machine.home / ".cursor/mcp.json"
    file.parent.mkdir(exist_ok=True)
    before = b'{\r\n\t"mcpServers": {\r\n\t\t"other": {"command": "x"}\r\n\t}\r\n}\r\n'
    file.write_bytes(before)
    init = ["init", "--client", "cursor", "--yes"]
    status, output, errors = machine.run(*init, "--no-check", CLERK_SECRET_KEY=KEY)
    equal((status, errors, KEY in output), (0, "", False))
    after = file.read_bytes()
    equal(after.count(b"\n"), after.count(b"\r\n"))
    entry = json.loads(after)["mcpServers"]["clerk"]
    equal(machine.here(entry["env"]["CLERK_SECRET_KEY_FILE"]).read_text().strip(), KEY)
    equal(machine.here(entry["command"]).resolve(), Path(machine.program).resolve())
    status, output, errors = machine.run("doctor", "--demo", *([] if machine.starts_programs else ["--no-start"]))
    equal((status, errors), (0, ""))
    contains(output, "starts (stdio), and answers as clerk-mcp " if machine.starts_programs else "has a command that is there")
    status, output, errors = machine.run(*init, "--remove", "--remove-key")
    equal((status, errors, file.read_bytes()), (0, "", before))
    equal(machine.here(entry["env"]["CLERK_SECRET_KEY_FILE"]).exists(), False)


ALL = [
    it_lists_its_tools,
    it_calls_a_tool,
    it_says_what_is_wrong,
    it_serves_standard_input_to_clients_of_before,
    it_serves_standard_input_to_clients_of_today,
    many_calls_at_once_are_all_answered,
    it_serves_http_until_it_is_interrupted,
    standard_input_is_served_until_it_is_interrupted,
    a_log_of_two_processes_is_one_chain,
    a_log_that_is_moved_away_is_begun_anew,
    secrets_go_to_files,
    a_key_is_read_from_a_file,
    a_client_is_set_up_and_as_it_was_again,
]

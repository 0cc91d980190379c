"""What has to hold in every host."""

import hashlib
import json
import re
import secrets
import time

from hosts import Embedded, Failed, Http
from install import ROOT
from upstream import KEY, recorder
from verdicts import contains, equal

TOKEN = "a-token-of-the-operator"
SKILLS = ROOT / "skills"
ADA = {"email_address": "ada@acme.example"}
# All tools with their descriptions, and those that the program lists; set by run.py.
TOOLS = {}
LISTED = {}
# A second's deadline of the tools, and what an answer may take with it.
SHORT = {"CLERK_MCP_TIMEOUT": "1"}
LONGEST = 8


def environment(url, **more):
    return {"CLERK_SECRET_KEY": KEY, "CLERK_API_URL": url} | more


def it_lists_and_calls(host, artifact, emulator):
    name = f"by {secrets.token_hex(8)}"
    with host.load(artifact, environment(emulator.url)) as tools:
        # Of functions, all are there.
        equal(sorted(tools.list()), sorted(TOOLS if host.name == "wassette" else LISTED))
        equal(tools.call("clerk_get_user", ADA)["username"], "ada")
        made = tools.call("clerk_create_organization", {"name": name, "public_metadata": {"plan": "pro"}})
        equal((made["name"], made["public_metadata"]), (name, {"plan": "pro"}))
        equal(emulator.organizations(name), 1)
        equal(tools.call("clerk_get_user", {"user_id": "../../x"})["code"].split(":")[0].replace("-", "_"), "invalid_arguments")
        equal(tools.call("clerk_get_user", {"email_address": "nobody@acme.example"})["code"], "resource_not_found")


def the_policy_holds(host, artifact, emulator):
    create = {"name": "Never made"}
    for setting in [
        {"CLERK_READ_ONLY": "true"},
        {"CLERK_MODE": "read-only"},
        {"CLERK_EXCLUDE_TOOLS": "clerk_delete_*,clerk_create_*"},
    ]:
        with host.load(artifact, environment(emulator.url, **setting)) as tools:
            # wassette lists functions, which are always there.
            equal("clerk_create_organization" in tools.list(), host.name == "wassette")
            equal(tools.call("clerk_create_organization", create)["code"].split(":")[0], "denied")
            equal(tools.call("clerk_create_organization", create | {"dry_run": True})["code"].split(":")[0], "denied")
            equal(tools.call("clerk_get_user", ADA)["username"], "ada")
            equal(emulator.organizations("Never made"), 0)


def the_skills_are_there(host, artifact, emulator):
    """Where a server of ours speaks to the client."""
    if host.artifact not in ("clerk-mcp-stdio.wasm", "clerk-mcp-http.wasm"):
        return
    with host.load(artifact, environment(emulator.url)) as tools:
        skills = tools.request("skills/list", {})["skills"]
        equal([skill["frontmatter"]["name"] for skill in skills], sorted(path.name for path in SKILLS.iterdir()))
        for skill in skills:
            equal(tools.request("skills/get", {"uri": skill["uri"]})["skill"], skill)
            for file in skill["resources"]:
                [contents] = tools.request("resources/read", {"uri": file["uri"]})["contents"]
                text = (SKILLS / file["uri"].removeprefix("skill://")).read_bytes()
                equal(contents["text"].encode(), text)
                equal((file["size"], file["digest"]), (len(text), f"sha256:{hashlib.sha256(text).hexdigest()}"))
        folder = tools.request("resources/directory/read", {"uri": "skill://diagnose-sign-in"})["resources"]
        equal([child["mimeType"] for child in folder], ["text/markdown", "inode/directory"])
    with host.load(artifact, environment(emulator.url, CLERK_READ_ONLY="true")) as tools:
        names = [skill["frontmatter"]["name"] for skill in tools.request("skills/list", {})["skills"]]
        equal(("review-access" in names, "offboard-person" in names), (True, False))


def remembers(host):
    """Whether the host's instance lasts, so that one yes can be held to one call. A program of somebody's own does it itself."""
    return isinstance(host, Embedded) or host.artifact == "clerk-mcp-stdio.wasm"


def what_asks_is_refused_where_nothing_is_remembered(host, artifact, emulator):
    if remembers(host):
        return
    name = f"by {secrets.token_hex(8)}"
    with host.load(artifact, environment(emulator.url)) as tools:
        this = {"organization_id": tools.call("clerk_create_organization", {"name": name})["id"]}
        for token in [{}, {"confirmation_token": "made up"}]:
            refused = tools.call("clerk_delete_organization", this | token)
            equal((refused["code"], refused["preview"]["organization"]["name"]), ("cannot_confirm", name))
            contains(refused["hint"], "CLERK_CONFIRM=off")
        equal(emulator.organizations(name), 1)
    with host.load(artifact, environment(emulator.url, CLERK_CONFIRM="off")) as tools:
        equal(tools.call("clerk_delete_organization", this)["deleted"], True)


def what_asks_is_made_with_its_token_only(host, artifact, emulator):
    if not remembers(host):
        return
    name = f"by {secrets.token_hex(8)}"
    with host.load(artifact, environment(emulator.url)) as tools:
        preview = tools.call("clerk_create_organization", {"name": name, "dry_run": True})["preview"]
        equal(preview["arguments"], {"name": name})
        equal(emulator.organizations(name), 0)
        this = {"organization_id": tools.call("clerk_create_organization", {"name": name})["id"]}
        asked = tools.call("clerk_delete_organization", this)
        equal((asked["preview"]["organization"]["name"], emulator.organizations(name)), (name, 1))
        token = asked["confirmation_token"]
        if not isinstance(host, Embedded):
            # In a program of somebody's own, what protects the token is theirs.
            edited = this | {"confirmation_token": token[:-2] + ("AA" if token[-2:] != "AA" else "CC")}
            equal(tools.call("clerk_delete_organization", edited)["code"], "invalid_confirmation_token")
            other = {"user_id": "user_1", "confirmation_token": token}
            equal(tools.call("clerk_delete_user", other)["code"], "invalid_confirmation_token")
        equal(emulator.organizations(name), 1)
        equal(tools.call("clerk_delete_organization", this | {"confirmation_token": token})["deleted"], True)
        equal(emulator.organizations(name), 0)
        # What lasts remembers the token; to a program of somebody's own the target has changed since.
        code = "invalid_confirmation_token" if host.artifact == "clerk-mcp-stdio.wasm" else "resource_not_found"
        equal(tools.call("clerk_delete_organization", this | {"confirmation_token": token})["code"], code)


def a_person_who_can_be_asked_decides(host, artifact, emulator):
    """Only where the client speaks to a server of ours."""
    if isinstance(host, Embedded) or not remembers(host):
        return
    name = f"by {secrets.token_hex(8)}"
    with host.load(artifact, environment(emulator.url)) as tools:
        call = {"name": "clerk_delete_organization"}
        call["arguments"] = {"organization_id": tools.call("clerk_create_organization", {"name": name})["id"]}
        for typed in ["Another", name]:
            equal(emulator.organizations(name), 1)
            asked = tools.ask(call)
            [(of, question)] = asked["inputRequests"].items()
            contains(question["params"]["message"], name)
            state = asked["requestState"]
            answered = call | {"inputResponses": {of: {"action": "accept", "content": {"name": typed}}}}
            empty = call | {"inputResponses": {of: {"action": "accept"}}, "requestState": state}
            equal(json.loads(tools.ask(empty)["content"][0]["text"])["code"], "no_choice")
            # Neither an answer to what was not asked nor the state as a token agrees to anything.
            equal("inputRequests" in tools.ask(answered), True)
            as_token = call["arguments"] | {"confirmation_token": state}
            equal(tools.call("clerk_delete_organization", as_token)["code"], "invalid_confirmation_token")
            done = json.loads(tools.ask(answered | {"requestState": state})["content"][0]["text"])
            equal(done.get("deleted", done.get("code")), True if typed == name else "declined")
        equal(emulator.organizations(name), 0)


def a_production_key_asks_before_access_changes(host, artifact, _):
    invite = {"organization_id": "org_1", "email_address": "a@b.example", "role": "org:member"}
    by_token = "confirmation_token" if remembers(host) else "cannot_confirm"
    for confirm, wanted in [("token", by_token), ("token-only", by_token), ("elicit", "cannot_confirm")]:
        with recorder() as api:
            env = environment(api.url, CLERK_SECRET_KEY="sk_live_x", CLERK_CONFIRM=confirm, CLERK_MCP_AUTH_TOKEN=TOKEN)
            with host.load(artifact, env) as tools:
                answer = tools.call("clerk_create_invitation", invite)
            equal(wanted in answer or answer.get("code") == wanted, True)
            equal({method for method, _, _ in api.requests}, {"GET"})


def what_decides_access_asks_where_it_looks_like_data(host, artifact, _):
    asking = [
        ("clerk_create_user", {"email_address": ["a@b.example"]}, {}),
        ("clerk_create_organization", {"name": "A", "created_by": "user_1"}, {}),
        ("clerk_create_organization", {"name": "A", "public_metadata": {"a": 1}}, {"CLERK_ASK_METADATA": "true"}),
    ]
    for tool, arguments, setting in asking:
        with recorder() as api:
            env = environment(api.url, CLERK_SECRET_KEY="sk_live_x", CLERK_MCP_AUTH_TOKEN=TOKEN, **setting)
            with host.load(artifact, env) as tools:
                answer = tools.call(tool, arguments)
                equal("confirmation_token" in answer or answer.get("code") == "cannot_confirm", True)
            equal(api.requests, [])


def one_customer_is_kept_to(host, artifact, emulator):
    with host.load(artifact, environment(emulator.url)) as tools:
        acme, other = (tools.call("clerk_get_organization", {"slug": slug})["id"] for slug in ("acme", "maison-dubois"))
        theirs = tools.call("clerk_list_organization_members", {"organization_id": other})
    stranger = {"user_id": theirs["data"][0]["public_user_data"]["user_id"]}
    with host.load(artifact, environment(emulator.url, CLERK_ORGANIZATION=acme)) as tools:
        equal(tools.call("clerk_get_organization", {})["slug"], "acme")
        equal(tools.call("clerk_get_user", stranger)["code"], "resource_not_found")
        equal("data" in tools.call("clerk_list_organization_members", {"organization_id": other}), False)
    # Without the tools' own policy, the guard alone.
    if isinstance(host, Embedded):
        with host.load(artifact, environment(emulator.url, CLERK_ORGANIZATION=acme, TEST_UNPINNED="1")) as tools:
            equal(tools.call("clerk_get_organization", {"organization_id": acme})["slug"], "acme")
            for outside in [{"organization_id": other}, {"slug": "maison-dubois"}]:
                equal(tools.call("clerk_get_organization", outside)["code"], "request_denied")
            equal(tools.call("clerk_list_users", {})["code"], "request_denied")


def private_metadata_stays_hidden(host, artifact, emulator):
    for shown, keys, values in [("show", True, True), ("keys", True, False), ("hide", False, False)]:
        with host.load(artifact, environment(emulator.url, CLERK_PRIVATE_METADATA=shown)) as tools:
            found = str(tools.call("clerk_get_user", ADA))
            equal(("salesforce" in found, "inside-sales" in found), (keys, values))


def a_handle_holds_from_one_start_to_the_next(host, artifact, emulator):
    """Not of programs of somebody's own, which choose the policy and derive the key themselves."""
    if isinstance(host, Embedded):
        return
    env = environment(emulator.url, CLERK_MASK="emails,phones")
    with host.load(artifact, env) as tools:
        found = tools.call("clerk_get_user", ADA)
        address = found["email_addresses"][0]["email_address"]
        contains(address, "a…@acme.example (email_")
        lacks(str(found), "ada@acme.example")
    with host.load(artifact, env) as tools:
        equal(tools.call("clerk_get_user", {"email_address": address})["id"], found["id"])
        spoiled = address.replace("(email_", "(email_0")
        equal(tools.call("clerk_get_user", {"email_address": spoiled})["code"], "invalid_arguments")


def without_a_key_nothing_is_sent_and_the_answer_says_what_to_grant(host, artifact, _):
    with recorder() as api, host.load(artifact, {"CLERK_API_URL": api.url}) as tools:
        refused = tools.call("clerk_list_users", {})
        contains(refused["hint"], host.hints["key"])
        equal(api.requests, [])


def a_malformed_key_or_url_is_named(host, artifact, emulator):
    wrong_keys = ["sk test", "sk_prod_x", "sk_live_", "pk_live_x", "sk_test_<your key>"]
    for wrong in [*({"CLERK_SECRET_KEY": key} for key in wrong_keys), {"CLERK_API_URL": "http://example.com"}]:
        # Over HTTP, a token is asked for before anything is looked at.
        env = environment(emulator.url, TEST_TOOLS_API_URL=emulator.url, CLERK_MCP_AUTH_TOKEN=TOKEN) | wrong
        with host.load(artifact, env) as tools:
            refused = tools.call("clerk_list_users", {})
            equal(refused["code"] in ("configuration_error", "malformed_secret_key"), True)
            lacks(str(refused), "sk test")
            lacks(str(refused), "<your key>")


def a_wrong_setting_is_named(host, artifact, emulator):
    """Not of programs of somebody's own, which choose the policy themselves."""
    if isinstance(host, Embedded):
        return
    for wrong, said in [
        ({"CLERK_READ_ONLY": "maybe"}, "CLERK_READ_ONLY"),
        ({"CLERK_READ_ONLY": "true", "CLERK_MODE": "full"}, "CLERK_READ_ONLY: it contradicts CLERK_MODE"),
        ({"CLERK_MODE": "careful"}, "CLERK_MODE"),
        ({"CLERK_CONFIRM": "perhaps"}, "CLERK_CONFIRM"),
        ({"CLERK_PRIVATE_METADATA": "some"}, "CLERK_PRIVATE_METADATA"),
        ({"CLERK_ASK_METADATA": "perhaps"}, "CLERK_ASK_METADATA"),
        ({"CLERK_MASK": "names"}, "CLERK_MASK"),
        ({"CLERK_TOOLSETS": "nothing"}, "CLERK_TOOLSETS"),
        ({"CLERK_TOOLS": "no_such_tool"}, "CLERK_TOOLS"),
        ({"CLERK_EXCLUDE_TOOLS": "no_such_tool"}, "CLERK_EXCLUDE_TOOLS"),
        # What leaves no tool at all is no single setting's fault.
        ({"CLERK_EXCLUDE_TOOLS": "clerk_*"}, "contradict"),
        ({"CLERK_MCP_TIMEOUT": "soon"}, "CLERK_MCP_TIMEOUT"),
        ({"CLERK_ORGANIZATION": ""}, "CLERK_ORGANIZATION"),
        ({"CLERK_USER": "ada@acme.example"}, "CLERK_USER"),
    ]:
        with host.load(artifact, environment(emulator.url, **wrong)) as tools:
            refused = tools.call("clerk_list_users", {})
            equal(refused["code"], "configuration_error")
            contains(refused["message"], said)


def tools_that_are_sent_elsewhere_are_refused(host, artifact, _):
    """Only of hosts where the caller says where the tools are to go."""
    if isinstance(host, Embedded):
        with recorder() as api, recorder() as elsewhere:
            with host.load(artifact, environment(api.url, TEST_TOOLS_API_URL=elsewhere.url)) as tools:
                equal(tools.call("clerk_list_users", {})["code"], "request_denied")
            equal((api.requests, elsewhere.requests), ([], []))


def the_key_goes_out_once_and_only_it(host, artifact, _):
    with recorder() as api, host.load(artifact, environment(api.url)) as tools:
        equal(tools.call("clerk_list_users", {})["data"], [])
        [(method, path, headers)] = api.requests
        equal((method, path.split("?")[0]), ("GET", "/v1/users"))
        equal([value for name, value in headers if name.lower() == "authorization"], [f"Bearer {KEY}"])


def a_redirect_is_not_followed(host, artifact, _):
    with recorder() as elsewhere, recorder(location=elsewhere.url + "/users") as api:
        with host.load(artifact, environment(api.url)) as tools:
            contains(str(tools.call("clerk_list_users", {})), "302")
        equal((len(api.requests), elsewhere.requests), (1, []))


def a_stalled_api_is_cut_off_by_the_tools_own_deadline(host, artifact, _):
    with recorder(stalls=True) as api, host.load(artifact, environment(api.url, **SHORT)) as tools:
        tools.list()
        start = time.monotonic()
        equal(tools.call("clerk_list_users", {})["code"], "timeout")
        equal(time.monotonic() - start < LONGEST, True)
        made = tools.call("clerk_create_organization", {"name": "Perhaps"})
        equal(made["code"], "timeout")
        contains(made["hint"], "read the current state")


def requests_of_one_call_are_in_flight_beside_each_other(host, artifact, _):
    """A report asks for five things at once; of invitations, eight are made at once after a look."""
    people = [f"p{number}@b.example" for number in range(10)]
    invite = {"organization_id": "org_1", "email_address": people, "role": "org:member"}
    for waves, tool, arguments in [
        ([5], "clerk_get_user_access_report", {"user_id": "user_1"}),
        ([1, 8, 2], "clerk_create_invitations_bulk", invite),
    ]:
        with recorder(waves=waves) as api, host.load(artifact, environment(api.url, CLERK_CONFIRM="off")) as tools:
            answer = tools.call(tool, arguments)
            equal((answer["failed"], len(api.requests)), ([], sum(waves)))


def tools_that_try_to_get_out_reach_the_api_only(host, guest, _):
    """The same guard and adapter around tools that are made to break out."""
    with recorder() as api, recorder() as elsewhere, host.load(guest, environment(api.url)) as tools:
        here, there = api.url.removesuffix("/v1"), elsewhere.url
        for url in [
            f"{there}/users",
            f"{here}/v2/users",
            f"{here}/v1/../v2",
            f"{here}/v1/%2e%2E/x",
            f"{here}/v1/a%2fb",
            f"{here.replace('http:', 'https:')}/v1/users",
            f"{here.replace('127.0.0.1', 'localhost')}/v1/users",
            f"{here.replace('http://', 'http://user@')}/v1/users",
        ]:
            answer = attempt(tools, "reach", url=url)
            equal("error" in answer, True)
        for method in ["TRACE", "CONNECT", "PROPFIND"]:
            equal("error" in attempt(tools, "reach", url=f"{api.url}/users", method=method), True)
        # In some hosts, what is written as the body of a GET is the next request.
        smuggled = "POST /v2/x HTTP/1.1\r\nhost: evil.example\r\ncontent-length: 0\r\n\r\n"
        equal("error" in attempt(tools, "reach", url=f"{api.url}/users", body=smuggled), True)
        equal((api.requests, elsewhere.requests), ([], []))
        equal(attempt(tools, "reach", url=f"{api.url}/users")["status"], 200)
        [(_, _, headers)] = api.requests
        equal([value for name, value in headers if name.lower() == "authorization"], [f"Bearer {KEY}"])
        lacks(str(headers), "forged")


def the_key_is_not_in_the_memory_of_the_tools(host, guest, _):
    # Combined with a mask, so that asking for it does not put it there.
    masked = [byte ^ 0x55 for byte in KEY.encode()]
    with recorder() as api, host.load(guest, environment(api.url, TEST_TOOLS_API_URL=api.url)) as tools:
        scanned = attempt(tools, "scan_memory", masked=masked)
        equal((scanned["found"], scanned["scanned"] > 1_000_000, scanned["body_length"] > 0), (0, True, True))
        equal(len(api.requests), 1)


def attempt(tools, what, **arguments):
    """Has the tools that misbehave do something: where the tools of a host are fixed, one of them stands for all."""
    return tools.call("clerk_list_users", {"query": json.dumps({"tool": what} | arguments)})


def what_is_not_granted_is_named(host, artifact, emulator):
    """Only of hosts that can refuse it."""
    if host.name == "wassette":
        with host.load(artifact, environment(emulator.url), network=False) as tools:
            refused = tools.call("clerk_list_users", {})
            equal(refused["code"], "request_denied")
            contains(refused["hint"], host.hints["network"])
    if host.name == "wasmtime run":
        with host.load(artifact, environment(emulator.url), network=False) as tools:
            try:
                tools.list()
            except Failed as error:
                contains(str(error), "wasi:http")
            else:
                raise AssertionError("it runs without HTTP")


def descriptions_reach_the_model(host, artifact, emulator):
    """Only of the host that makes tools of functions, whose comments composing would drop."""
    if host.name == "wassette":
        with host.load(artifact, environment(emulator.url)):
            for name, description in TOOLS.items():
                found = host.tools[name.replace("_", "-")]["description"]
                # Functions are named in the component model's way, also where one names another.
                contains(found, re.sub(r"\bclerk_\w+", lambda other: other[0].replace("_", "-"), description.split(". ")[0]))


def http_serves_who_may_call(host, artifact, emulator):
    """Only over HTTP: modes, tokens, origins, health."""
    if host.artifact != "clerk-mcp-http.wasm":
        return
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    read = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "clerk_get_user", "arguments": ADA}}
    with host.load(artifact, environment(emulator.url, CLERK_MCP_AUTH_TOKEN=TOKEN)) as hosted:
        equal(hosted.post(ping)[0], 401)
        equal(hosted.post(ping, authorization="Bearer another-token-than-that")[0], 401)
        equal(hosted.post(ping, authorization=f"Bearer {TOKEN}")[0], 200)
        equal(hosted.post(ping, authorization=f"Bearer {TOKEN}", **{"x-clerk-secret-key": KEY})[0], 400)
        equal(hosted.post(ping, authorization=f"Bearer {TOKEN}", origin="https://evil.example")[0], 403)
        # Whoever wants less than the operator allows must not get all of it.
        for header in ["x-mcp-readonly", "x-mcp-read-only", "x-mcp-private-metadata", "x-mcp-ask-metadata"]:
            status, answer = hosted.post(read, authorization=f"Bearer {TOKEN}", **{header: "true"})
            equal(status, 400)
            contains(answer["error"]["message"], header)
        equal(health(hosted), {"status": "ok", "mode": "hosted", "clerkConnected": True})
    with host.load(artifact, {"CLERK_SECRET_KEY": KEY}) as unprotected:
        status, answer = unprotected.post(ping)
        equal(status, 403)
        contains(answer["error"]["message"], "CLERK_MCP_AUTH_TOKEN")
    with host.load(artifact, {"CLERK_API_URL": emulator.url}) as public:
        equal(health(public), {"status": "ok", "mode": "public", "clerkConnected": None})
        status, answer = public.post(read)
        contains(answer["result"]["content"][0]["text"], "X-Clerk-Secret-Key")
        status, answer = public.post(read, **{"x-clerk-secret-key": KEY})
        equal((status, answer["result"]["isError"]), (200, False))
        # The key of one request is not that of the next.
        contains(public.post(read)[1]["result"]["content"][0]["text"], "missing_secret_key")
        status, answer = public.post(read, **{"x-clerk-secret-key": KEY + "x"})
        contains(answer["result"]["content"][0]["text"], "401")
    with host.load(artifact, environment("http://127.0.0.1:1")) as cut_off:
        equal(health(cut_off), {"status": "degraded", "mode": "hosted", "clerkConnected": False})


def http_serves_no_other_key_than_the_emulators_without_a_token(host, artifact, _):
    """Only over HTTP: an API on this machine may be a proxy that leads to Clerk."""
    if host.artifact != "clerk-mcp-http.wasm":
        return
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    read = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "clerk_list_users", "arguments": {}}}
    for key in ["sk_live_x", "sk_test_x", KEY + "0", KEY.replace("sk_test_", "sk_live_"), "sk_prod_x"]:
        with recorder() as api, host.load(artifact, environment(api.url, CLERK_SECRET_KEY=key)) as unprotected:
            for name in ["localhost", "127.0.0.1", "[::1]"]:
                for message in [ping, read]:
                    equal(unprotected.post(message, host=name)[0], 403)
            contains(health(unprotected)["problem"], "CLERK_MCP_AUTH_TOKEN")
            equal([path for _, path, headers in api.requests if "authorization" in str(headers).lower()], [])
    for token in ["x", "fifteen-letters", "  fifteen-letters ", "t\u00f6ken-of-the-operator"]:
        with recorder() as api, host.load(artifact, environment(api.url, CLERK_MCP_AUTH_TOKEN=token)) as weak:
            equal(weak.post(ping)[0], 500)


def http_knows_whom_a_request_is_for(host, artifact, emulator):
    """Only over HTTP: one host, by a name of this machine where there is no token."""
    if host.artifact != "clerk-mcp-http.wasm":
        return
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    with host.load(artifact, environment(emulator.url)) as local:
        for name in ["localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]"]:
            equal(local.post(ping, host=name)[0], 200)
        for name in ["evil.example", "x@localhost", "localhost:x@evil.example", "localhost.", "localhost:80:80", "0.0.0.0"]:
            for path, body in [("/mcp", json.dumps(ping).encode()), ("/health", None)]:
                equal(refusal(local, path, {"host": name}, body) in (400, 403), True)
        equal(local.post(ping, host="localhost", origin="http://localhost")[0], 200)
        for origin in ["http://evil.example", "null", "http://x@localhost", "localhost"]:
            equal(local.post(ping, host="localhost", origin=origin)[0], 403)
            equal(refusal(local, "/health", {"host": "localhost", "origin": origin}), 403)


def refusal(server, path, headers, body=None):
    """The status of a request that is refused, by the component or before it."""
    usual = {"content-type": "application/json", "accept": "*/*"} if body else {}
    try:
        return server.send(path, usual | headers, body)[0]
    except Failed as error:
        return int(str(error).split()[1].rstrip(":"))


def http_answers_in_what_is_accepted(host, artifact, emulator):
    if host.artifact != "clerk-mcp-http.wasm":
        return
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    with host.load(artifact, environment(emulator.url)) as server:
        for accept in ["application/json", "*/*", "application/*;q=0.5", "text/html, */*", ""]:
            equal(server.post(ping, accept=accept)[0], 200)
        for accept in ["text/html", "application/json;q=0"]:
            equal(server.post(ping, accept=accept)[0], 406)
        events = server.text("/mcp", {"content-type": "application/json", "accept": "text/event-stream"}, ping)
        equal(json.loads(events.removeprefix("event: message\ndata: ")), {"jsonrpc": "2.0", "id": 1, "result": {}})
        equal(server.send("/mcp/", {"content-type": "application/json", "accept": "*/*"}, json.dumps(ping).encode())[0], 200)


def health(server: Http):
    return server.send("/health", {})[1]


def lacks(found, unwanted):
    if unwanted in found:
        raise AssertionError(f"{unwanted!r} is in {found!r}")


OF_ARTIFACTS = [
    it_lists_and_calls,
    the_skills_are_there,
    the_policy_holds,
    what_asks_is_refused_where_nothing_is_remembered,
    what_asks_is_made_with_its_token_only,
    a_person_who_can_be_asked_decides,
    a_production_key_asks_before_access_changes,
    what_decides_access_asks_where_it_looks_like_data,
    one_customer_is_kept_to,
    private_metadata_stays_hidden,
    a_handle_holds_from_one_start_to_the_next,
    without_a_key_nothing_is_sent_and_the_answer_says_what_to_grant,
    a_malformed_key_or_url_is_named,
    a_wrong_setting_is_named,
    tools_that_are_sent_elsewhere_are_refused,
    the_key_goes_out_once_and_only_it,
    a_redirect_is_not_followed,
    a_stalled_api_is_cut_off_by_the_tools_own_deadline,
    requests_of_one_call_are_in_flight_beside_each_other,
    what_is_not_granted_is_named,
    descriptions_reach_the_model,
    http_serves_who_may_call,
    http_serves_no_other_key_than_the_emulators_without_a_token,
    http_knows_whom_a_request_is_for,
    http_answers_in_what_is_accepted,
]
OF_GUESTS = [tools_that_try_to_get_out_reach_the_api_only, the_key_is_not_in_the_memory_of_the_tools]

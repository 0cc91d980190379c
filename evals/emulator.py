"""The emulator: started with its sample, brought into a job's state, and read whole."""

import contextlib
import json
import os
import pathlib
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request

KEY = "sk_test_demo0000000000000000000000000000000000"
PROGRAM = os.environ.get("CLERK_EMULATOR", "target/debug/clerk-emulator")
# Collections that are read whole, with the field that names their objects. Clerk answers some as a plain list.
COLLECTIONS = {
    "invitations": "email_address", "waitlist_entries": "email_address", "allowlist_identifiers": "identifier",
    "blocklist_identifiers": "identifier", "redirect_urls": "url", "jwt_templates": "name",
}
# The most that one page has.
PAGE = 500


def start(port=0):
    """The process of an emulator and its base URL. `port`: any free one by default."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    command = [PROGRAM, "--listen", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, **quiet, text=True, start_new_session=True)
    line = process.stderr.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+/v1", line)
    if not found:
        process.kill()
        raise OSError(f"{PROGRAM}: {line.strip()}")
    process.stderr.readline()  # the key: nothing is written after it, so nobody has to read on
    return process, found[0]


@contextlib.contextmanager
def running():
    """The base URL of an emulator that ends with the block."""
    process, base = start()
    try:
        yield base
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def wait_until_gone(port):
    """Waits until nothing listens on a port. Raises OSError after ten seconds."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.02)
    raise OSError(f"something still listens on port {port}")


def ask(base, method, path, body=None):
    """The answer to a request. Raises OSError where it is refused."""
    headers = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, content, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise OSError(f"{method} {path}: {error.code} {error.read().decode()}") from None


def prepare(base, requests):
    """Carries out a job's `before`. In each, `<users/ada@acme.example>` stands for that object's id."""
    for request in requests:
        state = dump(base)
        method, path = re.sub(r"<([^>]+)>", lambda match: state[match[1]]["id"], request["request"]).split(" ", 1)
        ask(base, method, path, request.get("body"))


def every(base, path):
    """All objects of a collection."""
    answer = ask(base, "GET", f"{path}{'&' if '?' in path else '?'}limit={PAGE}")
    objects = answer if isinstance(answer, list) else answer["data"]
    if len(objects) >= PAGE:
        raise OSError(f"{path} has more than a page")
    return objects


def dump(base):
    """The state: each object by a key that says what it is, such as `memberships/acme/ada@acme.example`."""
    state = {}
    for user in every(base, "/users"):
        address = next((email["email_address"] for email in user["email_addresses"]), user["id"])
        add(state, f"users/{address}", user)
        for session in every(base, f"/sessions?user_id={user['id']}"):
            add(state, f"sessions/{address}/{session['id']}", session)
    for organization in every(base, "/organizations"):
        slug, path = organization["slug"], f"/organizations/{organization['id']}"
        add(state, f"organizations/{slug}", organization)
        for member in every(base, f"{path}/memberships"):
            # The organization and the person inside are objects of their own.
            alone = {name: value for name, value in member.items() if name not in ("organization", "public_user_data")}
            identifier = member["public_user_data"]["identifier"]
            add(state, f"memberships/{slug}/{identifier}", alone)
        for invitation in sorted(every(base, f"{path}/invitations"), key=lambda each: each["created_at"]):
            add(state, f"invitations/{slug}/{invitation['email_address']}", invitation)
    for collection, name in COLLECTIONS.items():
        for thing in every(base, f"/{collection}"):
            add(state, f"{collection}/{thing[name]}", thing)
    return state


def add(state, key, thing):
    """Puts an object into the state; the second of the same key gets `/2` behind it."""
    number = 2
    free = key
    while free in state:
        free, number = f"{key}/{number}", number + 1
    state[free] = thing


def root():
    """The repository's directory."""
    return pathlib.Path(__file__).parent.parent

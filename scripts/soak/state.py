"""The state that the accepted writes lead to, compared with the emulator's."""

import collections
import json
import re

import http1

ON_AND_OFF = {
    "ban": ("banned", True), "unban": ("banned", False), "lock": ("locked", True), "unlock": ("locked", False),
}


def expected(journal):
    """By resource, what the accepted writes leave, in the order in which the emulator took them."""
    state = collections.defaultdict(lambda: {"soak": None, "banned": False, "locked": False,
                                             "members": set(), "invitations": {}})
    accepted = [write for writes in journal.writes.values() for write in writes if write.status < 300]
    for write in sorted(accepted):
        path = re.fullmatch(r"/v1/(?:users|organizations)/(\w+)/(.+)", write.path)
        apply(state[path[1]], write, *path[2].split("/"))
    return state


def apply(thing, write, what, *rest):
    body = json.loads(write.body or b"{}")
    if what in ON_AND_OFF:
        name, value = ON_AND_OFF[what]
        thing[name] = value
    elif what == "metadata":
        thing["soak"] = body["public_metadata"]["soak"]
    elif what == "memberships":
        thing["members"] ^= {rest[0] if rest else body["user_id"]}
    elif what == "invitations" and rest:
        email, _ = thing["invitations"][rest[0]]
        thing["invitations"][rest[0]] = (email, "revoked")
    elif what == "invitations":
        thing["invitations"][write.made] = (body["email_address"], "pending")
    else:
        raise AssertionError(f"an unexpected write: {write}")


class Api:
    """The emulator, asked directly."""

    def __init__(self, emulator, secret_key):
        self.emulator, self.secret_key = emulator, secret_key

    async def ask(self, method, path, value=None):
        body = json.dumps(value).encode() if value is not None else b""
        headers = {"host": "127.0.0.1", "authorization": f"Bearer {self.secret_key}", "content-length": len(body),
                   "content-type": "application/json"}
        answer = await self.emulator.ask(http1.Message([method, f"/v1{path}", "HTTP/1.1"], headers, body))
        assert answer.status == 200, answer
        return json.loads(answer.body)

    async def pages(self, path):
        items = []
        while page := (await self.ask("GET", f"{path}?limit=500&offset={len(items)}"))["data"]:
            items += page
        return items

    async def invitations(self, organization):
        items = await self.pages(f"/organizations/{organization}/invitations")
        return {item["id"]: (item["email_address"], item["status"]) for item in items}

    async def members(self, organization):
        items = await self.pages(f"/organizations/{organization}/memberships")
        return {item["public_user_data"]["user_id"] for item in items}


async def differences(api, worker, state):
    """Where the emulator's state of a worker's user and organization is another one."""
    user, organization = state[worker.user], state[worker.organization]
    now = await api.ask("GET", f"/users/{worker.user}")
    found = {"soak": now["public_metadata"].get("soak"), "banned": now["banned"], "locked": now["locked"]}
    wanted = {name: user[name] for name in found}
    now = await api.ask("GET", f"/organizations/{worker.organization}")
    found |= {"of organization": now["public_metadata"].get("soak"), "members": await api.members(worker.organization),
              "invitations": await api.invitations(worker.organization)}
    wanted |= {"of organization": organization["soak"], "members": organization["members"],
               "invitations": organization["invitations"]}
    for name, value in wanted.items():
        if found[name] != value:
            yield f"{worker.user}, {worker.organization}: {name} is {found[name]} instead of {value}"

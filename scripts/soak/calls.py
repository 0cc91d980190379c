"""The calls of the load: arguments, the number of writes, and the check of the answer."""

import json
from dataclasses import dataclass, field

# The codes of errors after which a write may have taken place. On a machine whose disk or processors stall for seconds
# there are `audit_unavailable` and `tool_failed`; of a tool that traps there is a line in the log.
UNKNOWN = {
    "audit_unavailable", "connection_error", "response_incomplete", "timeout", "tool_failed", "unexpected_object",
    "unexpected_response",
    *(f"{kind}_{status}" for kind in ("soak", "http") for status in (500, 502, 503)),
}
# All codes that may be answered. Those of the emulator come where the state is not known for sure, and are `http_…`
# where the proxy has cut its words.
CODES = UNKNOWN | {
    "budget_exhausted", "connection_failed", "http_400", "http_404", "http_429", "soak_429",
    "already_a_member_in_organization", "organization_invitation_not_pending", "resource_not_found",
}

# The parts of an access report that may fail by themselves.
PARTS = {"organizations", "pending_invitations", "active_sessions"}


class Wrong(Exception):
    """The answer is about something else, or says what is not so."""


@dataclass
class Call:
    """A call that is made. `writes`: how many it sends at most; `check(answer)` raises Wrong."""

    tool: str
    arguments: dict
    check: callable
    writes: int = 0
    is_dry: bool = False
    reads_marker_of: str = None
    emails: list = field(default_factory=list)


def equal(found, wanted):
    if found != wanted:
        raise Wrong(f"{found!r} instead of {wanted!r}")


def about(wanted, *path):
    """A check that the value at a path of the answer is this."""

    def check(answer):
        found = answer
        for name in path:
            found = found[name]
        equal(found, wanted)

    return check


def every(*checks):
    return lambda answer: [check(answer) for check in checks]


def each_of(check, *path):
    """A check of each item of a list."""

    def checks(answer):
        items = answer
        for name in path:
            items = items[name]
        for item in items:
            check(item)

    return checks


class Worker:
    """The calls of one client, about a user and an organization that no other client writes to."""

    def __init__(self, name, user, organization, email):
        self.name, self.user, self.organization, self.email = name, user, organization, email
        self.invitation = None

    def choose(self, chance, number):
        marker = f"{self.name}-{number}"
        make = chance.choices([make for make, _ in KINDS], [weight for _, weight in KINDS])[0]
        call = make(self, marker, chance)
        if call.writes or call.is_dry:
            # A name that some clients add by themselves: it makes the arguments, and so their digest, unique.
            call.arguments["toolCallId"] = marker
        return call

    def get_user(self, *_):
        return Call("clerk_get_user", {"user_id": self.user}, about(self.user, "id"), reads_marker_of=self.user)

    def get_organization(self, *_):
        check = about(self.organization, "id")
        return Call("clerk_get_organization", {"organization_id": self.organization}, check,
                    reads_marker_of=self.organization)

    def api_read(self, *_):
        arguments = {"operation": "GetUser", "arguments": {"user_id": self.user}}
        return Call("clerk_api_read", arguments, about(self.user, "id"), reads_marker_of=self.user)

    def find_user(self, *_):
        return Call("clerk_find_user", {"query": self.email}, each_of(about(self.user, "id"), "data"))

    def members(self, *_):
        check = each_of(about(self.organization, "organization", "id"), "data")
        return Call("clerk_list_organization_members", {"organization_id": self.organization}, check)

    def report(self, *_):
        def check(answer):
            equal(answer["user"]["id"], self.user)
            missing = PARTS - answer.keys()
            equal({step["of"] for step in answer["failed"]}, missing)
            equal({step["code"] for step in answer["failed"]} - CODES, set())
            for membership in answer.get("organizations", {"data": []})["data"]:
                equal(membership["public_user_data"]["user_id"], self.user)
        return Call("clerk_get_user_access_report", {"user_id": self.user}, check)

    def users(self, _, chance):
        def check(answer):
            ids = [user["id"] for user in answer["data"]]
            equal(len(set(ids)), len(ids))
        return Call("clerk_list_users", {"limit": chance.randrange(1, 20)}, check)

    def user_metadata(self, marker, _):
        check = every(about(self.user, "id"), about(marker, "public_metadata", "soak"))
        return Call("clerk_update_user_metadata", {"user_id": self.user, "public_metadata": {"soak": marker}}, check, 1)

    def dry_run(self, marker, chance):
        call = self.user_metadata(marker, chance)
        call.arguments["dry_run"] = True
        call.writes, call.is_dry, call.check = 0, True, about(self.user, "preview", "user", "id")
        return call

    def organization_metadata(self, marker, _):
        check = every(about(self.organization, "id"), about(marker, "public_metadata", "soak"))
        arguments = {"organization_id": self.organization, "public_metadata": {"soak": marker}}
        return Call("clerk_update_organization_metadata", arguments, check, 1)

    def api_write(self, marker, chance):
        call = self.user_metadata(marker, chance)
        call.arguments, call.tool = {"operation": "UpdateUserMetadata", "arguments": call.arguments}, "clerk_api_write"
        return call

    def standing(self, _, chance):
        tool, name, value = chance.choice([("ban", "banned", True), ("unban", "banned", False),
                                           ("lock", "locked", True), ("unlock", "locked", False)])
        check = every(about(self.user, "id"), about(value, name))
        return Call(f"clerk_{tool}_user", {"user_id": self.user}, check, 1)

    def membership(self, _, chance):
        check = every(about(self.user, "public_user_data", "user_id"),
                      about(self.organization, "organization", "id"))
        arguments = {"organization_id": self.organization, "user_id": self.user}
        if chance.random() < 0.5:
            return Call("clerk_remove_member", arguments, check, 1)
        return Call("clerk_add_member", arguments | {"role": "org:member"}, check, 1)

    def invitation_of_one(self, marker, chance):
        if self.invitation and chance.random() < 0.5:
            arguments = {"organization_id": self.organization, "invitation_id": self.invitation}
            call = Call("clerk_revoke_organization_invitation", arguments, about(self.invitation, "id"), 1)
            self.invitation = None
            return call
        email = f"{marker}@soak.example"

        def check(answer):
            equal((answer["email_address"], answer["organization_id"]), (email, self.organization))
            self.invitation = answer["id"]
        arguments = {"organization_id": self.organization, "email_address": email, "role": "org:member"}
        return Call("clerk_create_invitation", arguments, check, 1, emails=[email])

    def invitations_of_many(self, marker, chance):
        emails = [f"{marker}-{place}@soak.example" for place in range(chance.randrange(2, 11))]

        def check(answer):
            told = [item["email_address"] for item in answer["done"]]
            told += [step["of"] if isinstance(step, dict) else step for step in answer["failed"] + answer["not_tried"]]
            equal(sorted(told), sorted(emails))
        arguments = {"organization_id": self.organization, "email_address": emails, "role": "org:member"}
        return Call("clerk_create_invitations_bulk", arguments, check, len(emails), emails=emails)


KINDS = [
    (Worker.get_user, 20), (Worker.get_organization, 10), (Worker.api_read, 8), (Worker.find_user, 5),
    (Worker.members, 5), (Worker.report, 8), (Worker.users, 4), (Worker.dry_run, 4),
    (Worker.user_metadata, 9), (Worker.organization_metadata, 13), (Worker.api_write, 4), (Worker.standing, 6),
    (Worker.membership, 5), (Worker.invitation_of_one, 2), (Worker.invitations_of_many, 0.5),
]


def read(call, message, number):
    """The code of an answer, `ok` where it is none of an error, and its value. Raises Wrong."""
    try:
        equal((message["id"], message.get("error")), (number, None))
        result = message["result"]
        text = json.loads(result["content"][0]["text"])
        if result["isError"]:
            if text["code"] not in CODES:
                raise Wrong(f"an unknown code: {text}")
            return text["code"], text
        equal(text, result["structuredContent"])
        call.check(text)
        return "ok", text
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise Wrong(f"{type(error).__name__} {error} in {str(message)[:400]}") from None

"""The requests that try each operation once rightly and once wrongly, as the emulator's own tests send them."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import parse_qsl

from checks import at
from emulator import KEY
from install import ROOT
from program import PATIENCE

TABLE = json.loads((ROOT / "clerk-emulator/tests/operations.json").read_text())
FORM = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
    b"Content-Type: image/png\r\n\r\nPNG\r\n--x--\r\n"
)


@dataclass(frozen=True)
class Request:
    """An operation's request, with the places of ids filled."""

    call: str
    is_right: bool
    path: dict
    query: str
    body: object
    is_form: bool

    def send(self, url):
        method, target = self.call.split(" ")
        for name, value in self.path.items():
            target = target.replace(f"{{{name}}}", value)
        headers = {"Authorization": f"Bearer {KEY}", "Clerk-API-Version": "2026-05-12"}
        body = None
        if self.is_form:
            body, headers["Content-Type"] = FORM, "multipart/form-data; boundary=x"
        elif self.body is not None:
            body, headers["Content-Type"] = json.dumps(self.body).encode(), "application/json"
        target += f"?{self.query}" if self.query else ""
        sent = urllib.request.Request(url + target, body, headers, method=method)
        try:
            urllib.request.urlopen(sent, timeout=PATIENCE).close()
        except urllib.error.HTTPError as error:
            error.close()

    def arguments(self):
        """The same as arguments of an operation: those of the path, of the query and of the body side by side."""
        query = {name: int(value) if value.isdigit() else value for name, value in parse_qsl(self.query)}
        body = {"body": self.body} if isinstance(self.body, list) else self.body or {}
        return {**self.path, **query, **body}


class Walk:
    """All operations in the table's order, each first wrongly."""

    def __init__(self):
        self.places = dict(TABLE["places"])

    def __iter__(self):
        for tried in TABLE["requests"]:
            yield tried, self.request(tried, tried["wrong"], False), self.request(tried, tried, True)

    def request(self, tried, sent, is_right):
        method, target = tried["call"].split(" ")
        names = [part.split("}")[0] for part in target.split("{")[1:]]
        path = {name: f"{{{name}}}" for name in names} | tried.get("path", {}) | sent.get("path", {})
        query = sent.get("query", tried.get("query", ""))
        path, query, body = (self.filled(part) for part in (path, query, sent.get("body")))
        return Request(tried["call"], is_right, path, query, body, is_right and tried.get("file", False))

    def filled(self, value):
        text = json.dumps(value)
        # A place of the path may name another.
        for _ in range(2):
            for name, place in self.places.items():
                text = text.replace(f"{{{name}}}", place)
        return json.loads(text)

    def keep(self, tried, exchange):
        """Fills the places that a right answer has something for."""
        if exchange.status >= 400:
            return
        answer = exchange.answer
        for name, pointer in tried.get("keeps", {}).items():
            self.places[name] = at(answer, pointer)

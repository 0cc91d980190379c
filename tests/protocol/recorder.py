"""A server that passes everything on to the validating proxy, and notes what passed and what the proxy found wrong."""

import http.client
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from program import PATIENCE

# Headers that are about one connection, or would make an answer unreadable.
DROPPED = {"host", "connection", "accept-encoding", "content-length", "transfer-encoding"}


@dataclass(frozen=True)
class Exchange:
    """A request and its answer."""

    method: str
    target: str
    status: int
    answer: object
    # As prism says them: `location` is the way to what is wrong.
    violations: list


class Recorder:
    """The exchanges since they were last taken."""

    def __init__(self, upstream):
        self.upstream = urlsplit(upstream).netloc
        self.exchanges = []
        # The last of all.
        self.last = None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        # As Clerk's own, whose version the proxy's routes do not have.
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def take(self):
        taken, self.exchanges = self.exchanges, []
        return taken

    def pass_on(self, method, target, body, headers):
        """The answer, noted before anybody has it."""
        connection = http.client.HTTPConnection(self.upstream, timeout=PATIENCE)
        try:
            connection.request(method, target, body, dict(kept(headers)))
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        violations = json.loads(response.headers.get("sl-violations", "[]"))
        answer = json.loads(content) if content[:1] in (b"{", b"[") else None
        self.last = Exchange(method, target, response.status, answer, violations)
        self.exchanges.append(self.last)
        return response.status, response.getheaders(), content


def kept(headers):
    return [(name, value) for name, value in headers if name.lower() not in DROPPED]


def handler(recorder):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))) or None
            target = self.path.removeprefix("/v1")
            status, headers, content = recorder.pass_on(self.command, target, body, self.headers.items())
            self.send_response_only(status)
            for name, value in kept(headers):
                self.send_header(name, value)
            # An answer without content has no length either.
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer

    return Handler


@contextmanager
def recording(upstream):
    recorder = Recorder(upstream)
    thread = threading.Thread(target=recorder.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield recorder
    finally:
        recorder.server.shutdown()
        recorder.server.server_close()

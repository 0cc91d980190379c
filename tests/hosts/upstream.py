"""Servers that the components talk to, or must not: the emulator, and ones that note what comes and misbehave."""

import json
import subprocess
import threading
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import accumulate
from urllib.parse import quote

from hosts import PATIENCE, free_port
from install import ROOT

# The emulator's own key.
KEY = "sk_test_demo0000000000000000000000000000000000"


class Emulator:
    def __init__(self, url):
        self.url = url

    def organizations(self, name):
        """How many organizations have this name, asked without the product."""
        request = urllib.request.Request(f"{self.url}/organizations?limit=500&query={quote(name)}")
        request.add_header("Authorization", f"Bearer {KEY}")
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return sum(found["name"] == name for found in json.load(response)["data"])


@contextmanager
def emulator():
    port = free_port()
    program = ROOT / "target/debug/clerk-emulator"
    process = subprocess.Popen([program, "--listen", f"127.0.0.1:{port}"], stderr=subprocess.PIPE, text=True)
    try:
        line = process.stderr.readline()
        if "http://" not in line:
            raise SystemExit(f"the emulator does not start: {line}")
        yield Emulator(f"http://127.0.0.1:{port}/v1")
    finally:
        process.kill()
        process.wait()


class Recorder:
    """Notes each request: method, path and headers."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}/v1"
        self.requests = []


@contextmanager
def recorder(location=None, stalls=False, waves=()):
    """Answers with what has the id in the path or an empty list, with a redirect to `location`, or not at all; where there are
    `waves`, requests are answered when as many are in flight as belong to one."""
    released = threading.Event()
    come = threading.Condition()
    ends = list(accumulate(waves))

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            self.read_body()
            with come:
                noted.requests.append((self.command, self.path, self.headers.items()))
                come.notify_all()
                end = next((end for end in ends if len(noted.requests) <= end), 0)
                come.wait_for(lambda: len(noted.requests) >= end, PATIENCE)
            if stalls:
                released.wait(PATIENCE)
                return
            last = self.path.split("?")[0].rsplit("/", 1)[-1]
            body = json.dumps({"id": last} if last.endswith("_1") else []).encode()
            self.send_response(302 if location else 200)
            if location:
                self.send_header("location", location)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def read_body(self):
            """To its end: a connection that is closed before is reset, and the answer may be lost."""
            self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.headers.get("transfer-encoding") == "chunked":
                while size := int(self.rfile.readline(), 16):
                    self.rfile.read(size + 2)
                self.rfile.readline()

        do_GET = do_POST = do_PATCH = do_DELETE = do_TRACE = answer

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    noted = Recorder(server.server_port)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield noted
    finally:
        released.set()
        server.shutdown()
        server.server_close()

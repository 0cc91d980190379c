"""A client as a process that is asked on its standard input and answers on its standard output."""

import json
import subprocess
import threading
from contextlib import suppress

import program

# How long one client may take for all its questions.
PATIENCE = 240


class Refused(Exception):
    """The client got an error instead of a result."""

    def __init__(self, code, message):
        super().__init__(f"{message} ({code})")
        self.code = code


class Gone(RuntimeError):
    """The client has ended; there is nothing left to ask."""


class Client:
    """A client, connected to a server. Leaving the block ends it."""

    def __init__(self, command):
        self.errors = []
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self.process = subprocess.Popen(command, env=program.environment(), text=True, **pipes)
        # A client that hangs is ended, and everything that is still asked of it fails.
        self.watchdog = threading.Timer(PATIENCE, self.process.kill)
        self.reader = threading.Thread(target=lambda: self.errors.extend(self.process.stderr))

    def __enter__(self):
        self.watchdog.start()
        self.reader.start()
        return self

    def __exit__(self, *_):
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(program.PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.watchdog.cancel()
        self.reader.join()

    def version(self):
        """The version of the protocol that client and server agreed on, which a client says first."""
        return self.read()["protocolVersion"]

    def ask(self, method, **params):
        """The result of a request."""
        try:
            self.process.stdin.write(json.dumps({"method": method, "params": params}) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError as error:
            raise Gone(self.last_words()) from error
        return self.read()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise Gone(self.last_words())
        answer = json.loads(line)
        if error := answer.get("error"):
            raise Refused(error.get("code"), error["message"])
        return answer["result"]

    def last_words(self):
        self.reader.join(program.PATIENCE)
        return "the client ended: " + "".join(self.errors[-8:]).strip()

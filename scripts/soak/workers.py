"""The load: each worker makes one call after the other until the time is over, and looks at each answer."""

import asyncio
import collections
import hashlib
import json
import random
import re
import time

import calls
import clients

# A call that may write and is over. `code`: `ok`, the code of an error, or one of those below; `told`: whether an error
# says that nothing was changed, or what `steps_of` gives.
Done = collections.namedtuple("Done", "number tool writes is_dry emails code told")
BROKEN_OFF, MISSING, WRONG = "(broken off)", "(missing)", "(wrong)"
NOTHING = re.compile(r"[Nn]othing (was )?(changed|sent)")


class Load:
    """What all workers share. `digest_key`: what the program digests arguments with."""

    def __init__(self, seed, journal, digest_key, share_broken_off):
        self.seed, self.journal, self.digest_key, self.share = seed, journal, digest_key, share_broken_off
        self.done, self.by_code, self.by_tool = {}, collections.Counter(), collections.Counter()
        self.missing, self.wrong, self.reads = [], [], 0
        self.slowest, self.in_flight = 0.0, 0

    async def work(self, place, worker, client, end):
        chance = random.Random(f"{self.seed} worker {place}")
        number = place * 10**8
        while time.monotonic() < end:
            number += 1
            call = worker.choose(chance, number)
            patience = chance.uniform(0.001, 0.3) if chance.random() < self.share else None
            start, self.in_flight = time.monotonic(), self.in_flight + 1
            code, text = await self.make(number, call, client, patience)
            self.in_flight -= 1
            self.slowest = max(self.slowest, time.monotonic() - start)
            self.record(number, call, code, text)
            if code in (MISSING, "connection_failed"):
                await asyncio.sleep(0.2)

    async def make(self, number, call, client, patience):
        """The code of what became of a call, and what was answered."""
        resource = call.reads_marker_of
        known = self.journal.known[resource]
        try:
            message = await client.call(number, call, patience)
            code, text = calls.read(call, message, number)
            if resource and code == "ok":
                self.check_marker(resource, known, text)
            return code, text
        except clients.BrokenOff:
            return BROKEN_OFF, None
        except clients.Missing as error:
            self.missing.append(f"{number} {call.tool}: {error}")
            return MISSING, None
        except calls.Wrong as error:
            self.wrong.append(f"{number} {call.tool}: {error}")
            return WRONG, None

    def check_marker(self, resource, known, text):
        """The marker is the one that was there when the read began, or one that came meanwhile."""
        markers = self.journal.markers[resource]
        possible = markers[max(known - 1, 0):] + ([] if known else [None])
        found = text["public_metadata"].get("soak")
        if found not in possible:
            raise calls.Wrong(f"the marker {found} of {resource} instead of {possible}")

    def record(self, number, call, code, text):
        self.by_code[code] += 1
        self.by_tool[call.tool] += 1
        self.journal.requests.pop(number, None)
        if not call.writes and not call.is_dry:
            self.reads += 1
            return
        told = None
        if code == "ok" and len(call.emails) > 1:
            told = steps_of(text)
        elif code not in ("ok", BROKEN_OFF, MISSING, WRONG):
            told = bool(NOTHING.search(json.dumps(text)))
        done = Done(number, call.tool, call.writes, call.is_dry, call.emails, code, told)
        self.done[self.digest(call.arguments)] = done

    def digest(self, arguments):
        text = json.dumps(arguments, separators=(",", ":"), sort_keys=True)
        return hashlib.sha256(self.digest_key + text.encode()).hexdigest()


def steps_of(text):
    """The addresses that a call of several steps reports as done, and those about which nothing was changed."""
    done = [item["email_address"] for item in text["done"]]
    without = [step["of"] for step in text["failed"] if NOTHING.search(step.get("hint", ""))]
    return done, without + [step["of"] if isinstance(step, dict) else step for step in text["not_tried"]]


def digest_key(secret_key):
    """The key of `arguments_digest` (`SecretKey::derive` in host-harness/src/key.rs)."""
    return hashlib.sha256(b"clerk-mcp arguments\0Bearer " + secret_key.encode()).digest()

"""What goes wrong on the way to the API, chosen by the seed alone: the same calls meet the same faults again."""

import asyncio
import json
import random
from collections import namedtuple

from http1 import Broken, head, reset

# A way to answer a request. `weight`: how often, in a thousand; `passes`: whether the emulator gets the request;
# `whole`: whether its answer gets back as it is.
Fault = namedtuple("Fault", "name weight passes whole answer")


def choose(seed, call, attempt):
    """The fault of a call's request, and the random numbers that it may use."""
    chance = random.Random(f"{seed} {call} {attempt}")
    return chance.choices(FAULTS, WEIGHTS)[0], chance


async def untouched(way, answer):
    await way.send(answer)


async def late(way, answer):
    await asyncio.sleep(way.chance.uniform(0.01, 0.5))
    await way.send(answer)


async def stalled(way, answer):
    await asyncio.sleep(way.stall)
    await way.send(answer)


async def trickled(way, answer):
    message = way.bytes_of(answer)
    size = len(message) // 8 + 1
    for start in range(0, len(message), size):
        way.writer.write(message[start:start + size])
        await way.writer.drain()
        await asyncio.sleep(0.03)


async def reset_afterwards(way, answer):
    """An idle connection is gone, which its owner finds out when it uses it again."""
    await way.send(answer)
    await asyncio.sleep(0.01)
    await broken(way, answer)


async def closed_afterwards(way, answer):
    await way.send(answer)
    raise Broken("closed")


async def broken(way, answer):
    reset(way.writer)
    raise Broken("reset")


async def truncated(way, answer):
    message = way.bytes_of(answer)
    way.writer.write(message[:way.chance.randrange(1, len(message))])
    await way.writer.drain()
    raise Broken("truncated")


async def shortened(way, answer):
    """A whole answer, whose JSON is not."""
    answer.body = answer.body[:len(answer.body) * 2 // 3]
    await way.send(answer)


async def garbage(way, answer):
    way.writer.write(way.chance.randbytes(way.chance.randrange(1, 4000)))
    await way.writer.drain()
    raise Broken("garbage")


async def a_page(way, answer):
    answer.headers = {"content-type": "text/html"}
    answer.body = b"<!doctype html><title>Please sign in</title>"
    await way.send(answer)


async def too_many(way, answer):
    await refuse(way, 429, {"retry-after": str(way.chance.randrange(2))})


async def failing(way, answer):
    await refuse(way, way.chance.choice([500, 502, 503]), {})


async def refuse(way, status, headers):
    """An answer of the API's edge: with an error of Clerk's, or with nothing that could be read."""
    errors = {"errors": [{"code": f"soak_{status}", "message": "refused", "long_message": "Refused by the soak."}]}
    answer = way.message(status, headers)
    answer.body = json.dumps(errors).encode() if way.chance.random() < 0.5 else b"upstream error"
    await way.send(answer)


FAULTS = [
    Fault("untouched", 500, True, True, untouched),
    Fault("late", 300, True, True, late),
    Fault("trickled", 15, True, True, trickled),
    Fault("reset when idle", 20, True, True, reset_afterwards),
    Fault("closed when idle", 20, True, True, closed_afterwards),
    # The request waits, and is passed on whether anybody still waits for its answer or not.
    Fault("stalled before", 6, True, True, untouched),
    Fault("stalled after", 6, True, True, stalled),
    Fault("reset before", 15, False, False, broken),
    Fault("reset after", 15, True, False, broken),
    Fault("truncated", 15, True, False, truncated),
    Fault("shortened", 10, True, False, shortened),
    Fault("garbage", 10, True, False, garbage),
    Fault("a page", 8, True, False, a_page),
    # The answer about somebody else; of a write, as it is.
    Fault("another's", 15, True, True, untouched),
    Fault("429", 20, False, False, too_many),
    Fault("5xx before", 15, False, False, failing),
    Fault("5xx after", 10, True, False, failing),
]
WEIGHTS = [fault.weight for fault in FAULTS]

"""As much of HTTP/1.1 as the soak needs: messages are read from and written to asyncio's streams."""

import asyncio
import socket
import struct
from dataclasses import dataclass

# The largest line or head, in bytes.
LIMIT = 1 << 20


class Broken(Exception):
    """The connection ended before the message did, or what came is no message."""


@dataclass
class Message:
    """A request or an answer. `start` has its three parts; the names of `headers` are in small letters."""

    start: list
    headers: dict
    body: bytes = b""

    @property
    def status(self):
        return int(self.start[1])


async def read(reader):
    """The next message; None where the connection ends between two. Raises Broken."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise Broken(f"it ended within a head: {error.partial[:60]!r}") from None
        return None
    except (OSError, asyncio.LimitOverrunError) as error:
        raise Broken(str(error)) from None
    first, *lines = head.decode("latin-1").split("\r\n")[:-2]
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    message = Message(first.split(" ", 2), headers)
    message.body = await _body(reader, headers)
    return message


async def _body(reader, headers):
    try:
        if headers.get("transfer-encoding") == "chunked":
            parts = []
            while size := int(await reader.readline(), 16):
                parts.append((await reader.readexactly(size + 2))[:-2])
            await reader.readline()
            return b"".join(parts)
        return await reader.readexactly(int(headers.get("content-length", 0)))
    except (OSError, ValueError, asyncio.IncompleteReadError) as error:
        raise Broken(f"it ended within a body: {error}") from None


def head(start, headers):
    """The bytes of a head, with the empty line."""
    lines = [start, *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def reset(writer):
    """Ends a connection with RST instead of FIN."""
    connection = writer.get_extra_info("socket")
    if connection and connection.fileno() >= 0:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()

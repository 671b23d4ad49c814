"""A site for tests that does what the path of a request says, also what no proper site would do."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any


class Origin:
    """A site that does what its path says; `seen` are the heads of the requests it got, `open` its connections."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.open = self.accepted = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.accepted += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.seen.append(head)
                await self._answer(head, reader, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass
        finally:
            self.open -= 1
            writer.close()

    async def _answer(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = head.split(b" ")[1].decode()
        if path.startswith("/echo"):
            await self._echo(head, reader, writer)
        elif path.startswith("/big/"):
            await _big(int(path.rpartition("/")[2]), writer)
        elif path.startswith("/sleep/"):
            await asyncio.sleep(float(path.rpartition("/")[2]))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate")
        elif path in SAYINGS:
            writer.write(SAYINGS[path])
            if path in CLOSING:
                await writer.drain()
                raise ConnectionError
        else:
            host = next((line for line in head.split(b"\r\n") if line.lower().startswith(b"host:")), b"")
            body = b"origin " + path.encode() + b" " + host[6:]
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body))
            if not head.startswith(b"HEAD "):
                writer.write(body)

    async def _echo(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lower = head.lower()
        if b"expect: 100-continue" in lower:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        digest, size = hashlib.sha256(), 0
        async for piece in _body(lower, reader):
            digest.update(piece)
            size += len(piece)
        body = f"{size} {digest.hexdigest()}".encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))


SAYINGS = {
    "/chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
    b"4;ext=1\r\nWiki\r\n5\r\npedia\r\n0\r\nX-Sum: 9\r\n\r\n",
    "/until-close": b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nall of it",
    "/cut": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
    "/cut-chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n",
    "/empty": b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
    "/unchanged": b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 500\r\n\r\n',
    "/hints": b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "/garbage": b"\x00\x01\x02 this is no HTTP\r\n\r\n",
    "/nothing": b"",
    "/two-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 9\r\n\r\nabcdefghi",
    "/both": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "/folded": b"HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\nContent-Length: 0\r\n\r\n",
    "/switch": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nraw",
    "/surplus": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
    "/hop": b"HTTP/1.1 200 OK\r\nConnection: X-Private, Set-Cookie\r\nX-Private: 1\r\nKeep-Alive: 5\r\n"
    b"Proxy-Authenticate: Basic\r\nSet-Cookie: a=b\r\nX-Kept: 1\r\nContent-Length: 2\r\n\r\nok",
    "/early": b"HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nmuch",
}
CLOSING = {"/until-close", "/cut", "/cut-chunk", "/garbage", "/nothing"}


async def _big(megabytes: int, writer: asyncio.StreamWriter) -> None:
    block = bytes(1 << 16)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (megabytes << 20))
    for _ in range(megabytes << 4):
        writer.write(block)
        await writer.drain()


async def _body(head: bytes, reader: asyncio.StreamReader) -> Any:
    if b"transfer-encoding: chunked" in head:
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            yield await reader.readexactly(size)
            await reader.readexactly(2)
        while (await reader.readuntil(b"\r\n")) != b"\r\n":
            pass
    elif b"content-length:" in head:
        left = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        while left:
            piece = await reader.read(min(left, 1 << 16))
            if not piece:
                raise ConnectionError
            left -= len(piece)
            yield piece

"""Opens what was downloaded, plain or packed with gzip, and stops where a list cannot be that large."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from homeroom.kernel.lists.entry import BadList
from homeroom.kernel.lists.lines import LONGEST_LINE

CHUNK = 65_536
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a list may be; all of UT1 unpacks to about 150 MB at a ratio of 4.

    `unpacked` is in bytes over everything in one file; `ratio` is unpacked to packed, looked at once
    `free` bytes are unpacked, since a short list may well be all alike; `line` is in bytes.
    """

    unpacked: int = 2 << 30
    ratio: int = 100
    free: int = 16 << 20
    members: int = 20_000
    line: int = LONGEST_LINE


DEFAULT = Limits()


def read_chunks(file: BinaryIO) -> Iterator[bytes]:
    """A file in chunks of CHUNK bytes."""
    while chunk := file.read(CHUNK):
        yield chunk


def unpacked(packed: Iterable[bytes], limits: Limits, where: str) -> Iterator[bytes]:
    """The chunks as they are, or inflated when they start as gzip does (RFC 1952); never more than `limits` say.

    Raises BadList for a bomb, and for a file that is damaged or ends too early.
    """
    source = iter(packed)
    head = b""
    for chunk in source:
        head += chunk
        if len(head) >= len(_GZIP):
            break
    whole = _before(head, source)
    total = 0
    for chunk in _Inflate(limits, where).run(whole) if head.startswith(_GZIP) else whole:
        total += len(chunk)
        if total > limits.unpacked:
            raise BadList(f"{where} holds more than {_size(limits.unpacked)} once unpacked. Check that it is a list.")
        yield chunk


class _Inflate:
    """One gzip stream, of one member or several after each other."""

    def __init__(self, limits: Limits, where: str) -> None:
        self._limits, self._where = limits, where
        self._packed = self._unpacked = 0

    def run(self, packed: Iterable[bytes]) -> Iterator[bytes]:
        engine = zlib.decompressobj(wbits=31)
        for chunk in packed:
            self._packed += len(chunk)
            rest = chunk
            while rest:
                if engine.eof:
                    rest = rest.lstrip(b"\0")  # some packers fill the last block with zeros
                    if not rest:
                        break
                    engine = zlib.decompressobj(wbits=31)
                piece = self._inflate(engine, rest)
                rest = engine.unconsumed_tail or engine.unused_data
                if piece:
                    yield piece
        yield from self._last(engine)

    def _inflate(self, engine: zlib._Decompress, data: bytes) -> bytes:
        try:
            piece = engine.decompress(data, CHUNK)
        except zlib.error as trouble:
            raise BadList(f"{self._where} is damaged: gzip cannot unpack it. Fetch it again.") from trouble
        self._unpacked += len(piece)
        if self._unpacked > self._limits.free and self._unpacked > self._limits.ratio * self._packed:
            raise BadList(
                f"{self._where} unpacks to more than {self._limits.ratio} times its size, as a gzip bomb does and no "
                "list. Fetch it from the source you know."
            )
        return piece

    def _last(self, engine: zlib._Decompress) -> Iterator[bytes]:
        """What the engine still holds back when the packed bytes are at their end."""
        while not engine.eof:
            piece = self._inflate(engine, b"")
            if not piece:
                raise BadList(f"{self._where} ends in the middle of what gzip packed. Fetch it again.")
            yield piece


def _before(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from rest


def _size(count: int) -> str:
    return f"{count >> 20} MiB" if count >= 1 << 20 else f"{count} bytes"

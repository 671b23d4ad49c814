"""Reads tar archives as a stream (POSIX.1-2017 pax and ustar, GNU long names), without ever writing what they hold.

Python's tarfile believes the sizes that headers claim and takes extended headers into memory whole;
a list from the network may claim anything, so this reader bounds each step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from homeroom.kernel.lists.entry import BadList

BLOCK = 512
LONGEST_HEADER = 65_536  # an extended header: names and times
LONGEST_NAME = 4_096
Kind = Literal["file", "folder", "link"]
_PAX_RECORD = re.compile(rb"([0-9]{1,6}) ([^=]{1,256})=")


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an archive or of a folder: a name inside it with "/" between, and no way out of it.

    `target` is where a link leads, inside the archive as well. `content` gives the bytes of a file; in
    an archive only once, and only until the next member is asked for.
    """

    name: str
    kind: Kind
    target: str
    content: Callable[[], Iterator[bytes]]


def is_tar(head: bytes) -> bool:
    """Whether the first 512 bytes of a file are the header of a tar member."""
    return len(head) >= BLOCK and head[0] != 0 and _checksum_holds(head[:BLOCK])


class Tar:
    """The members of one archive; `where` is what messages call it."""

    def __init__(self, chunks: Iterator[bytes], where: str) -> None:
        self._source, self._where = _Source(chunks, where), where
        self._turn = 0

    def members(self) -> Iterator[Member]:
        """Every file, folder and symbolic link in turn; the stream is read to its very end.

        Raises BadList for what no list holds: devices, hard links, sparse files, names that climb out.
        """
        extended: dict[str, str] = {}
        while header := self._header():
            kind, size = header[156:157], self._number(header[124:136])
            if kind in (b"x", b"g", b"L", b"K"):
                said = self._extended(kind, size)
                extended |= said if kind != b"g" else {}
                continue
            size = int(extended.get("size", size)) if kind not in (b"2", b"5") else 0
            self._turn += 1
            self._source.left = size
            yield self._member(header, kind, extended)
            self._source.skip()
            self._source.pad(size)
            extended = {}
        self._source.drain()

    def _header(self) -> bytes:
        block = self._source.take(BLOCK)
        if not block.strip(b"\0"):
            return b""
        if len(block) < BLOCK or not _checksum_holds(block):
            raise BadList(f"{self._where} is a damaged tar archive, or ends too early. Fetch it again.")
        return block

    def _extended(self, kind: bytes, size: int) -> dict[str, str]:
        if size > LONGEST_HEADER:
            raise BadList(f"{self._where} holds a tar header of {size} bytes, which no list needs. Pack it again.")
        data = self._source.take(size)
        if len(data) < size:
            raise BadList(f"{self._where} ends in the middle of a tar header. Fetch it again.")
        self._source.pad(size)
        if kind in (b"x", b"g"):
            return self._pax(data)
        return {"path" if kind == b"L" else "linkpath": _text(data)}

    def _pax(self, data: bytes) -> dict[str, str]:
        """Extended headers: records of "LENGTH KEY=VALUE\\n"."""
        said: dict[str, str] = {}
        while data:
            match = _PAX_RECORD.match(data)
            end = int(match[1]) if match else 0
            if not match or not match.end() < end <= len(data):
                raise BadList(f"{self._where} holds a damaged tar header. Fetch it again.")
            key, value = _text(match[2]), _text(data[match.end() : end - 1])
            if key.startswith("GNU.sparse") or (key == "size" and not re.fullmatch("[0-9]{1,18}", value, re.ASCII)):
                raise BadList(f"{self._where} holds a sparse file, which no list is. Pack it without --sparse.")
            said[key] = value
            data = data[end:]
        return said

    def _member(self, header: bytes, kind: bytes, extended: dict[str, str]) -> Member:
        name = extended.get("path") or _ustar_name(header)
        kinds: dict[bytes, Kind] = {b"0": "file", b"\0": "file", b"7": "file", b"5": "folder", b"2": "link"}
        if kind not in kinds:
            odd = {b"1": "a hard link", b"3": "a device", b"4": "a device", b"6": "a pipe", b"S": "a sparse file"}
            what = odd.get(kind, "a member of unknown kind")
            raise BadList(f"{self._where} holds {what} ({name[:80]!r}), which no list needs. Pack plain files only.")
        place = inside(name, self._where)
        target = ""
        if kind == b"2":
            target = led_to(place, extended.get("linkpath") or _text(header[157:257]), self._where)
        what_kind: Kind = "folder" if kinds[kind] == "file" and name.endswith("/") else kinds[kind]
        turn = self._turn
        return Member(place, what_kind, target, lambda: self._content(turn))

    def _content(self, turn: int) -> Iterator[bytes]:
        if turn != self._turn:
            raise RuntimeError("This member of the archive has been passed; read each part before asking for the next.")
        return self._source.rest()

    def _number(self, field: bytes) -> int:
        """A size: octal digits, or GNU's big-endian form for sizes over 8 GiB."""
        if field[0] & 0x80:
            return int.from_bytes(field[1:]) if field[0] == 0x80 else 1 << 62
        digits = field.replace(b"\0", b" ").strip()
        if not re.fullmatch(b"[0-7]*", digits):
            raise BadList(f"{self._where} is a damaged tar archive: a size in it is no number. Fetch it again.")
        return int(digits or b"0", 8)


def inside(name: str, where: str) -> str:
    """A name in an archive without "." parts; raises BadList when it is absolute or climbs out."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or ".." in parts or "\0" in name or len(name) > LONGEST_NAME:
        raise BadList(f"{where} holds {name[:80]!r}, a path that leads out of it. Fetch it from the source you know.")
    return "/".join(parts)


def led_to(link: str, target: str, where: str) -> str:
    """Where a symbolic link leads, as a name in the same archive; raises BadList when that is outside."""
    parts = link.split("/")[:-1]
    for part in target.split("/"):
        if part == "..":
            if not parts:
                break
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    else:
        if not target.startswith("/"):
            return "/".join(parts)
    raise BadList(f"{where} holds a link {link[:80]!r} that leads out of it. Fetch it from the source you know.")


class _Source:
    """Bytes in any number from chunks of any size; `left` counts what is left of the member at hand."""

    def __init__(self, chunks: Iterator[bytes], where: str) -> None:
        self._chunks, self._where, self._held = chunks, where, b""
        self.left = 0

    def take(self, count: int) -> bytes:
        """The next `count` bytes, fewer at the end; `count` is small."""
        parts = []
        while count and (piece := self._piece(count)):
            parts.append(piece)
            count -= len(piece)
        return b"".join(parts)

    def rest(self) -> Iterator[bytes]:
        """What is left of the member at hand."""
        while self.left:
            piece = self._piece(self.left)
            if not piece:
                raise BadList(f"{self._where} ends in the middle of a file. Fetch it again.")
            self.left -= len(piece)
            yield piece

    def skip(self) -> None:
        """Pass over what is left of the member at hand."""
        for _ in self.rest():
            pass

    def pad(self, size: int) -> None:
        """Pass over the bytes that fill the last block of something `size` bytes long."""
        self.take(-size % BLOCK)

    def drain(self) -> None:
        """Read on to the end, so that a damaged stream is noticed."""
        self._held = b""
        for _ in self._chunks:
            pass

    def _piece(self, count: int) -> bytes:
        while not self._held and (chunk := next(self._chunks, None)) is not None:
            self._held = chunk
        piece, self._held = self._held[:count], self._held[count:]
        return piece


def _checksum_holds(block: bytes) -> bool:
    digits = block[148:156].replace(b"\0", b" ").strip()
    if not re.fullmatch(b"[0-7]{1,8}", digits):
        return False
    return int(digits, 8) == sum(block[:148]) + 8 * 32 + sum(block[156:])


def _ustar_name(header: bytes) -> str:
    name = _text(header[:100])
    prefix = _text(header[345:500]) if header[257:263] == b"ustar\0" else ""
    return f"{prefix}/{name}" if prefix else name


def _text(data: bytes) -> str:
    return data.partition(b"\0")[0].decode("utf-8", "replace")

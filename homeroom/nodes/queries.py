"""Questions about nodes: who asks, what the bundle in force is, who has not been heard."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.db.models import QuerySet

from homeroom.doors import bundle_file, environment, lease_file
from homeroom.doors.bundle_file import ALIASES, PARTS
from homeroom.doors.nodes import signing
from homeroom.doors.nodes.place import PART
from homeroom.nodes import keys
from homeroom.nodes.models import Code, Node
from homeroom.nodes.state import State, state

_hashes: dict[str, str] = {}  # of files named by their content, which never change
_last: tuple[str, str, bytes] = ("", "", b"")


def asker(header: str, method: str, path: str, body: bytes, at: datetime) -> Node | None:
    """The node that signed a request, or None."""
    words = header.split(" ")
    if len(words) != 3 or not all(each.isascii() and each.isdigit() and len(each) < 16 for each in words[:2]):
        return None
    node = Node.objects.filter(pk=int(words[0]), ended=None).first()
    second, now = int(words[1]), int(at.timestamp())
    if node and signing.right_request(node.key, words[2], method, path, body, second, now):
        return node
    return None


def statement() -> bytes:
    """The signed statement of the bundle in force; b"" before the first. Made once for each bundle and key."""
    global _last
    home = environment.home()
    name, key = bundle_file.current_id(home), signing.public(keys.seed())
    if not name:
        return b""
    if _last[:2] != (name, key):
        said = bundle_file.manifest(home, name)
        files = [f"manifest-{name}.json", *(said[part] for part in (*PARTS, ALIASES) if said.get(part))]
        facts = {
            "format": 1, "district": keys.district(), "serial": said["serial"], "manifest": name, "born": said["born"],
            "files": {each: _hash(home / "bundles" / each) for each in files},
        }  # fmt: skip
        _last = (name, key, signing.bundle_statement(keys.seed(), facts))
    return _last[2]


def leases() -> bytes:
    """V.A.7.4: the signed statement of who is behind which address now; b"" before the first."""
    file = lease_file.data(environment.home())
    return signing.lease_statement(keys.seed(), keys.district(), file) if file else b""


def leases_tag() -> str:
    """What differs as soon as a lease began or ended; "" before the first."""
    return "-".join(map(str, lease_file.stamp(environment.home()) or ()))


def part(name: str) -> Path | None:
    """The file of a bundle of that name."""
    path = environment.home() / "bundles" / name
    return path if PART.fullmatch(name) and path.is_file() else None


def nodes(words: str = "", *, ended: bool = False) -> QuerySet[Node]:
    """The nodes whose name holds these words, by name; those that have ended only where asked."""
    found = Node.objects.filter(name__icontains=words).order_by("name", "pk")
    return found.filter(ended__isnull=not ended)


def codes(at: datetime) -> QuerySet[Code]:
    """One-time codes that still work."""
    return Code.objects.filter(used=None, expires__gt=at).order_by("-made", "-pk")


def states(found: Iterable[Node], at: datetime) -> list[State]:
    """How each of these nodes does."""
    current = bundle_file.current_id(environment.home())
    return [state(node, at, current) for node in found]


def silent(at: datetime) -> Iterator[str]:
    """In sentences: nodes that are not heard, that say something is wrong, or that serve an old bundle."""
    for each in states(nodes(), at):
        yield from each.sentences


def as_json(node: Node) -> dict[str, object]:
    """A node for a program."""
    return {
        "name": node.name, "id": node.pk, "enrolled": node.enrolled.isoformat(),
        "ended": node.ended.isoformat() if node.ended else None,
        "heard": node.heard.isoformat() if node.heard else None, "health": node.health,
    }  # fmt: skip


def etag(data: bytes) -> str:
    """What names a statement."""
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def readable(body: bytes) -> dict[str, object]:
    """A body as an object; {} for what is none."""
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _hash(path: Path) -> str:
    if path.name not in _hashes:
        if len(_hashes) > 1000:
            _hashes.clear()
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
        _hashes[path.name] = digest.hexdigest()
    return _hashes[path.name]

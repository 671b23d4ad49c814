"""How a node does, as people are told: one word, and sentences about what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from homeroom.doors import bundle_file, environment
from homeroom.doors.bundle_file import BadBundle
from homeroom.nodes.models import Node

SILENT = timedelta(minutes=2)
SKEW = 60.0  # seconds by which a clock may be wrong before it is told
CLONED = 3600.0  # seconds for which a clone is told of
DOOR_SILENT = 15.0  # seconds
BUNDLE = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Door:
    """One door of a node, as the node last told."""

    name: str
    well: bool
    trouble: str


@dataclass(frozen=True, slots=True)
class State:
    """A node at one moment. `word` is well, waiting, silent, cloned, trouble, behind, clock or ended."""

    node: Node
    word: str
    sentences: tuple[str, ...]
    bundle: str
    born: datetime | None
    doors: tuple[Door, ...]
    waiting: int

    @property
    def pk(self) -> int:
        """The node's number."""
        return int(self.node.pk)


def state(node: Node, at: datetime, current: str) -> State:
    """How a node does; `current` is the bundle in force."""
    said = [] if node.ended else list(_wrong(node, at, current))
    word = said[0][0] if said else "ended" if node.ended else "well" if node.heard else "waiting"
    bundle = str(node.health.get("bundle") or "")
    return State(
        node=node, word=word, sentences=tuple(each[1] for each in said), bundle=bundle, born=_born(node, bundle),
        doors=tuple(_doors(node.health.get("doors"))), waiting=_whole(node.health.get("waiting")),
    )  # fmt: skip


def _wrong(node: Node, at: datetime, current: str) -> Iterator[tuple[str, str]]:
    """What is wrong, the worst first."""
    said = {"name": node.name}
    if node.heard is None:
        if at - node.enrolled > SILENT:
            yield "silent", _("The node %(name)s has not been heard since it enrolled. Look there.") % said
        return
    if at - node.heard > SILENT:
        said["since"] = f"{node.heard:%Y-%m-%d %H:%M}"
        yield "silent", _(
            "The node %(name)s has not been heard since %(since)s UTC. It keeps deciding by its last bundle; look "
            "there."
        ) % said  # fmt: skip
        return
    if at.timestamp() - _number(node.health.get("cloned"), 0.0) < CLONED:
        yield "cloned", _(
            "Two machines say that they are the node %(name)s. It was cloned; end it, and enroll each anew."
        ) % said  # fmt: skip
    if trouble := str(node.health.get("trouble") or ""):
        yield "trouble", _("The node %(name)s says: %(trouble)s") % {**said, "trouble": trouble}
    elif node.health.get("bundle") not in ("", None, current):
        said |= {"bundle": str(node.health["bundle"]), "current": current}
        yield "behind", _("The node %(name)s serves bundle %(bundle)s, but %(current)s is in force. Look there.") % said
    for door in _doors(node.health.get("doors")):
        if door.trouble:
            yield "trouble", _("The door %(door)s of the node %(name)s says: %(trouble)s") % {
                **said, "door": door.name, "trouble": door.trouble,
            }  # fmt: skip
    # The node said its time in the same breath as its health, so it is held against the moment it was heard.
    skew = abs(node.heard.timestamp() - _number(node.health.get("clock"), node.heard.timestamp()))
    if skew > SKEW:
        said["skew"] = f"{skew:.0f}"
        yield "clock", _("The clock of the node %(name)s is %(skew)s seconds off. Let it be set by NTP.") % said


def _doors(said: object) -> Iterator[Door]:
    for name, each in sorted(said.items() if isinstance(said, Mapping) else ()):
        values = each if isinstance(each, Mapping) else {}
        trouble = str(values.get("trouble") or "")
        yield Door(str(name), not trouble and _number(values.get("age"), 0.0) <= DOOR_SILENT, trouble)


def _born(node: Node, bundle: str) -> datetime | None:
    """When the bundle a node serves was published: as our own files say, or else the node."""
    if not BUNDLE.fullmatch(bundle):
        return None
    try:
        return datetime.fromisoformat(bundle_file.manifest(environment.home(), bundle)["born"])
    except (BadBundle, ValueError, KeyError, TypeError):
        pass
    try:
        return datetime.fromisoformat(str(node.health.get("born")))
    except ValueError:
        return None


def _number(value: Any, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) else otherwise


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and value >= 0 else 0

"""VI.Alt3.A.2: what nodes send all day: activity, each file once, and word of their health. Never in the journal."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from homeroom.base.errors import Refused
from homeroom.doors import whole_file
from homeroom.nodes.models import Node, Shipped

NAME = re.compile(r"([a-z][a-z0-9_-]{0,30})-(\d{1,20})-(\d{1,25})\.log")
LARGEST = 16 << 20  # bytes; doors close their files at half of it


def take_file(*, home: Path, node: Node, name: str, data: bytes, at: datetime) -> bool:
    """Put a node's spool file where the intake finds it; False where it was taken before.

    The file is in place before its name is remembered, under a name that is this node's alone: a crash in between
    makes the node send it again, and the same file is written over itself.
    """
    match = NAME.fullmatch(name)
    if match is None or len(data) > LARGEST:
        raise Refused(_("“%(name)s” is no file of a door, or it is too large.") % {"name": name[:80]})
    if Shipped.objects.filter(node=node, name=name).exists():
        return False
    door, pid, number = match.groups()
    path = home / "spool" / f"{door}-n{node.pk}-{pid}-{number}.log"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        whole_file.put(path, data)
    try:
        with transaction.atomic():
            Shipped.objects.create(node=node, name=name, at=at)
    except IntegrityError:
        return False
    return True


def note_health(*, node: Node, said: dict[str, Any], at: datetime) -> None:
    """Keep what a node says of itself.

    V.A.4d: a machine that is started anew has a new name for its run; one that comes back to an older name lives twice.
    """
    before, run = node.health, str(said.get("run", ""))
    last = str(before.get("run", ""))
    kept = {"before": last if run != last else before.get("before", ""), "cloned": before.get("cloned", 0)}
    if run and run != last and run == before.get("before"):
        kept["cloned"] = at.timestamp()
    Node.objects.filter(pk=node.pk, ended=None).update(heard=at, health={**said, **kept})

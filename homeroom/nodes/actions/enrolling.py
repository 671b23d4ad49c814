"""V.A.4d: which machines may filter for the district: a code, a node, its end; and the district's key."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.nodes import keys
from homeroom.nodes.models import Code, Node

GOOD_FOR = timedelta(hours=24)
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
KEY = re.compile(r"[0-9a-f]{64}")


def make_code(*, actor: Actor, name: str, at: datetime) -> str:
    """A code with which one machine can enrol as the node of that name, within a day."""
    if not NAME.fullmatch(name):
        raise Refused(
            _("“%(name)s” is no name for a node; use small letters, digits and hyphens, such as north-1.")
            % {"name": name}
        )
    if Node.objects.filter(name=name, ended=None).exists():
        raise Refused(
            _("There is a node %(name)s already. End it first: homeroom nodes end %(name)s --reason …") % {"name": name}
        )
    code = secrets.token_hex(24)  # typed on a command line, where a first hyphen would make an option of it
    with journal.atomic():
        # Asked for twice, only the last code works: of one that was shown before nobody knows who has it.
        Code.objects.filter(name=name, used=None, expires__gt=at).update(expires=at)
        row = Code.objects.create(digest=_digest(code), name=name, made=at, expires=at + GOOD_FOR)
        journal.record(
            actor=actor, verb="nodes.code.made", subject=f"node-code:{row.pk}", at=at, clause="V.A.4d",
            data={"name": name},
        )  # fmt: skip
    return code


def enrol(*, actor: Actor, code: str, key: str, at: datetime) -> dict[str, Any]:
    """Take a machine on by its code: it is used up with this. What the node must know comes back."""
    if not KEY.fullmatch(key):
        raise Refused(_("The node sent no key. Run: homeroom node enroll URL CODE"))
    with journal.atomic():
        # The old state is asked for, so that of two machines with one code only one gets in.
        mine = Code.objects.filter(digest=_digest(code), used=None, expires__gt=at)
        row = mine.first()
        if row is None or mine.filter(pk=row.pk).update(used=at) != 1:
            raise Refused(_("This code is wrong, used or older than a day. Ask for another: homeroom nodes code NAME"))
        if Node.objects.filter(key=key).exists():
            raise Refused(_("A node with this key is enrolled already. Has a machine been cloned? Enrol it anew."))
        node = Node.objects.create(name=row.name, key=key, enrolled=at)
        journal.record(
            actor=actor, verb="nodes.node.enrolled", subject=f"node:{node.pk}", at=at, clause="V.A.4d",
            data={"name": node.name, "key": key},
        )  # fmt: skip
    return {"node": node.pk, "name": node.name, **keys.introduction()}


def end_node(*, actor: Actor, name: str, reason: str, at: datetime) -> Node:
    """A node filters for us no longer: it gets no bundle any more and nothing it sends is taken."""
    with journal.atomic():
        node = Node.objects.filter(name=name, ended=None).first()
        if node is None or Node.objects.filter(pk=node.pk, ended=None).update(ended=at) != 1:
            raise Refused(_("There is no node %(name)s; see: homeroom nodes list") % {"name": name})
        journal.record(
            actor=actor, verb="nodes.node.ended", subject=f"node:{node.pk}", at=at, clause="V.A.4d", reason=reason,
            data={"name": name},
        )  # fmt: skip
    return node


def renew_key(*, actor: Actor, at: datetime, reason: str = "") -> str:
    """Sign bundles with a new key from now on; the old one vouches for it. Returns the new public key."""
    with journal.atomic():
        new = keys.renew()
        journal.record(
            actor=actor, verb="nodes.key.renewed", subject="district:key", at=at, clause="V.A.4d", reason=reason,
            data={"key": new},
        )  # fmt: skip
    return new


def _digest(code: str) -> str:
    return hashlib.sha256(code.strip().encode()).hexdigest()

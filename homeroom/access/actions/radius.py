"""What switches and access points tell of sessions becomes leases.

First the device and the session, then the address: 802.1X comes before DHCP, so a record of the beginning often
has none. A machine's own account never takes an address from a person, and whoever is not known is a stranger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_network

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from homeroom.access import leases, sealing
from homeroom.access.actions import leases as acts
from homeroom.access.models import Lease, RadiusClient, RadiusSession
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.kernel.radius import Status, Told
from homeroom.people.models import Person

ANEW = timedelta(minutes=1)  # after its end a session's number may begin anew; before, a beginning was told late


def add_radius_client(*, actor: Actor, name: str, cidr: str, secret: str, at: datetime) -> RadiusClient:
    """V.A.7.4: let a switch, an access point or a RADIUS server tell who signed in. Raises Refused."""
    try:
        where = str(ip_network(cidr.strip()))
    except ValueError as error:
        raise Refused(
            _("“%(cidr)s” is not an address or a range (%(error)s); give one such as 10.1.0.2.")
            % {"cidr": cidr, "error": error}
        ) from None
    if len(secret) < 16 or not secret.isascii():
        raise Refused(
            _("A shared secret has at least 16 letters, digits or signs; all else can be guessed in an hour.")
        )
    if not name.strip():
        raise Refused(_("Give the switch or access point a name."))
    with journal.atomic():
        if RadiusClient.objects.filter(cidr=where, ended=None).exists():
            raise Refused(_("%(where)s may tell already; end that first.") % {"where": where})
        row = RadiusClient.objects.create(name=name.strip(), cidr=where, secret=sealing.seal(secret), created=at)
        journal.record(
            actor=actor, verb="access.radius.added", subject=f"radius:{row.pk}", at=at, clause="V.A.7.4",
            data={"name": row.name, "cidr": where},
        )  # fmt: skip
    return row


def end_radius_client(*, actor: Actor, client: RadiusClient, at: datetime, reason: str = "") -> None:
    """V.A.7.4: what it tells counts no more. Raises Refused."""
    with journal.atomic():
        if RadiusClient.objects.filter(pk=client.pk, ended=None).update(ended=max(at, client.created)) != 1:
            raise Refused(_("This was ended already."))
        journal.record(
            actor=actor, verb="access.radius.ended", subject=f"radius:{client.pk}", at=at, clause="V.A.7.4",
            reason=reason,
        )  # fmt: skip


def take_in(*, told: Sequence[tuple[datetime, Told]]) -> None:
    """Carry out what was told, in order; the same twice changes nothing."""
    with journal.atomic():
        for at, each in told:
            _one(each, at)


def _one(told: Told, at: datetime) -> None:
    if told.status in (Status.ON, Status.OFF):
        _restarted(told.nas, at)
        return
    session, new = RadiusSession.objects.get_or_create(
        nas=told.nas, session=told.session, defaults={"started": at, "seen": at}
    )
    if session.ended and told.status == Status.START and at > session.ended + ANEW:
        session = _anew(session, at)
    if session.ended:
        return
    if not new and at < session.seen:
        told = _lacking(session, told)  # told late: what came after it counts, what nobody said since is learnt
        at = session.seen
    _learn(session, told, at)
    if told.status == Status.STOP:
        session.ended = at
        acts.end_tied(tie=_tie(session), at=at)
    session.save()
    if not session.ended and session.address:
        _lease(session, at)


def _lacking(session: RadiusSession, told: Told) -> Told:
    """Of a record that comes late, what is not known yet. Its end is an end all the same."""
    return replace(
        told, user="" if session.user else told.user, address="" if session.address else told.address,
        mac="" if session.mac else told.mac,
    )  # fmt: skip


def _anew(session: RadiusSession, at: datetime) -> RadiusSession:
    """A switch counts its sessions from the beginning again after a restart."""
    return RadiusSession(pk=session.pk, nas=session.nas, session=session.session, started=at, seen=at)


def _learn(session: RadiusSession, told: Told, at: datetime) -> None:
    session.seen = at
    session.mac = told.mac or session.mac
    if told.user and told.user != session.user:
        session.user = told.user
        session.machine = told.user.lower().startswith("host/") or told.user.endswith("$")
        session.person = None if session.machine else _person(told.user)
    if told.address and told.address != session.address:
        acts.end_tied(tie=_tie(session), at=at)
        session.address = acts.spelt(told.address)


def _lease(session: RadiusSession, at: datetime) -> None:
    there = Lease.objects.filter(address=session.address, ended=None).first()
    if session.machine:
        # The machine itself spoke: whoever sits at it stays who they are. Another machine took the address over.
        if there and _mac(there) not in ("", session.mac):
            acts.end_tied(tie=there.tie, at=at)
        return
    if there and there.tie != _tie(session) and there.created > at:
        return  # somebody newer is there; this was told late
    acts.begin(
        address=session.address, person=session.person_id, by=Lease.By.RADIUS, until=at + leases.TOLD,
        tie=_tie(session), at=at,
    )  # fmt: skip


def _restarted(nas: str, at: datetime) -> None:
    for session in RadiusSession.objects.filter(nas=nas, ended=None, started__lte=at):
        RadiusSession.objects.filter(pk=session.pk).update(ended=at)
        acts.end_tied(tie=_tie(session), at=at)


def _mac(lease: Lease) -> str:
    """The hardware behind a lease that a switch told of; "" where none is known."""
    kind, _, pk = lease.tie.partition(":")
    if kind != "radius":
        return ""
    return RadiusSession.objects.filter(pk=pk).values_list("mac", flat=True).first() or ""


def _tie(session: RadiusSession) -> str:
    return f"radius:{session.pk}"


def _person(user: str) -> Person | None:
    """The one person who signs in to the network by that name; None where nobody or several do."""
    name = user.rpartition("\\")[2].strip().lower()
    # A name with a realm is an address, so that a guest called ben@elsewhere.test is never taken for our Ben.
    field = "email" if "@" in name else "username"
    found = list(Person.objects.annotate(small=Lower(field)).filter(small=name)[:2]) if name else []
    return found[0] if len(found) == 1 else None

"""Leases: somebody signs in at the network, or a switch tells who did; each begins, is renewed, and ends.

V.A.7.4: an address is one person's at a time. What a page gives is recorded in the journal; what switches tell
comes by the thousand, so there the rows themselves are the record.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from django.utils.translation import gettext as _

from homeroom.access import leases
from homeroom.access.models import Lease
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.people import queries as people


def spelt(address: str) -> str:
    """The one spelling of an address; raises Refused. IPv4 inside IPv6 counts as IPv4."""
    try:
        found = ip_address(address.strip().partition("%")[0])
    except ValueError:
        raise Refused(_("“%s” is not an address.") % address) from None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)


def sign_in_here(*, actor: Actor, address: str, shared: bool, session: str, at: datetime) -> Lease:
    """V.A.7.4: tie an address of the district to who signed in there, for a lesson or for a day. Raises Refused."""
    where = spelt(address)
    place = leases.Places().of(where)
    if place is None:
        raise Refused(
            _(
                "%s is not an address of the school network, so there is nothing to open here. At school and it still "
                "says so? The technology director adds the range under Network sign-in."
            )
            % where
        )
    if place.nat:
        raise Refused(
            _(
                "Many machines share the address %s, so nobody can sign in here by it. Everybody here has the Internet "
                "of the place; the technology director can give your device a way of its own."
            )
            % where
        )
    _refuse_several(actor, where, place, at)
    until = at + (leases.SHARED if shared else leases.OWN)
    with journal.atomic():
        lease = begin(
            address=where,
            person=actor.id,
            by=Lease.By.SIGNIN,
            until=until,
            tie=f"session:{session}",
            shared=shared,
            at=at,
        )
        journal.record(
            actor=actor, verb="access.lease.begun", subject=f"person:{actor.id}", at=at, clause="V.A.7.4",
            data={"lease": lease.pk, "shared": shared},
        )  # fmt: skip
    return lease


def _refuse_several(actor: Actor, where: str, place: leases.Place, at: datetime) -> None:
    """VI, V.A.7.4: a student and somebody of the staff behind one address cannot be told apart; neither gets more.

    Whoever was signed in there is signed out, for a lesson nobody is known there, and for a day the staff's Internet
    is not opened by that address, unless it is theirs anyway.
    """
    adult, on = leases.of_staff(actor.id, place, people.today(at)), people.today(at)
    several = Lease.objects.filter(address=where, tie=leases.CONTESTED, created__gt=at - leases.OWN)
    if several.filter(ended=None, until__gt=at).exists() or (adult and place.person != actor.id and several.exists()):
        raise Refused(_several(where))
    now = Lease.objects.filter(address=where, ended=None, by=Lease.By.SIGNIN, until__gt=at).first()
    if now is None or now.person_id in (None, actor.id) or leases.of_staff(now.person_id, place, on) == adult:
        return
    with journal.atomic():
        row = begin(
            address=where, person=None, by=Lease.By.SIGNIN, until=at + leases.SHARED, tie=leases.CONTESTED, at=at
        )
        journal.record(
            actor=actor, verb="access.lease.contested", subject=f"person:{now.person_id}", at=at, clause="V.A.7.4",
            data={"lease": row.pk, "ended": now.pk},
        )  # fmt: skip
    raise Refused(_several(where))


def _several(where: str) -> str:
    return (
        _(
            "A student and a member of the staff signed in at %s at the same time, so the school cannot tell who is "
            "there. Nobody gets more than the place gives for now. If this is one machine, sign out before the next "
            "one signs in; if many share this address, ask the technology director to mark the range so."
        )
        % where
    )


def begin(
    *, address: str, person: str | None, by: str, until: datetime, tie: str, at: datetime, shared: bool = False
) -> Lease:
    """Begin a lease, which ends another one there; the same one is only made longer. Inside a transaction."""
    now = Lease.objects.filter(address=address, ended=None).first()
    if now and (now.person_id, now.by, now.tie, now.shared) == (person, by, tie, shared):
        now.until = max(now.until, until)
        now.save(update_fields=["until"])
        return now
    if now:
        _end(now, at)
    # A clock that was set back must not make a lease begin before the one it follows.
    created = max(at, now.ended) if now and now.ended else at
    return Lease.objects.create(
        address=address, person_id=person, by=by, until=until, tie=tie, shared=shared, created=created
    )


def end_tied(*, tie: str, at: datetime) -> int:
    """End what hangs on a session that is over; returns how many leases."""
    rows = list(Lease.objects.filter(tie=tie, ended=None))
    for row in rows:
        _end(row, at)
    return len(rows)


def end_of_account(*, actor: Actor, person: str, at: datetime) -> None:
    """V.A.7.1: with an account end the addresses that its person signed in at."""
    with journal.atomic():
        for row in Lease.objects.filter(person_id=person, by=Lease.By.SIGNIN, ended=None):
            end_lease(actor=actor, lease=row, at=at, reason="The account was closed.")


def end_lease(*, actor: Actor, lease: Lease, at: datetime, reason: str = "") -> None:
    """V.A.7.4: end a lease at once, by whoever has it or by the director. Raises Refused."""
    with journal.atomic():
        if not _end(lease, at):
            raise Refused(_("This was ended already."))
        journal.record(
            actor=actor, verb="access.lease.ended", subject=f"person:{lease.person_id or 'unknown'}", at=at,
            clause="V.A.7.4", reason=reason, data={"lease": lease.pk},
        )  # fmt: skip


def end_due(*, at: datetime) -> int:
    """End the leases whose time is over; returns how many."""
    rows = list(Lease.objects.filter(ended=None, until__lte=at)[:5000])
    return sum(_end(row, at) for row in rows)


def forget_leases(*, at: datetime, keep: timedelta) -> int:
    """XIV.B.3, T5: delete what is no longer needed to say who was where; returns how many."""
    count, _each = Lease.objects.filter(ended__lt=at - keep).delete()
    return count


def _end(row: Lease, at: datetime) -> bool:
    ended = max(at, row.created)  # the clock may have been set back meanwhile
    row.ended = ended
    return Lease.objects.filter(pk=row.pk, ended=None).update(ended=ended) == 1


def looked_at_leases(*, actor: Actor, people: list[str], at: datetime) -> None:
    """V.A.7.4: keep that an official looked at who is where; as with every record, reading is an act."""
    if not people:
        return
    with journal.atomic():
        journal.record_all(
            actor=actor,
            at=at,
            acts=[journal.Act("access.lease.seen", f"person:{each}") for each in sorted(set(people))],
        )

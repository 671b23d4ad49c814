"""What is done to the ways by which a door knows who is asking.

V.A.7.4: people use what is assigned to them; here it is assigned and taken back. Secrets are
returned once, to be handed over, and are kept as digests only.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network

from argon2 import PasswordHasher
from django.utils.translation import gettext as _

from homeroom.access.models import AddressRange, Audience, ChromeosSalt, DohToken, ProxyLogin
from homeroom.access.models.network import Life
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.kernel.decision.identity import doh_token_digest
from homeroom.people.models import Person

CLAUSE = "V.A.7.4"
BATCH = 1000
_SALT = re.compile(r"[A-Za-z0-9]{8,32}")


@dataclass(frozen=True, slots=True)
class Range:
    """One row for `add_ranges`: an address or a range, for one person or for an audience."""

    cidr: str
    person: str | None = None
    audience: str = ""
    school: str | None = None
    place: str = ""
    nat: bool = False  # many machines share one address there, so nobody signs in by it


def add_address(
    *,
    actor: Actor,
    cidr: str,
    at: datetime,
    person: str | None = None,
    audience: str = "",
    school: str | None = None,
    place: str = "",
    nat: bool = False,
) -> AddressRange:
    """Assign one address or range, to a person or to an audience. Raises Refused."""
    row = Range(cidr=cidr, person=person, audience=audience, school=school, place=place, nat=nat)
    return add_ranges(actor=actor, ranges=[row], at=at)[0]


def add_ranges(*, actor: Actor, ranges: Sequence[Range], at: datetime) -> list[AddressRange]:
    """Assign addresses at once. Raises Refused for a range that cannot be read or is assigned already."""
    rows = [_range(each, at) for each in ranges]
    _refuse_twice([row.cidr for row in rows])
    with journal.atomic():
        _refuse_assigned(rows)
        saved = AddressRange.objects.bulk_create(rows, batch_size=BATCH)
        journal.record(
            actor=actor, verb="access.addresses.assigned", subject=_subject("range", saved), at=at, clause=CLAUSE,
            data={"count": len(saved), "first": [row.cidr for row in saved[:20]]},
        )  # fmt: skip
    return saved


def end_range(*, actor: Actor, range: AddressRange, at: datetime, reason: str = "") -> None:
    """Take an address or a range back."""
    _end(actor, range, "access.addresses.ended", "range", at, reason, {"cidr": range.cidr})


def issue_token(*, actor: Actor, person: Person, at: datetime, label: str = "") -> str:
    """A new DoH token for one person; the text is returned this once and cannot be looked up again."""
    return issue_tokens(actor=actor, people=[person.pk], at=at, label=label)[person.pk]


def issue_tokens(*, actor: Actor, people: Iterable[str], at: datetime, label: str = "") -> dict[str, str]:
    """New DoH tokens for many people, as {person id: token}."""
    tokens = {person: secrets.token_urlsafe(24) for person in people}
    rows = [
        DohToken(digest=doh_token_digest(token), person_id=person, label=label, created=at)
        for person, token in tokens.items()
    ]
    with journal.atomic():
        _refuse_unknown(tokens)
        saved = DohToken.objects.bulk_create(rows, batch_size=BATCH)
        journal.record(
            actor=actor, verb="access.tokens.issued", at=at, clause=CLAUSE, reason=label,
            subject=f"person:{saved[0].person_id}" if len(saved) == 1 else "person:many",
            data={"count": len(saved)},
        )  # fmt: skip
    return tokens


def end_token(*, actor: Actor, token: DohToken, at: datetime, reason: str = "") -> None:
    """Take a token back; it counts no more from the next roll on."""
    _end(actor, token, "access.token.ended", "token", at, reason, {"person": token.person_id})


def add_salt(*, actor: Actor, salt: str, at: datetime) -> ChromeosSalt:
    """Take up a salt for ChromeOS identifiers beside those that are live. Raises Refused for one out of form."""
    if not _SALT.fullmatch(salt):
        raise Refused(_("A ChromeOS salt has 8 to 32 letters and digits. Make a new one in the device policy."))
    with journal.atomic():
        if ChromeosSalt.objects.filter(salt=salt, ended__isnull=True).exists():
            raise Refused(_("This salt is live already."))
        row = ChromeosSalt.objects.create(salt=salt, created=at)
        journal.record(
            actor=actor, verb="access.salt.added", subject=f"salt:{row.pk}", at=at, clause=CLAUSE
        )  # the salt itself stays out of a record that is never cleaned
    return row


def end_salt(*, actor: Actor, salt: ChromeosSalt, at: datetime, reason: str = "") -> None:
    """Let a salt go once all devices have the new one."""
    _end(actor, salt, "access.salt.ended", "salt", at, reason, {})


def set_login(*, actor: Actor, person: Person, name: str, password: str, at: datetime) -> ProxyLogin:
    """A name and password for the proxy; an earlier one of that name ends. Raises Refused with a sentence."""
    name = name.strip().casefold()
    if not name or ":" in name or len(name) > 150:
        raise Refused(_("A proxy login has a name of at most 150 characters and without a colon."))
    if len(password) < 8:
        raise Refused(_("A proxy password has at least 8 characters."))
    hash = PasswordHasher().hash(password)
    with journal.atomic():
        taken = ProxyLogin.objects.filter(name=name, ended__isnull=True).exclude(person=person)
        if taken.exists():
            raise Refused(_("“%(name)s” belongs to somebody else; choose another name.") % {"name": name})
        ProxyLogin.objects.filter(name=name, ended__isnull=True).update(ended=at)
        login = ProxyLogin.objects.create(name=name, hash=hash, person=person, created=at)
        journal.record(
            actor=actor, verb="access.login.set", subject=f"person:{person.pk}", at=at, clause=CLAUSE,
            data={"login": login.pk},
        )  # fmt: skip
    return login


def end_login(*, actor: Actor, login: ProxyLogin, at: datetime, reason: str = "") -> None:
    """Take a proxy login back."""
    _end(actor, login, "access.login.ended", "login", at, reason, {"person": login.person_id})


def _range(each: Range, at: datetime) -> AddressRange:
    try:
        cidr = str(ip_network(each.cidr.strip()))
    except ValueError as error:
        raise Refused(
            _("“%(cidr)s” is not an address range (%(error)s); give one such as 10.1.2.0/24.")
            % {"cidr": each.cidr, "error": error}
        ) from None
    if bool(each.person) == bool(each.audience):
        raise Refused(_("%(cidr)s needs either a person or an audience, not both.") % {"cidr": cidr})
    if each.audience and each.audience not in Audience.values:
        raise Refused(
            _("“%(audience)s” is no audience; give one of %(known)s.")
            % {"audience": each.audience, "known": ", ".join(Audience.values)}
        )
    return AddressRange(
        cidr=cidr,
        person_id=each.person,
        audience=each.audience,
        school_id=each.school,
        place=each.place,
        nat=each.nat,
        created=at,
    )


def _refuse_twice(cidrs: Sequence[str]) -> None:
    seen: set[str] = set()
    for cidr in cidrs:
        if cidr in seen:
            raise Refused(_("%(cidr)s is given twice; leave one out. Nothing was saved.") % {"cidr": cidr})
        seen.add(cidr)


def _refuse_assigned(rows: Sequence[AddressRange]) -> None:
    live = set(AddressRange.objects.filter(ended__isnull=True).values_list("cidr", flat=True))
    taken = next((row.cidr for row in rows if row.cidr in live), None)
    if taken:
        raise Refused(_("%(taken)s is assigned already; end that first. Nothing was saved.") % {"taken": taken})
    _refuse_unknown(row.person_id for row in rows if row.person_id)


def _refuse_unknown(people: Iterable[str]) -> None:
    wanted = sorted(set(people))
    if not wanted:
        return
    known: set[str] = set()
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        known.update(Person.objects.filter(pk__in=some).values_list("pk", flat=True))
    missing = [person for person in wanted if person not in known]
    if missing:
        raise Refused(_("Nobody has the id %(names)s. Nothing was saved.") % {"names": ", ".join(missing[:5])})


def _end(actor: Actor, row: Life, verb: str, kind: str, at: datetime, reason: str, data: dict[str, str]) -> None:
    with journal.atomic():
        # Asking for the old state: whoever ends it first has ended it.
        if type(row).objects.filter(pk=row.pk, ended__isnull=True).update(ended=at) != 1:
            raise Refused(_("This was ended already."))
        row.ended = at
        journal.record(
            actor=actor, verb=verb, subject=f"{kind}:{row.pk}", at=at, clause=CLAUSE, reason=reason, data=data
        )


def _subject(kind: str, saved: Sequence[AddressRange]) -> str:
    return f"{kind}:{saved[0].pk}" if len(saved) == 1 else f"{kind}:many"

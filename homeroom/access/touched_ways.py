"""Which of the ways by which doors know people acts of the journal changed, so that no other is written anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from homeroom.access import roll
from homeroom.access.models import AddressRange, ChromeosSalt, DohToken, ProxyLogin
from homeroom.journal import queries as journal
from homeroom.kernel.decision.identity import chromeos_hashes
from homeroom.people.models import Person

MOST = 500  # acts looked at one by one
MANY = 2000  # ways changed, after which the whole roll is cheaper
Ways = dict[str, dict[str, Any]]  # by kind, by name: what the roll says of it, None where it is gone
SALTS = "access.salt."
ADDRESSES, TOKENS, LOGINS = "access.addresses.", "access.token", "access.login."
VERBS = (SALTS, ADDRESSES, TOKENS, LOGINS)


def since(act: int, people: Iterable[str] = ()) -> Ways | None:
    """The addresses, tokens and logins that acts after that one changed, and the identifiers of some people.

    None where so much changed that all of it is better read again.
    """
    rows = journal.all_entries().filter(id__gt=act, verb__startswith="access.").order_by("id")
    acts = list(rows.values_list("verb", "subject", "at", "data")[: MOST + 1])
    if len(acts) > MOST or any(verb.startswith(SALTS) for verb, *_ in acts):
        return None
    found: Ways = {
        "addresses": _addresses([each for each in acts if each[0].startswith(ADDRESSES)]),
        "tokens": _tokens([each for each in acts if each[0].startswith(TOKENS)]),
        "logins": _logins([each for each in acts if each[0].startswith(LOGINS)]),
        "chromeos": _chromeos(people),
    }
    if sum(len(each) for each in found.values()) > MANY:
        return None
    return {kind: each for kind, each in found.items() if each}


def merged(old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]) -> Ways:
    """Changes over earlier ones."""
    return {kind: {**old.get(kind, {}), **new.get(kind, {})} for kind in old.keys() | new.keys()}


Act = tuple[str, str, datetime, Mapping[str, Any]]


def _addresses(acts: Iterable[Act]) -> dict[str, Any]:
    """What is assigned now at each address that was assigned or taken back; rows bear the instant of their act."""
    ended = {str(data.get("cidr", "")) for _, _, _, data in acts} - {""}
    begun = {at for _, _, at, data in acts if "cidr" not in data}
    asked = AddressRange.objects.filter(created__in=begun).values_list("cidr", flat=True) if begun else ()
    names = {*ended, *asked}
    live = AddressRange.objects.filter(ended=None, cidr__in=names) if names else AddressRange.objects.none()
    now = {row[0]: roll.address(*row)[1] for row in live.values_list(*roll.ADDRESS)}
    return {name: now.get(name) for name in names}


def _tokens(acts: Iterable[Act]) -> dict[str, Any]:
    if not acts:
        return {}
    people = {str(data["person"]) for _, _, _, data in acts if "person" in data}
    issued = {at for _, _, at, data in acts if "person" not in data}
    rows = DohToken.objects.filter(person__in=people) | DohToken.objects.filter(created__in=issued)
    return {digest: None if ended else id for digest, id, ended in rows.values_list("digest", "person_id", "ended")}


def _logins(acts: Iterable[Act]) -> dict[str, Any]:
    people = {str(data.get("person") or subject.partition(":")[2]) for _, subject, _, data in acts}
    if not people:
        return {}
    names = set(ProxyLogin.objects.filter(person__in=people).values_list("name", flat=True))
    live = ProxyLogin.objects.filter(ended=None, name__in=names).values_list("name", "person_id", "hash")
    now = {name: [id, hash] for name, id, hash in live}
    return {name: now.get(name) for name in names}


def _chromeos(people: Iterable[str]) -> dict[str, Any]:
    salts = list(ChromeosSalt.objects.filter(ended=None).values_list("salt", flat=True)) if people else []
    if not salts:
        return {}
    known = Person.objects.filter(pk__in=list(people)).exclude(email="").values_list("id", "email")
    return {hash: id for id, email in known for hash in chromeos_hashes(salts, email)}

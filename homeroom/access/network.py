"""What the director sees of identity at the network: ranges, tokens, salts, switches, and who is where now."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from homeroom.access.actions.network import Range
from homeroom.access.models import AddressRange, Audience, ChromeosSalt, DohToken, Lease, ProxyLogin, RadiusClient
from homeroom.people.models import Person, School

COLUMNS = ("cidr", "place", "school", "audience", "person", "nat")
MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line of a file."""

    line: int
    sentence: str


def leases(words: str = "") -> QuerySet[Lease]:
    """The leases that live now, the newest first; with words only those of an address or a person."""
    rows = Lease.objects.filter(ended=None).select_related("person").order_by("-created", "-pk")
    return rows.filter(_about(words) | Q(address__startswith=words)) if words else rows


def ranges(words: str = "") -> QuerySet[AddressRange]:
    """The ranges that live now, by their text."""
    rows = AddressRange.objects.filter(ended=None).select_related("person", "school").order_by("cidr")
    if not words:
        return rows
    return rows.filter(
        _about(words) | Q(cidr__startswith=words) | Q(place__icontains=words) | Q(school__name__icontains=words)
    )


def tokens(words: str = "") -> QuerySet[DohToken]:
    """The tokens that live now, the newest first."""
    rows = DohToken.objects.filter(ended=None).select_related("person").order_by("-created", "-pk")
    return rows.filter(_about(words) | Q(label__icontains=words)) if words else rows


def logins(words: str = "") -> QuerySet[ProxyLogin]:
    """The names and passwords for the proxy that live now, by name."""
    rows = ProxyLogin.objects.filter(ended=None).select_related("person").order_by("name")
    return rows.filter(_about(words) | Q(name__icontains=words)) if words else rows


def salts() -> QuerySet[ChromeosSalt]:
    """The salts that live now, the newest first."""
    return ChromeosSalt.objects.filter(ended=None).order_by("-created", "-pk")


def newest_salt() -> str:
    """The salt that devices should have; "" where there is none."""
    return salts().values_list("salt", flat=True).first() or ""


def switches() -> QuerySet[RadiusClient]:
    """The RADIUS clients that may tell now, by name."""
    return RadiusClient.objects.filter(ended=None).order_by("name", "cidr")


def _about(words: str) -> Q:
    return (
        Q(person__pk__iexact=words)
        | Q(person__given_name__istartswith=words)
        | Q(person__family_name__istartswith=words)
    )


def as_rows(ranges: QuerySet[AddressRange]) -> Iterator[list[Any]]:
    """Ranges as lines of a file that `read_ranges` reads again."""
    for each in ranges.iterator(2000):
        yield [each.cidr, each.place, each.school_id or "", each.audience, each.person_id or "",
               "yes" if each.nat else ""]  # fmt: skip


def read_ranges(data: bytes) -> tuple[list[Range], list[Problem]]:
    """The ranges of a CSV file with the columns of `COLUMNS`; and what is wrong by line."""
    text = data.decode("utf-8-sig", "replace")
    reader = csv.DictReader(io.StringIO(text))
    names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    if "cidr" not in names:
        return [], [Problem(1, "The first line must name the columns: cidr, place, school, audience, person, nat.")]
    reader.fieldnames = names
    known = set(School.objects.values_list("pk", flat=True))
    found: list[Range] = []
    problems: list[Problem] = []
    for row in reader:
        if reader.line_num > MOST_ROWS:
            problems.append(Problem(reader.line_num, f"A file has at most {MOST_ROWS} lines; split it."))
            break
        values = {name: (row.get(name) or "").strip() for name in COLUMNS}
        if sentence := _wrong(values, known):
            problems.append(Problem(reader.line_num, sentence))
        elif values["cidr"]:
            found.append(Range(values["cidr"], values["person"] or None, values["audience"], values["school"] or None,
                               values["place"], values["nat"].lower() in ("yes", "true", "1")))  # fmt: skip
    return found, problems + _nobody(found)


def _wrong(values: dict[str, str], schools: set[str]) -> str:
    if values["school"] and values["school"] not in schools:
        return f"No school has the id “{values['school']}”."
    if values["audience"] and values["audience"] not in Audience.values:
        return f"“{values['audience']}” is no audience; write student, adult or unknown."
    if values["nat"].lower() not in ("", "yes", "no", "true", "false", "1", "0"):
        return f"“{values['nat']}” in the column nat is neither yes nor no."
    if values["cidr"] and bool(values["audience"]) == bool(values["person"]):
        return "Give either an audience or a person."
    return "" if values["cidr"] or not any(values.values()) else "The range is missing."


def _nobody(found: list[Range]) -> list[Problem]:
    wanted = {each.person for each in found if each.person}
    known = set(Person.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    return [Problem(0, f"Nobody has the id “{each}”.") for each in sorted(wanted - known)]

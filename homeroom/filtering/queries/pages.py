"""What pages show beside their rows: scopes in words, and the lines of lists that name a host."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeroom.filtering.queries import listed
from homeroom.filtering.titles import title
from homeroom.kernel.lists import names
from homeroom.people.models import Class, Person, School


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list that names a host."""

    list: str
    version: str
    line: int
    text: str
    category: str
    title: str


def lines(target: str) -> tuple[Line, ...]:
    """The lines of the lists now live that name a host or URL as people write it; empty for what is no name."""
    try:
        host, path = names.split_url(target)
    except names.BadName:
        return ()
    now = listed.bundle()
    if now is None:
        return ()
    found = ((now.table.slots[each.slot], each) for each in now.table.listings(host, path))
    return tuple(
        Line(slot.list, slot.version, each.line, each.text, slot.category, title(slot.category)) for slot, each in found
    )


def titles(scopes: Iterable[str]) -> dict[str, str]:
    """Scopes ("everyone", "class:7b") in words; three queries however many there are."""
    wanted = {scope: scope.partition(":")[::2] for scope in scopes}
    ids: dict[str, set[str]] = {}
    for kind, id in wanted.values():
        ids.setdefault(kind, set()).add(id)
    known = {
        "school": {each.pk: each.name for each in School.objects.filter(pk__in=ids.get("school", ()))},
        "class": {each.pk: each.title for each in Class.objects.filter(pk__in=ids.get("class", ()))},
        "person": {each.pk: each.name for each in Person.objects.filter(pk__in=ids.get("person", ()))},
        "role": _roles(),
    }
    return {
        scope: _("Everyone") if kind == "everyone" else known.get(kind, {}).get(id, id)
        for scope, (kind, id) in wanted.items()
    }


def _roles() -> dict[str, str]:
    return {
        "student": _("All students"),
        "teacher": _("All teachers"),
        "clerk": _("All clerks"),
        "building_administrator": _("All building administrators"),
        "technology_director": _("All technology directors"),
        "superintendent": _("All superintendents"),
        "board_clerk": _("All board clerks"),
        "employee": _("All other employees"),
        "guardian": _("All parents and guardians"),
    }

"""What the first page shows: how the filter does, in numbers and in plain sentences where something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from homeroom.activity import queries as activity
from homeroom.activity.queries import Gaps, Lag, Summary
from homeroom.doors.status import read_statuses
from homeroom.filtering import permits
from homeroom.filtering.models import BuildRun, Published, ReviewRequest
from homeroom.filtering.queries import builds, lists, reviews
from homeroom.filtering.queries.lists import Freshness
from homeroom.nodes import queries as nodes
from homeroom.people.models import School
from homeroom.site.checks import SILENT, doors_here
from homeroom.site.pages import owed
from homeroom.site.pages.owed import Trouble

SHOWN = 5  # requests


@dataclass(frozen=True, slots=True)
class Door:
    """One door: whether it answers, since when, by which bundle."""

    name: str
    up: bool
    bundle: str
    bundle_at: datetime | None
    current: bool
    seen: float
    queries: int
    trouble: str


@dataclass(frozen=True, slots=True)
class House:
    """How the machinery does; only the director sees it."""

    doors: tuple[Door, ...]
    lists: tuple[Freshness, ...]
    build: BuildRun | None
    current: Published | None
    worker: dict[str, Any] | None
    lag: Lag
    gaps: Gaps


@dataclass(frozen=True, slots=True)
class Today:
    """Everything on the page."""

    summary: Summary
    hours: tuple[activity.Hour, ...]
    waiting: int
    late: int
    requests: tuple[ReviewRequest, ...]
    house: House | None
    troubles: tuple[Trouble, ...] = field(default=())


def today(desk: permits.Desk, school: School | None, at: datetime) -> Today:
    """The first page of one official; `school` None is the whole district."""
    place = school.pk if school else ""
    mine = permits.requests(desk, reviews.waiting())
    house = _house(at) if desk.director else None
    late = mine.filter(due_at__lt=at).count()
    return Today(
        summary=activity.today(at, school=place),
        hours=activity.by_hour(at, school=place),
        waiting=mine.count(),
        late=late,
        requests=tuple(mine[:SHOWN]),
        house=house,
        troubles=(*owed.troubles(desk, at), *_troubles(house, late, at)),
    )


def _house(at: datetime) -> House:
    said = read_statuses(settings.HOME, at)
    current = builds.current()
    return House(
        doors=tuple(_door(name, said.get(name), current) for name in doors_here(said)),
        lists=tuple(lists.freshness(at)),
        build=builds.last_build(),
        current=current,
        worker=said.get("worker"),
        lag=activity.lag(settings.HOME, at),
        gaps=activity.gaps(_midnight(at), at),
    )


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _door(name: str, said: dict[str, Any] | None, current: Published | None) -> Door:
    said = said or {}
    bundle = str(said.get("bundle", ""))
    row = current if current and current.bundle == bundle else _published(bundle)
    return Door(
        name=name,
        up=bool(said) and said["age"] <= SILENT,
        bundle=bundle,
        bundle_at=row.at if row else None,
        current=bool(current) and current.bundle == bundle,
        seen=float(said.get("age", -1)),
        queries=int(said.get("queries", said.get("requests", 0))),
        trouble=str(said.get("trouble", "")),
    )


def _published(bundle: str) -> Published | None:
    return builds.published().filter(bundle=bundle).first() if bundle else None


def _troubles(house: House | None, late: int, at: datetime) -> Iterator[Trouble]:
    if house:
        yield from _door_troubles(house)
        yield from _list_troubles(house, at)
        yield from _worker_troubles(house)
        for sentence in nodes.silent(at):
            yield Trouble(sentence, _("See the filter nodes"), reverse("nodes:nodes"), bad=False)
    if late:
        sentence = ngettext("%(n)d review request is late.", "%(n)d review requests are late.", late) % {"n": late}
        yield Trouble(sentence, _("Answer the oldest first"), reverse("filtering:reviews"))


def _door_troubles(house: House) -> Iterator[Trouble]:
    for door in house.doors:
        name = door.name.upper() if door.name == "dns" else door.name
        if not door.up:
            down = _("The %(name)s door is down: devices that use it reach nothing.") % {"name": name}
            yield Trouble(down, _("Start it with: homeroom door %(name)s") % {"name": door.name})
        elif door.trouble:
            said = _("The %(name)s door reports: %(trouble)s") % {"name": name, "trouble": door.trouble}
            yield Trouble(said, _("It keeps answering by its last good bundle."), bad=False)


def _list_troubles(house: House, at: datetime) -> Iterator[Trouble]:
    if house.build and house.build.outcome == "failed":
        failed = _("The last build failed: %(why)s") % {"why": house.build.sentence}
        yield Trouble(failed, _("See the lists"), reverse("filtering:lists"))
    if not house.lists:
        yield Trouble(
            _("There are no lists yet, so hardly anything is blocked."), _("Add a list"), reverse("filtering:list-add")
        )
    for each in house.lists:
        where = reverse("filtering:list", args=[each["source"].name])
        name = each["source"].name
        if each["trouble"]:
            said = _("The list %(name)s could not be updated: %(why)s") % {"name": name, "why": each["trouble"]}
            yield Trouble(said, _("See the list"), where, bad=False)
        elif each["held"]:
            held = _("A new version of %(name)s waits for you to look at it.") % {"name": name}
            yield Trouble(held, _("Look at it"), reverse("filtering:version", args=[each["held"].pk]), bad=False)
        elif each["overdue"] and each["source"].looked_at:
            age = timesince(each["source"].looked_at, at, depth=1)
            stale = _("The list %(name)s was last looked at %(age)s ago.") % {"name": name, "age": age}
            yield Trouble(stale, _("See the list"), where, bad=False)


def _worker_troubles(house: House) -> Iterator[Trouble]:
    worker = house.worker
    if not worker or worker["age"] > SILENT:
        yield Trouble(
            _("The worker does not run: lists grow old and counts stand still. The doors go on filtering."),
            _("Start it with: homeroom worker"),
        )
    else:
        for name, job in worker.get("jobs", {}).items():
            if job.get("why"):
                said = _("The job %(name)s fails: %(why)s") % {"name": name, "why": job["why"]}
                yield Trouble(said, _("It is tried again by itself."), bad=False)
    if house.lag.late:
        age = round(house.lag.age / 60)
        sentence = _("What the doors answered waits to be counted, the oldest since %(age)d minutes.") % {"age": age}
        yield Trouble(sentence, _("Nothing is lost; see that the worker runs."), bad=False)
    if not house.gaps.none:
        lost = house.gaps.lost_blocks + house.gaps.lost_answers
        sentence = ngettext(
            "The doors had to drop %(n)d line of their record today.",
            "The doors had to drop %(n)d lines of their record today.", lost,
        ) % {"n": lost}  # fmt: skip
        yield Trouble(sentence, _("Make room on the disk; filtering was never affected."), bad=False)

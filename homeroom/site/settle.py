"""Moves the made-up district into an empty house: people, addresses, lists, choices, the first bundle."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from homeroom.access import actions as access
from homeroom.access.models import Account
from homeroom.base.actor import Actor
from homeroom.filtering import tables
from homeroom.filtering.actions import builds, choices, rules, sources, viewpoint
from homeroom.filtering.models import ListSource
from homeroom.people import actions as people
from homeroom.people import queries
from homeroom.people.actions import PlaceIn, RoleOf
from homeroom.people.models import Address, Class, Guardianship, Person, School
from homeroom.site.made_up_district import CAST, NAME, SCHOOLS, TOWN, Resident, bonds, groups, residents

DANA = Actor(id="dana", name="Dana Reyes", roles=frozenset({"technology_director"}))
ADDRESSES = (
    ("127.0.0.1", "ben", "Ben’s laptop"),
    ("127.0.0.2", "ana", "Ana’s laptop"),
    ("127.0.0.3", "olsen", "Ms. Olsen’s laptop"),
    ("127.0.0.4", "dana", "Ms. Reyes’s laptop"),
)
RANGE = ("127.0.8.0/24", "pine", "Pine Middle School, library")
DEMO_LISTS = Path(__file__).parent / "data" / "demo-lists"
SMALL = (
    ("demo-explicit", "hosts", "pornography", DEMO_LISTS / "explicit.hosts"),
    ("demo-gambling", "adblock", "gambling", DEMO_LISTS / "gambling.txt"),
    ("demo-bypass", "rpz", "vpn", DEMO_LISTS / "bypass.zone"),
    ("demo-harm", "dnsmasq", "malware", DEMO_LISTS / "harm.conf"),
    ("demo-ut1", "ut1", "", DEMO_LISTS / "small-ut1"),
)
REAL = (
    ("ut1", "ut1", "", "ut1-*.tar.gz", "CC BY-SA 4.0, Université Toulouse Capitole"),
    ("sinfonietta", "hosts", "pornography", "sinfonietta-*.gz", "MIT, Sinfonietta"),
    ("4skinskywalker", "hosts", "pornography", "4skinskywalker-*.gz", "MIT, 4skinSkywalker"),
)


def settled() -> bool:
    """Whether a district lives here already."""
    return queries.district() is not None


def settle(*, students: int, at: datetime, say: Callable[[str], None]) -> None:
    """Move in: a made-up district of that many students. `say` is told each step."""
    day = at.date()
    first = date(day.year if day.month >= 8 else day.year - 1, 9, 1)
    say(f"Moving {students} made-up students and their teachers in ...")
    people.set_up_district(actor=DANA, name=NAME, at=at)
    schools = [School(id=key, name=name, first_day=first) for key, name in SCHOOLS]
    people.add_schools(actor=DANA, schools=schools, at=at)
    _people(list(residents(students, first.year)), students, first, at)
    _network(at)
    _choices(at)
    bring_lists(at=at, say=say)
    _move_in(at, say)


def bring_lists(*, at: datetime, say: Callable[[str], None]) -> None:
    """Add, fetch and build the small lists, and the real ones where a folder holds them."""
    have, found = set(ListSource.objects.values_list("name", flat=True)), list(_lists())
    if len(found) == len(SMALL):
        say(
            f"No real lists lie in {_real_lists()}; small made-up ones serve. HOMEROOM_DEMO_LISTS names another folder."
        )
    for name, format, category, location, licence in found:
        if name not in have:
            say(f"Reading the list {name} ...")
            sources.add_source(
                actor=DANA, name=name, format=format, category=category, location=str(location), licence=licence, at=at
            )
            sources.update_source(actor=DANA, name=name, at=at)
    say("Building the compiled lists ...")
    run = builds.build(actor=DANA, at=at)
    say(run.sentence)
    _controls(at)


def _controls(at: datetime) -> None:
    """The made-up pairs and names, and the real ones where they lie beside the real lists; then a first report."""
    for folder in (tables.DATA, _real_lists().parent / "viewpoint"):
        for name in ("pairs.csv", "must-not-block.csv"):
            if (folder / name).exists():
                viewpoint.load_file(actor=DANA, path=folder / name, at=at)
    viewpoint.report(actor=DANA, at=at)


def _move_in(at: datetime, say: Callable[[str], None]) -> None:
    """Each app that has a `made_up` module brings its own part of the district, lowest layer first."""
    for app in settings.HOMEROOM_APPS:
        if find_spec(f"{app}.made_up"):
            import_module(f"{app}.made_up").move_in(actor=DANA, at=at, say=say)


def _real_lists() -> Path:
    return Path(os.environ.get("HOMEROOM_DEMO_LISTS") or Path.cwd().parent / "shared" / "data" / "lists")


def _lists() -> Iterator[tuple[str, str, str, Path, str]]:
    for name, format, category, path in SMALL:
        yield name, format, category, path, "Apache-2.0, made up for the demo"
    folder = _real_lists()
    for name, format, category, pattern, licence in REAL:
        for path in sorted(folder.glob(pattern))[-1:]:
            yield name, format, category, path, licence


def _people(everybody: list[Resident], students: int, first: date, at: datetime) -> None:
    classes = [Class(id=g.id, school_id=g.school, title=g.title, first_day=first) for g in groups(students)]
    people.add_classes(actor=DANA, classes=classes, at=at)
    rows = [
        Person(
            id=each.id, given_name=each.given, family_name=each.family, email=each.email, birth_date=each.born,
            home_language=each.language,
        )
        for each in everybody
    ]  # fmt: skip
    people.add_people(actor=DANA, people=rows, at=at)
    city, state, code = TOWN
    addresses = [
        Address(person_id=each.id, kind=Address.For.HOME, street=each.street, city=city, state=state, postal_code=code,
                first_day=first)
        for each in everybody if each.street
    ]  # fmt: skip
    people.add_addresses(actor=DANA, addresses=addresses, at=at)
    roles = [RoleOf(each.id, each.role, first, each.school, each.grade) for each in everybody]
    people.add_roles(actor=DANA, roles=roles, at=at)
    known = {group.id for group in classes}
    places = [
        PlaceIn(each.id, group, each.role, first, primary=each.role == "teacher")
        for each in everybody
        for group in each.classes
        if group in known
    ]
    people.enrol_all(actor=DANA, places=places, at=at)
    held = [
        Guardianship(child_id=child, guardian_id=parent, relationship=Guardianship.As.PARENT, first_day=first)
        for child, parent in bonds(students)
    ]
    people.add_guardians(actor=DANA, bonds=held, at=at)


def _network(at: datetime) -> None:
    for address, person, place in ADDRESSES:
        access.add_address(actor=DANA, cidr=address, person=person, place=place, at=at)
    cidr, school, place = RANGE
    access.add_address(actor=DANA, cidr=cidr, school=school, audience="student", place=place, at=at)
    for each in CAST:
        access.add_account(actor=DANA, person=Person.objects.get(pk=each.id), email=each.email, at=at)


def _choices(at: datetime) -> None:
    choices.choose_alternative(actor=DANA, alternative="3", reason="The district takes part in E-Rate.", at=at)
    choices.choose_category(
        actor=DANA, audience="student", category="games", blocked=True, at=at,
        reason="Games crowd out lessons; teachers can open them for a class.",
        review_on=at.date() + timedelta(days=180),
    )  # fmt: skip
    choices.add_essential(actor=DANA, host="homeroom.test", reason="The district’s own pages.", at=at)
    rules.add_rule(
        actor=DANA, effect="allow", target="chess-club.test", scope="everyone", at=at,
        reason="The chess club plays here; it is listed under games.", review_on=at.date() + timedelta(days=120),
    )  # fmt: skip
    rules.add_rule(
        actor=DANA, effect="block", target="wiki.test/random", scope="class:pine-7-1", at=at,
        reason="Until the quiz is over.", until=at + timedelta(days=7),
    )  # fmt: skip


def entry_links() -> list[tuple[str, str]]:
    """For each of the cast: who, and a link that signs them in once."""
    from homeroom.access import demo

    accounts = Account.objects.filter(person_id__in=[each.id for each in CAST]).select_related("person")
    by_person = {account.person_id: account for account in accounts}
    return [
        (f"{each.given} {each.family}, {each.role.replace('_', ' ')}", demo.entry_link(by_person[each.id]))
        for each in CAST
        if each.id in by_person
    ]

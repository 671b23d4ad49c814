"""Lake Birch, a made-up district: the same people every time, as many students as asked for."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

NAME = "Lake Birch Public Schools (made up)"
SCHOOLS = (("birch", "Birch Elementary"), ("pine", "Pine Middle School"), ("aspen", "Aspen High School"))
GRADES = {
    "birch": ("PK", "K", "1", "2", "3", "4", "5"),
    "pine": ("6", "7", "8"),
    "aspen": ("9", "10", "11", "12"),
}
SIZE = 28  # students to a class

GIVEN = (
    "Amina", "Anders", "Ayaan", "Bao", "Bella", "Carlos", "Chue", "Clara", "Daniel", "Dao", "Elsa", "Emeka", "Fatuma",
    "Finn", "Grace", "Hodan", "Ingrid", "Isaac", "Ja", "Josie", "Khalid", "Kia", "Lars", "Leah", "Lucia", "Maya",
    "Mateo", "Mai", "Nadia", "Nils", "Olive", "Omar", "Pa", "Paul", "Quinn", "Rosa", "Sahra", "Sven", "Tou", "Vue",
    "Willa", "Xai", "Yusuf", "Zoe",
)  # fmt: skip
FAMILY = (
    "Abdi", "Ahmed", "Anderson", "Berg", "Carlson", "Cortez", "Dahl", "Diaz", "Erickson", "Farah", "Garcia", "Hassan",
    "Her", "Holm", "Ibrahim", "Jensen", "Johnson", "Kang", "Larson", "Lee", "Lindgren", "Lopez", "Moua", "Nelson",
    "Nguyen", "Nur", "Okoye", "Olson", "Peterson", "Ramirez", "Sorensen", "Swenson", "Thao", "Torres", "Vang",
    "Warsame", "Xiong", "Yang",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resident:
    """One made-up person: what they are, where, and in which classes."""

    id: str
    given: str
    family: str
    role: str
    school: str | None = None
    grade: str = ""
    classes: tuple[str, ...] = ()
    born: date | None = None
    language: str = "en"
    online: bool = True
    street: str = ""

    @property
    def email(self) -> str:
        """Under `.test`, which nobody can own (RFC 6761); "" for whoever reads no e-mail."""
        return f"{self.id}@lakebirch.test" if self.online else ""


@dataclass(frozen=True, slots=True)
class Group:
    """One made-up class."""

    id: str
    school: str
    title: str


CAST = (
    Resident("dana", "Dana", "Reyes", "technology_director"),
    Resident("okafor", "Chidi", "Okafor", "building_administrator", "pine"),
    Resident("olsen", "Maja", "Olsen", "teacher", "pine", classes=("pine-7-1",)),
    Resident("kim", "Kim", "Vang", "clerk", "pine"),
    Resident("ben", "Ben", "Haugen", "student", "pine", "7", ("pine-7-1",), date(2014, 2, 28)),
    Resident("ana", "Ana", "Morales", "student", "aspen", "11", ("aspen-11-1",), date(2009, 10, 2), "es"),
    Resident("rosa", "Rosa", "Haugen", "guardian"),
    Resident("elena", "Elena", "Morales", "guardian", language="es"),
)
CAST_PARENTS = (("ben", "rosa"), ("ana", "elena"))
ROSA_ALSO = "s000000"  # a child of another household for whom Rosa acts as parent, and has yet to sign
SECOND = 3  # in every so many households two parents live
ON_PAPER = 10  # in every so many households a parent reads letters only
NOT_REACHED = 17  # of this household neither an e-mail nor a postal address is known
TOWN = ("Lake Birch", "MN", "55999")


def groups(students: int) -> list[Group]:
    """As many classes as the students need, spread over all grades."""
    grades = [(school, grade) for school, _ in SCHOOLS for grade in GRADES[school]]
    rounds = max(1, -(-students // (SIZE * len(grades))))
    return [
        Group(f"{school}-{grade.lower()}-{number}", school, f"Grade {grade}, section {number}")
        for number in range(1, rounds + 1)
        for school, grade in grades
    ]


def residents(students: int, year: int) -> Iterator[Resident]:
    """The cast first, then teachers and students; `year` is that of the first school day."""
    yield from CAST
    classes = groups(students)
    for number, group in enumerate(classes):
        if group.id != "pine-7-1":
            given, family = GIVEN[number * 5 % len(GIVEN)], FAMILY[number * 7 % len(FAMILY)]
            yield Resident(f"t{number:04}", given, family, "teacher", group.school, classes=(group.id,))
    places = itertools.cycle(classes)
    for number in range(max(0, students - 2)):
        group = next(places)
        grade = group.id.split("-")[1].upper()
        born = date(year - _age(grade), 1 + number % 12, 1 + number * 7 % 28)
        given, family = GIVEN[number % len(GIVEN)], FAMILY[number // len(GIVEN) % len(FAMILY)]
        yield Resident(f"s{number:06}", given, family, "student", group.school, grade, (group.id,), born)
    yield from _parents(max(0, students - 2))


def bonds(students: int) -> Iterator[tuple[str, str]]:
    """Who is the parent of whom, as (child, parent): two children to a household, one or two parents."""
    yield from CAST_PARENTS
    if students > 2:
        yield ROSA_ALSO, "rosa"
    for number in range(max(0, students - 2)):
        household = number // 2
        yield f"s{number:06}", f"g{household:06}"
        if household % SECOND == 0:
            yield f"s{number:06}", f"h{household:06}"


def _parents(children: int) -> Iterator[Resident]:
    """The parents of each household, with the family name of its first child; every fifth speaks Spanish at home."""
    for household in range((children + 1) // 2):
        family = FAMILY[2 * household // len(GIVEN) % len(FAMILY)]
        language = "es" if household % 5 == 4 else "en"
        given = GIVEN[(household * 3 + 7) % len(GIVEN)]
        letters = household % ON_PAPER == NOT_REACHED % ON_PAPER
        street = f"{household + 1} Birch Road" if letters and household != NOT_REACHED else ""
        yield Resident(
            f"g{household:06}", given, family, "guardian", language=language, online=not letters, street=street
        )
        if household % SECOND == 0:
            other = GIVEN[(household * 5 + 20) % len(GIVEN)]
            yield Resident(f"h{household:06}", other, family, "guardian", language=language)


def _age(grade: str) -> int:
    return {"PK": 4, "K": 5}.get(grade) or 5 + int(grade)

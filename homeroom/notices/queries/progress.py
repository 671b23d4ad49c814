"""How far notices are: counted from their letters, never stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Max, Q, QuerySet

from homeroom.base.actor import Actor
from homeroom.notices.kinds import KINDS, Reaches
from homeroom.notices.models import Attempt, Correction, Letter, LetterChild, LetterState, Notice, PrintRun
from homeroom.notices.queries import recipients
from homeroom.people import queries as people_queries
from homeroom.people import reach
from homeroom.people.models import Person, Role

OPEN = (LetterState.RETURNED, LetterState.UNREACHABLE, LetterState.HELD)
EMERGENCY = "device-emergency"
UNDER_WAY = (LetterState.QUEUED, LetterState.SENDING, LetterState.SENT, LetterState.PRINTED)


@dataclass(frozen=True, slots=True)
class Progress:
    """One notice and its letters by state."""

    notice: Notice
    states: dict[str, int] = field(default_factory=dict)
    read: int = 0

    @property
    def all(self) -> int:
        """How many letters count; stopped ones do not."""
        return sum(number for state, number in self.states.items() if state != LetterState.STOPPED)

    @property
    def delivered(self) -> int:
        """How many arrived."""
        return self.states.get(LetterState.DELIVERED, 0)

    @property
    def open(self) -> int:
        """How many need a person."""
        return sum(self.states.get(state, 0) for state in OPEN)

    @property
    def under_way(self) -> int:
        """How many go on by themselves."""
        return sum(self.states.get(state, 0) for state in UNDER_WAY)

    @property
    def complete(self) -> bool:
        """XIII.C.0: nobody is left without a delivered letter."""
        return self.notice.built_at is not None and self.all > 0 and self.delivered == self.all

    @property
    def share(self) -> int:
        """Delivered, in percent, rounded down so that 100 means all."""
        return self.delivered * 100 // self.all if self.all else 0

    def late(self, at: datetime) -> bool:
        """Whether its time is over and it is not complete."""
        return bool(self.notice.due_at and self.notice.due_at < at and not self.complete)


def progress(notices: Sequence[Notice]) -> list[Progress]:
    """How far some notices are; two questions however many they are."""
    ids = [notice.pk for notice in notices]
    states: dict[int, dict[str, int]] = {}
    rows = Letter.objects.filter(notice__in=ids).order_by().values_list("notice", "state").annotate(Count("pk"))
    for notice, state, number in rows:
        states.setdefault(notice, {})[state] = number
    read = Letter.objects.filter(notice__in=ids, read_at__isnull=False).order_by().values_list("notice")
    reads = dict(read.annotate(Count("pk")))
    return [Progress(notice, states.get(notice.pk, {}), reads.get(notice.pk, 0)) for notice in notices]


def completed_at(notice: Notice) -> datetime | None:
    """When the last letter was delivered; None while one is not."""
    rows = Letter.objects.filter(notice=notice).exclude(state=LetterState.STOPPED)
    # Those who came later have a clock of their own, and do not hold up the yearly one.
    rows = rows.filter(Q(made_at__lte=notice.built_at) | Q(due_at=notice.due_at)) if notice.built_at else rows
    if not rows.exists() or rows.exclude(state=LetterState.DELIVERED).exists():
        return None
    return rows.aggregate(last=Max("delivered_at"))["last"]


def letters(actor: Actor, on: date) -> QuerySet[Letter]:
    """The letters an official may look at: those to or about people whom their role reaches."""
    rows = Letter.objects.select_related("reader", "notice", "content")
    mine = reach.of(actor, on)
    if mine.everybody or actor.holds("superintendent"):
        return rows
    if not actor.holds("building_administrator"):
        rows = rows.exclude(kind=EMERGENCY)  # what threatened a child is not for the whole office
    people = reach.persons(mine, on).values("pk")
    about = LetterChild.objects.filter(child__in=people).values("letter")
    return rows.filter(Q(reader__in=people) | Q(pk__in=about))


def notices(actor: Actor, on: date) -> QuerySet[Notice]:
    """The notices an official may look at: every campaign; those after one event where its letters open to them.

    XIV.D: that there was an emergency, or whose account was opened again, is not for the whole office to read.
    """
    rows = Notice.objects.select_related("template", "clock")
    if reach.of(actor, on).everybody or actor.holds("superintendent"):
        return rows
    one_event = Q(kind__in=(EMERGENCY, "reminder")) | Q(kind="letter") & ~Q(about="")
    return rows.filter(~one_event | Q(pk__in=letters(actor, on).order_by().values("notice")))


def mine(person: str, on: date) -> QuerySet[Letter]:
    """XI.A, XII.B.0a: what somebody was sent, and what was sent to the parents of or about a child that is theirs.

    A parent sees letters about their children to themselves only; what another parent got is that one's own.
    """
    return Letter.objects.filter(reader=person).exclude(state=LetterState.STOPPED).select_related(
        "notice", "content", "reader"
    ).order_by("-id")  # fmt: skip


def of_children(person: str, on: date) -> QuerySet[Letter]:
    """What was sent to the children of a parent who may see it in the portal.

    XIV.D: not the notice after an emergency. A parent may be the danger; what a parent may know of an access stands
    among the accesses to the child's device.
    """
    children = people_queries.open_bonds(person, on).values("child_id")
    rows = Letter.objects.filter(reader__in=children).exclude(state=LetterState.STOPPED).exclude(kind=EMERGENCY)
    return rows.select_related("notice", "content", "reader").order_by("-id")


def children_of(letter: Letter) -> list[str]:
    """The names of those a letter is about, as they were when it was written."""
    return [str(each) for each in letter.fields.get("children", ())]


def attempts(letter: Letter) -> QuerySet[Attempt]:
    """Every try to bring a letter, in order."""
    return letter.attempts.select_related("run").order_by("begun_at", "id")  # type: ignore[attr-defined]


def corrections(letter: Letter) -> QuerySet[Correction]:
    """What was said about a letter, or about a print file it lay in, and taken back."""
    runs = letter.attempts.filter(run__isnull=False).values("run")  # type: ignore[attr-defined]
    return Correction.objects.filter(Q(letter=letter) | Q(run__in=runs))


def runs(notice: Notice) -> QuerySet[PrintRun]:
    """The print files of a notice, the newest first, each with what was said about it and taken back."""
    return PrintRun.objects.filter(notice=notice).prefetch_related("corrections")


def unreached(actor: Actor, on: date) -> QuerySet[Letter]:
    """The worklist: letters that nobody gets unless a person does something."""
    return letters(actor, on).filter(state__in=OPEN).order_by("due_at", "id")


def without_parent(actor: Actor, notice: Notice, on: date, most: int = 100) -> list[Person]:
    """XIII.B: students of a notice to parents of whom no parent can be told at all; those whom an official reaches."""
    kind = KINDS[notice.kind]
    if kind.reaches is Reaches.THEMSELVES or "readers" in notice.who:
        return []
    rows = Person.objects.filter(pk__in=recipients.without_parent(notice.who, on))
    mine = reach.of(actor, on)
    if not mine.everybody and not actor.holds("superintendent"):
        rows = rows.filter(pk__in=reach.persons(mine, on).values("pk"))
    return list(rows[:most])


@dataclass(frozen=True, slots=True)
class Preview:
    """Before anything goes out: how many letters, by way and language, and who cannot be reached."""

    letters: int
    ways: dict[str, int]
    languages: dict[str, int]
    held: int
    without_parent: int


def preview(kind: str, who: dict, on: date, languages: Sequence[str] = ("en",)) -> Preview:
    """What a sending would do today, counted without writing anything."""
    expected = recipients.expected(KINDS[kind], who, on)
    ways: dict[str, int] = {}
    told: dict[str, int] = {}
    ids = list(expected.readers)
    for start in range(0, len(ids), 2000):
        for id, way in recipients.ways(ids[start : start + 2000], on).items():
            name = "held" if expected.readers[id].held else way.channel
            ways[name] = ways.get(name, 0) + 1
            base = way.language.partition("-")[0]
            language = base if base in languages else "en"
            told[language] = told.get(language, 0) + 1
    held = ways.pop("held", 0)
    return Preview(len(ids), ways, told, held, len(expected.without_parent))


def grades(on: date) -> list[str]:
    """The grades that have students on a day, youngest first."""
    held = Role.objects.on(on).filter(role="student").exclude(grade="").order_by().values_list("grade", flat=True)
    return sorted(set(held.distinct()), key=_age)


def _age(grade: str) -> int:
    return {"PK": -1, "K": 0}.get(grade, int(grade) if grade.isdigit() else 99)

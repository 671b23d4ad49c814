"""From a released notice to one letter for each reader, in portions; killed and started again it goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import islice
from typing import Any

from django.conf import settings

from homeroom.base.actor import SYSTEM, Actor
from homeroom.journal import actions as journal
from homeroom.notices import elements, wording
from homeroom.notices.actions import clocks
from homeroom.notices.kinds import KINDS, Kind, places
from homeroom.notices.models import Content, Letter, LetterChild, LetterState, Notice, NoticeState, Template
from homeroom.notices.queries import recipients, told
from homeroom.notices.queries.recipients import Wanted, Ways
from homeroom.people import queries as people
from homeroom.people.models import Person

PORTION = 1000  # readers in one transaction
ENGLISH = "en"
Made = tuple[Letter, list[str], Wanted]


@dataclass(frozen=True, slots=True)
class _Job:
    """What all letters of one building have in common."""

    actor: Actor
    notice: Notice
    kind: Kind
    contents: Mapping[str, Content]
    at: datetime


def build(*, at: datetime, notice: Notice, actor: Actor = SYSTEM, portions: int | None = None) -> int:
    """Write the letters that are missing, at most so many portions of them; the number made.

    Nobody is forgotten and nobody told twice, whenever it stops: what is missing is found by comparing who must be
    told today with the letters there are, and the database refuses a second letter about the same child.
    """
    if notice.state != NoticeState.RELEASED:
        return 0
    on = people.today(at)
    kind = KINDS[notice.kind]
    job = _Job(actor, notice, kind, _contents(notice, at), at)
    expected = recipients.expected(kind, notice.who, on).readers
    made, whole, written = 0, True, 0
    for portion in _portions(sorted(expected)):
        if portions is not None and written >= portions:
            whole = False
            break
        new = _portion(job, [expected[id] for id in portion])
        made, written = made + new, written + bool(new)
    done = {"looked_at": at} | ({"built_at": notice.built_at or at} if whole else {})
    Notice.objects.filter(pk=notice.pk).update(**done)
    return made


def _contents(notice: Notice, at: datetime) -> dict[str, Content]:
    """What this notice says, by language: the approved words with the facts in them. Frozen by their hash."""
    kind = KINDS[notice.kind]
    if notice.template is None:
        english = _plain_content(notice, ENGLISH, notice.facts, None, at)
        other = dict(notice.facts.get("other", {}))
        return {ENGLISH: english} | {
            language: _plain_content(notice, language, said, english, at) for language, said in other.items()
        }
    enclosed = _enclosed(kind, at)
    english = _content(notice, kind, ENGLISH, enclosed.get(ENGLISH), None, at)
    found = {ENGLISH: english}
    for text in notice.template.texts.exclude(language=ENGLISH).filter(checked_at__isnull=False):
        beside = enclosed.get(text.language) or enclosed.get(ENGLISH)
        found[text.language] = _content(notice, kind, text.language, beside, english, at)
    return found


def _portion(job: _Job, wanted: Sequence[Wanted]) -> int:
    """One transaction: letters for readers who lack one, or lack a child in theirs."""
    with journal.atomic():
        readers = [each.reader for each in wanted]
        have = _have(job.notice, readers)
        missing = [(each, _missing(each, have)) for each in wanted]
        missing = [(each, children) for each, children in missing if children is not None]
        if not missing:
            return 0
        reach = recipients.ways([each.reader for each, _ in missing], people.today(job.at))
        names = _names(children for _, children in missing)
        made = [_letter(job, each, children, have, reach, names) for each, children in missing]
        _save(job, made)
    return len(made)


def _have(notice: Notice, readers: Sequence[str]) -> dict[str, tuple[int, set[str]]]:
    """By reader: the number of the last letter, and the children told about."""
    have: dict[str, tuple[int, set[str]]] = {}
    rows = Letter.objects.filter(notice=notice, reader__in=readers).order_by("number")
    for reader, number in rows.values_list("reader_id", "number"):
        have[reader] = (number, set())
    for reader, child in LetterChild.objects.filter(notice=notice, reader__in=readers).values_list("reader", "child"):
        have[reader][1].add(child)
    return have


def _missing(wanted: Wanted, have: Mapping[str, tuple[int, set[str]]]) -> list[str] | None:
    """The children a reader must still be told about; None where nothing is missing."""
    known = have.get(wanted.reader)
    if known is None:
        return wanted.children
    return [child for child in wanted.children if child not in known[1]] or None


def _letter(
    job: _Job,
    wanted: Wanted,
    children: list[str],
    have: Mapping[str, tuple[int, set[str]]],
    reach: Mapping[str, Ways],
    names: Mapping[str, str],
) -> Made:
    way = reach[wanted.reader]
    content = job.contents.get(way.language) or job.contents.get(way.language.partition("-")[0])
    content = content or job.contents[ENGLISH]
    # A notice about a device speaks of its student, also where the student is the reader.
    themselves = [way.name] if "children" in places(job.kind) else []
    fields = {"reader": way.name, "children": [names[child] for child in children] or themselves}
    number = have[wanted.reader][0] + 1 if wanted.reader in have else 1
    letter = Letter(
        notice=job.notice, kind=job.kind.id, reader_id=wanted.reader, number=number, content=content, fields=fields,
        sha256=wording.letter_hash(content.sha256, fields), made_at=job.at, due_at=job.notice.due_at,
        **_first_step(job, wanted, way),
    )  # fmt: skip
    return letter, children, wanted


def _first_step(job: _Job, wanted: Wanted, way: Ways) -> dict[str, Any]:
    """Where a letter begins: by which way, and when somebody has to do something."""
    if wanted.held:
        return {"state": LetterState.HELD, "channel": "", "why": wanted.held}
    channel = way.channel if job.notice.channel == "auto" else job.notice.channel
    if (channel == "email" and not way.email) or (channel == "paper" and not way.address):
        channel = way.channel
    if job.kind.id == "reminder" and channel != "email":
        return {"state": LetterState.STOPPED, "channel": "", "why": "No e-mail address; the page of clocks shows it."}
    if not channel:
        why = "Neither an e-mail nor a postal address is on record."
        return {"state": LetterState.UNREACHABLE, "channel": "", "why": why}
    return {"state": LetterState.QUEUED, "channel": channel, "next_at": job.at if channel == "email" else None}


def _save(job: _Job, made: Sequence[Made]) -> None:
    late = job.notice.built_at is not None and bool(job.kind.newcomer_rule)
    for letter, _, wanted in made if late else ():
        letter.due_at = _own_due(job, wanted)
    Letter.objects.bulk_create([letter for letter, _, _ in made], batch_size=500)
    pairs = [
        LetterChild(letter=letter, notice=job.notice, reader_id=letter.reader_id, child_id=child)
        for letter, children, _ in made
        for child in children
    ]
    LetterChild.objects.bulk_create(pairs, batch_size=500)
    for letter, _, wanted in made if late else ():
        _own_clock(job, letter, wanted)
    journal.record(
        actor=job.actor, verb="notices.letters.made", subject=f"notice:{job.notice.pk}", at=job.at,
        clause=job.kind.clause, data={"letters": len(made), "first": made[0][0].pk, "last": made[-1][0].pk},
    )  # fmt: skip


def _own_due(job: _Job, wanted: Wanted) -> datetime | None:
    from homeroom.board import queries as board
    from homeroom.kernel.deadlines import clock
    from homeroom.notices.queries import days

    rule = board.rule(job.kind.newcomer_rule, people.today(job.at))
    return clock.due(rule, _began(job, wanted), days.calendar()).at


def _own_clock(job: _Job, letter: Letter, wanted: Wanted) -> None:
    """XIII.C.0: whoever comes after the yearly sending gets an own notice with an own clock."""
    clocks.start_clock(
        actor=job.actor, at=job.at, rule=job.kind.newcomer_rule, about=f"letter:{letter.pk}",
        since=_began(job, wanted), owner=job.notice.clock.owner_id if job.notice.clock else None,
        title=f"{job.notice.title}: {letter.fields['reader']}",
    )  # fmt: skip


def _began(job: _Job, wanted: Wanted) -> datetime:
    """When somebody came, or when the notice was released where that is later."""
    came = datetime.combine(wanted.since, time(8), people.zone()) if wanted.since else job.at
    return max(came, job.notice.released_at or came)


def _content(
    notice: Notice, kind: Kind, language: str, enclosed: Content | None, beneath: Content | None, at: datetime
) -> Content:
    template = notice.template
    assert template is not None, "release_notice pinned it"
    text = template.texts.get(language=language)
    other = notice.facts.get("other", {}).get(language, {})  # the facts that are said otherwise in this language
    values = {**_house(), **notice.facts, **other, "student_notice": f"“{enclosed.subject}”" if enclosed else ""}
    return _frozen(kind.id, language, text.subject, elements.order(kind, text.blocks), values, enclosed, beneath, at)


def _frozen(
    kind: str,
    language: str,
    subject: str,
    blocks: Sequence[Sequence[str]],
    values: Mapping[str, Any],
    enclosed: Content | None,
    beneath: Content | None,
    at: datetime,
) -> Content:
    filled = [[name, wording.fill(words, values, wording.OPEN)] for name, words in blocks]
    subject = wording.fill(subject, values, wording.OPEN)[:200]
    sha = wording.content_hash(
        kind, language, subject, filled, enclosed.sha256 if enclosed else "", beneath.sha256 if beneath else ""
    )
    new = {"kind": kind, "language": language, "subject": subject, "blocks": filled, "enclosed": enclosed,
           "beneath": beneath, "made_at": at}  # fmt: skip
    return Content.objects.get_or_create(sha256=sha, defaults=new)[0]


def _enclosed(kind: Kind, at: datetime) -> dict[str, Content]:
    """XII.B.1: the very words that students get, by language; of the template that counts on that day."""
    if not kind.encloses:
        return {}
    template = told.current_template(kind.encloses, people.today(at))
    return _of_template(template, at) if template else {}


def _of_template(template: Template, at: datetime) -> dict[str, Content]:
    kind = KINDS[template.kind]
    return {
        text.language: _frozen(
            kind.id, text.language, text.subject, elements.order(kind, text.blocks), _house(), None, None, at
        )
        for text in template.texts.all()
        if text.language == ENGLISH or text.checked_at
    }


def _plain_content(
    notice: Notice, language: str, said: Mapping[str, Any], beneath: Content | None, at: datetime
) -> Content:
    """A letter or reminder without a template: its own words; in another language the English stands beneath."""
    blocks = [["opening", str(said["words"])]]
    return _frozen(notice.kind, language, str(said["subject"]), blocks, _house(), None, beneath, at)


def _house() -> dict[str, str]:
    district = people.district()
    return {"district": district.name if district else settings.ORGANISATION, "public_url": settings.PUBLIC_URL}


def _names(children: Iterator[list[str]] | Any) -> dict[str, str]:
    ids = {child for each in children for child in each}
    return {person.pk: person.name for person in Person.objects.filter(pk__in=ids)}


def _portions(ids: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while portion := list(islice(rest, PORTION)):
        yield portion

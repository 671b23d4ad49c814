"""What the board's records owe the policy, and the probes that look whether it is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q

from homeroom.board import queries
from homeroom.board.actions import (
    answer_funding,
    check_source,
    choose,
    close_review,
    draft_addendum,
    import_text,
    open_review,
    put_in_force,
    reread,
    submit_addendum,
)
from homeroom.board.models import Addendum, AddendumState, AdoptedText, Source
from homeroom.kernel.policytext.claims import Claim, How, Looked
from homeroom.people import queries as people

FEDERAL_LIMBS = 3  # 47 CFR 54.520(a)(4): all three together


def days_without_policy(at: datetime) -> Looked:
    """524.title-note: texts are on file, but none is in force today."""
    known = AdoptedText.objects.count()
    return Looked(known, int(known > 0 and queries.in_force(people.today(at)) is None))


def begun_without_meeting(at: datetime) -> Looked:
    """VI.Alt3.note.b: texts with Alternative 3 that began without notice, hearing and minutes."""
    alone = Q(alternative="", clauses__clause__endswith=".Alt3")
    third = AdoptedText.objects.filter(Q(alternative__endswith="Alt3") | alone, from_day__lte=people.today(at))
    begun = AdoptedText.objects.filter(pk__in=third.values("pk"))  # each once
    proper = Q(noticed_on__lt=F("hearing_on"), hearing_on__lt=F("from_day")) & ~Q(minutes="")
    return Looked(begun.count(), begun.exclude(proper).count())


def addenda_lost(at: datetime) -> Looked:
    """XVII.A.1: forms, guidelines and procedures that were handed to the board more than a year ago, unanswered."""
    handed = Addendum.objects.exclude(state=AddendumState.DRAFTED)
    waiting = handed.filter(state=AddendumState.SUBMITTED, submitted_at__lt=at - timedelta(days=366))
    return Looked(handed.count(), waiting.count())


def addenda_unapproved(at: datetime) -> Looked:
    """XVII.A.2: addenda that count today without an approval, its minutes, or on a day before it."""
    counted = Addendum.objects.effective(people.today(at))
    proper = Q(approved_on__lte=F("effective_on")) & ~Q(minutes="") & ~Q(number="")
    return Looked(counted.count(), counted.exclude(proper).count())


def money_unanswered(at: datetime) -> Looked:
    """VI.note1.b: a text is in force, and nobody said which money is sought."""
    on = people.today(at)
    known = queries.in_force(on) is not None
    return Looked(int(known), int(known and queries.funding(on) is None))


def alternatives_too_weak(at: datetime) -> Looked:
    """VI.Alt1.note1: the alternative in force is weaker than the money sought asks for."""
    text, asked = _chosen_and_asked(at)
    return Looked(int(bool(text and asked)), int(bool(text and asked and queries.number(text) < asked)))


def stricter_without_reason(at: datetime) -> Looked:
    """VI.note-last: a stricter alternative is in force than the money asks for, and nobody wrote down why."""
    text, asked = _chosen_and_asked(at)
    stricter = bool(text and asked and queries.number(text) > asked)
    return Looked(int(stricter), int(bool(stricter and text and not text.reason.strip())))


def elements_missing(at: datetime) -> Looked:
    """VI.Alt3.note.a: elements that federal law asks for and the text in force, with Alternative 3, does not have."""
    text = queries.in_force(people.today(at))
    if text is None or queries.number(text) != "3":
        return Looked(0)
    found = queries.elements(text)
    gone = [each.title for each in found if not each.there]
    return Looked(len(found), len(gone), f"Missing: {'; '.join(gone)}." if gone else "")


def definition_other_than_federal(at: datetime) -> Looked:
    """VI.Alt3.B.1-3: a text that defines the term is in force, and reviewers see another test than the federal one."""
    text = queries.in_force(people.today(at))
    defined = bool(text and any(row.id.startswith("VI.Alt3.B") for row in queries.rows(text)))
    limbs = queries.parameter("harmful-limbs", people.today(at))
    return Looked(int(defined), int(defined and limbs != FEDERAL_LIMBS))


def chosen_without_reason(at: datetime) -> Looked:
    """V.A.6.note: texts that left something to choose and began without a choice with its reason."""
    begun = AdoptedText.objects.filter(from_day__lte=people.today(at))
    offered = begun.filter(Q(clauses__optional=True) | ~Q(alternative="")).distinct()
    return Looked(offered.count(), offered.filter(reason="").count())


def notices_not_reread(at: datetime) -> Looked:
    """XVII.B: notices that a new text or guideline touched and that nobody read again in time."""
    on = people.today(at)
    days = timedelta(days=int(queries.parameter("reread-days", on)))
    notices = len(queries.effective_subjects("notices.template:", on))
    late = {each.addendum.pk for each in queries.unread(on) if each.since + days < on}
    return Looked(notices, min(len(late), notices))


def reviews_late(at: datetime) -> Looked:
    """XVII.D: the yearly review is overdue."""
    on = people.today(at)
    clock = queries.review_clock(on)
    return Looked(int(clock is not None), int(clock is not None and clock.due < on))


def laws_unchecked(at: datetime) -> Looked:
    """REF.legal: statutes and cases that nobody looked at within the time set for it."""
    return _unchecked(Source.Kind.LAW, at)


def policies_unchecked(at: datetime) -> Looked:
    """VII: other policies of the district that nobody looked at within the time set for it."""
    return _unchecked(Source.Kind.POLICY, at)


def _unchecked(kind: Source.Kind, at: datetime) -> Looked:
    on = people.today(at)
    oldest = on - timedelta(days=31 * int(queries.parameter("source-check-months", on)))
    known = Source.objects.filter(kind=kind)
    return Looked(known.count(), known.filter(Q(checked_on=None) | Q(checked_on__lt=oldest)).count())


def _chosen_and_asked(at: datetime) -> tuple[AdoptedText | None, str]:
    """The text in force with an alternative, and the alternative that the money sought asks for."""
    on = people.today(at)
    text, profile = queries.in_force(on), queries.funding(on)
    chosen = text if text and queries.number(text) else None
    return chosen, queries.recommended(profile) if profile else ""


CLAIMS = (
    Claim(
        ("524.title-note",), How.RECORD,
        "The adopted text is on file clause by clause, and what was in force on any day has an answer.",
        (import_text, put_in_force), (days_without_policy,),
    ),
    Claim(
        ("VI.Alt3.note.b",), How.GATE,
        "A text with Alternative 3 comes into force only with the days of its public notice and its hearing, and the "
        "minutes, all before its first day.",
        (put_in_force,), (begun_without_meeting,),
    ),
    Claim(
        ("XVII.A.1",), How.RECORD,
        "Whoever administers the schools drafts forms, guidelines and procedures and hands them to the board; each "
        "step is written down.",
        (draft_addendum, submit_addendum), (addenda_lost,),
    ),
    Claim(
        ("VI.note1.b", "VI.Alt3.note.c"), How.RECORD,
        "The district says which money it seeks for the Internet; the answer recommends an alternative of Article VI, "
        "and says whether federal standards apply.",
        (answer_funding,), (money_unanswered,),
    ),
    Claim(
        ("VI.Alt1.note1", "VI.Alt2.note"), How.RECORD,
        "An alternative weaker than the money sought asks for is shown to the board, and counts as a breach while it "
        "is in force.",
        (choose, queries.points), (alternatives_too_weak,),
    ),
    Claim(
        ("VI.note-last",), How.RECORD,
        "The board may choose a stricter alternative than the money asks for; its reason is on record.",
        (choose,), (stricter_without_reason,),
    ),
    Claim(
        ("VI.Alt3.note.a",), How.RECORD,
        "The text in force is looked through for the ten elements that federal law asks of an Internet safety policy.",
        (queries.elements,), (elements_missing,),
    ),
    Claim(
        ("VI.Alt3.B.1-3",), How.WORDS,
        "Where a text joins the limbs of the definition otherwise than federal law does, the board is shown the "
        "difference; the filter's categories follow the federal test, in which all three must be met, and whoever "
        "reviews a blocked page is shown it.",
        (queries.points,), (definition_other_than_federal,),
    ),
    Claim(
        ("V.A.6.note", "II.1"), How.RECORD,
        "The board chooses the optional paragraphs and the alternative with a reason that says how they serve the "
        "district's mission; other parts of the house ask for the choice.",
        (choose, queries.options), (chosen_without_reason,),
    ),
    Claim(
        ("XVII.B",), How.CLOCK,
        "When a new text or guideline takes effect, every notice that it touches is read again within the days set for "
        "it, and revised where needed.",
        (reread, queries.unread), (notices_not_reread,),
    ),
    Claim(
        ("XVII.D",), How.CLOCK,
        "A clock of twelve months runs from the last review; the packet is built from the records, and outcome and "
        "minutes are kept.",
        (open_review, close_review), (reviews_late,),
    ),
    Claim(
        ("REF.legal",), How.RECORD,
        "Every statute and case that a text names is on a register; somebody looks once a year whether it still says "
        "the same.",
        (check_source,), (laws_unchecked,),
    ),
    Claim(
        ("VII",), How.RECORD,
        "Every policy of the district that the text names is on a register, and is looked at once a year.",
        (check_source,), (policies_unchecked,),
        missing="Whether a use breaks another policy is for people to judge; their reports are not kept yet.",
    ),
    Claim(
        ("REF.cross",), How.RECORD,
        "The policies that take over where they apply are on the same register, with where each can be read.",
        (check_source, queries.sources), (policies_unchecked,),
        missing="What was handed over to which policy is not written down yet.",
    ),
)  # fmt: skip

"""What agreements owe the policy, and the probes that look whether it is kept."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Count, F, Q

from homeroom.agreements import approval, completing
from homeroom.agreements.actions import alternatives, filing, opening, paper, signing, termination
from homeroom.agreements.models import Agreement, Alternative, FormVersion, Permission, Signature, Termination
from homeroom.agreements.queries import facts
from homeroom.kernel.agreements import needed
from homeroom.kernel.agreements.values import Part
from homeroom.kernel.decision import steps
from homeroom.kernel.policytext.claims import Claim, How, Looked
from homeroom.people import queries as people


def permitted_by_nobody(at: datetime) -> Looked:
    """IX.B.1: agreements on file for students whom a permission lets in that nobody gave or that nobody may give."""
    rows = Permission.objects.filter(withdrawn_on=None)
    staff = rows.filter(by__roles__role__in=("teacher", "building_administrator")).distinct()
    looked = rows.count()
    return Looked(looked, looked - staff.count())


def students_without_supervision(at: datetime) -> Looked:
    """IX.B.2: students to whom agreements open the network though nobody supervises them today."""
    agreed = _students(at)
    bare = [each for each in agreed if not each.around.teachers]
    on = people.today(at)
    return Looked(len(agreed), sum(not _missing(each, on) for each in bare))


def signed_without_words(at: datetime) -> Looked:
    """IX.C.1: signatures of students whose words are not those on file, or without a name or a witness."""
    return _unsound(Part.STUDENT)


def parents_signed_without_words(at: datetime) -> Looked:
    """IX.C.2: signatures of parents whose words are not those on file, or without a name or a witness."""
    return _unsound(Part.PARENT)


def teachers_signed_without_words(at: datetime) -> Looked:
    """IX.C.3: signatures of teachers whose words are not those on file, or without a name or a witness."""
    return _unsound(Part.TEACHER)


def employees_signed_without_words(at: datetime) -> Looked:
    """IX.C.4: signatures of employees whose words are not those on file, or without a name or a witness."""
    return _unsound(Part.EMPLOYEE)


def complete_and_not_filed(at: datetime) -> Looked:
    """IX.C.5: agreements that are complete and on file nowhere."""
    on = people.today(at)
    loose = Agreement.objects.filter(closed_on=None, first_day__lte=on, filing=None)
    some = loose.annotate(n=Count("slots__signatures")).filter(n__gt=0).in_bulk()
    done = completing.complete_on(on, some) if some else []
    return Looked(len(done) + Agreement.objects.exclude(filing=None).count(), len(done))


def later_teachers_not_attached(at: datetime) -> Looked:
    """IX.C.6: signatures of a later teacher that do not point to the original."""
    later = Signature.objects.filter(slot__part=Part.TEACHER).exclude(attached_to=None)
    first = Signature.objects.filter(slot__part=Part.TEACHER, attached_to=None)
    double = first.values("slot__agreement").annotate(n=Count("pk")).filter(n__gt=1).count()
    astray = later.exclude(attached_to__slot__agreement=F("slot__agreement")).count()
    looked = later.count() + double
    return Looked(looked, min(looked, astray + double))


def closed_late_for_a_parent(at: datetime) -> Looked:
    """VIII.D.2: accounts whose end a parent asked for and whose agreement still runs, or that wait for a check."""
    asked = Termination.objects.filter(reversed_on=None, declined_at=None)
    running = asked.filter(
        child__agreements__closed_on=None, child__agreements__form="student", executed_on__isnull=False
    )
    waiting = asked.filter(checked_at=None, requested_at__lt=at).exclude(requested_at__date=people.today(at))
    looked = asked.count()
    return Looked(looked, min(looked, running.distinct().count() + waiting.count()))


def opened_against_a_parent(at: datetime) -> Looked:
    """VIII.D.2: a parent's word taken back by somebody else without a reason on record."""
    over = Termination.objects.exclude(reversed_on=None)
    return Looked(over.count(), over.exclude(reversed_by=F("guardian")).filter(reversed_why="").count())


def alternatives_late(at: datetime) -> Looked:
    """XII.B.0b: requests for other activities whose day came without a plan or an explanation in writing."""
    due = Alternative.objects.filter(due_on__lt=people.today(at))
    late = due.filter(offered_at=None, explained_at=None, ended_on=None)
    return Looked(due.count(), late.count())


def forms_signed_without_approval(at: datetime) -> Looked:
    """IX.A: versions that were signed and that no addendum made part of the policy."""
    signed = FormVersion.objects.filter(signatures__isnull=False).distinct()
    effect = {each.version.form_id: each.wanted for each in approval.in_effect(people.today(at)).values()}
    bad = [row for row in signed if row.form_id not in effect or row.number > effect[row.form_id].version]
    return Looked(len(signed), len(bad))


def _unsound(part: Part) -> Looked:
    rows = Signature.objects.filter(slot__part=part)
    sound = rows.filter(text_sha256=F("text__sha256")).exclude(Q(typed_name="") & Q(attested_by=None))
    looked = rows.count()
    return Looked(looked, looked - sound.count())


def _students(at: datetime) -> list[facts.Agreed]:
    found = facts.bearings(people.today(at)).values()
    return [each.agreed for each in found if each.agreed is not None and each.agreed.around.kind == "student"]


def _missing(agreed: facts.Agreed, on: date) -> tuple[needed.Gap, ...]:
    return needed.gaps(agreed.around, agreed.held, agreed.wanted, agreed.choices, on)


def _signed(clause: str, who: str, probe: object) -> Claim:
    sentence = (
        f"The network stays closed until {who} has read and signed the words the board approved; how whoever signed "
        "was identified and the hash of the very words are kept with each signature."
    )
    return Claim((clause,), How.GATE, sentence, (signing.sign, paper.confirm_paper, needed.gaps), (probe,))  # type: ignore[arg-type]


CLAIMS = (
    Claim(
        ("IX.A",), How.WORDS,
        "Student, parent and supervising teacher each read and sign the same agreement, in words the board approved.",
        (signing.sign, opening.follow_roster), (forms_signed_without_approval,),
    ),
    Claim(
        ("IX.B.1",), How.GATE,
        "A student's network stays closed until a teacher or administrator has permitted it on record; taking the "
        "permission back closes it.",
        (filing.permit, filing.withdraw_permission, needed.gaps), (permitted_by_nobody,),
    ),
    Claim(
        ("IX.B.2",), How.GATE,
        "Without a supervising teacher on record today a student's network is closed; supervising itself people do.",
        (needed.gaps, steps.standing), (students_without_supervision,),
    ),
    _signed("IX.C.1", "the student", signed_without_words),
    _signed("IX.C.2", "a parent or guardian, or all of them where the district or a court asks so,",
            parents_signed_without_words),
    _signed("IX.C.3", "today's supervising teacher", teachers_signed_without_words),
    _signed("IX.C.4", "the employee", employees_signed_without_words),
    Claim(
        ("IX.C.5",), How.RECORD,
        "A complete agreement goes on file in the student's school with its last signature.",
        (filing.file, signing.sign), (complete_and_not_filed,),
    ),
    Claim(
        ("IX.C.6",), How.GATE,
        "When the supervising teacher changes, the network closes, or stays open for a grace the board set, until the "
        "new teacher has signed; that signature is attached to the original, which the database refuses to change.",
        (opening.follow_roster, signing.sign, needed.gaps), (later_teachers_not_attached,),
    ),
    Claim(
        ("VIII.D.2",), How.GATE,
        "A parent ends the child's account on their own page, or through the office; it closes at once, what was "
        "stored stays, and it opens again only at the word of the same parent, or by an act of the school with a "
        "reason, and with a fresh agreement.",
        (
            termination.request_termination, termination.check_authority, termination.reverse_termination,
            termination.overrule_termination,
        ),
        (closed_late_for_a_parent, opened_against_a_parent),
    ),
    Claim(
        ("XII.B.0b",), How.RECORD,
        "Parents ask for activities without the Internet on their own page; each request has a teacher, a day, and "
        "a plan or a written explanation.",
        (alternatives.request_alternative, alternatives.offer_alternative, alternatives.explain_alternative),
        (alternatives_late,),
    ),
)  # fmt: skip

"""What notices owe the policy, and the probes that look whether it is kept."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef

from homeroom.kernel.policytext.claims import Claim, How, Looked
from homeroom.notices.actions import building, letters, notices, printing, reconciling, sending, templates
from homeroom.notices.elements import faults
from homeroom.notices.kinds import KINDS
from homeroom.notices.models import Content, Letter, LetterChild, LetterState, Notice
from homeroom.notices.queries import delivered, demanded, recipients
from homeroom.people import queries as people
from homeroom.people.models import Guardianship, Role, RoleName

WHERE = "No words of this kind are part of the policy yet."


def users_not_told(at: datetime) -> Looked:
    """XI.A: students and staff of today to whom no notice to users was delivered."""
    on = people.today(at)
    if not demanded("users", on):
        return Looked(0, summary=WHERE)
    ids = set(recipients.expected(KINDS["users"], {}, on).readers)
    return Looked(len(ids), len(ids - set(delivered("users", on))))


def contents_without_an_element(at: datetime) -> Looked:
    """XI.B.1: notices to users that went out and lack one of the things they must say."""
    return _without("users")


def parents_contents_without_an_element(at: datetime) -> Looked:
    """XII.B.2: notices to parents that went out and lack one of the things they must say."""
    return _without("parents")


def students_whose_parents_were_not_told(at: datetime) -> Looked:
    """XII.B.0a: students of today of whom no parent was delivered the notice to parents."""
    on = people.today(at)
    if not demanded("parents", on):
        return Looked(0, summary=WHERE)
    held = Role.objects.on(on).filter(role=RoleName.STUDENT).values_list("person_id", flat=True)
    ids = set(held)
    return Looked(len(ids), len(ids - set(delivered("parents", on))))


def told_as_a_parent_without_being_one(at: datetime) -> Looked:
    """XIII.B: letters about a child to somebody who was at no time a parent or acting as one by what is on record."""
    rows = LetterChild.objects.exclude(reader=F("child")).exclude(letter__state=LetterState.STOPPED)
    bond = Guardianship.objects.filter(
        guardian=OuterRef("reader"), child=OuterRef("child"), relationship__in=Guardianship.PARENTS
    )
    return Looked(rows.count(), rows.exclude(Exists(bond)).count())


def parents_without_the_students_notice(at: datetime) -> Looked:
    """XII.B.1: letters to parents that went out without the notice that the student gets."""
    rows = Letter.objects.filter(kind="parents")
    return Looked(rows.count(), rows.filter(content__enclosed__isnull=True).count())


def parents_without_the_form(at: datetime) -> Looked:
    """XII.B.3: notices to parents that went out without saying where the form for other activities is."""
    rows = Notice.objects.filter(kind="parents", released_at__isnull=False)
    said = rows.exclude(facts__alternatives_form__isnull=True).exclude(facts__alternatives_form="")
    return Looked(rows.count(), rows.count() - said.count())


def _without(kind: str) -> Looked:
    """Looks at what was really said, not at what a template says today."""
    used = Content.objects.filter(kind=kind, letters__isnull=False).distinct()
    elements = {element.id for element in KINDS[kind].elements}
    looked = broken = 0
    for blocks in used.values_list("blocks", flat=True):
        said = {name for name, words in blocks if words.strip()}
        looked += len(elements)
        broken += len(elements - said)
    return Looked(looked, broken)


def _said(*ids: str, sentence: str) -> Claim:
    return Claim(
        ids, How.WORDS, sentence, (faults, templates.submit_template, building.build), (contents_without_an_element,)
    )


CLAIMS = (
    Claim(
        ("XI.A",), How.RECORD,
        "Everybody who uses the network is sent the notice directly; what comes back takes another way, whoever comes "
        "later gets an own one, and each letter shows whether it arrived.",
        (notices.release_notice, building.build, sending.send_batch, letters.confirm_read, reconciling.reconcile),
        (users_not_told,),
    ),
    _said(
        "XI.B.1", "XI.B.2.a", "XI.B.2.b", "XI.B.2.c", "XI.B.2.d", "XI.B.3", "XI.B.4", "XI.B.5", "XI.B.6", "XI.B.7",
        "XI.B.8",
        sentence="The notice to users says it in a block of its own; words without that block cannot go to the board, "
        "and only words the board approved go out.",
    ),
    _said(
        "III.1", "III.3", sentence="The notice to users says what access is for, and that school accounts are narrower."
    ),
    _said(
        "VIII.A.1", "VIII.A.2", "VIII.E.2",
        sentence="The notice to users says how far privacy on the system goes, and that the district keeps control.",
    ),
    _said(
        "X.1", "X.2", "X.3", "X.4",
        sentence="The notice to users says for what the district does not answer, in a block of its own for each.",
    ),
    Claim(
        ("XII.B.0a",), How.RECORD,
        "Each parent on record who may get mail is told about each child, by e-mail or letter; students of whom no "
        "parent can be told stand in a list.",
        (notices.release_notice, building.build, sending.send_batch, printing.confirm_mailed, letters.decide_held),
        (students_whose_parents_were_not_told,),
    ),
    Claim(
        ("XIII.B",), How.RECORD,
        "Who is told as a parent follows from the roster: natural parents, guardians, and whoever acts as parent; not "
        "an emergency contact, nor whom a court has barred.",
        (recipients.parents_of, people.parents, letters.decide_held), (told_as_a_parent_without_being_one,),
    ),
    Claim(
        ("XII.B.1",), How.WORDS,
        "The very words that students get go along with each letter to a parent, under the letter's hash.",
        (building.build,), (parents_without_the_students_notice,),
    ),
    Claim(
        ("XII.B.3",), How.WORDS,
        "The notice to parents says that other activities may be asked for, and where the form is: a page where "
        "parents ask, with a form to print; the office writes down what comes in on paper.",
        (faults, building.build), (parents_contents_without_an_element, parents_without_the_form),
    ),
    Claim(
        ("XII.A.1", "XII.A.2", "XII.B.2", "XII.B.4", "XII.B.5"), How.WORDS,
        "The notice to parents says it in a block of its own; words without that block cannot go to the board.",
        (faults, templates.submit_template, building.build), (parents_contents_without_an_element,),
    ),
)  # fmt: skip

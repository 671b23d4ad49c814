"""XIV.A: bring resources on record, lend them with words that are accepted, take them back, lose and find them."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import IntegrityError
from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.board import actions as board
from homeroom.devices.models import IssuedResource, Loan, LoanWords, LossReport
from homeroom.devices.queries import resources as queries
from homeroom.journal import actions as journal
from homeroom.people import queries as people
from homeroom.people.models import Person


def add_resource(
    *, actor: Actor, kind: str, title: str, at: datetime, tag: str = "", serial: str = "", school: str | None = None
) -> IssuedResource:
    """XIV.A: put one device or program on record. Raises Refused for one that is there already."""
    if kind not in IssuedResource.Kind.values or not title.strip():
        raise Refused(_("Say whether it is hardware or software, and what it is called."))
    try:
        with journal.atomic():
            row = IssuedResource.objects.create(
                kind=kind, title=title.strip(), tag=tag.strip(), serial=serial.strip(), school_id=school, added_at=at
            )
            journal.record(
                actor=actor, verb="devices.resource.added", subject=f"resource:{row.pk}", at=at, clause="XIV.A",
                data={"kind": kind, "tag": row.tag},
            )  # fmt: skip
    except IntegrityError:
        raise Refused(_("A resource with this tag or serial number is on record already; search for it.")) from None
    return row


def retire_resource(*, actor: Actor, resource: int, why: str, at: datetime) -> IssuedResource:
    """XIV.A: a resource is given out no more. Raises Refused while somebody has it."""
    if not why.strip():
        raise Refused(_("Say why it is retired."))
    with journal.atomic():
        if queries.open_loan(resource):
            raise Refused(_("Somebody has it still; take it back first."))
        changed = IssuedResource.objects.filter(pk=resource, retired_at__isnull=True).update(
            retired_at=at, retired_why=why.strip()
        )
        if changed != 1:
            raise Refused(_("It is retired already, or there is no such resource."))
        _record(actor, "devices.resource.retired", resource, at, why)
    return IssuedResource.objects.get(pk=resource)


def use_again(*, actor: Actor, resource: int, why: str, at: datetime) -> IssuedResource:
    """XIV.A: a resource that was retired is given out again. Raises Refused."""
    if not why.strip():
        raise Refused(_("Say why it is used again."))
    with journal.atomic():
        changed = IssuedResource.objects.filter(pk=resource, retired_at__isnull=False).update(
            retired_at=None, retired_why=""
        )
        if changed != 1:
            raise Refused(_("It is not retired."))
        _record(actor, "devices.resource.used-again", resource, at, why)
    return IssuedResource.objects.get(pk=resource)


def set_words(*, actor: Actor, text: str, at: datetime) -> LoanWords:
    """XIV.A, XVII.A.1: words that whoever takes a resource accepts go to the board; once it approves them they hold.

    The same words twice are one version. Raises Refused.
    """
    words = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if len(words.split()) < 10:
        raise Refused(_("These words are too few to be understood. Say what the person takes on, and who may look."))
    digest = hashlib.sha256(words.encode()).hexdigest()
    with journal.atomic():
        row, made = LoanWords.objects.get_or_create(
            sha256=digest, defaults={"text": words, "made_at": at, "made_by": actor.id}
        )
        if not made and LoanWords.objects.first() != row:
            # What held when is told by the order of versions, so an old one cannot come back unseen.
            raise Refused(
                _("These very words held once before. Change them in a word, so that they are a new version.")
            )
        if made:
            journal.record(
                actor=actor, verb="devices.words.set", subject=f"loan-words:{row.pk}", at=at, clause="XIV.A",
                data={"sha256": digest},
            )  # fmt: skip
            addendum = board.draft_addendum(
                actor=actor, at=at, subject=queries.WORDS, kind="form", sha256=digest,
                title=f"Words to accept with a loan, version {row.pk}",
            )  # fmt: skip
            board.submit_addendum(actor=actor, at=at, addendum=addendum)
    return row


def lend(*, actor: Actor, resource: int, person: str, at: datetime, due_on: date | None = None) -> Loan:
    """XIV.A: give a resource to one person. They accept the words afterwards. Raises Refused where it is not free."""
    if not Person.objects.filter(pk=person).exists():
        raise Refused(_("Nobody has the id “%(person)s”.") % {"person": person})
    with journal.atomic():
        row = IssuedResource.objects.filter(pk=resource, retired_at__isnull=True).first()
        if row is None:
            raise Refused(_("There is no such resource, or it is retired."))
        held = queries.open_loan(resource)
        if held is not None and held.person_id == person:
            return held
        if held is not None:
            raise Refused(
                _("%(label)s is with %(name)s. Take it back first.") % {"label": row.label, "name": held.person.name}
            )
        if LossReport.objects.filter(resource=row, found_at__isnull=True).exists():
            raise Refused(_("%(label)s is reported missing. Record first that it was found.") % {"label": row.label})
        loan = Loan.objects.create(
            resource=row, person_id=person, lent_at=at, lent_by=actor.id, lent_by_name=actor.name, due_on=due_on
        )
        _record(actor, "devices.loan.begun", resource, at, data={"person": person, "loan": loan.pk})
    return loan


def accept(*, actor: Actor, loan: int, sha256: str, at: datetime) -> Loan:
    """XIV.A: whoever took a resource accepts the very words that were shown; these are kept. Raises Refused."""
    with journal.atomic():
        words = queries.words(people.today(at))
        row = Loan.objects.filter(pk=loan, returned_at__isnull=True).first()
        if row is None or words is None:
            raise Refused(_("There is nothing to accept. Ask the office of the school."))
        if row.accepted_at is not None:
            return row
        if words.sha256 != sha256:
            raise Refused(_("The words were changed while you read them. Read them again below."))
        changed = Loan.objects.filter(pk=loan, accepted_at__isnull=True).update(
            accepted_at=at, accepted_by=actor.id, accepted_by_name=actor.name, words=words.text, words_sha256=sha256
        )
        if changed:
            _record(actor, "devices.loan.accepted", row.resource_id, at, data={"loan": loan, "sha256": sha256})
    return Loan.objects.get(pk=loan)


def accept_on_paper(*, actor: Actor, loan: int, sha256: str, name: str, proof: str, at: datetime) -> Loan:
    """XIV.A: the words were signed on paper; an official writes down by whom and where the paper lies. Raises Refused.

    Only the words that hold today can be printed and signed, so it is these that are kept.
    """
    if not name.strip() or len(proof.split()) < 2:
        raise Refused(_("Say who signed, and where the paper lies."))
    with journal.atomic():
        words = queries.words(people.today(at))
        row = Loan.objects.filter(pk=loan, returned_at__isnull=True, accepted_at__isnull=True).first()
        if row is None or words is None:
            raise Refused(_("There is nothing to accept any more. Open the device again."))
        if words.sha256 != sha256:
            raise Refused(_("The words were changed meanwhile. Print the new ones and have them signed."))
        if row.person_id == actor.id:
            raise Refused(_("You cannot write down your own acceptance. Sign in and accept the words yourself."))
        Loan.objects.filter(pk=loan, accepted_at__isnull=True).update(
            accepted_at=at, accepted_by=f"paper:{actor.id}", accepted_by_name=name.strip(), words=words.text,
            words_sha256=sha256,
        )  # fmt: skip
        _record(actor, "devices.loan.accepted-on-paper", row.resource_id, at, proof, {"loan": loan, "sha256": sha256})
    return Loan.objects.get(pk=loan)


def take_back(*, actor: Actor, loan: int, condition: str, at: datetime) -> Loan:
    """XIV.A: a resource came back; its state is written down. Raises Refused."""
    with journal.atomic():
        row = Loan.objects.filter(pk=loan).first()
        changed = Loan.objects.filter(pk=loan, returned_at__isnull=True).update(
            returned_at=at, returned_to=actor.id, condition=condition.strip()
        )
        if row is None or changed != 1:
            raise Refused(_("It is back already."))
        _record(actor, "devices.loan.ended", row.resource_id, at, condition, {"person": row.person_id, "loan": loan})
    return Loan.objects.get(pk=loan)


def report_loss(
    *, actor: Actor, resource: int, circumstances: str, missing_since: datetime, at: datetime,
    stolen: bool = False, told_by: str = "", police_report: str = "",
) -> LossReport:  # fmt: skip
    """XIV.C.3: a resource is missing or stolen. Told twice it is one report. Raises Refused."""
    if len(circumstances.split()) < 3:
        raise Refused(_("Say in a sentence when and where it was last seen."))
    if missing_since > at:
        raise Refused(_("It cannot go missing in the future; give the moment it was last seen."))
    with journal.atomic():
        row, made = LossReport.objects.get_or_create(
            resource_id=resource, found_at=None,
            defaults={
                "reported_at": at, "reported_by": actor.id, "reported_by_name": actor.name, "told_by": told_by.strip(),
                "missing_since": missing_since, "stolen": stolen, "circumstances": circumstances.strip(),
                "police_report": police_report.strip(),
            },
        )  # fmt: skip
        if made:
            _record(actor, "devices.loss.reported", resource, at, circumstances, clause="XIV.C.3")
    return row


def record_found(*, actor: Actor, resource: int, how: str, at: datetime) -> LossReport:
    """XIV.C.3: it is found; every access that looked for it ends with that. Raises Refused."""
    with journal.atomic():
        row = LossReport.objects.filter(resource_id=resource, found_at__isnull=True).first()
        if row is None:
            raise Refused(_("It is not reported missing."))
        LossReport.objects.filter(pk=row.pk, found_at__isnull=True).update(
            found_at=at, found_by=actor.id, found_how=how.strip()
        )
        _record(actor, "devices.loss.found", resource, at, how, clause="XIV.C.3")
    return LossReport.objects.get(pk=row.pk)


def _record(
    actor: Actor, verb: str, resource: int, at: datetime, reason: str = "", data: dict[str, object] | None = None,
    clause: str = "XIV.A",
) -> None:  # fmt: skip
    journal.record(
        actor=actor, verb=verb, subject=f"resource:{resource}", at=at, clause=clause, reason=reason.strip(), data=data
    )

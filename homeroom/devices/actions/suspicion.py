"""VIII.C: write down why somebody is searched before it happens; somebody else approves it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.devices.models import SuspicionRecord
from homeroom.journal import actions as journal
from homeroom.kernel import clauses

PARTS = {
    "facts": gettext_lazy("Write down the facts: what was seen or heard, when."),
    "source": gettext_lazy("Say where the facts come from."),
    "reliability": gettext_lazy("Say how far the source is believed, and why."),
    "expected": gettext_lazy("Say what the search should show."),
    "scope": gettext_lazy("Say how far the search goes and where it ends."),
}


def record_suspicion(
    *, actor: Actor, person: str, rule: str, facts: str, source: str, reliability: str, expected: str, scope: str,
    at: datetime,
) -> SuspicionRecord:  # fmt: skip
    """VIII.C.1: facts, source, rule, what is expected, bounds. Raises Refused with all that is missing."""
    said = {"facts": facts, "source": source, "reliability": reliability, "expected": expected, "scope": scope}
    missing = [str(sentence) for part, sentence in PARTS.items() if len(said[part].split()) < 2]
    if rule not in clauses.TITLES:
        missing.insert(0, _("Name the rule that was broken by its clause, such as V.A.10.1."))
    if missing:
        raise Refused(" ".join(missing))
    with journal.atomic():
        row = SuspicionRecord.objects.create(
            person_id=person, rule=rule, made_at=at, made_by=actor.id, made_by_name=actor.name,
            **{part: words.strip() for part, words in said.items()},
        )  # fmt: skip
        _record(actor, "devices.suspicion.recorded", row, at, "")
    return row


def answer_suspicion(*, actor: Actor, suspicion: int, approve: bool, words: str, at: datetime) -> SuspicionRecord:
    """VIII.C.1: somebody else finds the suspicion reasonable, or does not. Raises Refused."""
    row = SuspicionRecord.objects.filter(pk=suspicion).first()
    if row is None:
        raise Refused(_("There is no such record."))
    if row.made_by == actor.id:
        raise Refused(_("You wrote this yourself; somebody else must judge it."))
    if not words.strip():
        raise Refused(_("Say in a sentence why it is reasonable, or why it is not."))
    new = (
        {"approved_at": at, "approved_by": actor.id, "approved_by_name": actor.name}
        if approve
        else {"refused_at": at}
    )  # fmt: skip
    with journal.atomic():
        waiting = SuspicionRecord.objects.filter(pk=suspicion, approved_at__isnull=True, refused_at__isnull=True)
        if waiting.update(answer=words.strip(), **new) != 1:
            raise Refused(_("This was judged already."))
        _record(actor, f"devices.suspicion.{'approved' if approve else 'refused'}", row, at, words)
    return SuspicionRecord.objects.get(pk=suspicion)


def _record(actor: Actor, verb: str, row: SuspicionRecord, at: datetime, reason: str) -> None:
    journal.record(
        actor=actor, verb=verb, subject=f"suspicion:{row.pk}", at=at, clause="VIII.C.1", reason=reason.strip(),
        data={"person": row.person_id, "rule": row.rule},
    )  # fmt: skip

"""XIV.C.0: the console's own log against the recorded grounds; VIII.B: what routine work brought to light."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.devices.actions import duties
from homeroom.devices.models import Access, AccessUse, ConsoleAct, Discovery, Programme
from homeroom.devices.queries import matching
from homeroom.journal import actions as journal
from homeroom.kernel.devices import consolelog
from homeroom.kernel.devices.documents import Problem
from homeroom.kernel.devices.terms import Ground

OPEN = {"access": None, "programme": None, "answered_at": None}


@dataclass(slots=True)
class Report:
    """What a log holds: acts with and without a ground, others that look at nobody, those known already."""

    file: str
    source: str
    loaded: bool = False
    acts: int = 0
    grounded: int = 0
    findings: int = 0
    others: int = 0
    known: int = 0
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return {**told, "problems": [{"file": self.file, **asdict(each)} for each in self.problems]}


def take_in_log(*, actor: Actor, data: bytes, file: str, at: datetime, source: str = "", load: bool = True) -> Report:
    """XIV.C.0: hold each act of a console against the grounds on record; the same log twice changes nothing.

    An act without a ground is kept as a finding. Nothing is taken in where a line cannot be read.
    """
    log = consolelog.read(data, source)
    report = Report(file, log.source, others=log.others, problems=log.problems)
    with journal.atomic():
        known = matching.known(log.source, [act.external for act in log.acts])
        book = matching.Book([act.device for act in log.acts], at)
        new = [_act(log.source, act, book, at) for act in log.acts if act.external not in known]
        new = list({row.external: row for row in new}.values())
        report.acts, report.known = len(log.acts), len(log.acts) - len(new)
        report.grounded = sum(row.access_id is not None or row.programme_id is not None for row in new)
        report.findings = len(new) - report.grounded
        if not load or report.problems or not new:
            return report
        ConsoleAct.objects.bulk_create(new, batch_size=500)
        for row in new:
            _use(actor, row, at)
        report.loaded = True
        journal.record(
            actor=actor, verb="devices.log.taken-in", subject=f"console:{log.source}", at=at, clause="XIV.C.0",
            data={"file": file, "acts": len(new), "findings": report.findings},
        )  # fmt: skip
    return report


def answer_finding(*, actor: Actor, act: int, words: str, at: datetime) -> ConsoleAct:
    """XIV.C.0: say what stood behind an act without a ground. It stays in the register. Raises Refused."""
    if len(words.split()) < 3:
        raise Refused(_("Say in a sentence what happened and what was done about it."))
    with journal.atomic():
        changed = ConsoleAct.objects.filter(pk=act, access__isnull=True, programme__isnull=True).filter(
            answered_at__isnull=True
        )
        if changed.update(answered_at=at, answered_by_name=actor.name or actor.id, answer=words.strip()) != 1:
            raise Refused(_("This was answered already, or it has a ground."))
        journal.record(
            actor=actor, verb="devices.finding.answered", subject=f"console-act:{act}", at=at, clause="XIV.C.0",
            reason=words.strip(),
        )  # fmt: skip
    return ConsoleAct.objects.get(pk=act)


def record_discovery(
    *, actor: Actor, work: str, found: str, handed_to: str, on_device: bool, at: datetime,
    access: int | None = None, programme: int | None = None,
) -> Discovery:  # fmt: skip
    """VIII.B: what maintenance or monitoring brought to light, and who has it now. Raises Refused.

    On a school-issued device it needs the access or the programme under which somebody looked.
    """
    if min(len(words.split()) for words in (work, found)) < 3 or not handed_to.strip():
        raise Refused(_("Say what work it was, what it showed, and to whom it was handed on."))
    if on_device and access is None and programme is None:
        raise Refused(
            _("This was on a school-issued device. Name the access or the programme under which it was seen.")
        )
    _check_ground(access, programme)
    with journal.atomic():
        row = Discovery.objects.create(
            work=work.strip(), found=found.strip(), handed_to=handed_to.strip(), on_device=on_device, access_id=access,
            programme_id=programme, found_at=at, found_by=actor.id, found_by_name=actor.name, recorded_at=at,
        )  # fmt: skip
        journal.record(
            actor=actor, verb="devices.discovery.recorded", subject=f"discovery:{row.pk}", at=at, clause="VIII.B",
            data={"on_device": on_device, "access": access, "programme": programme},
        )  # fmt: skip
    return row


def _check_ground(access: int | None, programme: int | None) -> None:
    """A request that nobody approved is no ground, and neither is a programme that is not there."""
    if access is not None and not Access.objects.filter(pk=access, state=Access.State.AUTHORISED).exists():
        raise Refused(_("There is no approved access %(access)s. Look it up in the register.") % {"access": access})
    if programme is not None and not Programme.objects.filter(pk=programme).exists():
        raise Refused(
            _("There is no programme %(programme)s. Look it up among the programmes.") % {"programme": programme}
        )


def _act(source: str, act: consolelog.Act, book: matching.Book, at: datetime) -> ConsoleAct:
    access, programme = book.ground(act)
    return ConsoleAct(
        source=source, external=act.external[:200], at=act.at, who=act.who[:254], act=act.act, feature=act.feature,
        device=act.device[:200], resource=book.resource(act.device), access=access, programme=programme, taken_at=at,
    )  # fmt: skip


def _use(actor: Actor, row: ConsoleAct, at: datetime) -> None:
    """What a console did under an access is a use of it, and on ground 4 it counts for the clock (T11)."""
    if row.access_id is None:
        return
    access = Access.objects.get(pk=row.access_id)
    AccessUse.objects.create(
        access=access, at=row.at, features=[row.feature], looker=row.who[:200], seen=row.act, source=row.source,
        recorded_at=at, recorded_by=actor.id,
    )  # fmt: skip
    if access.ground == Ground.THREAT:
        duties.begin(actor=actor, access=access, first_access=row.at, at=at)

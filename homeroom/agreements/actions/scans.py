"""IX.C.5: signed sheets come in as scans, wait to be typed in, and are typed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from homeroom.agreements import scanning
from homeroom.agreements.actions.paper import record_paper
from homeroom.agreements.models import Agreement, FormVersion, PaperRecord, Scan
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.kernel.agreements.papercode import PaperCode


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one sheet of an upload: kept as `scan`, or `problem` says why not. `pages` are its numbers."""

    pages: str
    scan: Scan | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class OnPaper:
    """One signature as it stands on a sheet."""

    slot: int
    name: str
    signed_on: date


def take_scan(*, actor: Actor, at: datetime, sheets: Sequence[scanning.Sheet], may: frozenset[str]) -> list[Taken]:
    """IX.C.5: keep each sheet whose code leads to the agreement of one of the people in `may`; the same once."""
    taken = []
    for sheet in sheets:
        problem, agreement, version = _meant(sheet.code, may)
        if agreement is None or version is None:
            taken.append(Taken(sheet.pages, problem=problem))
            continue
        digest = scanning.keep(sheet.pdf())
        with journal.atomic():
            row, new = Scan.objects.get_or_create(
                sha256=digest, agreement=agreement,
                defaults={"pages": len(sheet.pictures), "version": version, "by": actor.id, "by_name": actor.name,
                          "at": at},
            )  # fmt: skip
            if new:
                journal.record(
                    actor=actor, verb="agreements.scan.taken", subject=f"person:{agreement.person_id}", at=at,
                    clause="IX.C.5", data={"scan": row.pk, "sha256": digest, "agreement": agreement.pk},
                )  # fmt: skip
        again = "" if new else _("This very sheet was here already.")
        taken.append(Taken(sheet.pages, row, again))
    return taken


def _meant(code: PaperCode | None, may: frozenset[str]) -> tuple[str, Agreement | None, FormVersion | None]:
    if code is None:
        return _("No code could be read. Type it in beside the file and upload these pages again."), None, None
    agreement = Agreement.objects.select_related("person").filter(pk=code.agreement).first()
    if agreement is None or agreement.person_id not in may:
        return _("The code belongs to nobody of your schools. Give the sheet to the office it belongs to."), None, None
    if agreement.closed_on is not None:
        return _("This agreement is closed already; print a new form."), None, None
    version = FormVersion.objects.filter(form=agreement.form_id, number=code.version).first()
    if version is None:
        return _("The form on this sheet is not known here; print it again and have it signed."), None, None
    return "", agreement, version


def record_scan(
    *, actor: Actor, at: datetime, scan: Scan, language: str, signed: Sequence[OnPaper], attested_by: str = ""
) -> list[PaperRecord]:
    """IX.C.5: type in what stands on a scanned sheet; it counts when somebody else has looked. Raises Refused."""
    if not signed:
        raise Refused(_("Tick at least one signature that you see on the sheet, or set the sheet aside with a reason."))
    with journal.atomic():
        rows = [
            record_paper(
                actor=actor, at=at, slot=each.slot, version=scan.version, language=language, name_on_paper=each.name,
                signed_on=each.signed_on, scan=scan.place, attested_by=attested_by,
            )
            for each in signed
        ]  # fmt: skip
        _done(scan, at, _("typed in by %s") % actor.name)
    return rows


def record_sheet(
    *, actor: Actor, at: datetime, agreement: Agreement, version: FormVersion, language: str,
    signed: Sequence[OnPaper], where: str,
) -> list[PaperRecord]:  # fmt: skip
    """IX.C.5: as `record_scan`, of a sheet that nobody scanned; `where` says where it lies. Raises Refused."""
    if not signed:
        raise Refused(_("Tick at least one signature that you see on the sheet."))
    if not where.strip():
        raise Refused(_("Say where the sheet lies, so that a colleague finds it."))
    with journal.atomic():
        return [
            record_paper(
                actor=actor, at=at, slot=each.slot, version=version, language=language, name_on_paper=each.name,
                signed_on=each.signed_on, scan=f"sheet:{where.strip()}",
            )
            for each in signed
        ]  # fmt: skip


def set_aside(*, actor: Actor, at: datetime, scan: Scan, reason: str) -> None:
    """IX.C.5: a sheet that cannot be used, with the reason. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why the sheet cannot be used, for instance that nobody signed it."))
    with journal.atomic():
        _done(scan, at, reason.strip()[:200])
        journal.record(
            actor=actor, verb="agreements.scan.set-aside", subject=f"person:{scan.agreement.person_id}", at=at,
            clause="IX.C.5", reason=reason.strip(), data={"scan": scan.pk},
        )  # fmt: skip


def _done(scan: Scan, at: datetime, why: str) -> None:
    if Scan.objects.filter(pk=scan.pk, done_at=None).update(done_at=at, done_why=why[:200]) != 1:
        raise Refused(_("Somebody else has dealt with this sheet already."))

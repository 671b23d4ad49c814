"""Letters go out on paper: one print file in postal order, and a named person who says when it was mailed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count, F
from django.utils.translation import gettext as _

from homeroom.base import paper
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.doors import whole_file
from homeroom.journal import actions as journal
from homeroom.notices import sheets
from homeroom.notices.actions import letters as doing
from homeroom.notices.kinds import KINDS
from homeroom.notices.models import Attempt, Channel, Letter, LetterState, Notice, PrintRun
from homeroom.notices.queries import recipients, waiting
from homeroom.people import queries as people
from homeroom.people.models import Address

MOST = 200  # letters in one file: its pages are set at once, and 300 letters took 600 MB


def make_run(*, actor: Actor, notice: Notice, at: datetime) -> PrintRun | None:
    """XIII.C.0m: put the letters that wait for paper into a print file, at most 200; None where none waits.

    Each letter is in one file only. The file itself is made when it is first asked for, and its bytes never change.
    """
    with journal.atomic():
        waiting = Letter.objects.filter(notice=notice, state=LetterState.QUEUED, channel=Channel.PAPER)
        rows = list(waiting.order_by("id")[:MOST])
        if not rows:
            return None
        ways = recipients.ways([letter.reader_id for letter in rows], people.today(at))
        mailable = [letter for letter in rows if ways[letter.reader_id].address]
        _without_address([letter.pk for letter in rows if letter not in mailable])
        if not mailable:
            return None
        run = PrintRun.objects.create(
            notice=notice, made_at=at, by=actor.id, by_name=actor.name, pieces=len(mailable)
        )  # fmt: skip
        _into(run, mailable, ways, at)
        _record(actor, "made", run, at, data={"pieces": run.pieces})
    return run


def file_of(*, actor: Actor, run: PrintRun, at: datetime) -> bytes:
    """The print file, the same bytes each time; each time it is taken is counted and written down."""
    made = _pdf_of(run)
    with journal.atomic():
        PrintRun.objects.filter(pk=run.pk).update(copies=F("copies") + 1)
        run.refresh_from_db()
        _record(actor, "taken", run, at, data={"copy": run.copies, "sha256": run.sha256})
    return made


def look_at_manifest(*, actor: Actor, run: PrintRun, at: datetime) -> None:
    """Who took the list of everybody's addresses, and when."""
    with journal.atomic():
        _record(actor, "manifest-taken", run, at)


def confirm_mailed(*, actor: Actor, run: PrintRun, on: date, at: datetime) -> PrintRun:
    """XIII.C.0m: this file was mailed on a day. Said once; it stops the clocks of its letters. Raises Refused."""
    if on > people.today(at):
        raise Refused(_("%(on)s is still to come; say so once the letters are in the mail.") % {"on": on})
    if on < people.today(run.made_at):
        raise Refused(
            _("The file was made on %(made_at)s, so it cannot have been mailed before.")
            % {"made_at": people.today(run.made_at)}
        )
    with journal.atomic():
        changed = PrintRun.objects.filter(pk=run.pk, mailed_on__isnull=True, void_at__isnull=True).update(
            mailed_on=on, mailed_at=at, mailed_by=actor.id, mailed_by_name=actor.name
        )
        run.refresh_from_db()
        if changed != 1:
            if run.mailed_on:
                return run  # a second click, or a second person: the first one counts
            raise Refused(_("This file was thrown away, so it cannot have been mailed."))
        when = waiting.moment(on, at)
        tries = Attempt.objects.filter(run=run, state=Attempt.State.SENDING)
        ids = list(tries.values_list("letter_id", flat=True))
        tries.update(state=Attempt.State.SENT, sent_at=when)
        Letter.objects.filter(pk__in=ids, state=LetterState.PRINTED).update(
            state=LetterState.DELIVERED, sent_at=when, delivered_at=when, delivered_how="mailed"
        )
        # Whoever read it here or got it in hand meanwhile keeps that stronger proof.
        _record(actor, "mailed", run, at, data={"on": on.isoformat(), "pieces": len(ids)})
    for letter in ids:
        doing.meet_own(actor=actor, letter=letter, at=at, when=when)
    return run


def throw_away(*, actor: Actor, run: PrintRun, reason: str, at: datetime) -> PrintRun:
    """A print file that was not mailed: its letters wait for the next one. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why it is thrown away, for instance that the printer jammed."))
    with journal.atomic():
        changed = PrintRun.objects.filter(pk=run.pk, mailed_on__isnull=True, void_at__isnull=True).update(
            void_at=at, void_reason=reason.strip()[:300]
        )
        if changed != 1:
            raise Refused(_("This file was mailed or thrown away already."))
        run.refresh_from_db()
        ids = list(run.attempts.values_list("letter_id", flat=True))
        run.attempts.update(state=Attempt.State.VOID, ended_at=at)
        Letter.objects.filter(pk__in=ids, state=LetterState.PRINTED).update(state=LetterState.QUEUED)
        _record(actor, "thrown-away", run, at, reason=reason.strip())
    return run


def _pdf_of(run: PrintRun) -> bytes:
    """The bytes of a print file; made where they are not on disk, and refused where they are not those of before."""
    if run.purged_at:
        raise Refused(_("The pages of this print file were deleted: their time was over. Each letter keeps its proof."))
    path = path_of(run)
    if path.exists():
        return path.read_bytes()
    tries = Attempt.objects.filter(run=run).order_by("id").select_related(
        "letter__content__enclosed", "letter__content__beneath__enclosed"
    )  # fmt: skip
    said = [sheets.letter(each.letter, each.address) for each in tries]
    made = paper.typeset("notices/letters.typ", {"title": run.notice.title, "letters": said}, at=run.made_at)
    sha = hashlib.sha256(made).hexdigest()
    if run.sha256 not in ("", sha):
        raise Refused(_("The print file is gone and cannot be made again as it was. Throw it away and make a new one."))
    _write(path, made)
    PrintRun.objects.filter(pk=run.pk, sha256="").update(sha256=sha)
    run.sha256 = sha
    return made


def postal_order(letter: Letter, address: Address) -> tuple[str, ...]:
    """As the post sorts: postal code, street, name."""
    return address.postal_code, address.street, str(letter.fields.get("reader", "")), str(letter.pk)


def window(name: str, address: Address) -> str:
    """The lines that stand in an envelope's window."""
    place = f"{address.city}, {address.state} {address.postal_code}".strip(" ,")
    foreign = address.country if address.country.upper() not in ("", "US", "USA") else ""
    return "\n".join(line for line in (name, address.street, place, foreign) if line)


def _into(run: PrintRun, rows: Sequence[Letter], ways: dict[str, recipients.Ways], at: datetime) -> None:
    ids = [letter.pk for letter in rows]
    ours = Attempt.objects.filter(letter__in=ids, channel=Channel.PAPER)
    used = dict(ours.order_by().values_list("letter").annotate(Count("pk")))
    ordered = sorted(rows, key=lambda each: postal_order(each, ways[each.reader_id].address))  # type: ignore[arg-type]
    Attempt.objects.bulk_create(
        [
            Attempt(
                letter=letter, channel=Channel.PAPER, number=used.get(letter.pk, 0) + 1, begun_at=at, run=run,
                address=window(ways[letter.reader_id].name, ways[letter.reader_id].address)[:600],  # type: ignore[arg-type]
            )
            for letter in ordered
        ],
        batch_size=500,
    )  # fmt: skip
    changed = Letter.objects.filter(pk__in=ids, state=LetterState.QUEUED).update(state=LetterState.PRINTED)
    if changed != len(ids):
        raise Refused(_("Somebody else is making a print file of these letters just now. Look again in a moment."))


def _without_address(ids: Sequence[int]) -> None:
    Letter.objects.filter(pk__in=ids).update(
        state=LetterState.UNREACHABLE, channel="", why="No postal address is on record any more."
    )


def path_of(run: PrintRun) -> Path:
    """Where the bytes of a print file lie."""
    return _folder() / f"run-{run.pk}.pdf"


def on_disk() -> list[int]:
    """The numbers of the print files whose bytes are still there."""
    names = (path.stem.removeprefix("run-") for path in _folder().glob("run-*.pdf"))
    return [int(name) for name in names if name.isdecimal()]


def _folder() -> Path:
    return Path(settings.HOME) / "letters"


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    whole_file.put(path, data, sync=False)


def _record(
    actor: Actor, done: str, run: PrintRun, at: datetime, reason: str = "", data: dict[str, object] | None = None
) -> None:
    journal.record(
        actor=actor, verb=f"notices.print-file.{done}", subject=f"print-file:{run.pk}", at=at,
        clause=KINDS[run.notice.kind].clause, reason=reason, data=data or {},
    )  # fmt: skip

"""A notice is drafted, released, stopped; or opened at once after one event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.notices.actions import clocks
from homeroom.notices.kinds import KINDS, Kind
from homeroom.notices.models import Letter, LetterState, Notice, NoticeState, Template
from homeroom.notices.queries import told
from homeroom.people import queries as people

CHANNELS = ("auto", "email", "paper", "hand")


def draft_notice(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    title: str,
    who: Mapping[str, Any],
    facts: Mapping[str, Any] | None = None,
    channel: str = "auto",
    follow_until: date | None = None,
    about: str = "",
) -> Notice:
    """XI.A, XII.B.0a, XIII.C.0: plan a sending; nothing goes out before it is released. Raises Refused."""
    found = _kind(kind)
    if not title.strip():
        raise Refused(_("Give the notice a title by which your colleagues know it."))
    if channel not in CHANNELS:
        raise Refused(
            _("“%(channel)s” is no way of sending; choose one of %(channels)s.")
            % {"channel": channel, "channels": ", ".join(CHANNELS)}
        )
    with journal.atomic():
        row = Notice.objects.create(
            kind=found.id, title=title.strip()[:200], about=about, who=dict(who), facts=dict(facts or {}),
            channel=channel, follow=follow_until is not None, follow_until=follow_until, made_at=at, by=actor.id,
            by_name=actor.name,
        )  # fmt: skip
        _record(actor, "drafted", row, at, data={"kind": kind, "who": _plain(row.who)})
    return row


def release_notice(
    *,
    actor: Actor,
    at: datetime,
    notice: int | Notice,
    due_at: datetime | None = None,
    since: datetime | None = None,
) -> Notice:
    """XVII.A.2: let a draft go out with the words the board approved; from now on they are those of this moment.

    `since` starts the clock of its kind (the first student day); `due_at` sets its end by hand. Raises Refused where
    no approved template is part of the policy, or a fact that the words need is missing.
    """
    row = _get(notice)
    found = _kind(row.kind)
    template = _template(found, people.today(at))
    lacking = [name for name in found.facts if not row.facts.get(name)]
    if lacking:
        raise Refused(
            _("The words need these facts, and they are missing: %(lacking)s. Fill them in first.")
            % {"lacking": ", ".join(lacking)}
        )
    with journal.atomic():
        changed = Notice.objects.filter(pk=row.pk, state=NoticeState.DRAFT).update(
            state=NoticeState.RELEASED, released_at=at, released_by=actor.id, template=template, due_at=due_at
        )
        if changed != 1:
            raise Refused(_("“%(title)s” was released or stopped already; look at it again.") % {"title": row.title})
        row.refresh_from_db()
        _start(actor, row, found, at, since, due_at)
        data = {"template": template.number if template else 0, "due": row.due_at.isoformat() if row.due_at else ""}
        _record(actor, "released", row, at, data=data)
    return row


def stop_notice(*, actor: Actor, at: datetime, notice: int | Notice, reason: str) -> Notice:
    """Nothing further of a notice goes out; what was sent stays on file. Its clock goes on. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why it is stopped."))
    row = _get(notice)
    with journal.atomic():
        changed = Notice.objects.filter(pk=row.pk).exclude(state=NoticeState.STOPPED).update(
            state=NoticeState.STOPPED, stopped_at=at, stopped_reason=reason.strip()
        )  # fmt: skip
        if changed != 1:
            raise Refused(_("“%(title)s” is stopped already.") % {"title": row.title})
        left = Letter.objects.filter(notice=row, state__in=(LetterState.QUEUED, LetterState.HELD))
        stopped = left.update(state=LetterState.STOPPED, next_at=None, why="The notice was stopped.")
        row.refresh_from_db()
        _record(actor, "stopped", row, at, reason=reason.strip(), data={"letters": stopped})
    return row


def open_notice(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    about: str,
    recipients: Sequence[Any],
    facts: Mapping[str, Any],
    due_at: datetime | None = None,
    title: str = "",
    channel: str = "auto",
) -> Notice:
    """XIV.D.1, XIV.C.1b: one notice after one event, ready to go out: drafted, released and built in one act.

    `recipients` are persons (or their ids), or pairs of a reader and the children it is about, with a third value
    where a person must look before that letter goes out: why. The same kind about the same thing is opened once; a
    second call gives back the first. Facts that are said otherwise in another language stand under `other`, by
    language. Raises Refused as `release_notice` does.
    """
    from homeroom.notices.actions import building

    known = Notice.objects.filter(kind=kind, about=about).exclude(state=NoticeState.STOPPED).first() if about else None
    if known:
        return known
    readers = [_pair(each) for each in recipients]
    if not readers:
        raise Refused(_("Say who is to be told."))
    with journal.atomic():
        row = draft_notice(
            actor=actor, at=at, kind=kind, title=title or str(_kind(kind).title), who={"readers": readers}, facts=facts,
            channel=channel, about=about,
        )  # fmt: skip
        row = release_notice(actor=actor, at=at, notice=row, due_at=due_at)
        building.build(actor=actor, at=at, notice=row)
    row.refresh_from_db()
    return row


def _start(
    actor: Actor, row: Notice, kind: Kind, at: datetime, since: datetime | None, due_at: datetime | None
) -> None:
    """Start the clock of a yearly notice; a single notice brings its due moment, whose clock runs elsewhere."""
    if not since or not kind.rule:
        return
    clock = clocks.start_clock(
        actor=actor, at=at, rule=kind.rule, about=f"notice:{row.pk}", since=since, owner=_owner(actor), title=row.title,
        due_at=due_at,
    )  # fmt: skip
    row.clock, row.due_at = clock, clock.due_at
    Notice.objects.filter(pk=row.pk).update(clock=clock, due_at=clock.due_at)


def _owner(actor: Actor) -> str | None:
    from homeroom.people.models import Person

    return actor.id if Person.objects.filter(pk=actor.id).exists() else None


def _template(kind: Kind, on: date) -> Template | None:
    if not kind.addendum:
        return None
    template = told.current_template(kind.id, on)
    if template is None:
        raise Refused(
            _(
                "No words for “%(title)s” are part of the policy today. Write a template, have the board approve it as "
                "an addendum, and enter the approval."
            )
            % {"title": kind.title}
        )
    return template


def _kind(id: str) -> Kind:
    if id not in KINDS:
        raise Refused(
            _("There is no kind of notice “%(id)s”; choose one of %(kinds)s.") % {"id": id, "kinds": ", ".join(KINDS)}
        )
    return KINDS[id]


def _pair(each: Any) -> list[Any]:
    """One recipient as [reader, children] and why a person must look first, whatever it was given as."""
    if isinstance(each, (tuple, list)):
        reader, children, *held = each
        return [getattr(reader, "pk", reader), [getattr(child, "pk", child) for child in children], *held]
    return [getattr(each, "pk", each), []]


def _get(notice: int | Notice) -> Notice:
    row = Notice.objects.filter(pk=notice.pk if isinstance(notice, Notice) else notice).first()
    if row is None:
        raise Refused(_("There is no such notice."))
    return row


def _plain(who: Mapping[str, Any]) -> dict[str, Any]:
    """How the query goes into the journal: many readers are counted."""
    return {"readers": len(who["readers"])} if "readers" in who else dict(who)


def _record(
    actor: Actor, done: str, row: Notice, at: datetime, reason: str = "", data: Mapping[str, Any] | None = None
) -> None:
    journal.record(
        actor=actor, verb=f"notices.notice.{done}", subject=f"notice:{row.pk}", at=at, clause=KINDS[row.kind].clause,
        reason=reason, data=data or {},
    )  # fmt: skip

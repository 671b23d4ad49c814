"""The district's choices within Article VI; each is in force at every door within a second."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.board import actions as board
from homeroom.board import queries as adopted_texts
from homeroom.filtering import policy, progress, publishing, tables, titles, typed
from homeroom.filtering.models import (
    AlternativeChoice,
    Audience,
    AudienceChoice,
    CategoryChoice,
    Essential,
    SensitiveDecision,
    YouTube,
)
from homeroom.filtering.queries import choices as queries
from homeroom.journal import actions as journal
from homeroom.people import queries as people


def choose_alternative(*, actor: Actor, alternative: str, reason: str, at: datetime) -> AlternativeChoice:
    """VI.note1.c: put one of the three alternatives ("1", "2", "3") in force. The adult floor stands under all."""
    known = tables.profiles()["alternatives"]
    if alternative not in known:
        raise Refused(
            _("Article VI has the alternatives %(known)s; “%(alternative)s” is none of them.")
            % {"known": ", ".join(known), "alternative": alternative}
        )
    adopted = adopted_texts.alternative(people.today(at))
    if adopted and adopted != alternative:
        raise Refused(
            _(
                "The text in force has Alternative %(adopted)s, and the filter follows it. For "
                "another one the board adopts another text; see the page of policy texts."
            )
            % {"adopted": adopted}
        )
    with journal.atomic():
        row = AlternativeChoice.objects.create(alternative=alternative, **_chosen(actor, reason, at))
        journal.record(
            actor=actor, verb="filtering.alternative.chosen", subject="policy:VI", at=at, clause="VI.note1.c",
            reason=row.reason, data={"alternative": alternative},
        )  # fmt: skip
        publishing.after_commit(at)
    return row


def choose_category(
    *,
    actor: Actor,
    audience: str,
    category: str,
    blocked: bool,
    reason: str,
    at: datetime,
    review_on: date | None = None,
) -> CategoryChoice:
    """III.2: block or open a category for an audience.

    Raises Refused for a category that law demands to block for that audience (it cannot be opened), and for
    one of topic or viewpoint without a recorded decision (VI.Alt3.C, see `decide_sensitive`).
    """
    row = _category(category)
    _check_audience(audience)
    _check_free(row, audience)
    if blocked and row.sensitive and category not in queries.decided():
        raise Refused(
            _(
                "“%(title)s” is about topic, identity or viewpoint (%(reason)s) It is not offered for "
                "blocking until somebody records a decision with its reason; do that first, or "
                "choose a narrower category."
            )
            % {"title": titles.title(row.id), "reason": _(row.reason)}
        )
    with journal.atomic():
        choice, _new = CategoryChoice.objects.update_or_create(
            audience=audience,
            category=category,
            defaults={"blocked": blocked, "review_on": review_on, **_chosen(actor, reason, at)},
        )
        journal.record(
            actor=actor, verb="filtering.category.chosen", subject=f"category:{category}", at=at, clause=row.clause,
            reason=choice.reason, data={"audience": audience, "blocked": blocked, "review_on": _day(review_on)},
        )  # fmt: skip
        publishing.after_commit(at)
    return choice


def decide_sensitive(*, actor: Actor, category: str, reason: str, at: datetime) -> SensitiveDecision:
    """VI.Alt3.C: record why a category of topic or viewpoint may be blocked at all.

    Its lists are read with the next build; until then nothing is blocked by it.
    """
    row = _category(category)
    if not row.sensitive:
        raise Refused(
            _("“%(title)s” needs no such decision; choose for whom it is blocked.") % {"title": titles.title(row.id)}
        )
    with journal.atomic():
        decision, _new = SensitiveDecision.objects.update_or_create(
            category=category, defaults=_chosen(actor, reason, at)
        )
        journal.record(
            actor=actor, verb="filtering.category.sensitive-decided", subject=f"category:{category}", at=at,
            clause="VI.Alt3.C", reason=decision.reason,
        )  # fmt: skip
        progress.want("build", at)
        publishing.after_commit(at)
    return decision


def choose_audience(
    *,
    actor: Actor,
    audience: str,
    safe_search: bool,
    youtube: str,
    reason: str,
    at: datetime,
    only_named: bool = False,
) -> AudienceChoice:
    """III.2: safe search, video mode ("off", "moderate", "strict"), and whether only named sites are open."""
    _check_audience(audience)
    if youtube not in YouTube.values:
        raise Refused(
            _("“%(mode)s” is no video mode; choose one of %(known)s.")
            % {"mode": youtube, "known": ", ".join(YouTube.values)}
        )
    said: dict[str, Any] = {"safe_search": safe_search, "youtube": youtube, "only_named": only_named}
    with journal.atomic():
        choice, _new = AudienceChoice.objects.update_or_create(
            audience=audience, defaults={**said, **_chosen(actor, reason, at)}
        )
        journal.record(
            actor=actor, verb="filtering.audience.chosen", subject=f"profile:{audience}", at=at, clause="III.2",
            reason=choice.reason, data=said,
        )  # fmt: skip
        publishing.after_commit(at)
    return choice


def add_essential(*, actor: Actor, host: str, reason: str, at: datetime) -> Essential:
    """XII.B.3: keep a name (with its subdomains) reachable for people without standing."""
    name, path = typed.target(host)
    if path:
        raise Refused(
            _("“%(host)s” is a page; essentials are whole names such as %(name)s.") % {"host": host, "name": name}
        )
    typed.no_public_suffix(name)
    with journal.atomic():
        row, _new = Essential.objects.update_or_create(host=name, defaults=_chosen(actor, reason, at))
        journal.record(
            actor=actor, verb="filtering.essential.added", subject=f"host:{name}", at=at, clause="XII.B.3",
            reason=row.reason,
        )  # fmt: skip
        publishing.after_commit(at)
    return row


def remove_essential(*, actor: Actor, host: str, reason: str, at: datetime) -> None:
    """XII.B.3: take a name off the essentials."""
    name, _path = typed.target(host)
    why = typed.reason(reason)
    with journal.atomic():
        removed, _rows = Essential.objects.filter(host=name).delete()
        if not removed:
            raise Refused(_("%(name)s is not among the essentials.") % {"name": name})
        journal.record(
            actor=actor, verb="filtering.essential.removed", subject=f"host:{name}", at=at, clause="XII.B.3", reason=why
        )
        publishing.after_commit(at)


def set_parameter(*, actor: Actor, name: str, value: int | str, reason: str, at: datetime) -> None:
    """III.2: set a number of the filter (for instance "review_days") from today on; refuses odd values."""
    if name not in tables.parameters():
        raise Refused(
            _("There is no parameter “%(name)s”; there are %(known)s.")
            % {"name": name, "known": ", ".join(tables.parameters())}
        )
    board.set_parameter(
        actor=actor, at=at, name=name, value=value, from_day=people.today(at), reason=typed.reason(reason)
    )


def _category(name: str) -> tables.CategoryRow:
    row = tables.category(name)
    if row is None:
        raise Refused(
            _("There is no category “%(name)s”; there are %(known)s.")
            % {"name": name, "known": ", ".join(tables.categories())}
        )
    return row


def _check_audience(audience: str) -> None:
    if audience not in Audience.values:
        raise Refused(
            _("“%(audience)s” is no audience; choose one of %(known)s.")
            % {"audience": audience, "known": ", ".join(Audience.values)}
        )


def _check_free(row: tables.CategoryRow, audience: str) -> None:
    block = policy.locked(queries.alternative(), audience, row)
    if block is None:
        return
    said = {"title": titles.title(row.id), "clause": block["clause"]}
    if block["kind"] == "statutory":
        raise Refused(
            _(
                "The law demands that “%(title)s” is blocked for this audience (%(clause)s), so there "
                "is nothing to choose. Where a list is wrong about one name, correct that listing."
            )
            % said
        )
    raise Refused(
        _(
            "The adopted alternative demands that “%(title)s” is blocked for this audience "
            "(%(clause)s), so there is nothing to choose. Where a list is wrong about one name, "
            "correct that listing."
        )
        % said
    )


def _chosen(actor: Actor, reason: str, at: datetime) -> dict[str, Any]:
    return {"reason": typed.reason(reason), "at": at, "by": actor.id, "by_name": actor.name}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

"""What people ask from the block page, and the answers."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.errors import Refused
from homeroom.doors import environment
from homeroom.filtering import clock, typed
from homeroom.filtering.actions import rules
from homeroom.filtering.models import Answer, InadvertentAccess, LocalRule, ReviewRequest, ReviewState
from homeroom.filtering.queries import choices
from homeroom.journal import actions as journal
from homeroom.people import queries as people

HOUR = timedelta(hours=1)
LONGEST_WORDS = 2000
TEXTS = (
    "host", "path", "kind", "clause", "category", "list", "version", "text", "reason", "profile", "school", "alias",
    "bundle",
)  # fmt: skip


def ask_review(*, ticket: Mapping[str, object], words: str, address: str, at: datetime) -> ReviewRequest:
    """VI.Alt3.C: somebody asks for a review of a block; `ticket` is what doors.ticket.unseal returned.

    No sign-in, so no actor: the ticket's pseudonym is kept. Raises Refused when too many came from this
    pseudonym or address within the hour. The same block asked about twice while waiting is one request.
    """
    said = _said(ticket, words, address, at)
    due_at = clock.due(at, choices.parameter("review_days", people.today(at)), people.zone())
    with journal.atomic():
        same = {name: said[name] for name in ("host", "path", "category", "alias", "school")}
        waiting = ReviewRequest.objects.filter(state=ReviewState.WAITING, **same).first()
        if waiting is not None:
            return waiting
        _slow_down(said, at)
        row = ReviewRequest.objects.create(due_at=due_at, **said)
        _record(row, "filtering.review.asked", "review", "VI.Alt3.C", at)
    return row


def record_accident(*, ticket: Mapping[str, object], words: str, address: str, at: datetime) -> InadvertentAccess:
    """V.C.1: somebody says that they came here by accident; same limits as `ask_review`. The path is not kept."""
    said = _said(ticket, words, address, at) | {"path": ""}
    with journal.atomic():
        _slow_down(said, at)
        row = InadvertentAccess.objects.create(**said)
        _record(row, "filtering.accident.disclosed", "accident", "V.C.1", at)
    return row


def answer_review(
    *,
    actor: Actor,
    request: int,
    answer: str,
    reason: str,
    at: datetime,
    scope: str = "everyone",
    until: datetime | None = None,
    exact: bool = False,
    whole_host: bool = True,
) -> ReviewRequest:
    """VI.Alt3.C: answer "allow" or "correct" (makes the rule, in force at once) or "keep"; the reason is shown.

    `whole_host` False narrows the rule to the very path that was asked about. Raises Refused when somebody was
    first, or when the rule itself is refused (an allow against the law).
    """
    if answer not in Answer.values:
        raise Refused(
            _("“%(answer)s” is no answer; choose one of %(known)s.")
            % {"answer": answer, "known": ", ".join(Answer.values)}
        )
    why = typed.reason(reason)
    with transaction.atomic():
        row = ReviewRequest.objects.filter(pk=request).first()
        if row is None:
            raise Refused(_("There is no request %(request)s.") % {"request": request})
        target = row.host if whole_host else f"{row.host}{row.path}"
        made = _rule(actor, row, answer, target, why, at, scope=scope, until=until, exact=exact)
        changed = ReviewRequest.objects.filter(pk=request, state=ReviewState.WAITING).update(
            state=ReviewState.ANSWERED, answer=answer, answered_at=at, answered_by=actor.id,
            answered_by_name=actor.name, answer_reason=why, rule=made,
        )  # fmt: skip
        if changed != 1:
            raise Refused(
                _("Request %(request)s was answered already by %(who)s.")
                % {"request": request, "who": row.answered_by_name or _("somebody")}
            )
        journal.record(
            actor=actor, verb="filtering.review.answered", subject=f"review:{request}", at=at, clause="VI.Alt3.C",
            reason=why, data={"answer": answer, "rule": made.pk if made else None, "late": row.late(at)},
        )  # fmt: skip
    return ReviewRequest.objects.select_related("rule").get(pk=request)


def _rule(
    actor: Actor,
    row: ReviewRequest,
    answer: str,
    target: str,
    why: str,
    at: datetime,
    *,
    scope: str,
    until: datetime | None,
    exact: bool,
) -> LocalRule | None:
    if answer == Answer.ALLOW:
        return rules.add_rule(
            actor=actor, effect="allow", target=target, scope=scope, reason=why, at=at, until=until, exact=exact
        )
    if answer == Answer.CORRECT:
        return rules.correct_listing(
            actor=actor, target=target, categories=(row.category,), list=row.list, reason=why, at=at, until=until,
            exact=exact,
        )  # fmt: skip
    return None


def _said(ticket: Mapping[str, object], words: str, address: str, at: datetime) -> dict[str, Any]:
    rule = ticket.get("rule")
    facts = {**ticket, **(rule if isinstance(rule, Mapping) else {})}
    return {
        **{name: _text(facts.get(name), name) for name in TEXTS},
        "line": _number(facts.get("line")),
        "blocked_at": _moment(facts.get("at"), at),
        "asked_at": at,
        "asked_from": _digest(address, at),
        "words": words.strip()[:LONGEST_WORDS],
    }


def _text(value: object, name: str) -> str:
    longest = ReviewRequest._meta.get_field(name).max_length  # type: ignore[union-attr]
    return str(value or "")[:longest]


def _number(value: object) -> int:
    return value if isinstance(value, int) and value >= 0 else 0


def _moment(value: object, at: datetime) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return at
    return moment if moment.tzinfo else at


def _digest(address: str, at: datetime) -> str:
    """A keyed digest that changes every day: enough to slow down a flood, useless to find a person."""
    key = environment.key(environment.home(), "asked-from")
    return hmac.new(key, f"{at:%Y-%m-%d} {address}".encode(), "sha256").hexdigest()[:32]


def _slow_down(said: Mapping[str, Any], at: datetime) -> None:
    for name, parameter in (("alias", "reviews_per_hour"), ("asked_from", "reviews_per_hour_address")):
        if said[name] and _count(name, said[name], at) >= choices.parameter(parameter, people.today(at)):
            raise Refused(_("Many requests came from here within the hour. They are all kept; please try again later."))


def _count(name: str, value: str, at: datetime) -> int:
    kinds: tuple[type[models.Model], ...] = (ReviewRequest, InadvertentAccess)
    return sum(kind._default_manager.filter(**{name: value}, asked_at__gt=at - HOUR).count() for kind in kinds)


def _record(row: ReviewRequest | InadvertentAccess, verb: str, kind: str, clause: str, at: datetime) -> None:
    """The journal, which is never cleaned, keeps that it was asked and about what kind of block: no name, no site."""
    data = {"category": row.category, "kind": row.kind, "clause": row.clause, "school": row.school}
    journal.record(actor=SYSTEM, verb=verb, subject=f"{kind}:{row.pk}", at=at, clause=clause, data=data)

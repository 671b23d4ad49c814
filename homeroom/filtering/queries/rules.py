"""Local rules and corrections."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from homeroom.filtering.models import LocalRule


def rules(at: datetime) -> QuerySet[LocalRule]:
    """Rules and corrections that count now or will, newest first."""
    return LocalRule.objects.not_over(at)


def over(at: datetime) -> QuerySet[LocalRule]:
    """Rules that have ended."""
    return LocalRule.objects.exclude(pk__in=rules(at).values("pk"))


def corrections(at: datetime) -> QuerySet[LocalRule]:
    """The list corrections that count."""
    return rules(at).filter(effect="correct")


def rule(pk: int) -> LocalRule | None:
    """One rule."""
    return LocalRule.objects.filter(pk=pk).first()


def to_review(at: datetime, on: date) -> QuerySet[LocalRule]:
    """Rules whose review is due on or before that day."""
    return rules(at).filter(review_on__lte=on).order_by("review_on")


def about(host: str, at: datetime) -> QuerySet[LocalRule]:
    """Rules that count for a host: its own name and every parent."""
    names = [".".join(host.split(".")[start:]) for start in range(host.count(".") + 1)]
    return rules(at).filter(Q(host__in=names))


def as_json(rule: LocalRule) -> dict[str, Any]:
    """One rule for `homeroom rules list --json`."""
    return {
        "id": rule.pk, "effect": rule.effect, "host": rule.host, "path": rule.path, "exact": rule.exact,
        "scope": rule.scope, "categories": rule.categories, "list": rule.list, "owner": rule.owner,
        "owner_name": rule.owner_name, "reason": rule.reason, "made_at": _iso(rule.made_at),
        "starts": _iso(rule.starts), "until": _iso(rule.until), "review_on": _iso(rule.review_on),
        "ended_at": _iso(rule.ended_at),
    }  # fmt: skip


def _iso(moment: date | None) -> str | None:
    return moment.isoformat() if moment else None

"""Local rules and corrections."""

from __future__ import annotations

from datetime import date, datetime

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

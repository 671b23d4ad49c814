"""XIII.C.0m: to which addresses mail does not get through, as far as anybody reported."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Lower

from homeroom.notices.models import Bounce

BELIEVED = timedelta(days=90)  # after which an address is tried again
PORTION = 500


def came_back(addresses: Collection[str], at: datetime) -> frozenset[str]:
    """Those of some addresses (in small letters) from which the last report of a quarter is that mail came back."""
    wanted = sorted({each.lower() for each in addresses if each})
    last: dict[str, str] = {}
    rows = _counted().filter(came_at__gt=at - BELIEVED, outcome__in=("hard", "complaint", "delivered"))
    for start in range(0, len(wanted), PORTION):
        some = rows.filter(small__in=wanted[start : start + PORTION]).order_by("came_at", "id")
        last |= dict(some.values_list("small", "outcome"))
    return frozenset(address for address, outcome in last.items() if outcome != "delivered")


def to_look_at() -> QuerySet[Bounce]:
    """Reports from the mailbox that name no message of ours: a person believes them or not, the newest first."""
    return Bounce.objects.filter(source=Bounce.MAILBOX, attempt=None, looked_at=None).exclude(address="")


def _counted() -> QuerySet[Bounce]:
    """Reports that count, with the address they count for in small letters.

    Of one that names our message, the address to which we sent it, whatever the report says; else only what a mail
    service told, which knows a secret, or a person believed.
    """
    sure = Q(attempt__isnull=False) | Q(believed=True) | ~Q(source=Bounce.MAILBOX)
    return Bounce.objects.filter(sure).annotate(small=Lower(Coalesce("attempt__address", "address")))

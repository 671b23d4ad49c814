"""What the yearly notice must say, built from the contracts that hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from homeroom.kernel.providers import classification
from homeroom.providers import vocabulary
from homeroom.providers.queries import contracts


@dataclass(frozen=True, slots=True)
class Told:
    """One provider as the notice names it: XIII.C.1 who, XIII.C.2 which data."""

    contract: int
    slug: str
    title: str
    data: str


def notice_rows(on: date) -> list[Told]:
    """XIII.C.1, XIII.C.2: each provider with an active contract for curriculum, testing or assessment, and its data."""
    found: dict[str, Told] = {}
    for row in contracts.active(on):
        provider = row.provider
        if classification.is_notified(provider.answers) and provider.slug not in found:
            found[provider.slug] = Told(row.pk, provider.slug, provider.title, vocabulary.in_words(provider.data))
    return list(found.values())

"""Where the clauses of this ledger look for an article, told by a word of its title."""

from __future__ import annotations

from collections.abc import Iterator

from homeroom.kernel.policytext.clauses import Clause, PolicyText

WORDS = {
    "III": "educational", "IV": "privilege", "V": "unacceptable", "VI": "filter", "VII": "consistency",
    "VIII": "privacy", "IX": "agreement", "X": "liability", "XI": "user notification", "XII": "parents",
    "XIII": "providers", "XIV": "devices", "XV": "phone", "XVI": "screen", "XVII": "implementation",
}  # fmt: skip


def astray(text: PolicyText) -> Iterator[tuple[Clause, str]]:
    """Articles that stand under another number than the one under which their clauses are looked for.

    Older texts have fewer articles, and a district may have put in one of its own.
    """
    for article in text.articles:
        title = article.title.casefold()
        fits = [id for id, word in WORDS.items() if word in title]
        if len(fits) == 1 and fits[0] != article.id:
            yield article, fits[0]

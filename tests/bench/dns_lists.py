"""Names and questions for the DNS bench: the real lists, or millions of like shape, as a table and for peers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from homeroom.doors.bundle_file import install_rules, publish
from homeroom.filtering.spill import FolderSpill
from homeroom.kernel.decision.bundle import Slot
from homeroom.kernel.lists.entry import How
from homeroom.kernel.lists.names import suffixes
from homeroom.kernel.lists.table_writer import Writer
from tests.bench import generate
from tests.bench.generate import Listed

SITES = 20_000  # names that a school's people visit
REFUSED = 20_000  # listed names that are asked for


def entries(names: str) -> tuple[list[Listed], Iterator[Listed]]:
    """The real lists, and them with made-up ones up to the number of names asked for."""
    real = list(generate.real())
    if not real:
        raise SystemExit(generate.ABSENT)
    more = generate.like(real, max(0, int(names) - len(real))) if names != "real" else iter(())
    return real, chain(real, more)


def install(home: Path, listed: Iterator[Listed]) -> list[str]:
    """A bundle of these entries in a home, a student behind 127.0.0.1; the names a resolver must hold for them."""
    numbers: dict[Slot, int] = {}
    hosts: dict[str, None] = {}
    aside = home / "table"
    with FolderSpill(home) as spill, aside.open("w+b") as file:
        writer = Writer(spill)
        for slot, entry in listed:
            writer.add(numbers.setdefault(slot, len(numbers)), entry)
            if entry.how in (How.SUFFIX, How.EXACT, How.SUB):
                hosts[entry.pattern] = None
        writer.finish(file, list(numbers), {})
    publish(
        home, at=datetime(2026, 9, 1, tzinfo=UTC), journal=1, rules=install_rules(home, aside),
        policy=_policy(sorted({slot.category for slot in numbers})), overlay=[], roll=_roll(),
    )  # fmt: skip
    # What a listed ancestor says already need not be said again: the peers are spared that memory.
    return [host for host in hosts if not any(up in hosts for up in list(suffixes(host))[1:])]


def mix(models: Sequence[Listed], listed: Sequence[str], length: int) -> Iterator[str]:
    """Nine in ten unlisted, asked for with the usual repetition (Zipf), one in ten listed."""
    dice = random.Random(11)
    sites = generate.unlisted(models, SITES)
    visited = dice.choices(sites, [1 / (rank + 1) for rank in range(len(sites))], k=length)
    refused = dice.sample(listed, min(REFUSED, len(listed)))
    weights = [1 / (rank + 1) for rank in range(len(refused))]
    blocked = dice.choices(refused, weights, k=length // 10 + 1)
    for place, host in enumerate(visited):
        yield blocked[place // 10] if place % 10 == 9 else host


def _policy(categories: list[str]) -> dict[str, object]:
    law = [
        {"material": "obscene", "clause": "VI.Alt3.A.obscene"},
        {"material": "harmful-to-minors", "clause": "VI.Alt3.A.htm"},
    ]
    legal = {"pornography": ["obscene", "harmful-to-minors"]}
    return {
        "alternative": "3", "strictest": "unknown",
        "categories": [
            {"id": each, "title": each, "clause": "III.2", "reason": "bench", "legal": legal.get(each, [])}
            for each in categories
        ],
        "profiles": [
            {"id": id, "title": id, "audience": id, "legal": law, "blocked": categories, "safe_search": True}
            for id in ("student", "unknown")
        ],
        "safe_search": {"www.google.com": "forcesafesearch.google.com"},
        "canaries": {"use-application-dns.net": "nxdomain"},
    }  # fmt: skip


def _roll() -> dict[str, object]:
    persons = {"ben": {"profile": "student", "role": "student", "school": "birch", "alias": "grey-heron"}}
    return {"persons": persons, "addresses": [["127.0.0.1", {"person": "ben"}]], "tokens": {}, "chromeos": {}}

"""Names for the DNS bench: the real lists, or five million of like shape, as a table and as peers' files."""

from __future__ import annotations

import gzip
import random
import tarfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from homeroom.doors.bundle_file import install_rules, publish
from homeroom.filtering.spill import FolderSpill
from homeroom.kernel.decision.bundle import Slot
from homeroom.kernel.lists import names
from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.table_writer import Writer

LISTS = Path(__file__).parents[3] / "shared" / "data" / "lists"
PORN = ("adult", "porn", "mixed_adult", "pornography")
TOP = ("com", "net", "org", "io", "de", "co", "info", "xyz", "fr", "nl", "ru", "top", "site", "online", "edu", "us")


def real_names() -> dict[str, str]:
    """Every distinct name of the real lists, to its category; a suffix of each like the peers read them."""
    found: dict[str, str] = {}
    for path in sorted(LISTS.glob("*hosts.gz")):
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as lines:
            for line in lines:
                words = line.partition("#")[0].split()
                _keep(found, words[1:], "pornography")
    with tarfile.open(next(LISTS.glob("ut1*.tar.gz"))) as archive:
        for member in archive:
            parts = member.name.split("/")
            file = archive.extractfile(member) if member.isfile() and parts[-1] == "domains" else None
            if file is not None:
                category = "pornography" if parts[-2] in PORN else parts[-2]
                _keep(found, file.read().decode("utf-8", "replace").split(), category)
    return found


def _keep(found: dict[str, str], words: Iterable[str], category: str) -> None:
    for word in words:
        try:
            host = names.canonical(word)
        except names.BadName:
            continue
        if "." in host and not names.is_address(host):
            found.setdefault(host, category)


def grown(real: dict[str, str], size: int) -> dict[str, str]:
    """The same with made-up names of like shape, up to `size` in all."""
    dice = random.Random(20260901)
    labels = sorted({label for host in real for label in host.split(".")[:-1] if 3 < len(label) < 24})
    found = dict(real)
    while len(found) < size:
        one, two = dice.choice(labels), dice.choice(labels)
        cut = dice.randrange(2, len(one))
        host = f"{one[:cut]}{two[: dice.randrange(2, 9)]}{dice.randrange(100) or ''}.{dice.choice(TOP)}"
        if dice.random() < 0.3:
            host = f"{dice.choice(labels)}.{host}"
        found.setdefault(host, "pornography")
    return found


def without_covered(listed: dict[str, str]) -> list[str]:
    """Only names whose listed ancestor does not say the same already: what a resolver must hold."""
    return [host for host in listed if not any(up in listed for up in list(names.suffixes(host))[1:])]


def popular(listed: dict[str, str], size: int) -> list[str]:
    """Unlisted names as a school asks for them: sites, and their subdomains."""
    dice = random.Random(7)
    words = sorted({host.split(".")[0][:8] for host in list(listed)[:60_000]})
    subs = ("www", "cdn", "api", "static", "img", "login", "m", "assets", "mail", "s3")
    found: dict[str, None] = {}
    while len(found) < size:
        host = f"{dice.choice(words)}-{dice.choice(words)}.{dice.choice(TOP)}"
        if dice.random() < 0.6:
            host = f"{dice.choice(subs)}.{host}"
        found[host] = None
    return list(found)


def mix(listed: dict[str, str], length: int, *, sites: int = 20_000) -> Iterator[str]:
    """Nine in ten unlisted, asked for with the usual repetition (Zipf), one in ten listed."""
    dice = random.Random(11)
    sites_named = popular(listed, sites)
    weights = [1 / (rank + 1) for rank in range(sites)]
    common = dice.choices(sites_named, weights, k=length)
    refused = dice.choices(sorted(listed)[:: max(1, len(listed) // 50_000)], k=length // 10 + 1)
    for place, host in enumerate(common):
        yield refused[place // 10] if place % 10 == 9 else host


def install(home: Path, listed: dict[str, str]) -> None:
    """A bundle of these names in a home, with a student behind 127.0.0.1."""
    categories = sorted(set(listed.values()))
    slots = [Slot("bench", "1", each) for each in categories]
    bit = {each: number for number, each in enumerate(categories)}
    aside = home / "table"
    with FolderSpill(home) as spill, aside.open("w+b") as file:
        writer = Writer(spill)
        for line, (host, category) in enumerate(listed.items(), 1):
            writer.add(bit[category], Entry(host, How.SUFFIX, line, host))
        writer.finish(file, slots, {})
    publish(
        home, at=datetime(2026, 9, 1, tzinfo=UTC), journal=1, rules=install_rules(home, aside),
        policy=_policy(categories), overlay=[], roll=_roll(),
    )  # fmt: skip


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

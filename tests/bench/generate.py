"""Entries and questions for measurements: the real lists, and made-up names of like shape beyond them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from homeroom.filtering.archive import open_list
from homeroom.kernel.decision.bundle import Slot
from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.read import read

LISTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "lists"
ABSENT = (
    f"The real lists are not in {LISTS}. Put ut1-*.tar.gz and hosts files (*-hosts.gz) there; "
    "until then only made-up names are measured."
)
_TALKATIVE = ("www", "www", "www", "www", "m", "api", "cdn", "static", "mail", "img1", "login", "de", "blog")
_BARE = (
    Entry("example.com", How.SUFFIX, 1, "example.com"),
    Entry("www.example.net", How.EXACT, 1, "0.0.0.0 www.example.net"),
)

Listed = tuple[Slot, Entry]


def real() -> Iterator[Listed]:
    """Every entry of the real lists with its slot; nothing where they are absent."""
    for path in sorted(LISTS.glob("*.gz")):
        for part in open_list(path):
            slot = Slot(f"{path.stem}/{part.category}", path.stem, part.category or "pornography")
            for item in read("hosts" if part.part == "file" else part.part, part.lines()):
                if isinstance(item, Entry):
                    yield slot, item


def like(models: Sequence[Listed], count: int, seed: int = 524) -> Iterator[Listed]:
    """`count` made-up entries: each imitates a model's slot, kind, text, ending and number of labels."""
    chance, words = random.Random(seed), Words(models, seed)
    models = [model for model in models if model[1].how in (How.SUFFIX, How.EXACT) and "." in model[1].pattern] or [
        (Slot("made-up", "1", "games"), entry) for entry in _BARE
    ]
    for line in range(1, count + 1):
        slot, entry = chance.choice(models)
        labels = entry.pattern.split(".")
        place = max(0, len(labels) - (3 if labels[-2:-1] in (["co"], ["com"]) else 2))
        labels[place] = words.one(len(labels[place]))
        name = ".".join(labels)
        yield slot, entry._replace(pattern=name, text=entry.text.replace(entry.pattern, name), line=line)


def unlisted(models: Sequence[Listed], count: int, seed: int = 8) -> list[str]:
    """Hosts as people visit them that no list holds: made-up popular sites, most with a label in front."""
    chance, words = random.Random(seed), Words(models, seed)
    endings = [entry.pattern.rpartition(".")[2] for _, entry in models if entry.how in (How.SUFFIX, How.EXACT)] or [
        "com"
    ]
    hosts = []
    for _ in range(count):
        site = f"{words.one(chance.randint(4, 14))}.{chance.choice(endings)}"
        depth = chance.choices((0, 1, 2), (25, 65, 10))[0]
        hosts.append(".".join([*chance.choices(_TALKATIVE, k=depth), site]))
    return hosts


def listed(models: Sequence[Listed], count: int, seed: int = 9) -> list[str]:
    """Hosts that lists hold: names as listed, and half as often a name under them."""
    chance = random.Random(seed)
    names = [entry.pattern for _, entry in models if entry.how in (How.SUFFIX, How.EXACT)]
    under = ("", "", "", "", "www.", "cdn.")
    return [chance.choice(under) + chance.choice(names) for _ in range(count)]


class Words:
    """Words that sound like the labels of some names."""

    def __init__(self, models: Sequence[Listed], seed: int) -> None:
        self._chance = random.Random(seed)
        taken = self._chance.sample(models, min(len(models), 20_000))
        labels = [entry.pattern.split(".")[0] for _, entry in taken] or ["homeroom", "example", "measure"]
        self._pieces = [label[at : at + 3] for label in labels for at in range(0, len(label) - 2, 3)]

    def one(self, length: int) -> str:
        """A word of about that length."""
        word = "".join(self._chance.choices(self._pieces, k=max(2, -(-length // 3))))
        return word[: max(4, length)].strip("-_") or "word"

"""The real lists, whole: every line is an entry, a comment, or told as not carried out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from homeroom.filtering.archive import Part, open_list
from homeroom.kernel.lists.entry import Entry, How, Unsupported
from homeroom.kernel.lists.read import read

LISTS = Path(__file__).parents[4] / "shared" / "data" / "lists"
pytestmark = pytest.mark.skipif(not LISTS.is_dir(), reason="the real lists are not beside this checkout")


def parts_of(name: str) -> Iterator[tuple[Part, list[bytes]]]:
    for part in open_list(LISTS / name):
        yield part, list(part.lines())


def account(format: str, lines: list[bytes]) -> Counter[str]:
    """Every line by what became of it; fails when a line that says something is passed over."""
    found = list(read(format, lines))
    told = {each.line for each in found}
    for number, line in enumerate(lines, 1):
        assert (number in told) != (not line.strip() or line.lstrip().startswith(b"#")), line
    for each in found:
        assert each.text == lines[each.line - 1].decode("utf-8", "replace").strip()[:500]
    return Counter(each.how if isinstance(each, Entry) else "unsupported" for each in found)


@pytest.mark.parametrize(
    ("name", "lines", "counts"),
    [
        # The second holds one line of two names: "0.0.0.0 xxxhindi.to en".
        ("4skinskywalker-hosts.gz", 90_882, {How.EXACT: 90_881, How.NET: 1}),
        ("sinfonietta-pornography-hosts.gz", 61_188, {How.EXACT: 61_182, How.NET: 5}),
    ],
)
def test_hosts(name: str, lines: int, counts: dict[str, int]) -> None:
    ((part, found),) = parts_of(name)
    assert (part.category, part.part, part.usage) == ("", "file", "")
    assert len(found) == lines
    assert account("hosts", found) == counts


def test_ut1() -> None:
    opened = open_list(LISTS / "ut1-2026-08-17.tar.gz")
    contents = opened.contents
    assert len(contents.usages) == 69
    assert contents.aliases == {
        "ads": "publicite", "aggressive": "agressif", "drugs": "drogue", "mail": "forums", "porn": "adult",
        "proxy": "redirector", "violence": "agressif",
    }  # fmt: skip
    assert contents.ignored == ("blacklists/README", "blacklists/global_usage")
    assert contents.odd == (
        "The category 'exceptions_liste_bu' does not say whether it is for blocking or for allowing.",
    )
    assert Counter(contents.usages.values()) == {"black": 54, "white": 14, "": 1}
    assert contents.usages["liste_bu"] == contents.usages["sexual_education"] == "white"
    total: Counter[str] = Counter()
    by_part: Counter[str] = Counter()
    for part in opened:
        lines = list(part.lines())
        total += account(part.part, lines)
        by_part[part.part] += len(lines)
    assert by_part == {"domains": 637_941, "urls": 43_341, "expressions": 7}
    assert total == {
        How.SUFFIX: 569_512,
        How.NET: 68_429,
        How.URL: 42_626,
        How.EXACT: 13,
        How.REGEX: 7,
        "unsupported": 702,
    }


def test_what_ut1_says_that_cannot_be_carried_out_is_of_one_kind() -> None:
    for part, lines in parts_of("ut1-2026-08-17.tar.gz"):
        for each in read(part.part, lines):
            if isinstance(each, Unsupported):
                assert part.part == "urls"
                assert "#" in each.text

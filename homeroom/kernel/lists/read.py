"""Every format of list that Homeroom reads, under its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from homeroom.kernel.lists import adblock, dnsmasq, domains, hosts, rpz, squidguard
from homeroom.kernel.lists.entry import BadList, Entry, How, Unsupported
from homeroom.kernel.lists.lines import numbered

Reader = Callable[[Iterable[tuple[int, str]], How], Iterator[Entry | Unsupported]]
_EACH = {"suffix": How.SUFFIX, "exact": How.EXACT}


@dataclass(frozen=True, slots=True)
class Format:
    """One format: what it is, who reads it, and what a bare name in it may cover.

    `covers` maps the words that a source may choose from to how its names are compared; the first is
    what holds when the source says nothing.
    """

    name: str
    title: str
    reader: Reader
    covers: Mapping[str, How]


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format("hosts", "Hosts file: 0.0.0.0 name", hosts.read, {"exact": How.EXACT, "suffix": How.SUFFIX}),
        Format("domains", "One name in each line", domains.read, _EACH),
        Format("wildcards", "*.name in each line", domains.read_wildcards, {"sub": How.SUB, "suffix": How.SUFFIX}),
        Format("adblock", "Adblock syntax for DNS: ||name^", adblock.read, {"exact": How.EXACT}),
        Format("rpz", "Response policy zone", rpz.read, {"exact": How.EXACT}),
        Format("dnsmasq", "dnsmasq: address=/name/", dnsmasq.read, {"suffix": How.SUFFIX}),
        Format("urls", "squidGuard urls: host/path", squidguard.read_urls, {"suffix": How.URL}),
        Format("expressions", "squidGuard expressions", squidguard.read_expressions, {"suffix": How.REGEX}),
    )
}


def read(format: str, lines: Iterable[bytes], *, covers: str = "") -> Iterator[Entry | Unsupported]:
    """What a list says, line by line; every line that is not blank or a comment gives something.

    `lines` come from `lines.split_lines`. `covers` is what a bare name covers where the format leaves it
    open ("suffix", "exact", "sub"); "" takes the format's own. Raises BadList for an unknown format or
    cover, and where the whole list cannot be read.

    >>> [entry.pattern for entry in read("hosts", [b"0.0.0.0 a.test b.test # two"])]
    ['a.test', 'b.test']
    """
    known = FORMATS.get(format)
    if known is None:
        raise BadList(f"There is no list format “{format}”. Choose one of {', '.join(FORMATS)}.")
    choices = known.covers
    if covers and covers not in choices:
        raise BadList(f"Names of the format “{format}” cannot cover “{covers}”. Choose one of {', '.join(choices)}.")
    return known.reader(numbered(lines), choices[covers] if covers else next(iter(choices.values())))

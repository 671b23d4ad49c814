"""Expressions: what RE2 reads, what it is made to mean, what is refused."""

from __future__ import annotations

import pytest
import re2

from homeroom.kernel.lists.entry import Entry, How, Unsupported
from homeroom.kernel.lists.expressions import BadExpression, accepted, from_posix, of_host, of_wildcards
from homeroom.kernel.lists.read import read


def test_squidguard_expressions() -> None:
    lines = rb"""# comment
(/banner/|/sponsor/|/event.ng/)
^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+/search\?q=[0-9]+$
(^|[-\?+=/_])(big|hard)?(porn|sex)s?([-\.\?+=/_]|$)
\<adult\>""".split(b"\n")
    found = list(read("expressions", lines))
    assert all(isinstance(entry, Entry) and entry.how is How.REGEX for entry in found)
    banner, address, words, edges = (re2.compile(entry.pattern) for entry in found if isinstance(entry, Entry))
    assert banner.search("a.test/BANNER/x.gif")
    assert address.search("203.0.113.9/search?q=12")
    assert not address.search("a.test/203.0.113.9/search?q=12")
    assert words.search("a.test/big-porn.html")
    assert not words.search("sussex.test/essex")
    assert edges.search("a.test/adult-x")
    assert not edges.search("adulthood.test/")
    assert [entry.line for entry in found] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    "line",
    [
        "(",
        "a(?=b)",
        r"(a)\1",
        "*a",
        "[z-a]",
        "a{9999}",
        "(((a{100}){100}){100}){100}",
        ".*",
        "",
        "x|",
        ".",
        "^",
        r"\.|:",
    ],
)
def test_refused(line: str) -> None:
    with pytest.raises(BadExpression, match=r"\.$"):
        accepted(from_posix(line))
    if line:
        (found,) = read("expressions", [line.encode()])
        assert isinstance(found, Unsupported)


def test_too_large() -> None:
    with pytest.raises(BadExpression, match="longer than"):
        accepted("a" * 5000)
    with pytest.raises(BadExpression, match="large"):
        accepted(r"(?:\pL{100}){9}x")


@pytest.mark.parametrize(
    ("pattern", "hit", "miss"),
    [
        ("porn", "freeporn.test/", "a.test/porn"),
        ("^ads?[0-9]*\\.", "ADS1.a.test/", "a.test/ads."),
        ("\\.test$", "a.test/x/y", "a.test.example/a.test"),
        ("\\.test$", "a.test", "a.tests"),
        ("ads.*track", "ads.x.track.test", "ads.test/track"),
        ("x[^0-9]y", "xay.test", "x/y"),
        ("x[^]0-9]y", "xay.test", "x/y"),
        ("x[^-0-9]y", "xay.test", "x-y.test"),
        ("x\\Dy", "xay.test", "x/y"),
        ("^(a|b)\\.test$", "b.test/x", "c.test"),
        ("a|^b", "cat.test", "cub.test"),
        ("[[:digit:]]+x", "12x.test", "x.test/1x"),
        ("\\Q.\\Ex$", "a.x", "ayx"),
    ],
)
def test_host_expressions_stay_in_the_host(pattern: str, hit: str, miss: str) -> None:
    compiled = re2.compile(accepted(of_host(pattern)))
    assert compiled.search(hit)
    assert not compiled.search(miss)


def test_wildcards() -> None:
    compiled = re2.compile(of_wildcards("ad**s.a-b*", front="^", back="(?:/|$)"))
    assert compiled.search("adxyzs.a-b.test/")
    assert not compiled.search("adx/s.a-b.test")

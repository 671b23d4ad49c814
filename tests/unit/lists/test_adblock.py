"""Adblock syntax for DNS, by the cases of its documentation and by what real lists hold."""

from __future__ import annotations

import pytest
import re2

from homeroom.kernel.lists.entry import Entry, How, Unsupported
from homeroom.kernel.lists.read import read


def one(line: str) -> Entry:
    (found,) = read("adblock", [line.encode()])
    assert isinstance(found, Entry), found
    assert found.text == line.strip()
    assert found.line == 1
    return found


def why(line: str) -> str:
    (found,) = read("adblock", [line.encode()])
    assert isinstance(found, Unsupported), found
    assert found.why.endswith(".")
    return found.why


@pytest.mark.parametrize(
    ("line", "pattern", "how"),
    [
        ("||example.org^", "example.org", How.SUFFIX),
        ("||Example.ORG^", "example.org", How.SUFFIX),
        ("||example.org", "example.org", How.SUFFIX),
        ("||example.org|", "example.org", How.SUFFIX),
        ("||example.org^|", "example.org", How.SUFFIX),
        ("||bücher.example^", "xn--bcher-kva.example", How.SUFFIX),
        ("||_my.example.org^", "_my.example.org", How.SUFFIX),
        ("||zip^", "zip", How.SUFFIX),
        ("|example.org^", "example.org", How.EXACT),
        ("|example.org|", "example.org", How.EXACT),
        ("://example.org^", "example.org", How.EXACT),
        ("example.org", "example.org", How.EXACT),
        ("example.org # comment", "example.org", How.EXACT),
        ("||*.example.org^", "example.org", How.SUB),
        ("*.example.org^", "example.org", How.SUB),
        ("*.example.org", "example.org", How.SUB),
        (".example.org^", "example.org", How.SUB),
        ("||203.0.113.9^", "203.0.113.9/32", How.NET),
        ("|203.0.113.9^", "203.0.113.9/32", How.NET),
        ("203.0.113.9", "203.0.113.9/32", How.NET),
        ("||2001:db8::1^", "2001:db8::1/128", How.NET),
        ("||[2001:db8::1]^", "2001:db8::1/128", How.NET),
        ("0.0.0.0 example.org", "example.org", How.EXACT),
        ("||example.org^$all", "example.org", How.SUFFIX),
        ("||example.org^$document", "example.org", How.SUFFIX),
    ],
)
def test_patterns(line: str, pattern: str, how: How) -> None:
    entry = one(line)
    assert (entry.pattern, entry.how) == (pattern, how)
    assert not (entry.allow or entry.important or entry.cancel or entry.unless or entry.qtypes or entry.not_qtypes)


def test_modifiers() -> None:
    assert one("@@||example.org^").allow
    important = one("@@||example.org^$important")
    assert important.allow
    assert important.important
    bad = one("||example.org^$important,badfilter")
    assert bad.cancel
    assert bad.important
    assert one("||example.org^$denyallow=sub.Example.org|b.test").unless == ("b.test", "sub.example.org")
    assert one("||example.org^$dnstype=a|AAAA").qtypes == {"A", "AAAA"}
    left_out = one("||example.org^$dnstype=~A|~CNAME")
    assert left_out.not_qtypes == {"A", "CNAME"}
    assert not left_out.qtypes
    mixed = one("||example.org^$dnstype=~A|TXT")
    assert mixed.qtypes == {"TXT"}
    assert not mixed.not_qtypes
    assert one("example.org$dnstype=HTTPS,important").qtypes == {"HTTPS"}


@pytest.mark.parametrize(
    ("line", "hit", "miss"),
    [
        ("/^ads[0-9]\\./", "ads1.test/", "a.test/ads1."),
        ("/banner/$important", "mybanner.test", "a.test/banner"),
        ("/x{2,3}$/$dnstype=A", "a.xxx", "xxx.a"),
        ("||ad*.example.org^", "x.ad12.example.org", "bad.example.org"),
        ("||ad*.example.org^", "ads.example.org", "ads.example.org.test"),
        ("||ads.example.*^", "ads.example.test", "badads.example.test"),
        ("||tracker.", "tracker.test/x", "mytracker.test"),
        ("|ads*.test^", "ads9.test", "x.ads9.test"),
        ("-ad.test^", "my-ad.test", "my-ad.test.org"),
        ("example.org^", "notexample.org", "example.org.test"),
        ("@@||cdn*.example.org^", "cdn7.example.org", "mycdn7.example.org"),
    ],
)
def test_expressions(line: str, hit: str, miss: str) -> None:
    entry = one(line)
    assert entry.how is How.REGEX
    compiled = re2.compile(entry.pattern)
    assert compiled.search(hit)
    assert not compiled.search(miss)


def test_dollar_in_an_expression_is_no_modifier() -> None:
    assert one("/^a$/").how is How.REGEX
    assert one("/a$|b$/$important").important


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("example.org##.ad", "parts of pages"),
        ("##.banner", "parts of pages"),
        ("#@#.banner", "parts of pages"),
        ("example.org#@#.ad", "parts of pages"),
        ("example.org#?#div:has(a)", "parts of pages"),
        ("example.org#%#window.a=1", "parts of pages"),
        ("example.org$$script", "parts of pages"),
        ("||example.org^$client=127.0.0.1", "single clients"),
        ("||example.org^$client='Frank\\'s laptop',important", "single clients"),
        ("||example.org^$ctag=device_tv", "kinds of clients"),
        ("||example.org^$dnsrewrite=1.2.3.4", "other data"),
        ("||example.org^$third-party", "“third-party”"),
        ("||example.org^$important,script", "“script”"),
        ("||example.org^$important=1", "“important”"),
        ("||example.org^$", "“”"),
        ("||example.org^$dnstype=", "record types"),
        ("||example.org^$dnstype=A|%", "record types"),
        ("||example.org^$denyallow=", "names nothing"),
        ("||example.org^$denyallow=*.b.test", "'*'"),
        ("*$denyallow=com|net", "every name"),
        ("||*^", "every name"),
        ("/.*/", "every name"),
        ("/./$important", "every name"),
        ("/a(?!b)/", "RE2"),
        ("@@/example.*/", "anchored"),
        ("@@example.org^", "anchored"),
        ("@@*cdn*", "anchored"),
        ("||example.org/ads/", "path"),
        ("/banner/ads.js", "path"),
        ("||example.org:8080^", "port"),
        ("||ex*ample.org/ad^", "stars"),
        ("||a^b*.org^", "stars"),
        ("||192.168.0.1^", "inside every network"),
        ("!#include other.txt", "compiled"),
        ("!#if (adguard)", "compiled"),
        ("192.0.2.5 example.org", "real address"),
    ],
)
def test_not_carried_out(line: str, reason: str) -> None:
    assert reason in why(line)


def test_comments() -> None:
    text = b"[Adblock Plus 2.0]\n! Title: x\n!\n# hosts comment\n#\n#####\n## Part ##\n\n  \n#comment"
    assert list(read("adblock", text.split(b"\n"))) == []

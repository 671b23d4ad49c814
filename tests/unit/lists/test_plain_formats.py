"""hosts, domains, wildcards, dnsmasq, squidGuard: what each line says."""

from __future__ import annotations

import pytest

from homeroom.kernel.lists.entry import BadList, Entry, How, Unsupported
from homeroom.kernel.lists.read import FORMATS, read

EXACT, SUFFIX, SUB, NET, URL, REGEX = How.EXACT, How.SUFFIX, How.SUB, How.NET, How.URL, How.REGEX


def said(format: str, text: str, covers: str = "") -> list[tuple[str, How]]:
    """The patterns of a list in which every line is carried out."""
    found = list(read(format, text.encode().split(b"\n"), covers=covers))
    assert not [each for each in found if isinstance(each, Unsupported)]
    return [(each.pattern, each.how) for each in found if isinstance(each, Entry)]


def why(format: str, line: str) -> str:
    """Why one line is not carried out."""
    (found,) = read(format, [line.encode()])
    assert isinstance(found, Unsupported)
    assert found.text == line.strip()[:500]
    assert found.why.endswith(".")
    return found.why


HOSTS = """\ufeff# Title
127.0.0.1 localhost
127.0.0.1\tlocalhost.localdomain local
255.255.255.255 broadcasthost
::1 ip6-localhost ip6-loopback
0.0.0.0 0.0.0.0
0.0.0.0    defloTeen.com\r
0.0.0.0 a.test b.test\tc.test # and a word
127.0.0.1\td.test
:: e.test
0 f.test
  0.0.0.0 bücher.test

! written by somebody used to adblock
0.0.0.0 203.0.113.9"""


def test_hosts() -> None:
    text = HOSTS.replace("255.255.255.255 broadcasthost\n", "")
    names = ["defloteen.com", "a.test", "b.test", "c.test", "d.test", "e.test", "f.test", "xn--bcher-kva.test"]
    assert said("hosts", text) == [*((name, EXACT) for name in names), ("203.0.113.9/32", NET)]
    assert {how for _, how in said("hosts", text, "suffix")} == {SUFFIX, NET}


def test_hosts_remember_line_and_text() -> None:
    found = [each for each in read("hosts", HOSTS.encode().split(b"\n")) if isinstance(each, Entry)]
    assert (found[1].line, found[1].text) == (8, "0.0.0.0 a.test b.test\tc.test # and a word")
    assert found[3].line == 8
    long = next(read("hosts", [b"0.0.0.0 a.test #" + b"x" * 900]))
    assert len(long.text) == 500


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("192.0.2.7 printer.test", "leads to 192.0.2.7"),
        ("2001:db8::1 printer.test", "real address"),
        ("a.test", "“domains”"),
        ("a.test b.test", "“domains”"),
        ("0.0.0.0", "No name"),
        ("0.0.0.0 # nothing", "No name"),
        ("0.0.0.0 a..test", "empty label"),
        ("0.0.0.0 *.a.test", "'*'"),
        ("0.0.0.0 192.168.1.1", "inside every network"),
        ("0.0.0.0 caf\ufffd.test", "is not a host name"),
        ("0.0.0.0 http://a.test/", "is a URL"),
    ],
)
def test_hosts_not_carried_out(line: str, reason: str) -> None:
    assert reason in why("hosts", line)


DOMAINS = """# comment
! comment
; comment
// comment
a.test
A.Test.  # twice
.b.test
*.c.test
my_name.test
 d.test\t# more
203.0.113.0/24
203.0.113.9
[2001:DB8::1]
bücher.test
"""


def test_domains() -> None:
    after = [
        ("a.test", SUFFIX), ("a.test", SUFFIX), ("b.test", SUFFIX), ("c.test", SUB), ("my_name.test", SUFFIX),
        ("d.test", SUFFIX), ("203.0.113.0/24", NET), ("203.0.113.9/32", NET), ("2001:db8::1/128", NET),
        ("xn--bcher-kva.test", SUFFIX),
    ]  # fmt: skip
    assert said("domains", DOMAINS) == after
    exact = said("domains", DOMAINS, "exact")
    assert exact[0] == ("a.test", EXACT)
    assert exact[2:4] == [("b.test", SUFFIX), ("c.test", SUB)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("0.0.0.0 a.test", "“hosts”"),
        ("a.test/path", "path"),
        ("http://a.test/", "is a URL"),
        ("a.test:80", "port"),
        ("0.0.0.0/0", "every address"),
        ("*.203.0.113.9", "under an address"),
        ("127.0.0.1", "inside every network"),
        ("10.9.8.7", "inside every network"),
        ("172.20.0.1", "inside every network"),
        ("fe80::1", "inside every network"),
        ("*", "cannot stand"),
        ("203.0.113.0/99", "range"),
        (".", "empty"),
    ],
)
def test_domains_not_carried_out(line: str, reason: str) -> None:
    assert reason in why("domains", line)


def test_wildcards() -> None:
    text = "*.a.test\n*.B.test # two\nc.test\n.d.test\n# comment"
    assert said("wildcards", text) == [("a.test", SUB), ("b.test", SUB), ("c.test", EXACT), ("d.test", SUFFIX)]
    assert said("wildcards", text, "suffix")[:2] == [("a.test", SUFFIX), ("b.test", SUFFIX)]
    assert "'*'" in why("wildcards", "a.*.test")


def test_dnsmasq() -> None:
    text = """# comment
address=/a.test/0.0.0.0
address=/b.test/c.test/::
address=/d.test/
address=/e.test/#
server=/f.test/
local=/g.test/ # comment
--address = /.h.test/127.0.0.1
server=/*.i.test/"""
    names = "abcdefgh"
    assert said("dnsmasq", text) == [*((f"{name}.test", SUFFIX) for name in names), ("i.test", SUB)]
    found = list(read("dnsmasq", text.encode().split(b"\n")))
    assert found[1].line == found[2].line == 3
    (exception,) = read("dnsmasq", [b"server=/www.f.test/#"])
    assert isinstance(exception, Entry)
    assert exception.allow
    assert not any(entry.allow for entry in found if isinstance(entry, Entry))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("address=/a.test/203.0.113.1", "203.0.113.1"),
        ("server=/a.test/192.0.2.53", "another server"),
        ("server=/a.test/0.0.0.0#5353", "another server"),
        ("server=192.0.2.53", "directive"),
        ("conf-file=/etc/more.conf", "“conf-file”"),
        ("ipset=/a.test/vpn", "“ipset”"),
        ("address=/#/0.0.0.0", "every name"),
        ("address=//0.0.0.0", "every name"),
        ("bogus-priv", "“bogus-priv”"),
        ("address=/a..test/", "empty label"),
    ],
)
def test_dnsmasq_not_carried_out(line: str, reason: str) -> None:
    assert reason in why("dnsmasq", line)


def test_squidguard_urls() -> None:
    text = """# comment
etsy.test/fr/market/x
www.a.test:8080/b/
http://c.test/d/../e/?q=1
203.0.113.9//arm7
[2001:db8::1]/x
f.test
www.g.test/
www.test/h
i.test/page#here
www.203.0.113.9.test/j"""
    assert said("urls", text) == [
        ("etsy.test/fr/market/x", URL),
        ("a.test/b", URL),
        ("c.test/e/?q=1", URL),
        ("203.0.113.9/arm7", URL),
        ("2001:db8::1/x", URL),
        ("f.test", EXACT),
        ("g.test", EXACT),
        ("www.test/h", URL),
        ("i.test/page", URL),
        ("203.0.113.9.test/j", URL),
    ]
    assert "whole site" in why("urls", "a.test/#/room")
    assert "not" in why("urls", "/no/host")


def test_unknown_formats_and_covers() -> None:
    with pytest.raises(BadList, match=r"no list format “csv”.*hosts, domains"):
        read("csv", [])
    with pytest.raises(BadList, match=r"cannot cover “exact”.*sub, suffix"):
        read("wildcards", [], covers="exact")
    for name, format in FORMATS.items():
        assert format.name == name
        assert list(read(name, [])) == []
        for cover in format.covers:
            read(name, [], covers=cover)

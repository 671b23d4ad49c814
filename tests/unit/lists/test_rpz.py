"""Response policy zones as servers write them."""

from __future__ import annotations

import pytest

from homeroom.kernel.lists.entry import BadList, Entry, How, Unsupported
from homeroom.kernel.lists.read import read

ZONE = rb"""
; a policy zone
$TTL 2h
$ORIGIN rpz.example.
@            3600 IN SOA ns.example. admin.example. ( 2026010101 ; serial
                 3600 600
                 86400 60 )
             IN NS  localhost.
bad.test             CNAME .
*.bad.test           CNAME .        ; and below
nodata.test    300   CNAME *.
good.bad.test     IN CNAME rpz-passthru.
drop.test    300 IN  CNAME rpz-drop.
             IN      TXT   "why; \"because\" (not)"
tcp.test             CNAME rpz-tcp-only.
garden.test          CNAME walled.example.
Self.test            CNAME self.test.
sink.test            A     0.0.0.0
                     AAAA  ::
own.test             A     203.0.113.7
abs.test.rpz.example. 60 IN CNAME .
outside.test.        CNAME .
24.0.113.0.203.rpz-ip      CNAME .
32.9.113.0.203.rpz-ip      CNAME rpz-passthru.
48.zz.3.db8.2001.rpz-ip    CNAME .
128.1.zz.rpz-ip            CNAME .
40.0.113.0.203.rpz-ip      CNAME .
24.0.2.0.192.rpz-client-ip CNAME .
ns.bad.test.rpz-nsdname    CNAME .
32.1.2.0.192.rpz-nsip      CNAME .
$ORIGIN sub.rpz.example.
deep                 CNAME .
$INCLUDE more.zone
$GENERATE 1-9 a$ CNAME .
odd..name            CNAME .
ch.test CH TXT "x"
lonely
"""


@pytest.fixture(scope="module")
def found() -> list[Entry | Unsupported]:
    return list(read("rpz", ZONE.split(b"\n")))


def entries(found: list[Entry | Unsupported]) -> list[tuple[str, How, bool]]:
    return [(each.pattern, each.how, each.allow) for each in found if isinstance(each, Entry)]


def test_entries(found: list[Entry | Unsupported]) -> None:
    assert entries(found) == [
        ("bad.test", How.EXACT, False),
        ("bad.test", How.SUB, False),
        ("nodata.test", How.EXACT, False),
        ("good.bad.test", How.EXACT, True),
        ("drop.test", How.EXACT, False),
        ("self.test", How.EXACT, True),
        ("sink.test", How.EXACT, False),
        ("sink.test", How.EXACT, False),
        ("abs.test", How.EXACT, False),
        ("203.0.113.0/24", How.NET, False),
        ("203.0.113.9/32", How.NET, True),
        ("2001:db8:3::/48", How.NET, False),
        ("::1/128", How.NET, False),
        ("deep.sub", How.EXACT, False),
    ]


def test_lines_and_texts(found: list[Entry | Unsupported]) -> None:
    lines = ZONE.decode().split("\n")
    for each in found:
        assert each.text == lines[each.line - 1].strip()


def test_what_is_not_carried_out(found: list[Entry | Unsupported]) -> None:
    whys = {each.text.split()[0]: each.why for each in found if isinstance(each, Unsupported)}
    expected = {
        "IN": "data of its own (TXT)",
        "tcp.test": "over TCP",
        "garden.test": "walled.example",
        "own.test": "data of its own",
        "outside.test.": "below the zone",
        "40.0.113.0.203.rpz-ip": "range",
        "24.0.2.0.192.rpz-client-ip": "clients",
        "ns.bad.test.rpz-nsdname": "server",
        "32.1.2.0.192.rpz-nsip": "server",
        "$INCLUDE": "$INCLUDE",
        "$GENERATE": "$GENERATE",
        "odd..name": "empty label",
        "ch.test": "class IN",
        "lonely": "no type",
    }
    assert whys.keys() == expected.keys()
    for text, part in expected.items():
        assert part in whys[text]
        assert whys[text].endswith(".")


def test_zones_without_an_origin() -> None:
    zone = (
        b"rpz.local. 60 IN SOA a. b. 1 2 3 4 5\nbad.test.rpz.local. 60 IN CNAME .\n*.bad.test.rpz.local. 60 IN CNAME ."
    )
    assert entries(list(read("rpz", zone.split(b"\n")))) == [
        ("bad.test", How.EXACT, False),
        ("bad.test", How.SUB, False),
    ]
    zone = b"@ SOA a. b. 1 2 3 4 5\n@ NS a.\nbad.test CNAME .\nworse.test. CNAME ."
    assert entries(list(read("rpz", zone.split(b"\n")))) == [
        ("bad.test", How.EXACT, False),
        ("worse.test", How.EXACT, False),
    ]
    zone = b"$ORIGIN .\nrpz.local IN SOA a. b. ( 1 2 3 4 5 )\n$ORIGIN rpz.local.\nbad.test CNAME ."
    assert entries(list(read("rpz", zone.split(b"\n")))) == [("bad.test", How.EXACT, False)]


def test_an_open_bracket_is_refused_and_not_collected_for_ever() -> None:
    with pytest.raises(BadList, match="line 2"):
        list(read("rpz", [b"a.test CNAME .", b"@ SOA (", b"b.test CNAME ."]))
    taken = 0

    def endless():
        nonlocal taken
        yield b"@ SOA ("
        while True:
            taken += 1
            yield b"x" * 100

    with pytest.raises(BadList, match="never closed"):
        list(read("rpz", endless()))
    assert taken < 2000


def test_a_record_without_owner_above() -> None:
    (found,) = read("rpz", [b"   CNAME ."])
    assert isinstance(found, Unsupported)
    assert "no owner" in found.why

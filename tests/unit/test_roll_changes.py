"""A roll with changes reads like one that was made anew, whatever came, went or moved."""

from __future__ import annotations

from ipaddress import ip_network

from hypothesis import given
from hypothesis import strategies as st

from homeroom.kernel.decision.roll import Roll

PEOPLE = {id: {"profile": "student", "alias": id} for id in ("ana", "ben", "tou")}
CIDRS = st.builds(
    lambda number, length: str(ip_network((number, length), strict=False)),
    st.integers(min_value=0x0A000000, max_value=0x0A00001F), st.sampled_from((24, 28, 30, 31, 32)),
)  # fmt: skip
WHO = st.sampled_from(sorted(PEOPLE))
NOW = st.dictionaries(CIDRS, WHO.map(lambda id: {"person": id}), max_size=12)
THEN = st.dictionaries(CIDRS, st.none() | WHO.map(lambda id: {"person": id}), max_size=12)


def roll(**ways: object) -> Roll:
    return Roll({"persons": PEOPLE, **ways}, strictest="unknown")


@given(now=NOW, changes=THEN)
def test_addresses(now, changes):
    old = roll(addresses=list(now.items()))
    before = (set(old.singles()), set(old.ranges()))
    read = old.with_changes({}, "v", {"addresses": changes})
    left = {cidr: row for cidr, row in {**now, **changes}.items() if row is not None}
    anew = roll(addresses=list(left.items()))
    assert (set(read.singles()), set(read.ranges())) == (set(anew.singles()), set(anew.ranges()))
    for number in range(0x0A000000, 0x0A000020):
        packed = number.to_bytes(4, "big")
        assert read.by_address(packed) == anew.by_address(packed)
    assert (set(old.singles()), set(old.ranges())) == before, "the roll in use was changed"


@given(now=st.dictionaries(st.text("ab", min_size=1, max_size=2), WHO), then=st.dictionaries(
    st.text("ab", min_size=1, max_size=2), st.none() | WHO))  # fmt: skip
def test_tokens_and_identifiers(now, then):
    read = roll(tokens=now, chromeos=now).with_changes({}, "v", {"tokens": then, "chromeos": then})
    left = {name: id for name, id in {**now, **then}.items() if id is not None}
    assert dict(read.claims()) == dict(roll(tokens=left, chromeos=left).claims())
    for name in {*now, *then}:
        assert read.by_token(name).person == left.get(name)


def test_logins():
    old = roll(logins={"ben": ["ben", "h1"], "tou": ["tou", "h2"]})
    read = old.with_changes({}, "v", {"logins": {"ben": None, "tou": ["tou", "h3"], "ana": ["ana", "h4"]}})
    assert [read.login(name) for name in ("ben", "tou", "ANA")] == [None, ("tou", "h3"), ("ana", "h4")]
    assert old.login("ben") == ("ben", "h1")

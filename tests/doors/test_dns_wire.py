"""DNS messages as bytes: what is read, what is refused, and that nothing a stranger sends can hurt."""

from __future__ import annotations

import contextlib

import dns.edns
import dns.message
import dns.name
import dns.rdatatype
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeroom.doors.dns import wire
from homeroom.doors.dns.addresses import address_text, host_of, is_private

HEADER = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
labels = st.binary(min_size=1, max_size=20)


def test_a_question_is_read() -> None:
    query = wire.read_query(dns.message.make_query("WWW.Games.test", "AAAA", id=0x1234).to_wire())
    assert query is not None
    assert (query.id, query.qtype, query.problem, query.edns) == (b"\x12\x34", wire.AAAA, 0, None)
    assert query.name == b"\x03www\x05games\x04test\0"
    assert query.question[:4] == b"\x03WWW"


def test_edns_is_read_with_size_bit_and_options() -> None:
    option = dns.edns.GenericOption(10, b"12345678")
    message = dns.message.make_query("a.test", "A", use_edns=0, payload=4096, want_dnssec=True, options=[option])
    query = wire.read_query(message.to_wire())
    assert query is not None
    assert query.edns == (0, 4096, True, b"\0\x0a\0\x0812345678")


@pytest.mark.parametrize(
    ("packet", "problem"),
    [
        (HEADER[:2] + b"\x28\x00" + HEADER[4:], wire.NOTIMP),  # an update
        (HEADER[:4] + b"\0\2" + HEADER[6:] + b"\1a\0\0\1\0\1" * 2, wire.FORMERR),  # two questions
        (HEADER[:4] + b"\0\0" + HEADER[6:], wire.FORMERR),  # none
        (HEADER + b"\1a", wire.FORMERR),  # cut off
        (HEADER + b"\xc0\x0c\0\1\0\1", wire.FORMERR),  # a compressed question
        (HEADER + (b"\x3f" + b"a" * 63) * 4 + b"\0\0\1\0\1", wire.FORMERR),  # 256 bytes of name
        (HEADER + b"\1a\0\0\1\0\3", wire.REFUSED),  # class CH
        (HEADER + b"\1a\0\0\xff\0\1", wire.REFUSED),  # ANY
        (HEADER + b"\1a\0\0\xfc\0\1", wire.REFUSED),  # AXFR
        (HEADER[:11] + b"\1" + b"\1a\0\0\1\0\1" + b"\0\0\x29\4\xd0\0\1\0\0\0\0", wire.BADVERS),
        (HEADER[:11] + b"\2" + b"\1a\0\0\1\0\1" + b"\0\0\x29\4\xd0\0\0\0\0\0\0" * 2, wire.FORMERR),  # two OPTs
    ],
)
def test_what_cannot_be_asked_is_told_so(packet: bytes, problem: int) -> None:
    query = wire.read_query(packet)
    assert query is not None
    assert query.problem == problem


@pytest.mark.parametrize("packet", [b"", b"\0" * 11, HEADER[:2] + b"\x81\x80" + HEADER[4:]])
def test_what_is_no_question_is_not_answered(packet: bytes) -> None:
    assert wire.read_query(packet) is None


@given(st.binary(max_size=200))
@settings(max_examples=300)
def test_random_bytes_are_read_or_refused(packet: bytes) -> None:
    wire.read_query(packet)
    wire.read_query(HEADER + packet)


@given(st.binary(max_size=120), st.integers(0, 130))
def test_names_and_records_of_random_bytes_end_or_are_malformed(message: bytes, at: int) -> None:
    with contextlib.suppress(wire.Malformed):
        assert len(wire.name_at(message, at)) <= 255
    with contextlib.suppress(wire.Malformed):
        list(wire.records(message, at, (2, 2, 2)))


def test_a_pointer_loop_is_malformed() -> None:
    with pytest.raises(wire.Malformed):
        wire.name_at(b"\0" * 12 + b"\xc0\x0c", 12)
    with pytest.raises(wire.Malformed):
        wire.name_at(b"\0" * 12 + b"\1a\xc0\x0c", 12)


@given(st.lists(labels, min_size=1, max_size=8))
def test_a_name_is_read_as_another_library_reads_it(parts: list[bytes]) -> None:
    name = dns.name.Name([*parts, b""])
    packed = name.to_wire()
    assert wire.name_at(packed, 0) == packed.translate(wire.LOWER)
    assert wire.skip_plain_name(packed, 0) == len(packed)


def test_text_names_have_a_wire_form_or_are_refused() -> None:
    assert wire.text_name("a.test") == wire.text_name("a.test.") == b"\1a\4test\0"
    for bad in ("a..test", "a" * 64 + ".test", ".".join(["abcdefgh"] * 32), "bücher.test"):
        with pytest.raises(wire.Malformed):
            wire.text_name(bad)


def test_a_service_instance_is_judged_as_its_nearest_parent_with_a_spelling() -> None:
    instance = dns.name.Name([b"Room 12 printer", b"_ipp", b"_tcp", b"birch", b"test", b""])
    assert host_of(instance.to_wire()) == "_ipp._tcp.birch.test"
    assert host_of(b"\x02\xff\xfe\0") == "invalid"
    assert host_of(b"\0") == "."


@pytest.mark.parametrize(
    ("packed", "text"),
    [
        (bytes([192, 0, 2, 1]), "192.0.2.1"),
        (bytes.fromhex("20010db8000000000000000000000066"), "2001:db8::66"),
        (bytes.fromhex("00000000000000000000ffffc0000201"), "192.0.2.1"),
        (bytes.fromhex("0064ff9b0000000000000000c0000201"), "192.0.2.1"),
    ],
)
def test_an_address_has_one_spelling(packed: bytes, text: str) -> None:
    assert address_text(packed) == text


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("10.0.0.1", True), ("127.0.0.1", True), ("192.168.9.9", True), ("172.16.0.1", True), ("172.32.0.1", False),
        ("169.254.169.254", True), ("100.64.0.1", True), ("100.128.0.1", False), ("0.0.0.0", True),
        ("192.0.43.8", False), ("8.8.8.8", False), ("255.255.255.255", True), ("::1", True), ("::", True),
        ("fd00::1", True), ("fe80::1", True), ("2606:4700::1", False), ("::ffff:10.0.0.1", True),
        ("::ffff:8.8.8.8", False), ("64:ff9b::10.0.0.1", True),
    ],
)  # fmt: skip
def test_private_addresses_are_known(text: str, private: bool) -> None:
    from ipaddress import ip_address

    assert is_private(ip_address(text).packed) is private

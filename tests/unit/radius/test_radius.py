"""RADIUS accounting packets, as pyrad's client makes them, as RFC 2866 describes them, and as nobody would."""

from __future__ import annotations

import hashlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrad.dictionary import Dictionary
from pyrad.packet import AcctPacket

from homeroom.kernel import radius
from homeroom.kernel.radius import BadPacket, Status, Told
from tests.unit.radius.words import dictionary

SECRET = b"a shared secret of the switch"


def packet(secret: bytes = SECRET, **values: object) -> bytes:
    made = AcctPacket(secret=secret, id=7, dict=Dictionary(dictionary()))
    for name, value in {"Acct-Status-Type": "Start", "Acct-Session-Id": "s1", **values}.items():
        made[name.replace("_", "-")] = value
    return made.RequestPacket()


def test_a_record_of_a_beginning_is_read():
    data = packet(
        **{
            "User-Name": "ben@lake.test", "Framed-IP-Address": "10.1.2.3", "Calling-Station-Id": "00-10-A4-23-19-C0",
            "NAS-IP-Address": "10.0.0.9", "Acct-Delay-Time": 5,
        }
    )  # fmt: skip
    assert radius.read(data, SECRET) == Told(
        Status.START, "s1", "ben@lake.test", "10.1.2.3", "0010a42319c0", "10.0.0.9", 5
    )


def test_ipv6_and_the_name_of_the_switch_are_read():
    told = radius.read(packet(**{"Framed-IPv6-Address": "fd00::5", "NAS-Identifier": "ap-12"}), SECRET)
    assert (told.address, told.nas) == ("fd00::5", "ap-12")


@pytest.mark.parametrize("address", ["255.255.255.255", "255.255.255.254", "0.0.0.0"])
def test_an_address_that_is_none_is_none(address):
    assert radius.read(packet(**{"Framed-IP-Address": address}), SECRET).address == ""


def test_the_acknowledgement_is_what_a_client_expects():
    made = AcctPacket(secret=SECRET, id=9, dict=Dictionary(dictionary()))
    made["Acct-Status-Type"], made["Acct-Session-Id"] = "Stop", "s1"
    data = made.RequestPacket()
    answer = radius.response(data, SECRET)
    assert made.VerifyReply(made.CreateReply(packet=answer), answer)
    assert not made.VerifyReply(made.CreateReply(packet=answer), answer[:4] + bytes(16))


def test_another_secret_is_refused_and_nothing_of_the_packet_is_told():
    with pytest.raises(BadPacket, match="authenticator") as error:
        radius.read(packet(b"another secret"), SECRET)
    assert "s1" not in str(error.value)


def sealed(attributes: bytes, code: int = 4, length: int | None = None) -> bytes:
    head = struct.pack("!BBH", code, 1, 20 + len(attributes) if length is None else length)
    return head + hashlib.md5(head + bytes(16) + attributes + SECRET).digest() + attributes


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "short"),
        (bytes(5000), "long"),
        (sealed(b"", code=1), "no Accounting-Request"),
        (sealed(b"", length=60), "cut off"),
        (sealed(b"", length=3), "cut off"),
        (sealed(b"\x01\x00"), "does not fit"),
        (sealed(b"\x01\x09ab"), "does not fit"),
        (sealed(b"\x28\x06\x00\x00\x00\x63"), "kind of record"),
        (sealed(b"\x28\x06\x00\x00\x00\x01"), "names no session"),
        (sealed(b""), "kind of record"),
    ],
)
def test_what_does_not_hold_together_is_refused(data, why):
    with pytest.raises(BadPacket, match=why):
        radius.read(data, SECRET)


def test_padding_behind_the_packet_is_passed_over():
    assert radius.read(packet() + b"\0\0\0", SECRET).session == "s1"


@given(st.binary(max_size=200))
def test_random_bytes_are_read_or_refused(data):
    for each in (data, sealed(data[:180])):
        try:
            told = radius.read(each, SECRET)
        except BadPacket:
            continue
        assert isinstance(told, Told)


@given(st.text(max_size=60))
def test_a_hardware_address_is_twelve_digits_or_nothing(text):
    found = radius.mac(text)
    assert found == "" or (len(found) == 12 and radius.mac(found) == found)

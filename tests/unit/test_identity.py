"""Who a path claims to be: ChromeOS's hashes against its own test vectors, and how far a claim is believed."""

from __future__ import annotations

import hashlib

import pytest

from homeroom.kernel.decision.ask import Source, Who
from homeroom.kernel.decision.identity import (
    believed,
    chromeos_hash,
    chromeos_hashes,
    device_addresses,
    device_addresses_text,
    doh_token_digest,
    no_device_hashes,
)
from homeroom.kernel.decision.policy import policy_from_json

# From Chromium's templates_uri_resolver_impl_unittest.cc, salt "test-salt".
SALTED = {
    "test-user@testdomain.com": "EAE2DCB2164EB64B",
    "testdomain.com": "0641BDB5149AF8B2",
    "test-user": "F3BA0BDE2D6E8DBE",
    "85729104-ef7a-5718d62e72ca": "542BD404A979AB36",
    "admin-provided-test-asset-ID": "2601D4E337D68B6E",
    "serial-number": "D60336AF57006D9F",
    "admin-provided-test-location": "F7E37C960A2F15DD",
    "VALUE_NOT_AVAILABLE": "9AB270C9961EBBDF",
}
UNSALTED = {
    "test-user@testdomain.com": "B07D2C5D119EB188",
    "testdomain.com": "E5E8A65918F11869",
    "test-user": "F85AC825D102B9F2",
}
POLICY = policy_from_json(
    {
        "alternative": "3",
        "strictest": "unknown",
        "categories": [],
        "profiles": [
            {"id": id, "title": id, "audience": id, "legal": []} for id in ("student", "adult", "unknown")
        ],
    }
)  # fmt: skip
OLSEN = Who(person="olsen", profile="adult", role="teacher", scopes=frozenset({"everyone", "role:teacher"}))
BEN = Who(person="ben", profile="student", role="student")
NOWHERE = Who(person=None, profile="unknown")
STAFF_NETWORK = Who(person=None, profile="unknown", source=Source.RANGE)


@pytest.mark.parametrize(("value", "begins"), SALTED.items())
def test_a_salted_value_hashes_as_chromeos_does(value: str, begins: str) -> None:
    hashed = chromeos_hash("test-salt", value)
    assert hashed.startswith(begins)
    assert len(hashed) == 64
    assert hashed == hashed.upper()


@pytest.mark.parametrize(("value", "begins"), UNSALTED.items())
def test_without_a_salt_the_value_alone_is_hashed(value: str, begins: str) -> None:
    assert chromeos_hash("", value).startswith(begins)


def test_an_address_is_found_as_stored_and_in_lower_case_under_every_live_salt() -> None:
    found = chromeos_hashes(["old-salt-1", "new-salt-2"], "Ben.Haugen@Birch.test")
    assert found == {
        chromeos_hash(salt, form)
        for salt in ("old-salt-1", "new-salt-2")
        for form in ("Ben.Haugen@Birch.test", "ben.haugen@birch.test")
    }


def test_both_words_for_no_device_are_known_under_every_salt() -> None:
    assert {each[:16] for each in no_device_hashes(["test-salt"])} == {
        "9AB270C9961EBBDF",
        chromeos_hash("test-salt", "DEVICE_NOT_MANAGED")[:16],
    }
    assert len(no_device_hashes(["one-salt-9", "two-salt-9"])) == 4


def test_device_addresses_are_spelled_as_chromeos_spells_them() -> None:
    text = "0010640000010020" + "00000000000000000100000000000001"
    assert device_addresses_text(["100.0.0.1", "::100:0:0:1"]) == text
    assert device_addresses(text) == ("100.0.0.1", "::100:0:0:1")


@pytest.mark.parametrize("text", ["0010", "001064", "0030" + "0" * 8, "hello", "0010zzzzzzzz"])
def test_what_is_no_device_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        device_addresses(text)


def test_a_token_is_kept_as_its_digest() -> None:
    assert doh_token_digest("secret") == hashlib.sha256(b"secret").hexdigest()


@pytest.mark.clause("VI.Alt3.A.obscene")
class TestBelieved:
    @pytest.mark.parametrize("source", [Source.TOKEN, Source.CHROMEOS])
    def test_an_adult_is_believed_from_a_network_of_the_district(self, source: Source) -> None:
        olsen = who(OLSEN, source)
        assert believed(olsen, STAFF_NETWORK, POLICY) is olsen

    @pytest.mark.parametrize("source", [Source.TOKEN, Source.CHROMEOS])
    def test_from_elsewhere_an_adult_is_a_stranger_with_no_rule_of_her_own(self, source: Source) -> None:
        taken = believed(who(OLSEN, source), NOWHERE, POLICY)
        assert taken.profile == "unknown"
        assert taken.person is None
        assert taken.scopes == {"everyone"}

    def test_a_teachers_claim_from_a_students_own_address_is_not_believed(self) -> None:
        place = who(BEN, Source.ADDRESS)
        assert believed(who(OLSEN, Source.TOKEN), place, POLICY).profile == "unknown"

    def test_from_her_own_address_she_is_believed(self) -> None:
        olsen = who(OLSEN, Source.TOKEN)
        assert believed(olsen, who(OLSEN, Source.ADDRESS), POLICY) is olsen

    def test_a_student_is_believed_from_anywhere(self) -> None:
        ben = who(BEN, Source.CHROMEOS)
        assert believed(ben, NOWHERE, POLICY) is ben

    @pytest.mark.parametrize("source", [Source.LOGIN, Source.ADDRESS, Source.RANGE])
    def test_other_sources_need_no_second_witness(self, source: Source) -> None:
        olsen = who(OLSEN, source)
        assert believed(olsen, NOWHERE, POLICY) is olsen

    def test_what_closes_the_network_is_kept_even_when_the_claim_is_not_believed(self) -> None:
        closed = (("IX.B", "No agreement."),)
        olsen = Who(person="olsen", profile="adult", source=Source.TOKEN, closed=closed)
        assert believed(olsen, NOWHERE, POLICY).closed == closed


def who(base: Who, source: Source) -> Who:
    return Who(person=base.person, profile=base.profile, role=base.role, source=source, scopes=base.scopes)

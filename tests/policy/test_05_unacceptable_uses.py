"""Article V, as far as the filter carries it out: lists keep people from sites; what people do is judged by people."""

from __future__ import annotations

import pytest

from homeroom.filtering import tables
from homeroom.filtering.policy import Choices
from homeroom.kernel.decision.overlay import Rule

from .small_filter import answer

BEN, OLSEN, NOBODY = "Ben, a student", "Ms. Olsen, a teacher", "nobody we know"


@pytest.mark.clause("V.A.1.a", "V.A.1.d", "V.A.1.e", "V.A.3", "V.A.4b", "V.A.4d", "V.A.8b", "V.A.8c")
@pytest.mark.parametrize(
    ("host", "clause", "student", "adult"),
    [
        ("mixed.test", "V.A.1.a", "block", "allow"),
        ("bombs.test", "V.A.1.d", "block", "allow"),
        ("hatred.test", "V.A.1.e", "block", "allow"),
        ("bets.test", "V.A.3", "block", "allow"),
        ("virus.test", "V.A.4b", "block", "block"),
        ("vpn.test", "V.A.4d", "block", "allow"),
        ("doh.test", "V.A.4d", "block", "allow"),
        ("pirates.test", "V.A.8b", "block", "allow"),
        ("homework-for-sale.test", "V.A.8c", "block", "allow"),
    ],
)
def test_a_block_of_the_district_cites_the_clause_it_serves(host, clause, student, adult):
    decision = answer(BEN, host, Choices())
    assert (decision.verdict, decision.clause) == (student, clause)
    assert answer(NOBODY, host, Choices()).verdict == "block"
    assert answer(OLSEN, host, Choices()).verdict == adult


@pytest.mark.clause("V.A.4d")
@pytest.mark.parametrize(
    "category", ["proxy", "vpn", "encrypted-dns", "dynamic-dns", "residential-proxies", "remote-control"]
)
def test_every_known_way_around_the_filter_is_blocked_for_students_as_the_districts_choice(category):
    row = tables.categories()[category]
    assert (row.clause, row.kind, row.legal) == ("V.A.4d", "district", ())
    assert (row.defaults["student"], row.defaults["unknown"]) == ("block", "block")


@pytest.mark.clause("V.A.6.c")
def test_social_networks_are_open_to_students_until_the_board_takes_the_option():
    assert answer(BEN, "social.test", Choices()).verdict == "allow"
    taken = Choices(categories={("student", "social-networks"): True})
    decision = answer(BEN, "social.test", taken)
    assert (decision.verdict, decision.clause) == ("block", "V.A.6.c")
    assert answer(OLSEN, "social.test", taken).verdict == "allow"


@pytest.mark.clause("V.A.9.3")
def test_looking_at_shops_is_no_purchase():
    assert answer(BEN, "shop.test", Choices()).verdict == "allow"


@pytest.mark.clause("V.A.5a")
def test_security_is_also_a_school_subject():
    assert answer(BEN, "break-in.test", Choices()).verdict == "allow"
    assert answer(NOBODY, "break-in.test", Choices()).verdict == "block"


@pytest.mark.clause("V.C.4")
def test_an_assignment_may_open_what_the_district_chose_to_block_for_one_student_only():
    leave = Rule(id="1", effect="allow", host="hatred.test", scope="person:ben", reason="History project.")
    assert answer(BEN, "hatred.test", Choices(), leave).verdict == "allow"
    assert answer(NOBODY, "hatred.test", Choices(), leave).verdict == "block"

"""Local rules: what may be made, what is refused with a sentence, and how fast the doors know."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.doors.bundle_watch import BundleWatch
from homeroom.filtering import publishing
from homeroom.filtering.actions import rules
from homeroom.filtering.models import LocalRule
from homeroom.filtering.queries import rules as queries
from homeroom.journal import queries as journal
from homeroom.kernel.decision.ask import Ask
from homeroom.kernel.decision.decide import decide

from .conftest import AT, DANA

pytestmark = pytest.mark.django_db
FOR_REAL = pytest.mark.django_db(transaction=True)


def add(effect: str, target: str, scope: str = "everyone", **more: object) -> LocalRule:
    values = {"actor": DANA, "reason": "Tried.", "at": datetime.now(UTC), **more}
    return rules.add_rule(effect=effect, target=target, scope=scope, **values)


@pytest.fixture
def listed(town, house):
    house.add("casino", house.write("casino.txt", "bets.test"), "gambling")
    house.add("pages", house.write("pages.txt", "chess.test/play"), "gambling", "urls")
    house.add("porn", house.write("porn.txt", "adult.test", "wrongly.test", "x.shared.test"), "pornography")
    house.build()
    return house


@FOR_REAL
def test_a_rule_is_in_force_at_a_door_at_once(listed):
    watch = BundleWatch(listed.folder / "home")
    assert watch.poll()
    ben = watch.bundle.roll.person("ben")
    begun = time.monotonic()
    add("block", "wiki.test")
    while not watch.poll():
        assert time.monotonic() - begun < 20
        time.sleep(0.01)
    assert decide(Ask(ben, "wiki.test"), watch.bundle, datetime.now(UTC)).verdict == "block"


@FOR_REAL
def test_a_rule_whose_publication_failed_is_caught_up_by_the_worker(listed, monkeypatch):
    seen = publishing.Seen()
    publishing.catch_up(datetime.now(UTC), seen)
    with monkeypatch.context() as broken:
        broken.setattr(publishing, "publish", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left")))
        add("block", "wiki.test")
    assert listed.verdict("wiki.test", "ben")[0] == "allow"
    publishing.catch_up(datetime.now(UTC), seen)
    assert listed.verdict("wiki.test", "ben")[0] == "block"


@pytest.mark.parametrize(
    ("effect", "target", "scope", "said"),
    [
        ("allow", "com", "everyone", "anybody may register"),
        ("allow", "co.uk", "everyone", "anybody may register"),
        ("allow", "github.io", "everyone", "anybody may register"),
        ("allow", "https://test/", "everyone", "anybody may register"),
        ("block", "no..name", "everyone", "empty label"),
        ("block", "white space.test", "everyone", "cannot stand in a host name"),
        ("block", "wiki.test", "person:nobody", "no person with the id"),
        ("block", "wiki.test", "school:pine", "no school with the id"),
        ("block", "wiki.test", "role:king", "no role “king”"),
        ("block", "wiki.test", "school", "not a scope"),
        ("block", "wiki.test", "everyone:x", "not a scope"),
        ("forbid", "wiki.test", "everyone", "block or allow"),
        ("allow", "adult.test", "everyone", "No rule opens that"),
        ("allow", "www.adult.test/page", "role:teacher", "No rule opens that"),
        ("allow", "adult.test", "person:ben", "No rule opens that"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(listed, effect, target, scope, said):
    with pytest.raises(Refused, match=said):
        add(effect, target, scope)
    assert not LocalRule.objects.exists()


def test_a_reason_an_end_and_a_later_end_are_asked_for(listed):
    with pytest.raises(Refused, match="reason"):
        add("block", "wiki.test", reason="  ")
    with pytest.raises(Refused, match="end lies before"):
        add("block", "wiki.test", until=AT - timedelta(days=1), at=AT)


def test_hosts_are_kept_in_their_one_spelling(listed):
    assert add("block", "HTTPS://Bücher.Example./Kinder/../Filme").host == "xn--bcher-kva.example"
    assert LocalRule.objects.get().path == "/Filme"
    assert add("block", "http://wiki.test/").path == ""  # a whole site, as people copy it from the address bar


def test_a_rule_reaches_its_scope_only_and_the_narrowest_wins(listed):
    add("allow", "bets.test", "class:7b", until=datetime.now(UTC) + timedelta(hours=2))
    assert listed.verdict("bets.test", "ben")[0] == "allow"
    assert listed.verdict("bets.test", "leah")[0] == "block"
    add("block", "bets.test", "person:ben")
    assert listed.verdict("bets.test", "ben") == ("block", "district", "III.2")


def test_a_time_limited_rule_ends_by_itself_without_a_new_bundle(listed):
    now = datetime.now(UTC)
    add("allow", "bets.test", until=now + timedelta(hours=1))
    bundle = listed.ask("bets.test", "ben").explanation.decision.bundle
    opened = publishing.bundle_file.open_bundle(listed.folder / "home", bundle)
    ask = Ask(opened.roll.person("ben"), "bets.test")
    assert decide(ask, opened, now + timedelta(minutes=59)).verdict == "allow"
    assert decide(ask, opened, now + timedelta(minutes=61)).verdict == "block"


def test_ending_takes_effect_at_once_and_only_once(listed):
    row = add("block", "wiki.test")
    rules.end_rule(actor=DANA, rule=row.pk, reason="The quiz is over.", at=datetime.now(UTC))
    assert listed.verdict("wiki.test", "ben")[0] == "allow"
    with pytest.raises(Refused, match="ended already"):
        rules.end_rule(actor=DANA, rule=row.pk, reason="Again.", at=datetime.now(UTC))
    assert [entry.verb for entry in journal.about(f"rule:{row.pk}")] == ["filtering.rule.ended", "filtering.rule.added"]


def test_a_rule_is_looked_at_again_after_half_a_year_unless_said_otherwise(listed):
    row = add("block", "wiki.test", at=AT)
    assert row.review_on == AT.date() + timedelta(days=180)
    assert list(queries.to_review(AT, row.review_on)) == [row]
    assert not queries.to_review(AT, row.review_on - timedelta(days=1)).exists()
    rules.keep_rule(actor=DANA, rule=row.pk, reason="Still needed.", review_on=row.review_on + timedelta(days=9), at=AT)
    assert not queries.to_review(AT, row.review_on).exists()


@pytest.mark.clause("VI.Alt3.C", "VI.Alt3.A.obscene")
def test_only_a_correction_opens_what_the_law_blocks_and_it_names_category_and_reason(listed):
    correct = {"actor": DANA, "target": "wrongly.test", "reason": "A clinic; looked at it.", "at": datetime.now(UTC)}
    with pytest.raises(Refused, match="Name the category"):
        rules.correct_listing(categories=(), **correct)
    with pytest.raises(Refused, match="no category"):
        rules.correct_listing(categories=("porn",), **correct)
    row = rules.correct_listing(categories=("pornography",), **correct)
    assert listed.verdict("www.wrongly.test", "ben")[0] == "allow"
    assert listed.verdict("adult.test", "ben")[0] == "block"
    said = journal.about(f"rule:{row.pk}")[0]
    assert (said.verb, said.clause, said.actor) == ("filtering.listing.corrected", "VI.Alt3.C", "dana")


def test_a_correction_never_reaches_names_below_that_were_listed_for_themselves(listed):
    with pytest.raises(Refused, match="nothing to correct"):
        rules.correct_listing(
            actor=DANA, target="shared.test", categories=("pornography",), reason="A portal.", at=datetime.now(UTC)
        )
    assert listed.verdict("x.shared.test", "ben")[0] == "block"


def test_a_page_is_corrected_without_the_rest_of_its_site(listed):
    assert listed.verdict("chess.test/play/now", "ben")[0] == "block"
    rules.correct_listing(
        actor=DANA, target="chess.test/play", categories=("gambling",), reason="Chess.", at=datetime.now(UTC)
    )
    assert listed.verdict("chess.test/play/now", "ben")[0] == "allow"


OLSEN = Actor(id="olsen", name="Ms. Olsen", roles=frozenset({"teacher"}))
ADA = Actor(id="ada", name="Ada", roles=frozenset({"building_administrator"}))


@pytest.fixture
def guarded(town, house):
    house.add("tunnels", house.write("tunnels.txt", "vpn.test", "x.school.test"), "vpn")
    house.add("bad", house.write("bad.txt", "evil.test"), "malware")
    house.add("casino", house.write("casino.txt", "chess.test"), "games")
    house.build()
    return house


@pytest.mark.clause("V.A.4d")
@pytest.mark.parametrize("actor", [OLSEN, ADA])
@pytest.mark.parametrize("target", ["vpn.test", "a.vpn.test", "evil.test/page"])
def test_what_guards_the_network_a_teacher_or_administrator_cannot_allow(guarded, actor, target):
    with pytest.raises(Refused, match="only the technology director"):
        add("allow", target, "person:ben", actor=actor)
    assert not LocalRule.objects.exists()


@pytest.mark.clause("V.A.4d")
def test_a_teachers_rule_for_a_name_above_opens_no_way_around_the_filter_below_it(guarded):
    add("allow", "school.test", "person:ben", actor=OLSEN)
    add("allow", "chess.test", "person:ben", actor=OLSEN)
    assert guarded.verdict("x.school.test", "ben")[0] == "block"
    assert "only the technology director" in guarded.ask("x.school.test", "ben").explanation.decision.reason
    assert guarded.verdict("www.school.test", "ben")[0] == "allow"
    assert guarded.verdict("chess.test", "ben")[0] == "allow"


def test_the_technology_director_can_allow_what_guards_the_network(guarded):
    assert guarded.verdict("vpn.test", "ben")[0] == "block"
    add("allow", "vpn.test", "person:ben")
    assert guarded.verdict("vpn.test", "ben")[0] == "allow"


def test_a_name_that_is_listed_only_later_stays_shut_under_a_teachers_rule(guarded):
    add("allow", "later.test", "person:ben", actor=OLSEN)
    guarded.add("more", guarded.write("more.txt", "later.test"), "proxy")
    guarded.build()
    assert guarded.verdict("later.test", "ben")[0] == "block"

"""Probes find the breach they are named after, and only that."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from homeroom.access import clauses as access
from homeroom.access.models import Account, CodeAsk, Lease, Sitting
from homeroom.activity import clauses as activity
from homeroom.activity.models import BlockedRequest, HourCount, SpoolFile
from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.board import actions as board_actions
from homeroom.board import clauses as board
from homeroom.board.models import AdoptedText, PlacedClause
from homeroom.filtering import clauses as filtering
from homeroom.filtering import jobs
from homeroom.filtering.actions import choices
from homeroom.filtering.models import AlternativeChoice, BuildRun, InadvertentAccess, LocalRule, ReviewRequest
from homeroom.kernel.policytext.claims import Looked
from homeroom.ledger import clauses as ledger
from tests.integration.board.files import SMALL
from tests.town import AT, NOON

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
DAY = timedelta(days=1)


def told(looked: Looked) -> tuple[int, int]:
    return looked.looked_at, looked.broken


@pytest.fixture
def text() -> AdoptedText:
    """A text with Alternative 3, in force since September, properly begun."""
    row, _ = board_actions.import_text(actor=SYSTEM, file="policy.md", data=SMALL.encode(), at=NOON)
    return board_actions.put_in_force(
        actor=SYSTEM, text=row.pk, from_day=date(2026, 9, 1), at=NOON, alternative="3",
        noticed_on=date(2026, 8, 1), hearing_on=date(2026, 8, 15), minutes="Book 7",
    )  # fmt: skip


@pytest.mark.clause("XVII.C")
def test_words_other_than_those_adopted_are_found(text):
    assert told(ledger.words_other_than_adopted(NOON)) == (9, 0)
    PlacedClause.objects.filter(clause="II.A.1").update(words="whisper, or")
    seen = ledger.words_other_than_adopted(NOON)
    assert told(seen) == (9, 1) and "II.A.1" in seen.summary


@pytest.mark.clause("524.title-note")
def test_days_without_a_policy_are_found(text):
    assert told(board.days_without_policy(NOON)) == (1, 0)
    assert told(board.days_without_policy(NOON - 30 * DAY)) == (1, 1)


@pytest.mark.clause("VI.Alt3.note.b")
@pytest.mark.parametrize(
    "change", [{"minutes": ""}, {"hearing_on": None}, {"noticed_on": None}, {"hearing_on": date(2026, 9, 1)}]
)
def test_a_text_that_began_without_its_meeting_is_found(text, change):
    assert told(board.begun_without_meeting(NOON)) == (1, 0)
    AdoptedText.objects.update(**change)
    assert told(board.begun_without_meeting(NOON)) == (1, 1)


@pytest.mark.clause("VI.note1.c")
def test_a_filter_under_another_alternative_than_the_text_is_found(text):
    choices.choose_alternative(actor=SYSTEM, alternative="3", reason="As adopted.", at=NOON)
    assert told(filtering.alternatives_that_differ(NOON)) == (1, 0)
    with pytest.raises(Refused, match="the filter follows it"):
        choices.choose_alternative(actor=SYSTEM, alternative="1", reason="By mistake.", at=NOON)
    AlternativeChoice.objects.create(alternative="1", reason="From before.", at=NOON, by="dana", by_name="Dana")
    assert told(filtering.alternatives_that_differ(NOON)) == (1, 1)
    assert "has Alternative 3" in (jobs.follow_the_board(NOON) or "")
    assert told(filtering.alternatives_that_differ(NOON)) == (1, 0)
    assert jobs.follow_the_board(NOON) is None


@pytest.mark.clause("VI.Alt3.A.obscene", "VI.Alt3.A.cp", "VI.Alt3.A.htm", "VI.note2")
def test_a_class_that_no_list_names_is_found():
    BuildRun.objects.create(started=NOON, outcome="done", counts={"pornography": 7, "csam": 0, "games": 9})
    assert told(filtering.obscene_without_entries(NOON)) == (1, 0)
    assert told(filtering.harmful_without_entries(NOON)) == (1, 0)
    assert told(filtering.child_pornography_without_entries(NOON)) == (1, 1)
    assert told(filtering.classes_without_entries(NOON)) == (3, 1)


@pytest.mark.clause("V.A.4d")
def test_ways_round_that_no_list_names_are_found():
    BuildRun.objects.create(started=NOON, outcome="done", counts={"proxy": 1, "vpn": 1})
    assert told(filtering.ways_round_without_entries(NOON)) == (3, 1)


@pytest.mark.clause("VI.Alt3.C")
def test_a_review_that_is_late_is_found():
    asked = {"host": "x.test", "kind": "district", "clause": "III.2", "profile": "student", "blocked_at": NOON}
    ReviewRequest.objects.create(**asked, asked_at=NOON, due_at=NOON + DAY)
    assert told(filtering.reviews_late(NOON + DAY)) == (0, 0)
    assert told(filtering.reviews_late(NOON + 2 * DAY)) == (1, 1)
    ReviewRequest.objects.update(state="answered", answered_at=NOON)
    assert told(filtering.reviews_late(NOON + 2 * DAY)) == (1, 0)


@pytest.mark.clause("V.C.1")
def test_an_accident_told_after_more_than_a_day_is_found():
    met = {"host": "x.test", "kind": "statutory", "clause": "VI.Alt3.A.obscene", "profile": "student"}
    for late in (DAY, DAY + timedelta(seconds=1)):
        InadvertentAccess.objects.create(**met, blocked_at=NOON, asked_at=NOON + late)
    assert told(filtering.accidents_told_late(NOON + 2 * DAY)) == (2, 1)


@pytest.mark.clause("III.2")
def test_a_rule_whose_review_is_due_is_found():
    rule = {"effect": "block", "owner": "dana", "owner_name": "Dana", "reason": "Noise.", "made_at": NOON}
    for day in (14, 15):
        LocalRule.objects.create(**rule, host=f"{day}.test", review_on=date(2026, 9, day))
    assert told(filtering.rules_past_their_review(NOON)) == (2, 1)


@pytest.mark.clause("V.A.5a", "V.A.7.1")
def test_accounts_that_a_password_alone_opens_and_those_of_people_who_left_are_found(town):
    town.account("dana")
    for id in ("kim", "nils"):
        town.bare_account(id, "correct horse battery")
    Account.objects.update(last_login=NOON)
    assert told(access.accounts_without_second_factor(NOON)) == (2, 1), "Nils has left and is no official any more"
    assert told(access.accounts_of_people_who_left(NOON)) == (3, 1)


@pytest.mark.clause("V.A.7.2")
def test_a_code_that_opened_after_too_many_tries_is_found(db):
    asked = {"by": "email", "language": "en", "place": "x", "created": NOON, "expires": NOON, "used": NOON}
    for tries in (5, 6):
        CodeAsk.objects.create(**asked, handle=str(tries), tries=tries)
    assert told(access.codes_that_opened_after_too_many_tries(NOON)) == (2, 1)


@pytest.mark.clause("V.A.7.3")
def test_an_open_session_of_a_closed_account_is_found(town):
    for who in ("kim", "dana"):
        client = town.client(who)
        account = Account.objects.get(person_id=who)
        Sitting.objects.create(account=account, key=client.session.session_key, created=NOON)
    Account.objects.filter(person_id="kim").update(is_active=False)
    assert told(access.sessions_of_closed_accounts(NOON)) == (2, 1)


@pytest.mark.clause("V.A.7.4")
def test_a_lease_past_its_end_is_found(town):
    for number, seconds in enumerate((-60, -61, 60)):
        until = NOON + timedelta(seconds=seconds)
        Lease.objects.create(address=f"10.0.0.{number}", by="radius", created=AT, until=until)
    assert told(access.leases_past_their_end(NOON)) == (3, 1)


@pytest.mark.clause("XIV.B.3")
def test_a_blocked_request_older_than_it_may_be_is_found():
    for days in (29, 31):
        BlockedRequest.objects.using("activity").create(at=int((NOON - days * DAY).timestamp()), n=1, line=0)
    assert told(activity.blocked_requests_kept_too_long(NOON)) == (2, 1)


@pytest.mark.clause("VI.Alt3.A.1")
def test_gaps_and_silence_in_the_counts_are_found():
    now = int(NOON.timestamp())
    SpoolFile.objects.using("activity").create(name="a", seen=now)
    SpoolFile.objects.using("activity").create(name="b", seen=now, lost_answers=3)
    assert told(activity.files_with_gaps(NOON + DAY)) == (2, 1)
    HourCount.objects.using("activity").create(hour=now, n=3)
    assert told(activity.hours_without_counts(NOON + DAY)) == (1, 0)
    assert told(activity.hours_without_counts(NOON + 8 * DAY)) == (1, 1)

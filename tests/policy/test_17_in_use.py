"""Articles I and XVII: what is in use is what the board approved, and the policy says what it is for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from homeroom.base.actor import SYSTEM
from homeroom.board import actions as board
from homeroom.board.models import Addendum, AdoptedText
from homeroom.ledger import clauses
from homeroom.notices.actions import building, notices
from homeroom.notices.models import Notice
from tests.integration.agreements import conftest as agreements
from tests.integration.board.files import SMALL
from tests.integration.notices.conftest import DANA, FACTS, approve
from tests.policy.test_06_choice import adopt
from tests.town import NOON

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
TODAY = date(2026, 9, 14)
DAY = timedelta(days=1)
signing = agreements.signing


class TestFormsAndNoticesInUse:
    """XVII.A.2: approved on the day on which they were signed or sent, and these very words."""

    @pytest.mark.clause("XVII.A.2")
    def test_a_form_signed_on_its_first_day_is_in_order(self, signing):
        agreements.sign("ben", "student", "ben")
        assert clauses.forms_signed_without_approval(NOON) == clauses.Looked(1, 0)

    @pytest.mark.clause("XVII.A.2")
    @pytest.mark.parametrize(
        "change",
        [{"effective_on": TODAY + DAY}, {"until_day": TODAY - DAY}, {"state": "returned"}, {"sha256": "b" * 64}],
    )
    def test_one_signed_before_or_after_or_in_other_words_is_found(self, signing, change):
        agreements.sign("ben", "student", "ben")
        rows = Addendum.objects.filter(subject__startswith="agreements.form:student")
        if "until_day" in change:
            rows.update(approved_on=TODAY - 9 * DAY, effective_on=TODAY - 9 * DAY)
        assert rows.update(**change) == 1
        assert clauses.forms_signed_without_approval(NOON).broken == 1

    @pytest.mark.clause("XVII.A.2")
    def test_a_notice_whose_words_were_not_approved_is_found(self, town):
        approve("users")
        row = notices.draft_notice(actor=DANA, at=NOON, kind="users", title="All", who={}, facts=FACTS.get("users", {}))
        building.build(at=NOON, notice=notices.release_notice(actor=DANA, at=NOON, notice=row))
        assert clauses.notices_sent_without_approval(NOON) == clauses.Looked(1, 0)
        Addendum.objects.update(effective_on=TODAY + DAY)
        assert clauses.notices_sent_without_approval(NOON).broken == 1
        Notice.objects.update(template=None)
        Addendum.objects.update(effective_on=TODAY)
        assert clauses.notices_sent_without_approval(NOON).broken == 1


class TestPurpose:
    """I: the policy says what it is for, and everybody may read it."""

    def adopt(self, words: str) -> None:
        text, _ = board.import_text(actor=SYSTEM, file="policy.md", data=words.encode(), at=NOON)
        board.put_in_force(actor=SYSTEM, text=text.pk, from_day=TODAY, at=NOON, alternative="2")

    @pytest.mark.clause("I")
    def test_the_words_stand_on_their_page_from_the_day_on(self, client):
        self.adopt(SMALL)
        assert clauses.purpose_unsaid(NOON) == clauses.Looked(1, 0)
        assert clauses.purpose_unsaid(NOON - DAY).looked_at == 0
        assert "To be short." in client.get("/ledger/I").content.decode()

    @pytest.mark.clause("I")
    def test_an_article_without_a_word_is_found(self):
        self.adopt(SMALL.replace("To be short.", ""))
        assert clauses.purpose_unsaid(NOON).broken == 1


@pytest.mark.clause("V.A.6.a.1", "V.A.6.a.2", "V.A.6.b.0")
def test_the_exceptions_of_the_board_are_on_record_with_a_reason():
    adopt("3")
    assert clauses.chosen_without_reason(NOON).broken == 0
    AdoptedText.objects.update(reason="")
    assert clauses.chosen_without_reason(NOON).broken == 1

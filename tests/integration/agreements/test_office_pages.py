"""The office's pages: what the board chose, who may end an account, permissions, other activities that end."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from homeroom.access.facts import standing_of
from homeroom.agreements import actions, terms
from homeroom.agreements.models import (
    Agreement,
    Alternative,
    Choice,
    FormVersion,
    Permission,
    Refusal,
    Reminder,
    Termination,
)
from homeroom.base.actor import SYSTEM, Actor
from homeroom.journal.models import Entry
from homeroom.notices.actions import returns
from homeroom.notices.returns import Report
from homeroom.people.models import Guardianship
from tests.integration.agreements.pages import begin, browser, open_today, sign, sign_everybody, slot

pytestmark = pytest.mark.django_db(databases=["default", "activity"])


@pytest.fixture
def signing(town, settings, tmp_path):
    settings.HOME = tmp_path
    return open_today(town)


def shown(answer) -> str:
    return answer.content.decode()


def codes(who: str = "ben") -> list[str]:
    return [each.code for each in standing_of(who, timezone.localdate()).missing]


# What the board chose


def choice(**more: object) -> dict[str, object]:
    """What the form sends."""
    values = {
        "from_day": timezone.localdate().isoformat(), "guardians": "one", "teachers": "all", "grown_alone": "on",
        "grace_days": "0", "renewal_days": "30", "year_begins": "07-01", "reason": "The board wants it so.",
    }  # fmt: skip
    return {**values, **more}


@pytest.mark.clause("IX.C.2")
def test_the_director_chooses_that_all_parents_sign_and_the_network_follows(signing):
    begin(elena := browser(signing, "elena"))
    sign(elena, slot("ana", "parent", "elena"), name="Elena Morales")
    assert "other-parent" not in codes("ana")
    dana = browser(signing, "dana")
    assert "One is enough" in shown(dana.get("/agreements/choices"))
    assert dana.post("/agreements/choices/new", choice(guardians="all")).url == "/agreements/choices"
    assert "other-parent" in codes("ana")
    page = shown(dana.get("/agreements/choices"))
    assert "The board wants it so." in page and "Dana Reyes" in page
    assert Entry.objects.filter(verb="agreements.chosen", actor="dana").count() == 1


@pytest.mark.clause("IX.C.6")
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"grace_days": "2"}, "board"),
        ({"grace_days": "6", "decision": "Minutes"}, "less than or equal to 5"),
        ({"year_begins": "31-12"}, "MM-DD"),
        ({"reason": ""}, "required"),
    ],
)
def test_what_the_board_may_not_choose_is_said_and_nothing_is_kept(signing, values, said):
    answer = browser(signing, "dana").post("/agreements/choices/new", choice(**values))
    assert said in shown(answer) and not Choice.objects.exists()


def test_a_choice_to_come_leaves_today_and_the_past_cannot_be_chosen(signing):
    dana, today = browser(signing, "dana"), timezone.localdate()
    late = shown(dana.post("/agreements/choices/new", choice(from_day=(today - timedelta(days=1)).isoformat())))
    assert "This day is over" in late and not Choice.objects.exists()
    soon = (today + timedelta(days=10)).isoformat()
    dana.post("/agreements/choices/new", choice(from_day=soon, grace_days="3", decision="Minutes of May, item 4"))
    assert terms.choice(today).grace_days == 0 and terms.choice(today + timedelta(days=10)).grace_days == 3
    assert "to come" in shown(dana.get("/agreements/choices"))


@pytest.mark.parametrize(("who", "reads", "writes"), [("dana", 200, 200), ("kim", 200, 403), ("olsen", 403, 403)])
def test_who_may_choose(signing, who, reads, writes):
    client = browser(signing, who)
    assert client.get("/agreements/choices").status_code == reads
    assert client.get("/agreements/choices/new").status_code == writes


# A parent's word and a court order


@pytest.fixture
def ordered(signing):
    """Rosa asked to end Ben's account, and a court order is on record."""
    sign_everybody(signing)
    Guardianship.objects.filter(child="ben").update(court_order=True, portal_access=True)
    client = browser(signing, "rosa")
    client.post("/agreements/children/ben/end", {"sure": "on", "reason": "We decide at home."})
    return signing


@pytest.mark.clause("VIII.D.2")
def test_an_administrator_looks_at_the_order_and_the_account_ends(ordered):
    row = Termination.objects.get()
    assert "ended-by-parent" not in codes()
    okafor = browser(ordered, "okafor")
    assert "Ben Haugen" in shown(okafor.get("/agreements/endings"))
    page = shown(okafor.get(f"/agreements/endings/{row.pk}"))
    assert "court order on record" in page and "We decide at home." in page
    okafor.post(f"/agreements/endings/{row.pk}", {"may": "yes", "words": "Order of 3 May 2025, item 2"})
    assert codes() == ["ended-by-parent"]
    row.refresh_from_db()
    assert (row.checked_by, row.authority) == ("okafor", "Order of 3 May 2025, item 2")
    assert "Decide</button>" not in shown(okafor.get(f"/agreements/endings/{row.pk}"))


@pytest.mark.clause("VIII.D.2")
def test_an_order_that_does_not_allow_it_leaves_the_account_and_the_parent_reads_why(ordered):
    row = Termination.objects.get()
    browser(ordered, "okafor").post(f"/agreements/endings/{row.pk}", {"may": "no", "words": "Joint custody is needed."})
    assert codes() == []
    assert "Joint custody is needed." in shown(browser(ordered, "rosa").get("/agreements/children"))


def test_a_clerk_sees_it_and_does_not_decide_and_others_do_not_see_it(ordered):
    row = Termination.objects.get()
    kim = browser(ordered, "kim")
    assert "administrator" in shown(kim.get(f"/agreements/endings/{row.pk}"))
    kim.post(f"/agreements/endings/{row.pk}", {"may": "yes", "words": "I say so"})
    assert Termination.objects.get().state == "requested"
    assert browser(ordered, "olsen").get(f"/agreements/endings/{row.pk}").status_code == 403
    ana = actions.request_termination(actor=Actor(id="elena"), at=timezone.now(), child="ana", guardian="elena")
    assert kim.get(f"/agreements/endings/{ana.pk}").status_code == 404, "a student of another school"


@pytest.mark.clause("VIII.D.2")
def test_the_office_writes_down_what_a_parent_said_on_the_telephone(signing):
    sign_everybody(signing)
    kim = browser(signing, "kim")
    assert "/agreements/endings/for/ben" in shown(kim.get("/people/ben"))
    assert "Rosa Haugen" in shown(kim.get("/agreements/endings/for/ben"))
    kim.post("/agreements/endings/for/ben", {"parent": "olsen", "reason": "Called."})
    assert not Termination.objects.exists(), "only a parent's word counts"
    kim.post("/agreements/endings/for/ben", {"parent": "rosa", "reason": "Called at nine."})
    row = Termination.objects.get()
    assert (row.guardian_id, row.requested_by, row.state) == ("rosa", "kim", "executed")
    assert codes() == ["ended-by-parent"]


# Permission


@pytest.mark.clause("IX.B.1")
def test_a_teacher_takes_the_permission_back_with_a_reason_and_gives_it_again(signing):
    sign_everybody(signing)
    agreement = Agreement.objects.get(person="ben", form="student")
    olsen, where = browser(signing, "olsen"), f"/agreements/permission/{agreement.pk}"
    assert where in shown(olsen.get(f"/papers/of/{agreement.pk}"))
    olsen.post(where, {"reason": ""})
    assert codes() == [], "not without a reason"
    olsen.post(where, {"reason": "Until we have talked."})
    assert codes() == ["permission"]
    assert "Until we have talked." in shown(olsen.get(where))
    okafor = browser(signing, "okafor")
    okafor.post(where)
    assert codes() == [] and Permission.objects.get(withdrawn_on=None).by_id == "okafor"
    assert browser(signing, "lind").get(where).status_code == 404, "another class's teacher"
    assert browser(signing, "kim").get(where).status_code == 403


# Whoever does not sign


@pytest.mark.clause("XII.B.0b")
def test_declining_asks_the_teacher_for_a_plan_and_signing_later_ends_that(signing):
    rosa, place = browser(signing, "rosa"), slot("ben", "parent", "rosa")
    begin(rosa)
    rosa.post(f"/sign/{place.pk}/decline", {"reason": "No screens before ten."})
    row = Alternative.objects.get()
    assert (row.student_id, row.asked_by_id, row.teacher_id, row.state) == ("ben", "rosa", "olsen", "requested")
    assert "No screens before ten." in shown(browser(signing, "olsen").get(f"/agreements/alternatives/{row.pk}"))
    sign(rosa, place)
    row.refresh_from_db()
    assert row.state == "ended" and not Refusal.objects.filter(taken_back_on=None).exists()


@pytest.mark.clause("IX.C.2")
def test_a_refusal_is_taken_back_without_signing_by_its_author_only(signing):
    rosa, place = browser(signing, "rosa"), slot("ben", "parent", "rosa")
    begin(rosa)
    rosa.post(f"/sign/{place.pk}/decline", {"reason": "No."})
    assert "parent-refused" in codes()
    assert browser(signing, "farah").post(f"/sign/{place.pk}/decline", {"back": "1"}).status_code == 404
    rosa.post(f"/sign/{place.pk}/decline", {"back": "1"})
    assert "parent-refused" not in codes() and "parent-signature" in codes()


@pytest.mark.clause("XII.B.0b")
def test_other_activities_end_at_the_parents_or_the_offices_word_and_the_network_opens(signing):
    sign_everybody(signing)
    now, rosa = timezone.now(), browser(signing, "rosa")
    for client, path in ((rosa, "over"), (browser(signing, "olsen"), "")):
        row = actions.request_alternative(
            actor=Actor(id="rosa"), at=now, student="ben", asked_by="rosa", scope="all", due_on=timezone.localdate()
        )
        actions.offer_alternative(actor=Actor(id="olsen"), at=now, alternative=row, plan="A book.")
        actions.answer_alternative(actor=Actor(id="rosa"), at=now, alternative=row, accepted=True)
        actions.start_alternative(actor=Actor(id="olsen"), at=now, alternative=row, from_day=timezone.localdate())
        assert codes() != []
        where = f"/agreements/alternatives/{row.pk}/{path}".rstrip("/")
        assert "End it" in shown(client.get(where))
        client.post(where, {"over": "1", "reason": "The project is over."})
        assert codes() == []
    assert actions.follow_roster(actor=SYSTEM, at=now) is not None


# Forms in several languages, and the list by teacher


def test_a_form_is_written_in_several_languages_with_english_beside_each(signing):
    dana = browser(signing, "dana")
    said = {
        "title_en": "Network", "body_en": "Be kind.", "title_so": "Shabakadda", "body_so": "Naxariis yeelo.",
        "title_hmn": "Network", "term": "school_year",
    }  # fmt: skip
    assert "Give both title and words in Hmoob" in shown(dana.post("/agreements/forms/add/student", said))
    said["body_hmn"] = "Ua siab zoo."
    dana.post("/agreements/forms/add/student", said)
    version = FormVersion.objects.get(form="student", number=2)
    assert list(version.texts.order_by("id").values_list("language", flat=True)) == ["en", "so", "hmn"]
    again = shown(dana.get("/agreements/forms/add/student"))
    assert "Naxariis yeelo." in again, "the last words are there to be changed"


def test_the_list_is_narrowed_to_the_students_of_one_teacher(signing):
    kim = browser(signing, "kim")
    page = kim.get("/agreements?teacher=olsen")
    assert {row.agreement.person_id for row in page.context["page"]} == {"ben"}
    assert 'value="olsen" selected' in shown(page)


# Reminders


def bounce(address: str, outcome: str = "hard", days: int = 0) -> None:
    """The mail service told something of mail to an address, some days ago."""
    returns.take_in(
        report=Report(digest=f"{address} {outcome} {days}", outcome=outcome, address=address), source="postmark",
        at=timezone.now() - timedelta(days=days),
    )  # fmt: skip


def remind(town) -> set[str]:
    """The office reminds everybody who is to sign as a parent; who gets a message."""
    Reminder.objects.all().delete()
    browser(town, "kim").post("/agreements?part=parent")
    actions.send_reminders(actor=SYSTEM, at=timezone.now())
    return set(Reminder.objects.filter(stopped="").exclude(sent_at=None).values_list("slot__holder_id", flat=True))


@pytest.mark.clause("IX.C.2")
def test_nobody_is_reminded_at_an_address_from_which_mail_came_back(signing):
    bounce("FARAH@lake.test")
    assert remind(signing) == {"rosa"}
    page = shown(browser(signing, "kim").get("/agreements?part=parent"))
    assert page.count("Mail came back") == 1
    bounce("farah@lake.test", "delivered")
    assert remind(signing) == {"rosa", "farah"}, "it is there again"


def test_an_address_is_tried_again_after_a_quarter_and_a_soft_bounce_is_none(signing):
    bounce("farah@lake.test", days=91)
    bounce("rosa@lake.test", "soft")
    assert remind(signing) == {"rosa", "farah"}


def test_a_bounce_between_asking_and_sending_stops_the_reminder(signing):
    browser(signing, "kim").post("/agreements?part=parent")
    bounce("farah@lake.test")
    actions.send_reminders(actor=SYSTEM, at=timezone.now())
    assert set(Reminder.objects.filter(slot__holder="farah").values_list("stopped", "sent_at")) == {("bounced", None)}
    assert {tuple(each.to) for each in mail.outbox} == {("rosa@lake.test",)}


@pytest.mark.parametrize(
    ("error", "stopped", "later"),
    [(ConnectionRefusedError("down"), "", 2), (SMTPRecipientsRefused({"x": (550, b"no such user")}), "bounced", 0)],
)
def test_a_mail_server_that_is_down_is_tried_again_and_one_that_refuses_is_not(
    signing, monkeypatch, error, stopped, later
):
    def fail(*_: object) -> int:
        raise error

    browser(signing, "kim").post("/agreements?part=parent&class=7b")
    count = Reminder.objects.count()
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", fail)
        assert actions.send_reminders(actor=SYSTEM, at=timezone.now()) == 0
    assert set(Reminder.objects.values_list("stopped", flat=True)) == {stopped}
    assert actions.send_reminders(actor=SYSTEM, at=timezone.now()) == (count if later else 0)


def test_the_lists_ask_no_more_with_more_rows(signing, django_assert_max_num_queries):
    kim = browser(signing, "kim")
    for child, parent in (("ben", "rosa"), ("leah", "farah")):
        actions.request_termination(actor=Actor(id=parent), at=timezone.now(), child=child, guardian=parent)
    with django_assert_max_num_queries(30):
        assert kim.get("/agreements/endings").status_code == 200


# The form for other activities, for parents and on paper


@pytest.mark.clause("XII.B.3")
def test_the_page_of_the_notice_leads_a_parent_to_the_form_and_prints_a_blank(signing, client):
    blank = shown(client.get("/agreements/other-activities"))
    assert "/account/sign-in?next=/agreements/other-activities" in blank and "Signature and date" in blank
    assert "Ben" not in blank
    mine = shown(browser(signing, "rosa").get("/agreements/other-activities"))
    assert "/agreements/children/ben/instead" in mine and "/agreements/children/ana/instead" not in mine


@pytest.mark.clause("XII.B.3", "XII.B.0b")
def test_the_office_writes_down_what_a_parent_asked_on_paper(signing):
    kim, where = browser(signing, "kim"), "/agreements/alternatives/for/ben"
    said = {"asked_by": "rosa", "scope": "tools", "words": "", "due_on": timezone.localdate().isoformat()}
    assert "which tools" in shown(kim.post(where, said))
    assert "Elena" not in shown(kim.get(where)), "only parents of this student are offered"
    kim.post(where, {**said, "words": "Video sites; she wrote it on the form of 3 September."})
    row = Alternative.objects.get(student="ben")
    assert (row.asked_by_id, row.scope, row.state) == ("rosa", "tools", "requested")
    assert browser(signing, "farah").get(where).status_code == 403


@pytest.mark.clause("XII.B.3", "XII.B.4")
def test_a_notice_to_parents_names_the_form_unless_somebody_says_otherwise(signing, settings):
    page = shown(browser(signing, "dana").get("/notices/add"))
    assert f"{settings.PUBLIC_URL}/agreements/other-activities" in page and f"{settings.PUBLIC_URL}/ledger" in page
    assert "/register/notice" in page, "the notice of providers is not typed by hand"

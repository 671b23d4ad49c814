"""Article XIV: nobody looks into a student's device without one of six grounds, and the family is told in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from homeroom.base.actor import SYSTEM, Actor
from homeroom.base.errors import Refused
from homeroom.devices import clauses
from homeroom.devices.actions import (
    console,
    duties,
    following,
    gate,
    programmes,
    resources,
    suspicion,
    telling,
    unsaying,
)
from homeroom.devices.models import Access, AccessUse, ConsoleAct, DeviceNotice, IssuedResource, Loan, TellDuty
from homeroom.devices.queries import register, told
from homeroom.journal.models import Entry
from homeroom.kernel.devices.gate import Warrant
from homeroom.notices import wording
from homeroom.notices.actions import letters, printing, reconciling, sending
from homeroom.notices.models import Clock, Letter, Template
from homeroom.notices.queries import progress
from homeroom.people.models import Guardianship, Person
from homeroom.site import messages
from tests.integration.notices.conftest import ROSA, approve, lives_at

from .devices_at_lake import DANA, HOUR, OKAFOR, WORDS, hold_words, laptop, put_off, threat, wanted

pytestmark = pytest.mark.django_db
CENTRAL = ZoneInfo("America/Chicago")
FRIDAY = datetime(2026, 11, 6, 17, 0, tzinfo=CENTRAL)
BEFORE = FRIDAY - timedelta(days=1)


@pytest.fixture
def notices(monkeypatch: pytest.MonkeyPatch) -> dict[str, datetime]:
    """When each student had the notice about monitoring."""
    delivered: dict[str, datetime] = {}
    monkeypatch.setattr(told, "delivered", lambda people, on: {id: delivered[id] for id in people if id in delivered})
    return delivered


@pytest.fixture
def rosa_is_his_mother(town) -> None:
    Guardianship.objects.create(child_id="ben", guardian_id="rosa", relationship="parent", first_day=BEFORE.date())


def ask(at: datetime, key: str = "k", **more: object) -> Access:
    return gate.ask(actor=DANA, wanted=wanted(at, **more), key=key, at=at)


def refused(at: datetime, **more: object) -> str:
    with pytest.raises(Refused) as error:
        ask(at, **more)
    assert Access.objects.count() == 0
    return str(error.value)


class TestWhatADeviceIs:
    @pytest.mark.clause("XIV.A")
    def test_software_given_to_one_student_is_behind_the_same_gate(self, town, notices):
        row = resources.add_resource(actor=DANA, kind="software", title="Drawing app", tag="APP-1", at=BEFORE)
        resources.lend(actor=DANA, resource=row.pk, person="ben", at=BEFORE)
        assert "was not told yet" in refused(FRIDAY, resource=row.pk)

    @pytest.mark.clause("XIV.A")
    def test_the_very_words_that_were_shown_are_kept_with_the_loan(self, town):
        words = hold_words(BEFORE)
        loan = Loan.objects.get(resource=laptop(BEFORE))
        newer = hold_words(FRIDAY, f"{WORDS} I charge it each night.")
        with pytest.raises(Refused, match="changed while you read"):
            resources.accept(actor=DANA, loan=loan.pk, sha256=words.sha256, at=FRIDAY)
        accepted = resources.accept(actor=DANA, loan=loan.pk, sha256=newer.sha256, at=FRIDAY)
        assert accepted.words.endswith("I charge it each night.")

    @pytest.mark.clause("XIV.A")
    def test_words_of_before_do_not_come_back_unseen(self, town):
        """They would be said to hold, while others are shown and accepted."""
        resources.set_words(actor=DANA, text=WORDS, at=BEFORE)
        resources.set_words(actor=DANA, text=f"{WORDS} I charge it each night.", at=FRIDAY)
        with pytest.raises(Refused, match="held once before"):
            resources.set_words(actor=DANA, text=WORDS, at=FRIDAY)

    @pytest.mark.clause("XIV.A", "XVII.A.2")
    def test_words_that_the_board_has_not_approved_are_accepted_by_nobody(self, town):
        loan = Loan.objects.get(resource=laptop(BEFORE))
        words = resources.set_words(actor=DANA, text=WORDS, at=BEFORE)
        with pytest.raises(Refused, match="nothing to accept"):
            resources.accept(actor=DANA, loan=loan.pk, sha256=words.sha256, at=FRIDAY)
        hold_words(FRIDAY)
        newer = resources.set_words(actor=DANA, text=f"{WORDS} I charge it each night.", at=FRIDAY)
        with pytest.raises(Refused, match="changed while you read"):
            resources.accept(actor=DANA, loan=loan.pk, sha256=newer.sha256, at=FRIDAY)
        assert resources.accept(actor=DANA, loan=loan.pk, sha256=words.sha256, at=FRIDAY).words == words.text

    @pytest.mark.clause("XIV.A")
    def test_one_device_is_with_one_person(self, town):
        row = laptop(BEFORE)
        with pytest.raises(Refused, match="is with Ben Haugen"):
            resources.lend(actor=DANA, resource=row.pk, person="leah", at=FRIDAY)
        resources.take_back(actor=DANA, loan=Loan.objects.get().pk, condition="Fine", at=FRIDAY)
        assert resources.lend(actor=DANA, resource=row.pk, person="leah", at=FRIDAY).person_id == "leah"


class TestWithoutAGround:
    @pytest.mark.clause("XIV.C.0", "XIV.B.1", "XIV.B.2")
    @pytest.mark.parametrize("feature", ["location", "audio", "video", "keystrokes", "browsing", "other"])
    def test_no_feature_opens_and_the_refusal_is_on_record(self, town, notices, feature):
        assert "Choose one of the six grounds" in refused(FRIDAY, ground="curiosity", features=(feature,))
        entry = Entry.objects.get(verb="devices.access.turned-away")
        assert (entry.actor, entry.subject, entry.data["features"]) == ("dana", "person:ben", [feature])

    @pytest.mark.clause("XIV.C.0")
    def test_nothing_is_asked_for_afterwards(self, town, notices):
        notices["ben"] = BEFORE
        assert "before it happens" in refused(FRIDAY, starts=FRIDAY - HOUR)

    @pytest.mark.clause("XIV.C.0")
    def test_one_more_feature_is_another_request(self, town, notices):
        notices["ben"] = BEFORE
        access = ask(FRIDAY)
        gate.use(actor=DANA, access=access.pk, features=["video"], at=FRIDAY)
        with pytest.raises(Refused, match="does not cover Microphone and sound"):
            gate.use(actor=DANA, access=access.pk, features=["video", "audio"], at=FRIDAY)

    @pytest.mark.clause("XIV.C.0")
    def test_the_window_closes_to_the_second(self, town, notices):
        notices["ben"] = BEFORE
        access = ask(FRIDAY)
        gate.use(actor=DANA, access=access.pk, features=["video"], at=FRIDAY + HOUR - timedelta(seconds=1))
        with pytest.raises(Refused, match="time of this access is over"):
            gate.use(actor=DANA, access=access.pk, features=["video"], at=FRIDAY + HOUR)

    @pytest.mark.clause("XIV.C.0")
    def test_a_director_who_clicks_twice_makes_one_record(self, town, notices):
        notices["ben"] = BEFORE
        assert ask(FRIDAY).pk == ask(FRIDAY + timedelta(seconds=1)).pk
        assert Access.objects.count() == 1


class TestGround1Education:
    @pytest.mark.clause("XIV.C.1a")
    @pytest.mark.parametrize("purpose", ["instruction", "support", "proctoring"])
    def test_it_serves_three_purposes(self, town, notices, purpose):
        notices["ben"] = BEFORE
        assert ask(FRIDAY, purpose=purpose).state == "authorised"

    @pytest.mark.clause("XIV.C.1a")
    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({"purpose": "duty"}, "instruction, technical support or exams"),
            ({"commercial": True}, "never serves a commercial"),
            ({"actor_class": "resource_officer"}, "Others need another ground"),
            ({"actor_class": "county"}, "Others need another ground"),
        ],
    )
    def test_and_nothing_else(self, town, notices, more, sentence):
        notices["ben"] = BEFORE
        assert sentence in refused(FRIDAY, **more)

    @pytest.mark.clause("XIV.C.1a")
    @pytest.mark.parametrize("who", ["employee", "student_teacher", "contracted", "vendor", "state_department"])
    def test_for_those_whom_the_law_names(self, town, notices, who):
        notices["ben"] = BEFORE
        assert ask(FRIDAY, actor_class=who).actor_class == who

    @pytest.mark.clause("XIV.C.1b")
    def test_not_before_this_very_student_was_told(self, town, notices):
        notices["leah"] = BEFORE  # his classmate was
        assert "was not told yet" in refused(FRIDAY)

    @pytest.mark.clause("XIV.C.1b")
    def test_a_notice_of_the_same_second_is_no_advance_notice(self, town, notices):
        notices["ben"] = FRIDAY
        assert "later than this begins" in refused(FRIDAY)
        assert ask(FRIDAY, starts=FRIDAY + timedelta(seconds=1)).told_at == FRIDAY


class TestGround2Warrant:
    WARRANT = Warrant("27-CR-26-1", "ab" * 32, "Messages of May and June", FRIDAY + HOUR)

    @pytest.mark.clause("XIV.C.2")
    @pytest.mark.parametrize(
        ("warrant", "sentence"),
        [
            (Warrant(), "Attach the warrant"),
            (Warrant("1", "ab" * 32, "", FRIDAY + HOUR), "what the warrant allows"),
            (Warrant("1", "ab" * 32, "All of it", FRIDAY + HOUR - timedelta(seconds=1)), "hold until the end"),
        ],
    )
    def test_a_warrant_has_a_file_a_scope_and_an_end(self, town, warrant, sentence):
        assert sentence in refused(FRIDAY, ground="warrant", purpose="duty", warrant=warrant)

    @pytest.mark.clause("XIV.C.2")
    def test_an_officer_with_a_warrant_waits_for_a_second_person(self, town):
        access = ask(FRIDAY, ground="warrant", purpose="duty", warrant=self.WARRANT, actor_class="resource_officer")
        assert access.state == "asked"
        with pytest.raises(Refused, match="not approved"):
            gate.use(actor=DANA, access=access.pk, features=["video"], at=FRIDAY)
        with pytest.raises(Refused, match="asked for this yourself"):
            gate.answer(actor=DANA, access=access.pk, grant=True, words="Fine.", at=FRIDAY)
        gate.answer(actor=OKAFOR, access=access.pk, grant=True, words="I read the warrant.", at=FRIDAY)
        gate.use(actor=DANA, access=access.pk, features=["video"], at=FRIDAY)

    @pytest.mark.clause("XIV.C.2")
    def test_even_the_table_refuses_whoever_approves_their_own_request(self, town):
        access = ask(FRIDAY, ground="warrant", purpose="duty", warrant=self.WARRANT)
        with pytest.raises(IntegrityError), transaction.atomic():
            Access.objects.filter(pk=access.pk).update(answered_by="dana")


class TestGround3Missing:
    @pytest.mark.clause("XIV.C.3")
    def test_it_needs_an_open_report_and_reaches_location_only(self, town):
        row = laptop(BEFORE)
        said = {"ground": "missing", "purpose": "recovery", "resource": row.pk}
        assert "not reported missing" in refused(FRIDAY, features=("location",), **said)
        resources.report_loss(
            actor=DANA, resource=row.pk, circumstances="Left on the bus", missing_since=BEFORE, at=FRIDAY
        )
        assert "location and its lock are enough" in refused(FRIDAY, features=("location", "video"), **said)
        assert ask(FRIDAY, features=("location", "lock"), **said).loss.missing_since == BEFORE

    @pytest.mark.clause("XIV.C.0", "XIV.C.3")
    def test_the_device_of_another_student_is_not_looked_for_under_this_ones_name(self, town):
        row = laptop(BEFORE, person="leah")
        resources.report_loss(
            actor=DANA, resource=row.pk, circumstances="Left on the bus", missing_since=BEFORE, at=FRIDAY
        )
        said = {"ground": "missing", "purpose": "recovery", "features": ("location",), "resource": row.pk}
        assert "not lent to this student" in refused(FRIDAY, **said)
        assert ask(FRIDAY, student="leah", **said).student_id == "leah"

    @pytest.mark.clause("XIV.C.0")
    def test_what_came_back_is_still_of_whoever_had_it_last(self, town):
        row = laptop(BEFORE)
        said = {"ground": "law", "purpose": "duty", "citation": "Minn. Stat. 121A.031", "resource": row.pk}
        resources.take_back(actor=DANA, loan=Loan.objects.get().pk, condition="Fine", at=BEFORE)
        assert ask(FRIDAY, **said).resource_id == row.pk
        resources.lend(actor=DANA, resource=row.pk, person="leah", at=FRIDAY)
        with pytest.raises(Refused, match="not lent to this student"):
            ask(FRIDAY, key="again", **said)

    @pytest.mark.clause("XIV.C.3")
    def test_it_ends_by_itself_when_the_device_is_found(self, town):
        row = laptop(BEFORE)
        resources.report_loss(
            actor=DANA, resource=row.pk, circumstances="Left on the bus", missing_since=BEFORE, at=FRIDAY
        )
        access = ask(FRIDAY, ground="missing", purpose="recovery", resource=row.pk, features=("location",))
        gate.use(actor=DANA, access=access.pk, features=["location"], at=FRIDAY)
        resources.record_found(actor=OKAFOR, resource=row.pk, how="The driver had it", at=FRIDAY + timedelta(minutes=5))
        with pytest.raises(Refused, match="is found"):
            gate.use(actor=DANA, access=access.pk, features=["location"], at=FRIDAY + timedelta(minutes=6))


class TestGround4Threat:
    def emergency(self, at: datetime = FRIDAY, first: datetime | None = None, key: str = "e", **more):
        first = first or at
        return telling.record_emergency(
            actor=OKAFOR, wanted=threat(first, **more), key=key, first_access=first, at=at
        )  # fmt: skip

    def tell(self, access: Access, at: datetime, *others: Access, features=("location",), **more) -> DeviceNotice:
        notice = telling.write_notice(
            actor=OKAFOR, accesses=[access.pk, *(each.pk for each in others)], recipient="rosa",
            recipient_why="She looks for him as well.", features=features, at=at,
            description="Mr. Okafor looked where the laptop was.", threat="He wrote that he will not live.", **more,
        )  # fmt: skip
        return telling.send_notice(actor=OKAFOR, notice=notice.pk, way="hand", proof="She signed for it.", at=at)

    @pytest.mark.clause("XIV.C.4")
    def test_it_opens_at_once_with_a_threat_and_only_for_that(self, town):
        assert "Describe the threat" in refused(FRIDAY, ground="threat", purpose="safety", features=("location",))
        said = {"ground": "threat", "threat": "He will come to harm."}
        assert "nothing else" in refused(FRIDAY, purpose="instruction", **said)
        access, _ = self.emergency()
        assert access.state == "authorised" and AccessUse.objects.filter(access=access).count() == 1

    @pytest.mark.clause("XIV.D.1")
    def test_one_that_was_forgotten_for_forty_days_is_written_down_and_late(self, town):
        first = FRIDAY - timedelta(days=40)
        access, duty = self.emergency(first=first, ends=FRIDAY + timedelta(hours=24))
        assert access.starts == first and duty.status(FRIDAY) == "late"

    @pytest.mark.clause("XIV.D.1")
    def test_a_slip_in_the_year_is_asked_about_and_starts_no_clock(self, town):
        for first in (FRIDAY - timedelta(days=367), FRIDAY.replace(year=1990)):
            with pytest.raises(Refused, match="more than a year back"):
                self.emergency(first=first, ends=FRIDAY + timedelta(hours=24))
        assert not Access.objects.exists()

    @pytest.mark.clause("XIV.D.1")
    def test_friday_at_five_is_due_on_monday_at_five(self, town):
        _, duty = self.emergency()
        assert duty.due_at.astimezone(CENTRAL) == datetime(2026, 11, 9, 17, 0, tzinfo=CENTRAL)
        assert duty.status(FRIDAY + timedelta(hours=23)) == "due"
        assert duty.status(FRIDAY + timedelta(hours=24)) == "warned"
        assert duty.status(duty.due_at) == "warned"
        assert duty.status(duty.due_at + timedelta(seconds=1)) == "late"

    @pytest.mark.clause("XIV.D.1")
    def test_that_a_family_was_told_is_taken_back_and_the_clock_runs_with_the_time_it_had(
        self, town, rosa_is_his_mother
    ):
        access, duty = self.emergency()
        given = self.tell(access, FRIDAY + HOUR)
        assert TellDuty.objects.get().status(FRIDAY + HOUR) == "told"
        with pytest.raises(Refused, match="Say why"):
            unsaying.take_back(actor=DANA, notice=given.pk, reason="", at=FRIDAY + 2 * HOUR)
        draft = unsaying.take_back(actor=DANA, notice=given.pk, reason="It was another mother.", at=FRIDAY + 73 * HOUR)
        row = TellDuty.objects.get()
        assert (row.due_at, row.status(FRIDAY + 73 * HOUR)) == (duty.due_at, "late"), "its time went on"
        assert Clock.objects.get().state(FRIDAY + 73 * HOUR) == "late"
        assert (draft.description, draft.recipient_id, draft.sent_at) == (given.description, "rosa", None)
        given.refresh_from_db()
        assert given.proof == "She signed for it." and given.unsaid_why == "It was another mother."
        with pytest.raises(Refused, match="taken back already"):
            unsaying.take_back(actor=DANA, notice=given.pk, reason="It was another mother.", at=FRIDAY + 74 * HOUR)
        page = town.client("dana").get(f"/device-access/{access.pk}").content.decode()
        assert "It was another mother." in page and "She signed for it." in page and "They were not told" not in page
        told = FRIDAY + 75 * HOUR
        telling.send_notice(actor=OKAFOR, notice=draft.pk, way="hand", proof="She signed.", at=told)
        assert TellDuty.objects.get().status(told) == "told_late"
        assert "They were not told" in town.client("dana").get(f"/device-access/{access.pk}").content.decode()
        town.client("dana").post(f"/device-access/{access.pk}/not-told", {"reason": "Nobody was at home."})
        assert TellDuty.objects.get().told_at is None

    @pytest.mark.clause("XIV.D.1")
    @pytest.mark.parametrize(
        ("first", "due"),
        [
            (datetime(2026, 10, 31, 17, 0, tzinfo=CENTRAL), datetime(2026, 11, 3, 16, 0, tzinfo=CENTRAL)),
            (datetime(2027, 3, 13, 17, 0, tzinfo=CENTRAL), datetime(2027, 3, 16, 18, 0, tzinfo=CENTRAL)),
        ],
    )
    def test_hours_are_elapsed_hours_when_the_clocks_change(self, town, first, due):
        _, duty = self.emergency(first)
        assert duty.due_at.astimezone(CENTRAL) == due
        assert duty.due_at.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=72)

    @pytest.mark.clause("XIV.D.1")
    def test_the_clock_starts_with_the_first_access_not_with_its_record(self, town):
        access, duty = self.emergency(at=FRIDAY + 50 * HOUR, first=FRIDAY)
        assert duty.due_at == FRIDAY + 72 * HOUR
        # The console says later that it was looked at two hours earlier still.
        duties.begin(actor=DANA, access=access, first_access=FRIDAY - 2 * HOUR, at=FRIDAY + 51 * HOUR)
        assert TellDuty.objects.get().due_at == FRIDAY + 70 * HOUR

    @pytest.mark.clause("XIV.D.1")
    def test_clicking_twice_in_an_emergency_is_one_access_with_one_clock(self, town):
        self.emergency()
        self.emergency(at=FRIDAY + timedelta(seconds=2), first=FRIDAY)
        assert (Access.objects.count(), AccessUse.objects.count(), TellDuty.objects.count()) == (1, 1, 1)
        assert DeviceNotice.objects.count() == 1

    @pytest.mark.clause("XIV.D.2")
    def test_a_notice_without_its_parts_is_not_sent(self, town, rosa_is_his_mother):
        access, _ = self.emergency(features=("location", "audio"))
        notice = DeviceNotice.objects.get()
        with pytest.raises(Refused, match="Choose who is told"):
            telling.send_notice(actor=OKAFOR, notice=notice.pk, way="hand", proof="Signed", at=FRIDAY)
        with pytest.raises(Refused, match="it lacks Microphone and sound"):
            self.tell(access, FRIDAY, features=("location",))
        assert TellDuty.objects.get().told_at is None

    @pytest.mark.clause("XIV.D.1")
    def test_it_goes_to_the_student_or_a_parent_and_to_nobody_else(self, town, rosa_is_his_mother):
        access, _ = self.emergency()
        said = {"accesses": [access.pk], "features": ["location"], "threat": "He will come to harm.",
                "description": "Mr. Okafor looked where the laptop was.", "at": FRIDAY}  # fmt: skip
        with pytest.raises(Refused, match="student or to a parent"):
            telling.write_notice(actor=OKAFOR, recipient="olsen", recipient_why="She teaches him.", **said)
        with pytest.raises(Refused, match="Say why this person"):
            telling.write_notice(actor=OKAFOR, recipient="ben", recipient_why="", **said)
        assert telling.write_notice(actor=OKAFOR, recipient="ben", recipient_why="His father is the danger.", **said)

    @pytest.mark.clause("XIV.D.1")
    def test_late_stays_late(self, town, rosa_is_his_mother):
        access, duty = self.emergency()
        self.tell(access, duty.due_at + timedelta(seconds=1))
        assert TellDuty.objects.get().status(duty.due_at + timedelta(days=400)) == "told_late"

    @pytest.mark.clause("XIV.D.1")
    def test_one_notice_covers_those_whose_own_time_still_runs(self, town, rosa_is_his_mother):
        first, _ = self.emergency()
        second, _ = self.emergency(FRIDAY + 10 * HOUR, key="e2")
        with pytest.raises(Refused, match="only while the time of each"):
            self.tell(first, FRIDAY + 73 * HOUR, second)
        self.tell(first, FRIDAY + 72 * HOUR, second)
        assert {duty.status(FRIDAY + 100 * HOUR) for duty in TellDuty.objects.all()} == {"told"}

    @pytest.mark.clause("XIV.D.3")
    @pytest.mark.parametrize(
        ("who", "sentence"),
        [
            (OKAFOR, "Somebody else must approve"),
            (Actor(id="olsen", name="Maja Olsen", roles=frozenset({"teacher"})), "signed in as themselves"),
            (Actor(id="olsen", name="Maja Olsen", roles=DANA.roles), "signed in as themselves"),
            (SYSTEM, "signed in as themselves"),
        ],
    )
    def test_only_another_official_who_is_signed_in_lets_a_notice_wait(self, town, who, sentence):
        access, first = self.emergency()
        ask = {"actor": OKAFOR, "access": access.pk, "at": FRIDAY}
        with pytest.raises(Refused, match="Say in a sentence why"):
            duties.ask_to_defer(why="", **ask)
        duties.ask_to_defer(why="His father would hurt him.", **ask)
        with pytest.raises(Refused, match=sentence):
            duties.answer_deferral(actor=who, access=access.pk, grant=True, words="I see it too.", at=FRIDAY)
        duty = TellDuty.objects.get()
        assert (duty.review_by, duty.due_at, duty.approved_by) == (None, first.due_at, "")
        assert duty.status(first.due_at + timedelta(seconds=1)) == "late", "asking stops no clock"

    @pytest.mark.clause("XIV.D.3")
    def test_from_the_approval_on_somebody_looks_each_day(self, town):
        access, _ = self.emergency()
        duty = put_off(access.pk, FRIDAY + HOUR, FRIDAY)
        assert (duty.deferred_at, duty.review_by) == (FRIDAY + HOUR, FRIDAY + 25 * HOUR)
        assert duty.status(FRIDAY + 25 * HOUR) == "deferred"
        assert duty.status(FRIDAY + 25 * HOUR + timedelta(seconds=1)) == "review_late"
        done = Entry.objects.filter(verb__startswith="devices.duty.defer").order_by("id")
        assert [(each.verb, each.actor) for each in done] == [
            ("devices.duty.deferral-asked", "okafor"), ("devices.duty.deferred", "dana"),
        ]  # fmt: skip

    @pytest.mark.clause("XIV.D.3")
    def test_what_was_late_when_the_second_person_approved_stays_late(self, town):
        access, first = self.emergency()
        duty = put_off(access.pk, first.due_at + HOUR, FRIDAY)
        assert duty.late_already

    @pytest.mark.clause("XIV.D.3")
    def test_a_request_that_is_refused_or_taken_back_leaves_the_clock_as_it_was(self, town, rosa_is_his_mother):
        access, first = self.emergency()
        for who in (OKAFOR, DANA):
            duties.ask_to_defer(actor=OKAFOR, access=access.pk, why="His father would hurt him.", at=FRIDAY)
            with pytest.raises(Refused, match="Answer that first"):
                self.tell(access, FRIDAY + HOUR)
            duties.answer_deferral(actor=who, access=access.pk, grant=False, words="He is abroad now.", at=FRIDAY)
        self.tell(access, FRIDAY + HOUR)
        assert (TellDuty.objects.get().due_at, TellDuty.objects.get().told_at) == (first.due_at, FRIDAY + HOUR)

    @pytest.mark.clause("XIV.D.3")
    def test_asking_hides_it_from_the_family_for_the_72_hours_and_no_longer(self, town, rosa_is_his_mother):
        access, first = self.emergency()
        duties.ask_to_defer(actor=OKAFOR, access=access.pk, why="His father would hurt him.", at=FRIDAY)
        shown = [register.own([town.ben], "rosa", at)[0].accesses for at in (FRIDAY + HOUR, first.due_at + HOUR)]
        assert [len(each) for each in shown] == [0, 1]

    @pytest.mark.clause("XIV.D.3")
    @pytest.mark.django_db(databases=["default", "activity"])
    def test_the_page_asks_the_other_official_for_the_answer(self, town):
        access, _ = self.emergency(timezone.now() - HOUR)
        okafor, dana, at = town.client("okafor"), town.client("dana"), f"/device-access/{access.pk}"
        okafor.post(f"{at}/defer", {"why": "His father would hurt him."})
        yes = {"grant": "yes", "words": "The police say so."}
        assert "Somebody else must approve" in okafor.post(f"{at}/put-off", yes).content.decode()
        assert "needs your answer" in dana.get("/").content.decode()
        assert "needs your answer" not in okafor.get("/").content.decode()
        dana.post(f"{at}/put-off", yes)
        assert TellDuty.objects.get().approved_by_name == "Dana Reyes"

    @pytest.mark.clause("XIV.D.3")
    def test_while_it_is_put_off_nothing_is_sent_and_nothing_is_shown(self, town, rosa_is_his_mother):
        access, _ = self.emergency()
        put_off(access.pk, FRIDAY)
        with pytest.raises(Refused, match="would endanger somebody"):
            self.tell(access, FRIDAY + HOUR)
        shown = register.own([town.ben], "rosa", FRIDAY + HOUR)[0]
        assert shown.accesses == ()

    @pytest.mark.clause("XIV.D.4")
    def test_the_threat_ends_while_the_notice_is_half_written(self, town, rosa_is_his_mother):
        access, first = self.emergency()
        put_off(access.pk, FRIDAY)
        telling.write_notice(
            actor=OKAFOR, accesses=[access.pk], recipient="ben", recipient_why="His father is the danger.",
            description="Mr. Okafor looked where", features=["location"], threat="", at=FRIDAY + 30 * HOUR,
        )  # fmt: skip
        ceased = FRIDAY + 100 * HOUR  # later than the first 72 hours
        duty = duties.threat_ceased(
            actor=OKAFOR, access=access.pk, when=ceased, words="He was arrested.", at=ceased + HOUR
        )
        assert (duty.due_at, duty.notice.description) == (ceased + 72 * HOUR, "Mr. Okafor looked where")
        assert duty.status(ceased + 72 * HOUR) == "warned" and first.due_at < duty.due_at
        self.tell(access, ceased + 72 * HOUR)
        assert TellDuty.objects.get().status(ceased + 73 * HOUR) == "told"

    @pytest.mark.clause("XIV.D.4")
    def test_putting_off_what_was_late_already_does_not_wash_it(self, town, rosa_is_his_mother):
        access, duty = self.emergency()
        late = duty.due_at + HOUR
        put_off(access.pk, late)
        duties.threat_ceased(actor=OKAFOR, access=access.pk, when=late + HOUR, words="He is safe.", at=late + HOUR)
        self.tell(access, late + 2 * HOUR)
        assert TellDuty.objects.get().status(late + 3 * HOUR) == "told_late"

    @pytest.mark.clause("XIV.D.1")
    def test_the_clock_warns_at_24_48_and_66_hours_and_then_never_closes_it(self, town):
        self.emergency()
        for hours in (24, 48, 66, 72, 500):
            duties.move_on(actor=DANA, at=FRIDAY + hours * HOUR)
        warned = Entry.objects.filter(verb="devices.duty.warned").order_by("id")
        assert [each.data["status"] for each in warned] == ["warned", "warned", "warned", "warned"]
        assert TellDuty.objects.get().status(FRIDAY + 500 * HOUR) == "late"
        assert register.waiting().filter(register.late(FRIDAY + 500 * HOUR, "")).count() == 1


class TestTheNoticeByEmail:
    """XIV.D.1: handed to a mail server is not told."""

    @pytest.fixture(autouse=True)
    def words(self, town, rosa_is_his_mother):
        approve("device-emergency")

    def emergency(self) -> Access:
        access, _ = telling.record_emergency(
            actor=OKAFOR, wanted=threat(FRIDAY), key="e", first_access=FRIDAY, at=FRIDAY
        )  # fmt: skip
        return access

    def out(self, at: datetime = FRIDAY + HOUR) -> Access:
        """An emergency of Friday at five whose notice is handed over for sending."""
        access = self.emergency()
        self.tell(access, "rosa", at)
        return access

    def tell(self, access: Access, who: str, at: datetime, way: str = "email", proof: str = "") -> DeviceNotice:
        notice = telling.write_notice(
            actor=OKAFOR, accesses=[access.pk], recipient=who, recipient_why="She looks for him as well.",
            features=["location"], description="Mr. Okafor looked where the laptop was.",
            threat="He wrote that he will not live.", at=at,
        )  # fmt: skip
        return telling.send_notice(actor=OKAFOR, notice=notice.pk, way=way, proof=proof, at=at)

    def sent(self, at: datetime = FRIDAY + HOUR) -> Letter:
        """The mail server took it."""
        assert sending.send_batch(at=at).sent == 1
        return Letter.objects.get(state="sent")

    def status(self, at: datetime) -> str:
        following.follow(actor=DANA, at=at)
        return TellDuty.objects.get().status(at)

    @pytest.mark.clause("XIV.D.1")
    def test_neither_handing_over_nor_the_mail_servers_yes_stops_the_clock(self, town):
        self.out()
        assert self.status(FRIDAY + HOUR) == "due"
        self.sent()
        assert self.status(FRIDAY + 24 * HOUR) == "warned"
        assert Clock.objects.get().state(FRIDAY + 2 * HOUR) == "running"

    @pytest.mark.clause("XIV.D.1")
    def test_it_counts_from_its_sending_once_it_did_not_come_back_for_a_day(self, town):
        self.out()
        self.sent()
        letters.settle(at=FRIDAY + 25 * HOUR)
        assert self.status(FRIDAY + 25 * HOUR) == "told"
        assert TellDuty.objects.get().told_at == FRIDAY + HOUR == Clock.objects.get().met_at

    @pytest.mark.clause("XIV.D.1")
    def test_signing_in_and_reading_it_is_told_at_that_moment(self, town):
        self.out()
        letter = self.sent()
        letters.confirm_read(actor=ROSA, letter=letter, at=FRIDAY + 3 * HOUR)
        assert self.status(FRIDAY + 3 * HOUR) == "told"
        assert TellDuty.objects.get().told_at == FRIDAY + 3 * HOUR

    @pytest.mark.clause("XIV.D.1")
    def test_what_comes_back_after_it_counted_opens_the_duty_again(self, town):
        self.out()
        letter = self.sent()
        letters.settle(at=FRIDAY + 25 * HOUR)
        assert self.status(FRIDAY + 25 * HOUR) == "told"
        assert clauses.told_by_what_came_back(FRIDAY + 25 * HOUR).broken == 0
        letters.failed(attempt=letter.attempts.get(), why="550 no such user", at=FRIDAY + 50 * HOUR, returned=True)
        assert clauses.told_by_what_came_back(FRIDAY + 50 * HOUR).broken == 1
        assert self.status(FRIDAY + 50 * HOUR) == "warned"
        assert Clock.objects.get().state(FRIDAY + 50 * HOUR) == "warned"
        assert self.status(FRIDAY + 73 * HOUR) == "late", "its time was not lengthened"
        assert Entry.objects.filter(verb="devices.duty.opened-again").count() == 1

    @pytest.mark.clause("XIV.D.1")
    def test_a_return_puts_it_on_paper_and_mailing_it_stops_the_clock(self, town):
        lives_at("rosa")
        self.out()
        letter = self.sent()
        letters.failed(attempt=letter.attempts.get(), why="550 no such user", at=FRIDAY + 2 * HOUR, returned=True)
        assert self.status(FRIDAY + 3 * HOUR) == "due"
        run = printing.make_run(actor=OKAFOR, notice=letter.notice, at=FRIDAY + 4 * HOUR)
        assert self.status(FRIDAY + 5 * HOUR) == "due", "printed is not mailed"
        printing.confirm_mailed(actor=OKAFOR, run=run, on=FRIDAY.date(), at=FRIDAY + 6 * HOUR)
        assert self.status(FRIDAY + 6 * HOUR) == "told"

    @pytest.mark.clause("XIV.D.1")
    def test_an_email_too_late_to_be_known_in_time_goes_on_paper_as_well(self, town):
        lives_at("rosa")
        late = FRIDAY + 49 * HOUR
        self.out(late)
        letter = self.sent(late)
        reconciling.reconcile(at=late + HOUR)
        letter.refresh_from_db()
        assert (letter.channel, letter.state) == ("paper", "queued")
        letters.arrived(attempt=letter.attempts.get(), at=late + 2 * HOUR)
        assert self.status(late + 2 * HOUR) == "told", "the mail service saw it arrive"

    @pytest.mark.clause("XIV.D.1")
    def test_an_email_that_no_server_takes_goes_on_paper_a_day_before_the_end(self, town):
        lives_at("rosa")
        self.out()
        reconciling.reconcile(at=FRIDAY + 47 * HOUR)
        assert Letter.objects.get().channel == "email"
        reconciling.reconcile(at=FRIDAY + 49 * HOUR)
        assert Letter.objects.get().channel == "paper"

    @pytest.mark.clause("XIV.D.1")
    def test_silence_after_the_end_closes_nothing_by_itself(self, town):
        self.out(FRIDAY + 60 * HOUR)
        self.sent(FRIDAY + 60 * HOUR)
        letters.settle(at=FRIDAY + 84 * HOUR)
        assert self.status(FRIDAY + 84 * HOUR) == "late"
        self.tell(TellDuty.objects.get().access, "rosa", FRIDAY + 85 * HOUR, "hand", "She signed for it.")
        assert self.status(FRIDAY + 85 * HOUR) == "told_late"

    @pytest.mark.clause("XIV.D.1")
    def test_handing_it_over_meanwhile_is_told_and_the_email_is_not_sent_as_well(self, town):
        self.out()
        notice = TellDuty.objects.get().notice_id
        said = {"actor": OKAFOR, "notice": notice, "way": "hand", "proof": "She signed.", "at": FRIDAY + 2 * HOUR}
        assert telling.send_notice(**said).outgoing is None
        assert self.status(FRIDAY + 2 * HOUR) == "told"
        assert sending.send_batch(at=FRIDAY + 3 * HOUR).claimed == 0
        assert Letter.objects.get().delivered_how == "hand"

    @pytest.mark.clause("XIV.D.2")
    def test_the_letter_says_when_and_what_in_words_of_its_language(self, town):
        messages.compile_all()
        template = Template.objects.get(kind="device-emergency")
        template.texts.filter(language="es").update(checked_at=FRIDAY)
        Person.objects.filter(pk="rosa").update(home_language="es")
        self.out()
        said = wording.text((letter := Letter.objects.get()).content, letter.fields)
        spanish, _rule, english = said.partition(wording.RULE)
        assert "viernes, 6 de noviembre de 2026, 17:00 CST" in spanish and "Ubicación" in spanish
        assert "Friday, Nov. 6, 2026, 5 p.m. CST" in english and "Location" in english

    @pytest.mark.clause("XIV.D.1")
    def test_a_hand_over_that_was_not_leaves_the_email_that_was_out(self, town):
        self.out()
        self.sent()
        self.tell(TellDuty.objects.get().access, "rosa", FRIDAY + 2 * HOUR, "hand", "She signed.")
        given = TellDuty.objects.get().notice
        assert self.status(FRIDAY + 2 * HOUR) == "told"
        unsaying.take_back(actor=OKAFOR, notice=given.pk, reason="It was another mother.", at=FRIDAY + 3 * HOUR)
        assert self.status(FRIDAY + 3 * HOUR) == "due"
        letters.settle(at=FRIDAY + 25 * HOUR)
        assert self.status(FRIDAY + 25 * HOUR) == "told", "the e-mail of Friday did not come back"
        assert TellDuty.objects.get().told_at == FRIDAY + HOUR

    @pytest.mark.clause("XIV.D.1")
    def test_a_second_click_sends_nothing_twice(self, town):
        self.out()
        notice = TellDuty.objects.get().notice_id
        with pytest.raises(Refused, match="on its way by e-mail"):
            telling.send_notice(actor=OKAFOR, notice=notice, way="email", proof="", at=FRIDAY + HOUR)
        assert Letter.objects.count() == 1

    @pytest.mark.clause("XIV.D.3")
    def test_putting_it_off_holds_back_an_email_that_is_not_out_and_refuses_one_that_is(self, town):
        access = self.out()
        put_off(access.pk, FRIDAY + HOUR)
        assert sending.send_batch(at=FRIDAY + 2 * HOUR).claimed == 0
        over = FRIDAY + 3 * HOUR
        duties.threat_ceased(actor=OKAFOR, access=access.pk, when=over, words="He is safe.", at=over)
        self.tell(access, "rosa", FRIDAY + 4 * HOUR)
        self.sent(FRIDAY + 4 * HOUR)
        with pytest.raises(Refused, match="out already"):
            put_off(access.pk, FRIDAY + 5 * HOUR)

    @pytest.mark.clause("XIV.D.3")
    def test_a_notice_to_the_student_alone_is_in_no_parents_portal_and_in_no_office_list(self, town):
        self.tell(self.emergency(), "ben", FRIDAY + HOUR)
        self.sent()
        on, kim = FRIDAY.date(), Actor(id="kim", name="Kim Vang", roles=frozenset({"clerk"}))
        assert progress.mine("ben", on).exists() and not progress.of_children("rosa", on).exists()
        assert progress.letters(OKAFOR, on).exists() and not progress.letters(kim, on).exists()


class TestGrounds5And6:
    @pytest.mark.clause("XIV.C.5")
    def test_a_law_is_cited(self, town):
        assert "Cite the law" in refused(FRIDAY, ground="law", purpose="duty")
        assert ask(FRIDAY, ground="law", purpose="duty", citation="Minn. Stat. 121A.031").state == "asked"

    @pytest.mark.clause("XIV.C.6")
    def test_a_funding_programme_is_named(self, town):
        assert "funding programme" in refused(FRIDAY, ground="funding", purpose="duty")
        assert ask(FRIDAY, ground="funding", purpose="duty", citation="E-Rate, 47 CFR 54.520").state == "asked"


class TestStandingProgrammes:
    PLAN = programmes.Plan(
        name="Classroom viewing", tool="GoGuide", features=("video", "browsing"), ground="education",
        purpose="instruction", why="Teachers help on screen.", scope="In lessons only", who="Teachers of the class",
    )  # fmt: skip

    @pytest.mark.clause("XIV.C.0")
    def test_two_people_authorise_it_and_a_year_later_it_is_looked_at_again(self, town):
        with pytest.raises(Refused, match="Somebody else"):
            programmes.authorise(actor=DANA, plan=self.PLAN, asked_by="dana", at=FRIDAY)
        row = programmes.authorise(actor=DANA, plan=self.PLAN, asked_by="okafor", at=FRIDAY)
        assert row.review_on.isoformat() == "2027-11-06"
        again = programmes.review(
            actor=OKAFOR, programme=row.pk, words="Used in lessons only.", keep=True, at=FRIDAY + timedelta(days=364)
        )
        assert again.review_on.isoformat() == "2028-11-05"


class TestTheConsolesOwnLog:
    LOG = (
        '{"kind": "admin#reports#activities", "items": [\n'
        '{"id": {"time": "2026-11-07T02:30:00.000Z", "uniqueQualifier": "77", "applicationName": "admin"},\n'
        ' "actor": {"email": "night@vendor.test"}, "events": [{"type": "CHROME_OS_SETTINGS",\n'
        '  "name": "ISSUE_DEVICE_COMMAND", "parameters": ['
        '{"name": "COMMAND_DETAILS", "value": "DEVICE_START_CRD_SESSION"},'
        ' {"name": "DEVICE_SERIAL_NUMBER", "value": "SNLB-1"}]}]}]}'
    )

    @pytest.mark.clause("XIV.C.0", "XIV.B.2")
    def test_a_vendor_who_looks_at_night_is_a_finding(self, town, notices):
        laptop(BEFORE)
        first = console.take_in_log(actor=DANA, data=self.LOG.encode(), file="log.json", at=FRIDAY + 20 * HOUR)
        again = console.take_in_log(actor=DANA, data=self.LOG.encode(), file="log.json", at=FRIDAY + 21 * HOUR)
        assert (first.findings, again.findings, again.known, ConsoleAct.objects.count()) == (1, 0, 1, 1)
        act = ConsoleAct.objects.get()
        assert (act.who, act.feature, act.resource.tag) == ("night@vendor.test", "video", "LB-1")

    @pytest.mark.clause("XIV.C.0", "XIV.C.1b")
    def test_a_programme_covers_it_only_for_students_who_were_told_before(self, town, notices):
        row = laptop(BEFORE)
        programmes.authorise(actor=DANA, plan=TestStandingProgrammes.PLAN, asked_by="okafor", at=BEFORE)
        notices["leah"] = BEFORE
        report = console.take_in_log(actor=DANA, data=self.LOG.encode(), file="log.json", at=FRIDAY + 20 * HOUR)
        assert (report.grounded, report.findings) == (0, 1)
        ConsoleAct.objects.all().delete()
        notices["ben"] = BEFORE
        report = console.take_in_log(actor=DANA, data=self.LOG.encode(), file="log.json", at=FRIDAY + 20 * HOUR)
        assert (report.grounded, report.findings) == (1, 0)
        assert IssuedResource.objects.get(pk=row.pk).console_acts.get().programme.name == "Classroom viewing"


@pytest.mark.clause("XIV.C.5", "VIII.C.1")
def test_a_search_needs_its_ground_and_its_suspicion(town):
    """T4: a bullying investigation rests on a law, and on a suspicion about this very student."""
    said = {"ground": "law", "purpose": "investigation", "citation": "Minn. Stat. 121A.031"}
    assert "written suspicion" in refused(FRIDAY, **said)
    row = suspicion.record_suspicion(
        actor=OKAFOR, person="leah", rule="V.A.10.1", facts="Two classmates showed messages.", source="Two classmates",
        reliability="Both told the same, apart.", expected="Messages of October", scope="The chat app only", at=BEFORE,
    )  # fmt: skip
    assert "about that person" in refused(FRIDAY, suspicion=row.pk, **said)

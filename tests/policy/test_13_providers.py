"""XIII: technology providers, their contracts, the yearly notice, and reading a contract."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal.models import Entry
from homeroom.notices import clauses as notices_clauses
from homeroom.notices.actions import building, clocks, notices
from homeroom.notices.models import Clock, Letter, LetterChild, Notice
from homeroom.people import queries as people
from homeroom.people.models import Role, Session
from homeroom.providers import actions, clauses
from homeroom.providers.models import Redaction
from homeroom.providers.queries import contracts, notice, register
from tests.integration.notices.conftest import approve, lives_at, parent
from tests.integration.providers.conftest import AT, DANA, PAPER, activated, contract, provider, read
from tests.integration.providers.conftest import home as home  # the folder of one test

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
ON = date(2026, 9, 14)
ROSA = Actor(id="rosa", name="Rosa Haugen", roles=frozenset({"guardian"}))


@pytest.mark.clause("XIII.A.1", "XIII.A.2")
class TestWhoIsAProvider:
    def test_a_web_page_without_accounts_is_none(self):
        assert not register.lines(register.providers(), ON)
        provider("Dictionary", gives_device=False, holds_data=False, data=[], used_for=["curriculum"])
        assert [line.is_provider for line in register.lines(register.providers(), ON)] == [False]

    def test_software_given_to_each_student_is_one_as_hardware_is(self):
        provider("Readwell")
        assert [line.is_provider for line in register.lines(register.providers(), ON)] == [True]

    def test_an_exemption_needs_its_law(self):
        with pytest.raises(Refused, match="law it rests on"):
            provider("College exam", exemption="national assessment")
        assert not register.lines(register.providers(), ON)[0].provider.exemption

    def test_whoever_was_never_classified_cannot_have_an_active_contract(self):
        row = actions.add_provider(actor=DANA, at=AT, name="Unknown")
        with pytest.raises(Refused, match="not classified"):
            actions.activate_contract(actor=DANA, at=AT, contract=read(contract(row)))


@pytest.mark.clause("XIII.E.0", "XIII.E.1", "XIII.E.2", "XIII.F")
class TestTheChecklist:
    def test_with_every_term_shown_it_becomes_active(self):
        assert activated().state == "active"

    @pytest.mark.parametrize("term, said", [
        ("safeguards", "Security safeguards"), ("authorized", "Only whoever is authorized"),
        ("need", "Only whoever needs it"), ("ownership", "Data stay"), ("no-sale", "No selling"),
        ("return", "Gives data back"), ("breach", "Tells of a breach"), ("bound", "Bound like a public body"),
    ])  # fmt: skip
    def test_one_missing_term_keeps_it_closed(self, term, said):
        row = read(contract(provider()), but=(term,))
        with pytest.raises(Refused, match=said):
            actions.activate_contract(actor=DANA, at=AT, contract=row)
        row.refresh_from_db()
        assert row.state == "review"

    def test_a_term_without_page_and_words_is_not_shown(self):
        row = contract(provider())
        with pytest.raises(Refused, match="a tick proves nothing"):
            actions.record_finding(actor=DANA, at=AT, contract=row, term="safeguards", outcome="meets",
                                   file=row.files.first(), page="", quotation="")  # fmt: skip

    def test_the_latest_reading_counts_and_the_earlier_stays_on_file(self):
        row = activated()
        actions.record_finding(actor=DANA, at=AT, contract=row, term="safeguards", outcome="unclear")
        assert [term.id for term in contracts.missing_terms(row, ON)] == ["safeguards"]
        assert row.findings.filter(term="safeguards").count() == 2
        assert clauses.contracts_without_terms(AT).broken == 1

    def test_without_the_contract_itself_nothing_is_active(self):
        row = contract(provider(), paper=False)
        actions.add_file(actor=DANA, at=AT, contract=row, kind="exhibit", name="exhibit.pdf", pieces=[PAPER])
        with pytest.raises(Refused, match="not on file"):
            actions.activate_contract(actor=DANA, at=AT, contract=read(row))

    def test_an_exception_is_named_and_expires(self):
        row = read(contract(provider()), but=("accessible",))
        actions.override_contract(
            actor=DANA, at=AT, contract=row, reason="A statement is promised.", until=date(2026, 12, 1)
        )
        actions.activate_contract(actor=DANA, at=AT, contract=row)
        assert contracts.unproved(date(2026, 12, 1)) == []
        assert contracts.unproved(date(2026, 12, 2)) == [row]
        assert Entry.objects.get(verb="providers.contract.overridden").actor == "dana"

    @pytest.mark.parametrize("until", [ON, date(2027, 10, 1)])
    def test_an_exception_is_neither_over_already_nor_for_years(self, until):
        row = read(contract(provider()), but=("accessible",))
        with pytest.raises(Refused, match="within a year"):
            actions.override_contract(actor=DANA, at=AT, contract=row, reason="Because.", until=until)

    def test_an_exception_covers_only_what_it_names(self):
        row = read(contract(provider()), but=("accessible",))
        actions.override_contract(actor=DANA, at=AT, contract=row, reason="Promised.", until=date(2026, 12, 1))
        actions.record_finding(actor=DANA, at=AT, contract=row, term="no-sale", outcome="not_met")
        with pytest.raises(Refused, match="No selling"):
            actions.activate_contract(actor=DANA, at=AT, contract=row)

    def test_two_who_click_at_once_make_one_active_contract(self):
        row = activated()
        with pytest.raises(Refused, match="quicker"):
            actions.activate_contract(actor=DANA, at=AT, contract=row)
        assert Entry.objects.filter(verb="providers.contract.activated").count() == 1


@pytest.mark.clause("XIII.F")
class TestTheEndOfAContract:
    LAST = date(2027, 7, 31)
    AFTER = datetime(2027, 8, 1, 17, 0, tzinfo=UTC)

    def test_on_its_last_day_nothing_is_owed_the_day_after_the_data_are(self):
        row = activated()
        assert actions.start_due_clocks(actor=DANA, at=self.AFTER - timedelta(days=1)) == 0
        assert actions.start_due_clocks(actor=DANA, at=self.AFTER) == 1
        clock = Clock.objects.get(rule="provider-data-return")
        assert clock.due_at.date() >= date(2027, 10, 29)
        assert not row.holds(self.AFTER.date())

    def test_the_clock_is_started_once(self):
        activated()
        actions.start_due_clocks(actor=DANA, at=self.AFTER)
        assert actions.start_due_clocks(actor=DANA, at=self.AFTER + timedelta(days=1)) == 0

    def test_while_a_renewal_is_expected_nothing_is_owed_until_it_is_to_be_decided(self):
        row = activated()
        decided = date(2027, 9, 1)
        actions.renew_contract(actor=DANA, at=AT, contract=row, expected=True, decided_by=decided)
        assert actions.start_due_clocks(actor=DANA, at=self.AFTER) == 0
        assert actions.start_due_clocks(actor=DANA, at=datetime(2027, 9, 2, 17, tzinfo=UTC)) == 1

    def test_the_end_of_a_renewed_contract_starts_its_own_clock(self):
        row = activated()
        actions.start_due_clocks(actor=DANA, at=self.AFTER)
        actions.renew_contract(actor=DANA, at=self.AFTER, contract=row, ends_on=date(2028, 7, 31))
        again = datetime(2028, 8, 1, 17, 0, tzinfo=UTC)
        assert actions.start_due_clocks(actor=DANA, at=again) == 1
        assert actions.start_due_clocks(actor=DANA, at=again) == 0
        clocks.withdraw_clock(actor=DANA, at=again, clock=Clock.objects.latest("id"), reason="No data were held.")
        assert actions.start_due_clocks(actor=DANA, at=again) == 0, "what somebody took back is not begun again"

    def test_a_renewal_in_years_to_come_is_no_expectation(self):
        row = activated()
        with pytest.raises(Refused, match="more than a year"):
            actions.renew_contract(actor=DANA, at=AT, contract=row, expected=True, decided_by=date(2028, 9, 14))

    def test_a_certificate_closes_it_and_meets_the_clock(self):
        row = activated()
        actions.start_due_clocks(actor=DANA, at=self.AFTER)
        paper = actions.add_file(actor=DANA, at=self.AFTER, contract=row, kind="certificate", name="gone.pdf",
                                 pieces=[PAPER + b"2"])  # fmt: skip
        actions.certify_return(actor=DANA, at=self.AFTER, contract=row, file=paper)
        assert row.state == "closed"
        assert Clock.objects.get().met_at == self.AFTER

    def test_any_other_paper_closes_nothing(self):
        row = activated()
        with pytest.raises(Refused, match="certificate"):
            actions.certify_return(actor=DANA, at=self.AFTER, contract=row, file=row.files.first())

    def test_data_that_never_came_back_are_found_late(self):
        activated()
        actions.start_due_clocks(actor=DANA, at=self.AFTER)
        assert clauses.data_returned_late(self.AFTER + timedelta(days=80)).broken == 0
        assert clauses.data_returned_late(self.AFTER + timedelta(days=100)).broken == 1

    def test_a_contract_that_ends_tomorrow_still_holds_today(self):
        row = activated()
        assert row.holds(self.LAST)
        assert [each.pk for each in contracts.ending(self.LAST)] == [row.pk]


@pytest.mark.clause("XIII.C.1", "XIII.C.2", "XIII.C.3a", "XIII.C.3b")
class TestTheYearlyNotice:
    def plan(self, **more):
        how = {"contact": "Technology office, 555-0100", "inspection": "Open it under Providers.", "first_day": ON}
        return actions.plan_notice(actor=DANA, at=AT, **{**how, **more})

    def test_it_names_each_provider_and_its_data_from_what_is_active(self, town):
        activated("Readwell", data=["name", "grades"])
        activated("Testwell", used_for=["testing"], data=["assessment"])
        facts = self.plan().facts
        assert "Readwell" in facts["providers"] and "Testwell" in facts["providers"]
        assert "Readwell: Name, Grades and marks." in facts["provider_data"]
        assert "555-0100" in facts["contact"]

    def test_who_does_not_touch_curriculum_testing_or_assessment_is_not_in_it(self, town):
        activated("Readwell")
        activated("Payroll", used_for=["other"])
        assert [row.title for row in notice.notice_rows(ON)] == ["Readwell"]

    def test_a_contract_that_is_not_active_is_not_in_it(self, town):
        activated("Readwell")
        contract(provider("Testwell"))
        assert [row.title for row in notice.notice_rows(ON)] == ["Readwell"]
        assert notice.notice_rows(date(2027, 8, 1)) == []

    def test_without_a_department_to_ask_it_is_not_planned(self, town):
        activated()
        with pytest.raises(Refused, match="Name the department"):
            self.plan(contact="")


def sessions(first: date = ON, last: date = date(2027, 6, 4)) -> None:
    Session.objects.create(id="year", title="2026-27", kind="schoolYear", first_day=first, last_day=last)


def notified(since: date = ON) -> Notice:
    """The yearly notice, planned and let go out."""
    row = actions.plan_notice(
        actor=DANA, at=AT, contact="Technology office, 555-0100", inspection="Open it under Providers.",
        first_day=since, follow_until=date(2027, 6, 4),
    )  # fmt: skip
    row = notices.release_notice(actor=DANA, at=AT, notice=row, since=notice.first_moment(since))
    building.build(at=AT, notice=row)
    return row


class TestWhoIsToldOfProviders:
    DUE = datetime(2026, 10, 15, 4, 59, 59, tzinfo=UTC)  # the end of 14 October, thirty days after 14 September

    @pytest.fixture(autouse=True)
    def approved(self, town):
        approve("providers")
        activated()
        sessions()

    @pytest.mark.clause("XIII.C.0")
    def test_parents_and_students_each_get_their_own(self, town):
        letters = notified().letters
        assert set(letters.values_list("reader_id", flat=True)) == {
            "ben", "leah", "ana", "tou", "rosa", "farah", "elena", "hugo", "mai",
        }  # fmt: skip
        assert not letters.filter(reader__in=("olsen", "dana", "nils", "mira")).exists()

    @pytest.mark.clause("XIII.C.0")
    def test_the_thirty_days_run_though_nobody_has_planned_the_notice(self, town):
        assert actions.watch_notice(actor=DANA, at=AT) and not actions.watch_notice(actor=DANA, at=AT)
        assert Clock.objects.get(rule="provider-notice").due_at == self.DUE
        own = notified().clock
        assert actions.watch_notice(actor=DANA, at=AT)
        assert [clock.pk for clock in Clock.objects.filter(withdrawn_at=None)] == [own.pk]

    @pytest.mark.clause("XIII.C.0")
    def test_before_the_first_student_day_no_clock_runs(self, town):
        Session.objects.update(first_day=ON + timedelta(days=1))
        assert not actions.watch_notice(actor=DANA, at=AT) and not Clock.objects.exists()

    @pytest.mark.clause("XIII.C.0")
    def test_the_thirtieth_day_is_in_time_and_the_day_after_is_late(self, town):
        row = notified()
        row.letters.exclude(reader="rosa").update(state="delivered", delivered_at=AT)
        assert clauses.families_not_told(self.DUE).broken == 0
        late = clauses.families_not_told(self.DUE + timedelta(seconds=1))
        assert (late.looked_at, late.broken) == (9, 1)

    @pytest.mark.clause("XIII.C.0")
    def test_telling_the_parent_does_not_stand_for_telling_the_student(self, town):
        notified().letters.exclude(reader="ben").update(state="delivered", delivered_at=AT)
        assert clauses.families_not_told(self.DUE + timedelta(days=1)).broken == 1

    @pytest.mark.clause("XIII.C.0")
    def test_a_child_of_day_forty_has_thirty_days_of_its_own(self, town):
        row = notified()
        row.letters.update(state="delivered", delivered_at=AT)
        came = ON + timedelta(days=40)
        Role.objects.create(person=town.mira, role="student", school_id="birch", grade="K", first_day=came)
        at = notice.first_moment(came) + timedelta(hours=12)
        building.build(at=at, notice=Notice.objects.get(pk=row.pk))
        assert Letter.objects.get(reader="mira").due_at.astimezone(people.zone()).date() == date(2026, 11, 23)
        assert clauses.families_not_told(at + timedelta(days=29)).broken == 0
        assert clauses.families_not_told(at + timedelta(days=31)).broken == 1

    @pytest.mark.clause("XIII.C.0m")
    def test_it_goes_by_mail_or_e_mail_and_who_has_neither_stands_on_a_list(self, town):
        town.hugo.__class__.objects.filter(pk="hugo").update(email="")
        town.mai.__class__.objects.filter(pk="mai").update(email="")
        lives_at("mai")
        letters = {each.reader_id: each for each in notified().letters.all()}
        assert (letters["ben"].channel, letters["mai"].channel) == ("email", "paper")
        assert letters["hugo"].state == "unreachable"

    @pytest.mark.clause("XIII.C.0m")
    def test_a_page_that_anybody_may_open_tells_nobody(self, town, client):
        row = notified()
        assert "Readwell" in client.get("/providers").content.decode()
        assert not row.letters.filter(state="delivered").exists()
        assert clauses.families_not_told(self.DUE + timedelta(days=1)).broken == 9

    @pytest.mark.clause("XIII.C.0m")
    def test_a_letter_called_delivered_that_nobody_sent_is_found(self, town):
        row = notified()
        row.letters.filter(reader="ben").update(state="delivered", delivered_at=AT)
        assert clauses.told_by_no_direct_means(AT).broken == 1

    @pytest.mark.clause("XIII.B")
    def test_who_acts_as_parent_is_told_and_an_emergency_contact_is_not(self, town):
        parent("ben", "olsen", relationship="acting_as_parent")
        parent("ben", "lind", relationship="other")
        readers = set(notified().letters.values_list("reader_id", flat=True))
        assert "olsen" in readers and "lind" not in readers

    @pytest.mark.clause("XIII.B")
    def test_a_parent_whom_a_court_has_barred_is_not_told(self, town):
        parent("ana", "hugo", legal_custody=False)
        assert not notified().letters.filter(reader="hugo").exists()

    @pytest.mark.clause("XIII.B")
    def test_a_letter_about_a_child_to_a_stranger_is_found(self, town):
        row = notified()
        assert notices_clauses.told_as_a_parent_without_being_one(AT).broken == 0
        LetterChild.objects.create(
            letter=row.letters.get(reader="rosa"), notice=row, reader_id="rosa", child_id="leah"
        )  # fmt: skip
        assert notices_clauses.told_as_a_parent_without_being_one(AT).broken == 1


@pytest.mark.clause("XIII.D")
class TestReadingAContract:
    def test_a_parent_reads_it_whole_and_that_is_written_down(self, town):
        file = activated().files.first()
        shown, content = actions.show_file(actor=ROSA, at=AT, file=file)
        assert (shown, content) == (file, PAPER)
        entry = Entry.objects.get(verb="providers.contract.shown")
        assert (entry.actor, entry.data["sha256"]) == ("rosa", file.sha256)

    def test_a_request_has_a_clock_and_asking_twice_is_asking_once(self, town):
        row = activated()
        first = actions.ask_inspection(actor=ROSA, at=AT, contract=row)
        assert actions.ask_inspection(actor=ROSA, at=AT, contract=row) == first
        clock = Clock.objects.get(rule="contract-inspection")
        assert clock.due_at == datetime(2026, 9, 29, 4, 59, 59, tzinfo=UTC)  # the end of Monday, 28 September
        actions.answer_inspection(actor=DANA, at=AT, inspection=first, answer="Shown at the office.")
        clock.refresh_from_db()
        assert clock.met_at == AT

    def test_it_is_kept_back_only_by_a_law_that_is_named(self, town):
        asked = actions.ask_inspection(actor=ROSA, at=AT, contract=activated())
        with pytest.raises(Refused, match="Name the statute"):
            actions.answer_inspection(actor=DANA, at=AT, inspection=asked, answer="Trade secret.", denied=True)

    def test_a_redaction_is_a_recorded_legal_decision(self, town):
        row = activated()
        whole = row.files.first()
        form = actions.add_file(
            actor=DANA, at=AT, contract=row, kind="exhibit", name="black.pdf", pieces=[PAPER + b"x"]
        )
        with pytest.raises(Refused, match="who decided"):
            actions.redact_file(actor=DANA, at=AT, file=whole, shown=form, citation="13.37", reason="", decided_by="")
        actions.redact_file(actor=DANA, at=AT, file=whole, shown=form, citation="Minn. Stat. 13.37",
                            reason="Trade secret of the price list.", decided_by="Ann Counsel, attorney")  # fmt: skip
        assert actions.show_file(actor=ROSA, at=AT, file=whole)[0] == form
        assert clauses.files_kept_back(AT).broken == 0

    def test_a_redaction_that_was_entered_wrongly_is_taken_back_and_the_whole_file_opens(self, town):
        row = activated()
        whole = row.files.first()
        said = {"citation": "Minn. Stat. 13.37", "reason": "Trade secret.", "decided_by": "Ann Counsel, attorney"}
        form = actions.add_file(actor=DANA, at=AT, contract=row, kind="exhibit", name="b.pdf", pieces=[PAPER + b"x"])
        with pytest.raises(Refused, match="shown whole already"):
            actions.end_redaction(actor=DANA, at=AT, file=whole, reason="Another file was meant.")
        actions.redact_file(actor=DANA, at=AT, file=whole, shown=form, **said)
        with pytest.raises(Refused, match="Say why"):
            actions.end_redaction(actor=DANA, at=AT, file=whole, reason="")
        actions.end_redaction(actor=DANA, at=AT, file=whole, reason="Another file was meant.")
        assert actions.show_file(actor=ROSA, at=AT, file=whole)[0] == whole
        page = town.client("dana").get(f"/register/contracts/{row.pk}").content.decode()
        assert "Another file was meant." in page and "Trade secret." in page and "Redact by law" in page
        parents = town.client("rosa").get(f"/providers/{row.provider.slug}").content.decode()
        assert "partly kept back by law" not in parents
        actions.redact_file(actor=DANA, at=AT, file=whole, shown=form, **said)
        assert Redaction.objects.count() == 2 and actions.show_file(actor=ROSA, at=AT, file=whole)[0] == form
        verbs = list(Entry.objects.filter(subject=f"contract:{row.pk}").values_list("verb", flat=True))
        kept = [verb for verb in verbs if "redact" in verb]
        assert kept == [
            "providers.contract.redacted", "providers.contract.redaction-ended", "providers.contract.redacted",
        ]  # fmt: skip

    def test_a_file_that_was_changed_on_disk_is_never_handed_out(self, town, home):
        file = activated().files.first()
        (home / "contracts" / file.sha256).write_bytes(b"%PDF-1.7 another")
        with pytest.raises(Refused, match="no longer what was put on record"):
            actions.show_file(actor=ROSA, at=AT, file=file)
        assert clauses.files_kept_back(AT).broken == 1

    def test_a_request_that_nobody_answered_is_found_late(self, town):
        actions.ask_inspection(actor=ROSA, at=AT, contract=activated())
        assert clauses.inspections_answered_late(datetime(2026, 9, 28, 17, tzinfo=UTC)).broken == 0
        assert clauses.inspections_answered_late(datetime(2026, 9, 29, 17, tzinfo=UTC)).broken == 1


@pytest.mark.clause("XIII.E.0")
class TestABreach:
    def test_the_clock_starts_with_the_discovery_not_with_the_letter(self):
        discovered = AT - timedelta(days=5)
        row = actions.report_breach(actor=DANA, at=AT, provider=provider(), discovered_at=discovered, told_at=AT,
                                    what="Names were read by a stranger.")  # fmt: skip
        assert Clock.objects.get(rule="breach-notice").since == discovered
        actions.close_breach(actor=DANA, at=AT, breach=row, outcome="All parents were told by letter.")
        assert Clock.objects.get().met_at == AT
        with pytest.raises(Refused, match="already"):
            actions.close_breach(actor=DANA, at=AT, breach=row, outcome="All parents were told by letter.")


class TestAdvertising:
    """Minn. Stat. 125B.022, which the policy leaves out."""

    def test_without_the_boards_hearing_it_is_not_active(self):
        row = read(contract(provider("Adwell", advertising=True)))
        with pytest.raises(Refused, match="hearing and finding"):
            actions.activate_contract(actor=DANA, at=AT, contract=row)
        actions.record_advertising(actor=DANA, at=AT, contract=row, hearing_on=ON, parents_told_on=ON,
                                   finding="An integral part of teaching.")  # fmt: skip
        assert actions.activate_contract(actor=DANA, at=AT, contract=row).state == "active"

    def test_a_provider_that_is_not_said_to_advertise_needs_no_hearing(self):
        row = contract(provider("Readwell"))
        with pytest.raises(Refused, match="not said to advertise"):
            actions.record_advertising(actor=DANA, at=AT, contract=row, hearing_on=ON, parents_told_on=ON,
                                       finding="An integral part of teaching.")  # fmt: skip

    def test_a_parent_opts_out_and_may_take_it_back(self, town):
        row = contract(provider("Adwell", advertising=True))
        actions.opt_out(actor=ROSA, at=AT, contract=row, student=town.ben)
        actions.opt_out(actor=ROSA, at=AT, contract=row, student=town.ben)
        assert register.opted_out(row, [town.ben, town.leah]) == {"ben"}
        actions.withdraw_opt_out(actor=ROSA, at=AT, contract=row, student=town.ben)
        assert register.opted_out(row, [town.ben]) == set()

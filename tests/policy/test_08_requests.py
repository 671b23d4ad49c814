"""Articles VIII.D to VIII.F: parents see what the school keeps, employees' files are looked into for a reason, and
authorities are given what the law lets them have."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal.models import Entry
from homeroom.notices.models import Clock
from homeroom.people.models import Guardianship, Person, Role
from homeroom.requests import clauses
from homeroom.requests.actions import authority, data, staff
from homeroom.requests.models import AuthorityRequest, DataRequest, StaffReview
from homeroom.requests.queries import data as queries
from homeroom.requests.queries import others

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 9, 14, 17, 0, tzinfo=UTC)
DUE = datetime(2026, 9, 29, 4, 59, 59, tzinfo=UTC)  # the end of Monday, 28 September: ten business days later
DANA = Actor(id="dana", name="Dana Reyes", roles=frozenset({"technology_director"}))
OKAFOR = Actor(id="okafor", name="Chidi Okafor", roles=frozenset({"building_administrator"}))
ROSA = Actor(id="rosa", name="Rosa Haugen", roles=frozenset({"guardian"}))
TOU = Actor(id="tou", name="Tou Xiong", roles=frozenset({"student"}))


def ask(who: Actor = ROSA, student: str = "ben", wants=("files", "email"), at: datetime = MONDAY) -> DataRequest:
    return data.ask(actor=who, student=student, wants=wants, words="", at=at)


def checked(at: datetime = MONDAY) -> DataRequest:
    return data.check(
        actor=DANA, request=ask(at=at), authority="Mother by the roster, no order on file.", at=at + timedelta(hours=1)
    )


def settle(row: DataRequest, kind: str, state: str = "given", **more):
    said = {"how": "Shown at the office, two other students covered.", "at": MONDAY + timedelta(hours=2), **more}
    return data.settle(actor=DANA, request=row, kind=kind, state=state, **said)


@pytest.mark.clause("VIII.D.1")
class TestAParentSeesWhatIsKept:
    def test_asking_starts_ten_business_days_that_somebody_answers_for(self, town):
        ask()
        clock = Clock.objects.get(rule="data-request")
        assert (clock.due_at, clock.owner_id) == (DUE, "dana")
        assert clauses.answered_late(DUE).broken == 0
        assert clauses.answered_late(DUE + timedelta(seconds=1)).broken == 1

    def test_on_a_sunday_night_too(self, town):
        assert ask(at=datetime(2026, 9, 14, 4, 0, tzinfo=UTC)).pk

    def test_asking_twice_is_asking_once(self, town):
        assert ask().pk == ask(wants=("email",)).pk
        assert ask(wants=("filter",)).pk != ask().pk
        assert Clock.objects.count() == 2

    @pytest.mark.parametrize("who, student", [("farah", "ben"), ("olsen", "ben"), ("ben", "ben"), ("leah", "ben")])
    def test_nobody_else_asks_for_it(self, town, who, student):
        with pytest.raises(Refused):
            ask(Actor(id=who, name=who), student)
        assert not DataRequest.objects.exists()

    def test_the_day_before_eighteen_the_parent_asks_and_from_the_birthday_on_the_student(self, town):
        mai = Actor(id="mai", name="Mai Xiong", roles=frozenset({"guardian"}))
        before, birthday = datetime(2026, 1, 8, 18, tzinfo=UTC), datetime(2026, 1, 9, 18, tzinfo=UTC)
        assert [each.pk for each in queries.askable("mai", before.date())] == ["tou"]
        with pytest.raises(Refused, match="Until you are of age"):
            ask(TOU, "tou", at=before)
        with pytest.raises(Refused, match="the right is theirs"):
            ask(mai, "tou", at=birthday)
        assert ask(TOU, "tou", at=birthday).asked_by_id == "tou"

    def test_nothing_is_shown_before_somebody_looked_at_who_asks(self, town):
        row = ask()
        with pytest.raises(Refused, match="First look at who asks"):
            settle(row, "files")
        with pytest.raises(Refused, match="Say what you looked at"):
            data.check(actor=DANA, request=row, authority="ok", at=MONDAY)
        assert settle(checked(), "files").state == "given"

    def test_an_order_and_a_missing_custody_are_brought_before_the_officials_eyes(self, town):
        assert queries.to_look_at(ask(), MONDAY.date()) == []
        Guardianship.objects.filter(guardian="rosa").update(legal_custody=False)
        assert queries.to_look_at(ask(), MONDAY.date()) == ["order"]

    def test_at_the_office_it_is_entered_with_how_we_know_who_it_is(self, town):
        said = {"student": "ben", "asked_by": "rosa", "wants": ["files"], "words": "", "at": MONDAY}
        with pytest.raises(Refused, match="how you know"):
            data.enter(actor=OKAFOR, identity="", **said)
        assert data.enter(actor=OKAFOR, identity="Driver’s license.", **said).entered_by == "okafor"

    def test_only_a_named_law_keeps_something_back(self, town):
        row = checked()
        with pytest.raises(Refused, match="Name the statute"):
            settle(row, "email", "withheld")
        settle(row, "email", "withheld", citation="Minn. Stat. 13.32 subd. 2")
        settle(row, "files")
        closed = data.close(actor=DANA, request=row, answer="You saw the files on Tuesday.", at=DUE)
        assert (closed.outcome, Clock.objects.get().state(DUE + timedelta(days=9))) == ("partly", "met")

    def test_with_one_thing_open_it_cannot_be_closed(self, town):
        row = checked()
        settle(row, "files")
        with pytest.raises(Refused, match="still open"):
            data.close(actor=DANA, request=row, answer="You saw the files.", at=MONDAY)
        assert Clock.objects.get().met_at is None

    def test_a_refusal_names_a_law_and_is_read_by_whoever_asked(self, town):
        row = ask()
        with pytest.raises(Refused, match="Name the law"):
            data.refuse(actor=DANA, request=row, answer="There is no right.", citation="", at=MONDAY)
        row = data.refuse(actor=DANA, request=row, answer="An order of May bars it.", citation="Order 27-FA", at=MONDAY)
        assert queries.mine("rosa").get().answer == "An order of May bars it."
        with pytest.raises(Refused, match="answered already"):
            data.refuse(actor=DANA, request=row, answer="An order of May bars it.", citation="Order", at=MONDAY)

    def test_late_stays_late(self, town):
        row = checked()
        settle(row, "files")
        settle(row, "email", "nothing")
        data.close(actor=DANA, request=row, answer="You saw the files on Tuesday.", at=DUE + timedelta(seconds=1))
        assert clauses.answered_late(DUE + timedelta(days=400)).broken == 1

    def test_what_was_shown_before_the_look_at_who_asks_is_found(self, town):
        row = checked()
        settle(row, "files")
        assert clauses.shown_unseen(DUE).broken == 0
        DataRequest.objects.update(authority_at=MONDAY + timedelta(days=1))
        assert clauses.shown_unseen(DUE).broken == 1

    def test_an_official_sees_the_requests_of_their_school_only(self, town):
        ask()
        assert queries.within(OKAFOR, MONDAY.date()).count() == 1
        Role.objects.filter(person="okafor").update(school="cedar")
        assert queries.within(OKAFOR, MONDAY.date()).count() == 0


@pytest.mark.clause("VIII.E.1")
class TestEmployeesFiles:
    WHY = {"reason": "He left, and his lesson plans are needed.", "scope": "The folder Lessons 2026"}

    def test_the_reason_and_the_bounds_stand_before_the_look(self, town):
        with pytest.raises(Refused, match="which work"):
            staff.begin(actor=DANA, person="lind", reason="", scope="All", at=MONDAY)
        with pytest.raises(Refused, match="how far"):
            staff.begin(actor=DANA, person="lind", reason=self.WHY["reason"], scope="", at=MONDAY)
        row = staff.begin(actor=DANA, person="lind", at=MONDAY, **self.WHY)
        assert Entry.objects.get(verb="requests.review.begun").reason == self.WHY["reason"]
        assert staff.end(actor=DANA, review=row, result="Plans were copied.", at=MONDAY).ended_at == MONDAY

    def test_nobody_looks_into_their_own_and_the_table_says_so_too(self, town):
        with pytest.raises(Refused, match="their own"):
            staff.begin(actor=DANA, person="dana", at=MONDAY, **self.WHY)
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffReview.objects.create(person_id="dana", by="dana", begun_at=MONDAY, **self.WHY)

    def test_whoever_is_a_student_too_is_behind_the_gate_for_students(self, town):
        with pytest.raises(Refused, match="who is no student"):
            staff.begin(actor=DANA, person="tou", at=MONDAY, **self.WHY)

    def test_an_administrator_looks_at_their_own_school(self, town):
        with pytest.raises(Refused, match="you work with"):
            staff.begin(actor=OKAFOR, person="moua", at=MONDAY, **self.WHY)
        assert staff.begin(actor=OKAFOR, person="lind", at=MONDAY, **self.WHY)

    def test_nobody_learns_here_that_they_are_looked_at(self, town):
        staff.begin(actor=DANA, person="okafor", at=MONDAY, **self.WHY)
        assert not others.reviews(OKAFOR, MONDAY.date()).exists()

    def test_a_second_click_is_one_look(self, town):
        for _ in range(2):
            staff.begin(actor=DANA, person="lind", at=MONDAY, **self.WHY)
        assert StaffReview.objects.count() == 1
        assert (clauses.looks_without_reason(MONDAY).looked_at, clauses.looks_without_reason(MONDAY).broken) == (1, 0)


@pytest.mark.clause("VIII.F")
class TestAuthorities:
    def came(self, basis: str = "none", person: str | None = "ben", **more) -> AuthorityRequest:
        asked = authority.Asked(
            agency="Lake police", officer="Sgt. Berg, 555-0199", wants="His mail of last week", basis=basis,
            person=person, **more,
        )  # fmt: skip
        return authority.receive(actor=DANA, asked=asked, received_at=MONDAY, at=MONDAY)

    def answer(self, row: AuthorityRequest, outcome: str = "given", **more) -> AuthorityRequest:
        said = {"disclosed": "A copy of eleven messages.", "basis": "warrant", "basis_words": "Warrant 27-CR-1",
                "family": "not-owed", "family_words": "", "at": MONDAY, **more}  # fmt: skip
        return authority.answer(actor=DANA, request=row, outcome=outcome, **said)

    def test_without_a_legal_basis_nothing_is_handed_over(self, town):
        row = self.came()
        with pytest.raises(Refused, match="legal basis"):
            self.answer(row, basis="none", basis_words="")
        with pytest.raises(Refused, match="legal basis"):
            self.answer(row, basis_words="")
        assert self.answer(row).outcome == "given"
        assert clauses.given_without_basis(MONDAY).broken == 0

    def test_even_the_table_refuses_it(self, town):
        row = self.came()
        with pytest.raises(IntegrityError), transaction.atomic():
            AuthorityRequest.objects.filter(pk=row.pk).update(outcome="given", disclosed="All of it.")

    def test_a_subpoena_is_told_to_the_family_before_unless_an_order_bars_it(self, town):
        row = self.came("subpoena")
        said = {"basis": "subpoena", "basis_words": "Subpoena 12 of Monday"}
        with pytest.raises(Refused, match="the family is told"):
            self.answer(row, **said)
        with pytest.raises(Refused, match="bars telling"):
            self.answer(row, family="barred", **said)
        assert self.answer(row, family="told", family_words="By phone, Monday 9:00", **said).family == "told"

    def test_the_family_sees_what_was_given_unless_telling_is_barred(self, town):
        self.answer(self.came())
        assert [row.agency for row in others.disclosed(["ben"])] == ["Lake police"]
        AuthorityRequest.objects.update(family="barred")
        assert not others.disclosed(["ben"]).exists()

    def test_it_may_wait_with_counsel_and_is_late_after_its_day(self, town):
        row = self.answer(self.came(wanted_by=date(2026, 9, 16)), "counsel", disclosed="Sent to counsel today.")
        assert clauses.authorities_left_waiting(MONDAY + timedelta(days=2)).broken == 0
        assert clauses.authorities_left_waiting(MONDAY + timedelta(days=3)).broken == 1
        self.answer(row, "refused", disclosed="No law lets us.")
        assert clauses.authorities_left_waiting(MONDAY + timedelta(days=3)).broken == 0

    def test_two_who_answer_at_once_leave_one_answer(self, town):
        row = self.came()
        self.answer(row)
        with pytest.raises(Refused, match="answered already"):
            self.answer(row, "refused", disclosed="No law lets us.")
        assert AuthorityRequest.objects.get().outcome == "given"

    def test_entered_twice_it_is_one(self, town):
        assert self.came().pk == self.came().pk


def test_the_cast_is_as_these_cases_need_it(town):
    assert Person.objects.get(pk="tou").birth_date == date(2008, 1, 9)

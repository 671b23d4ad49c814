"""Clocks start, warn, pause, run on, are late and stay so; and those whom it concerns hear of it."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from django.core.mail import get_connection
from django.utils import translation
from django.utils.translation import gettext

from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.journal.models import Entry
from homeroom.kernel.deadlines.rules import RULES
from homeroom.notices import actions, jobs
from homeroom.notices.actions import clocks as clock_actions
from homeroom.notices.actions import days, sending
from homeroom.notices.models import Clock, Letter
from homeroom.people.models import Role
from tests.integration.notices.conftest import DANA, NOON, hours
from tests.town import LONG_AGO

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def emergency(about: str = "access:1", **more: object) -> Clock:
    return actions.start_clock(
        actor=DANA, at=NOON, rule="device-emergency-notice", about=about, since=NOON, owner="dana",
        escalate_to="okafor", **more,
    )  # fmt: skip


def verbs(clock: Clock) -> list[str]:
    found = Entry.objects.filter(subject=f"clock:{clock.pk}").order_by("id").values_list("verb", flat=True)
    return [each.rpartition(".")[2] for each in found]


@pytest.mark.clause("XIV.D.1")
def test_it_warns_at_24_48_and_66_hours_and_is_late_after_72(town):
    clock = emergency()
    for hour in (23.9, 24.1, 24.2, 48.1, 66.1, 71.9):
        jobs.tick(hours(hour))
    assert verbs(clock) == ["started", "warned", "warned", "warned"]
    clock.refresh_from_db()
    assert (clock.state(hours(71.9)), clock.state(hours(72.1))) == ("warned", "late"), "even before a worker looked"
    jobs.tick(hours(73))
    jobs.tick(hours(200))
    assert verbs(clock)[-1] == "late" and verbs(clock).count("late") == 1
    clock.refresh_from_db()
    assert clock.state(hours(5000)) == "late" and clock.next_at is None


@pytest.mark.clause("XIV.D.1")
def test_a_worker_that_slept_for_days_tells_late_and_not_three_warnings(town):
    clock = emergency()
    jobs.tick(hours(100))
    assert verbs(clock) == ["started", "late"]


@pytest.mark.clause("XIV.D.1")
def test_the_owner_is_reminded_and_the_named_person_hears_when_it_is_late(town):
    emergency()
    jobs.tick(hours(25))
    assert [letter.reader_id for letter in Letter.objects.all()] == ["dana"]
    jobs.tick(hours(73))
    assert sorted(letter.reader_id for letter in Letter.objects.all()) == ["dana", "dana", "okafor"]
    sending.send_batch(at=hours(73), connection=get_connection("django.core.mail.backends.locmem.EmailBackend"))
    from django.core import mail

    assert {each.subject for each in mail.outbox} == {
        "Due soon: Notice after emergency access to a device", "Late: Notice after emergency access to a device"
    }  # fmt: skip


@pytest.mark.clause("XIV.D.3", "XIV.D.4")
def test_while_telling_is_itself_a_threat_it_stands_still_and_then_72_hours_begin_anew(town):
    clock = emergency()
    with pytest.raises(Refused, match="why"):
        actions.pause_clock(actor=DANA, at=hours(10), clock=clock, reason=" ")
    actions.pause_clock(actor=DANA, at=hours(10), clock=clock, reason="The parent may be the danger.")
    jobs.tick(hours(100))
    clock.refresh_from_db()
    assert clock.state(hours(100)) == "paused" and clock.late_at is None
    actions.resume_clock(actor=DANA, at=hours(100), clock=clock)
    clock.refresh_from_db()
    assert (clock.rule, clock.due_at, clock.state(hours(100))) == ("device-deferred-notice", hours(172), "running")
    jobs.tick(hours(124.1))
    assert verbs(clock) == ["started", "paused", "resumed", "warned"]


def test_another_clock_runs_on_with_what_was_left(town):
    clock = actions.start_clock(actor=DANA, at=NOON, rule="suspension-notice", about="s:1", since=NOON)
    actions.pause_clock(actor=DANA, at=hours(8), clock=clock, reason="The parent cannot be found.")
    actions.resume_clock(actor=DANA, at=hours(20), clock=clock)
    clock.refresh_from_db()
    assert clock.due_at == hours(48 + 12)


def test_what_is_late_cannot_be_paused_away_and_done_late_stays_late(town):
    clock = emergency()
    with pytest.raises(Refused, match="only be met"):
        actions.pause_clock(actor=DANA, at=hours(73), clock=clock, reason="Oops.")
    actions.meet_clock(actor=DANA, at=hours(80), clock=clock, how="Sent.")
    actions.meet_clock(actor=DANA, at=hours(81), clock=clock, how="Sent again.")
    clock.refresh_from_db()
    assert clock.state(hours(90)) == "met-late" and clock.met_how == "Sent."
    assert verbs(clock).count("met") == 1


def test_a_duty_done_before_somebody_wrote_it_down_was_done_in_time(town):
    clock = emergency()
    actions.meet_clock(actor=DANA, at=hours(80), clock=clock, how="Sent.", met_at=hours(71))
    clock.refresh_from_db()
    assert clock.state(hours(90)) == "met"


def test_only_a_reason_takes_a_clock_back_and_it_stays_on_file(town):
    clock = emergency()
    with pytest.raises(Refused, match="why"):
        actions.withdraw_clock(actor=DANA, at=NOON, clock=clock, reason="")
    actions.withdraw_clock(actor=DANA, at=NOON, clock=clock, reason="There was no access.")
    clock.refresh_from_db()
    assert clock.state(hours(100)) == "withdrawn"
    assert emergency().pk != clock.pk, "a new one may start"


def test_an_unknown_rule_and_a_calendar_without_school_days_are_refused_in_a_sentence(town):
    with pytest.raises(Refused, match="There is no clock"):
        actions.start_clock(actor=DANA, at=NOON, rule="tea-time", about="x", since=NOON)
    with pytest.raises(Refused, match="sessions"):
        actions.start_clock(actor=DANA, at=NOON, rule="bullying-investigation", about="x", since=NOON)


@pytest.mark.parametrize("rule", ["provider-notice", "device-emergency-notice", "data-request", "suspension-notice"])
def test_the_command_says_when_it_is_due_and_why(rule):
    from click.testing import CliRunner

    from homeroom.site.commands.clock import clock

    answer = CliRunner().invoke(clock, [rule, "--from", "2026-11-06T17:00", "--json"])
    said = json.loads(answer.output)
    assert answer.exit_code == 0 and said["zone"] == "America/Chicago" and said["why"]


def test_the_command_lists_every_clock():
    from click.testing import CliRunner

    from homeroom.site.commands.clock import clock

    rows = json.loads(CliRunner().invoke(clock, ["--list", "--json"]).output)
    assert {row["rule"] for row in rows} == {each.id for each in RULES} and len(rows) >= 27


def test_a_clock_for_which_nobody_was_named_is_the_directors_and_goes_on_to_the_superintendent(town):
    """XIII.C.0: what the house starts by itself is still somebody's."""
    row = actions.start_clock(actor=SYSTEM, at=NOON, rule="device-emergency-notice", about="thing:9", since=NOON)
    assert (row.owner_id, row.escalate_to_id) == ("dana", "dana")
    Role.objects.create(person=town.moua, role="superintendent", first_day=LONG_AGO)
    row = actions.start_clock(actor=SYSTEM, at=NOON, rule="device-emergency-notice", about="thing:10", since=NOON)
    assert (row.owner_id, row.escalate_to_id) == ("dana", "moua")


def test_the_command_counts_by_the_districts_own_calendar_unless_another_is_given(town, monkeypatch):
    from click.testing import CliRunner

    from homeroom.site import migrate
    from homeroom.site.commands.clock import clock

    monkeypatch.setenv("DATABASE_URL", "a district is here")
    monkeypatch.setattr(migrate, "bring_up_to_date", lambda: None)

    def due(*more: str) -> datetime:
        asked = ["data-request", "--from", "2026-11-06T17:00", "--json", *more]
        return datetime.fromisoformat(json.loads(CliRunner().invoke(clock, asked).output)["due"])

    before = due()
    days.add_closings(actor=DANA, first=date(2026, 11, 16), last=date(2026, 11, 16), kind="closed", title="Storm",
                      school=None, at=NOON)  # fmt: skip
    assert due() - before >= timedelta(days=1)
    assert due("--zone", "America/Chicago") == before


def test_every_clock_has_a_title_in_spanish():
    with translation.override("es"):
        assert [each.id for each in RULES if gettext(each.title) == each.title] == []


@pytest.mark.clause("XIV.D.1", "XIII.C.0")
def test_a_clock_that_nobody_answers_for_gets_an_owner_when_one_is_named(town):
    """Running and late alike; the new owner hears at once of what is late."""
    Role.objects.filter(role__in=("technology_director", "superintendent")).update(last_day=LONG_AGO)
    clock = actions.start_clock(actor=DANA, at=NOON, rule="device-emergency-notice", about="access:9", since=NOON)
    jobs.tick(hours(73))
    assert jobs.adopt(hours(73)) is None and Clock.objects.get().owner_id is None, "nobody is named"
    Role.objects.filter(role="technology_director").update(last_day=None)
    assert jobs.adopt(hours(74)) == "1 clock got somebody who answers for it."
    clock.refresh_from_db()
    assert (clock.owner_id, clock.escalate_to_id, clock.state(hours(74))) == ("dana", "dana", "late")
    entry = Entry.objects.get(verb="notices.clock.handed")
    assert (entry.actor, entry.reason) == (SYSTEM.id, "Nobody who works here answered for it.")
    assert Letter.objects.get(kind="reminder").reader_id == "dana"
    assert jobs.adopt(hours(75)) is None


def test_the_clock_of_somebody_who_left_goes_to_the_director_the_day_after(town):
    clock = actions.start_clock(
        actor=DANA, at=NOON, rule="provider-notice", about="x", since=NOON, owner="okafor", escalate_to="moua"
    )
    Role.objects.filter(person="okafor").update(last_day=date(2026, 9, 15))
    assert jobs.adopt(hours(24)) is None, "the last day"
    assert jobs.adopt(hours(48))
    clock.refresh_from_db()
    assert (clock.owner_id, clock.escalate_to_id) == ("dana", "moua")


def test_one_click_takes_a_clock_and_a_second_adds_nothing(town):
    Role.objects.filter(role__in=("technology_director", "superintendent")).update(first_day=date(2026, 10, 1))
    clock = actions.start_clock(actor=DANA, at=NOON, rule="provider-notice", about="x", since=NOON)
    assert clock.owner_id is None
    dana = town.client("dana")
    assert "I answer for it" in dana.get(f"/clocks/{clock.pk}").content.decode()
    assert "provider" in dana.get("/clocks?owner=-").content.decode()
    for _click in range(2):
        dana.post(f"/clocks/{clock.pk}", {"act": "take"})
    clock.refresh_from_db()
    assert clock.owner_id == "dana" and verbs(clock) == ["started", "handed"]
    assert "I answer for it" not in dana.get(f"/clocks/{clock.pk}").content.decode()
    assert town.client("olsen").post(f"/clocks/{clock.pk}", {"act": "take"}).status_code == 404
    actions.withdraw_clock(actor=DANA, at=NOON, clock=clock, reason="Not owed.")
    with pytest.raises(Refused, match="has ended already"):
        clock_actions.take_clock(actor=DANA, at=NOON, clock=clock)

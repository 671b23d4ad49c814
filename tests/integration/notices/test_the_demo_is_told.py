"""The made-up district of the demonstration: everybody was told, by a real mail server and on paper, or stands open."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from homeroom.base.errors import Refused
from homeroom.board import made_up as board
from homeroom.devices import made_up as devices
from homeroom.devices.models import Access, TellDuty
from homeroom.devices.queries import told
from homeroom.notices import made_up as notices
from homeroom.notices.actions import printing, proving
from homeroom.notices.models import Attempt, Clock, Letter, LetterState, PrintRun
from homeroom.people import actions as people
from homeroom.people.models import School
from homeroom.providers import actions as contracts
from homeroom.providers import made_up as providers
from homeroom.providers.models import Contract
from homeroom.site import settle
from homeroom.site.made_up_district import NAME, NOT_REACHED, SCHOOLS, residents

AT = datetime(2026, 11, 20, 16, tzinfo=UTC)
TODAY = date(2026, 11, 20)
STUDENTS = 60
LOST = f"g{NOT_REACHED:06}"


@pytest.fixture
def demo(db, tmp_path, settings) -> SimpleNamespace:
    """A small made-up district, moved in as `homeroom demo` does it."""
    settings.HOME = tmp_path
    first = date(2026, 9, 1)
    people.set_up_district(actor=settle.DANA, name=NAME, at=AT)
    schools = [School(id=key, name=name, first_day=first) for key, name in SCHOOLS]
    people.add_schools(actor=settle.DANA, schools=schools, at=AT)
    settle._people(list(residents(STUDENTS, first.year)), STUDENTS, first, AT)
    said: list[str] = []
    for app in (board, notices, providers, devices):
        app.move_in(actor=settle.DANA, at=AT, say=said.append)
    return SimpleNamespace(said="\n".join(said), mail=list((tmp_path / "mail").glob("*.eml")))


@pytest.mark.clause("XI.A", "XII.B.0a", "XIII.C.0", "XIII.C.0m", "XIV.C.1b")
def test_the_demonstration_told_everybody(demo):
    yearly = Letter.objects.exclude(kind__in=("device-emergency", "reminder"))
    assert set(yearly.values_list("kind", flat=True)) == {"users", "parents", "providers", "monitoring"}
    open_ones = yearly.exclude(state=LetterState.DELIVERED)
    assert set(open_ones.values_list("reader", "state")) == {(LOST, "unreachable")}, "one parent is left to find"
    tries = Attempt.objects.filter(channel="email")
    assert len(demo.mail) == tries.count() > 300, "each try is a letter in the folder of the mail server"
    assert set(tries.values_list("state", flat=True)) == {"delivered"}
    assert told.reached(TODAY) == (STUDENTS, STUDENTS)
    _paper(demo)
    clock = Clock.objects.get(rule="provider-notice")
    assert clock.state(AT) in ("running", "warned"), "it waits for the one nobody reaches"


def _paper(demo) -> None:
    """Whoever reads no e-mail is in a print file that was mailed."""
    runs = {run.notice.kind: run for run in PrintRun.objects.all()}
    assert set(runs) == {"parents", "providers", "monitoring"}
    for run in runs.values():
        assert run.mailed_on and run.pieces == 2
        assert "Birch Road" in PdfReader(printing.path_of(run)).pages[0].extract_text()
    assert "2 letters were printed and mailed" in demo.said


@pytest.mark.clause("XIV.D.1", "XIII.E.0")
def test_an_emergency_was_told_one_runs_and_a_contract_that_lacks_terms_stays_closed(demo):
    ana, ben = (TellDuty.objects.get(access__student=who) for who in ("ana", "ben"))
    assert ana.told_at and ana.told_at < ana.due_at
    assert ben.told_at is None and ben.due_at > AT and ben.notice.recipient_id == "rosa"
    letter = Letter.objects.get(kind="device-emergency")
    assert (letter.reader_id, letter.delivered_how) == ("elena", "read")
    assert Access.objects.filter(ground="threat").count() == 2
    with pytest.raises(Refused, match="No selling"):
        contracts.activate_contract(actor=settle.DANA, at=AT, contract=Contract.objects.get(state="review"))
    for channel in ("email", "paper"):
        letter = Letter.objects.filter(kind="providers", channel=channel, state="delivered").first()
        assert proving.proof(actor=settle.DANA, letter=letter, at=AT).startswith(b"%PDF"), channel

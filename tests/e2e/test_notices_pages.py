"""Every page of notices and clocks: readable on a phone of 320 pixels, by keyboard, by a screen reader."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.mail import get_connection
from django.utils import timezone
from playwright.sync_api import Browser

from homeroom.notices.actions import building, correcting, letters, notices, printing, sending
from homeroom.notices.actions import clocks as clock_actions
from homeroom.notices.models import Letter, Notice, PrintRun, Template
from homeroom.people import queries as people
from homeroom.people.models import Person
from tests.e2e.conftest import House
from tests.e2e.looking import look_through
from tests.integration.notices.conftest import DANA, FACTS, approve, lives_at, parent

pytestmark = [pytest.mark.django_db(transaction=True, databases=["default", "activity"]), pytest.mark.timeout(600)]


@pytest.fixture
def told(house: House) -> House:
    """Notices in every state: planned, under way, on paper, held, come back; clocks that run and are late."""
    now = timezone.now()
    parent("ben", "rosa")
    parent("leah", "lind", court_order=True)
    Person.objects.filter(pk="rosa").update(email="")
    lives_at("rosa")
    approve("users", ("es",))
    approve("parents")
    for kind in ("users", "parents"):
        row = notices.draft_notice(
            actor=DANA, at=now, kind=kind, title=f"Yearly {kind}", who={}, facts=FACTS.get(kind, {})
        )
        row = notices.release_notice(actor=DANA, at=now, notice=row)
        building.build(at=now, notice=row)
    sending.send_batch(at=now, connection=get_connection("django.core.mail.backends.locmem.EmailBackend"))
    run = printing.make_run(actor=DANA, notice=Notice.objects.get(kind="parents"), at=now)
    printing.confirm_mailed(actor=DANA, run=run, on=people.today(now), at=now)
    correcting.unsay_mailed(actor=DANA, run=run, reason="The tray was still full.", at=now)
    printing.confirm_mailed(actor=DANA, run=run, on=people.today(now), at=now)
    letters.hand_over(actor=DANA, letter=Letter.objects.get(reader="rosa"), on=people.today(now), at=now)
    notices.draft_notice(actor=DANA, at=now, kind="users", title="Planned", who={})
    for about, hours in (("access:1", 80), ("access:2", 1)):
        clock_actions.start_clock(
            actor=DANA,
            at=now,
            rule="device-emergency-notice",
            about=about,
            since=now - timedelta(hours=hours),
            owner="dana",
        )
    return house


@pytest.fixture
def pages(told: House) -> tuple[str, ...]:
    """Addresses of every page; read before a browser starts."""
    drafted, released = Notice.objects.get(title="Planned"), Notice.objects.get(kind="parents")
    template, letter = Template.objects.get(kind="users"), Letter.objects.filter(state="held").first()
    handed = Letter.objects.get(reader="rosa")
    assert PrintRun.objects.exists() and letter is not None
    return (
        "/notices", "/notices/add", f"/notices/{drafted.pk}", f"/notices/{released.pk}", "/notices/unreached",
        f"/notices/letters/{letter.pk}", f"/notices/letters/{handed.pk}", "/notice-words",
        f"/notice-words/{template.pk}",
        f"/notice-words/{template.pk}/in/es", "/clocks", "/clocks?state=late", "/clocks/1", "/closings",
        "/my/notices", f"/my/notices/{Letter.objects.get(reader='dana').pk}",
    )  # fmt: skip


def test_pages_are_readable_for_all(pages: tuple[str, ...], told: House, browser: Browser, live_server):
    assert look_through(told, browser, live_server.url, "dana", pages) == []

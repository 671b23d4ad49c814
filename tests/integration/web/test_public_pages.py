"""The two pages behind a block page: no account, one button, no name kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from homeroom.filtering.models import InadvertentAccess, ReviewRequest
from homeroom.journal.models import Entry
from homeroom.site import messages
from tests.integration.web.conftest import sealed

pytestmark = pytest.mark.django_db(databases=["default", "activity"])


@pytest.fixture(autouse=True, scope="session")
def translations():
    messages.compile_all()


def test_looking_records_nothing(town, now):
    for what in ("review", "accident"):
        assert Client().get(f"/blocked/{sealed(now)}/{what}").status_code == 200
    assert not ReviewRequest.objects.exists() and not InadvertentAccess.objects.exists()


@pytest.mark.clause("VI.Alt3.C")
def test_one_button_asks_for_a_review_and_says_by_when(town, now):
    # The door's page may be on another host, so no cookie of ours comes with the click.
    answer = Client(enforce_csrf_checks=True).post(f"/blocked/{sealed(now)}/review")
    row = ReviewRequest.objects.get()
    page = answer.content.decode()
    assert "Your request is on its way" in page and f"Request {row.pk}" in page
    assert "It is decided by:" in page and date_format(timezone.localtime(row.due_at), "DATE_FORMAT") in page


@pytest.mark.clause("V.C.1")
def test_an_accident_is_written_down_and_told_whom_to_tell(town, now):
    answer = Client(enforce_csrf_checks=True).post(f"/blocked/{sealed(now)}/accident", {"words": "I mistyped."})
    row = InadvertentAccess.objects.get()
    assert (row.host, row.words) == ("recovery-group.test", "I mistyped.")
    assert "students tell a teacher" in answer.content.decode()


def test_nothing_leads_back_to_a_person(town, now):
    Client().post(f"/blocked/{sealed(now)}/review", {"words": "For class."}, REMOTE_ADDR="192.0.2.77")
    kept = {str(value) for value in ReviewRequest.objects.values().get().values()}
    kept |= {
        str(entry.data) + entry.subject + entry.actor
        for entry in Entry.objects.filter(verb__startswith="filtering.review")
    }
    assert not any("192.0.2.77" in text or "ben" in text for text in kept)


def test_it_speaks_spanish(town, now):
    page = Client().get(f"/blocked/{sealed(now)}/review", headers={"accept-language": "es"}).content.decode()
    assert '<html lang="es"' in page and "Pedir una revisión" in page


@pytest.mark.parametrize("what", ["review", "accident"])
def test_a_damaged_or_old_ticket_gets_a_sentence(town, now, what):
    good = sealed(now)
    for bad in ("nonsense", good[:-2] + "xx", sealed(now - timedelta(days=8))):
        for method in ("get", "post"):
            answer = getattr(Client(), method)(f"/blocked/{bad}/{what}")
            assert answer.status_code == 410
            assert "Open the blocked page again" in answer.content.decode()
    assert not ReviewRequest.objects.exists() and not InadvertentAccess.objects.exists()


def test_a_flood_is_slowed_down_with_a_sentence(town, now):
    for number in range(10):
        Client().post(f"/blocked/{sealed(now, host=f'site{number}.test')}/review")
    page = Client().post(f"/blocked/{sealed(now, host='one-more.test')}/review").content.decode()
    assert "try again later" in page and ReviewRequest.objects.count() == 10


def test_asking_twice_is_one_request(town, now):
    for _ in range(2):
        Client().post(f"/blocked/{sealed(now)}/review")
    assert ReviewRequest.objects.count() == 1


def test_what_a_page_holds_becomes_no_markup(town, now):
    ticket = sealed(now, host="<script>alert(1)</script>")
    assert "<script>alert" not in Client().get(f"/blocked/{ticket}/review").content.decode()


def test_health_and_about_are_open_to_all(db):
    assert Client().get("/healthz").content == b"ok\n"
    assert Client().get("/about").status_code == 200


def test_behind_our_own_proxy_the_limit_counts_the_client_and_not_what_it_says_of_itself(town, now, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number, said in enumerate(("192.0.2.1", "192.0.2.2", "192.0.2.9, 192.0.2.1", "")):
        headers = {"x-forwarded-for": said} if said else {}
        Client().post(f"/blocked/{sealed(now, host=f'site{number}.test')}/review", headers=headers)
    one, two, again, none = ReviewRequest.objects.order_by("pk").values_list("asked_from", flat=True)
    assert one == again and len({one, two, none}) == 3


def test_without_a_proxy_nobody_can_say_where_they_are(town, now):
    for number in (1, 2):
        headers = {"x-forwarded-for": f"192.0.2.{number}"}
        Client().post(f"/blocked/{sealed(now, host=f'site{number}.test')}/review", headers=headers)
    assert len(set(ReviewRequest.objects.values_list("asked_from", flat=True))) == 1

"""The office's kiosk: opened by somebody who saw who it is, once; over with the signature; nothing left behind."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from homeroom.agreements import actions
from homeroom.agreements.models import KioskVisit, Signature
from homeroom.base.errors import Refused
from homeroom.people.models import Person
from tests.integration.agreements import conftest as kit
from tests.integration.agreements.pages import begin, browser, open_today, sign, sitting, slot

pytestmark = pytest.mark.django_db(databases=["default", "activity"])


@pytest.fixture
def signing(town):
    cache.clear()
    return open_today(town)


def shown(answer) -> str:
    return answer.content.decode()


def code_for(town, person: str = "rosa", **more) -> str:
    answer = browser(town, "kim").post(f"/kiosk/open/{person}", {"how": "photo", "words": "driver’s license", **more})
    return re.search(r'class="secret">([^<]+)<', shown(answer))[1]


def test_a_parent_signs_at_the_screen_and_the_office_answers_for_who_it_was(signing):
    screen = Client()
    assert screen.post("/kiosk", {"code": code_for(signing).lower()}).url == "/kiosk/sign"
    assert "Rosa Haugen" in shown(screen.get("/kiosk/sign"))
    begin(screen, prefix="/kiosk")
    answer = sign(screen, slot("ben", "parent", "rosa"), prefix="/kiosk")
    assert answer.url == f"/kiosk/sign/{slot('leah', 'parent', 'rosa').pk}"
    row = Signature.objects.get()
    assert (row.signer_id, row.method) == ("rosa", "in_person")
    assert "Seen by Kim Vang: I looked at a photo ID: driver’s license." in row.detail


def test_with_the_last_signature_it_is_over_and_the_screen_knows_nothing(signing):
    screen = Client()
    screen.post("/kiosk", {"code": code_for(signing)})
    begin(screen, prefix="/kiosk")
    for child in ("ben", "leah"):
        answer = sign(screen, slot(child, "parent", "rosa"), prefix="/kiosk")
    page = screen.get(answer.url)
    assert "this screen has forgotten you" in shown(page)
    assert page.headers["Refresh"].endswith("url=/kiosk") and "no-store" in page.headers["Cache-Control"]
    assert KioskVisit.objects.get().ended_at is not None
    for url in ("/kiosk/sign", answer.url, f"{answer.url}/receipt.pdf", "/sign"):
        assert screen.get(url).status_code == 302, url
    assert not screen.cookies["django_language"].value
    assert not list(screen.session.keys())


def test_a_code_works_once_and_not_after_its_time(signing):
    code = code_for(signing)
    Client().post("/kiosk", {"code": code})
    assert "does not work" in shown(Client().post("/kiosk", {"code": code}))
    late = code_for(signing, "farah")
    KioskVisit.objects.filter(person="farah").update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "does not work" in shown(Client().post("/kiosk", {"code": late}))


def test_a_visit_that_lasts_too_long_ends_by_itself(signing):
    screen = Client()
    screen.post("/kiosk", {"code": code_for(signing)})
    KioskVisit.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert screen.get("/kiosk/sign").url == "/kiosk"


def test_guessing_is_slowed_down(signing):
    screen = Client()
    for _ in range(31):
        answer = screen.post("/kiosk", {"code": "AAAA-BBBB"})
    assert "Too many codes" in shown(answer)
    assert "Too many codes" in shown(screen.post("/kiosk", {"code": code_for(signing)}))


def test_the_office_says_how_it_knows(signing):
    answer = browser(signing, "kim").post("/kiosk/open/rosa", {"how": "other", "words": ""})
    assert "Say how you know who this is" in shown(answer) and not KioskVisit.objects.exists()
    with pytest.raises(Refused, match="Say how you know"):
        actions.open_kiosk(actor=kit.actor("kim"), at=timezone.now(), person=Person.objects.get(pk="rosa"), how=" ")


def test_the_office_opens_it_for_its_own_school_only(signing):
    for who, status in (("rosa", 200), ("ben", 200), ("elena", 404), ("ana", 404)):
        assert browser(signing, "kim").get(f"/kiosk/open/{who}").status_code == status, who
    assert browser(signing, "rosa").get("/kiosk/open/rosa").status_code == 403


def test_the_page_of_an_agreement_leads_the_office_there_while_somebody_has_to_sign(signing):
    place = slot("ben", "parent", "rosa")
    page = shown(browser(signing, "kim").get(f"/papers/of/{place.agreement_id}"))
    assert "/kiosk/open/rosa" in page and "/kiosk/open/ben" in page and "/kiosk/open/olsen" not in page
    assert f"/sign/{slot('ben', 'student', 'ben').pk}/assent" in page
    assert "/kiosk/open" not in shown(browser(signing, "rosa").get(f"/papers/of/{place.agreement_id}"))
    rosa = browser(signing, "rosa")
    begin(rosa)
    sign(rosa, place)
    assert "/kiosk/open/rosa" not in shown(browser(signing, "kim").get(f"/papers/of/{place.agreement_id}"))


def test_this_screen_becomes_the_kiosk_and_the_clerk_is_signed_out_first(signing):
    screen = browser(signing, "kim")
    assert screen.post("/kiosk/open/rosa", {"how": "known", "here": "1"}).url == "/kiosk/sign"
    assert screen.get("/kiosk/sign").status_code == 200
    assert screen.get("/people").url.startswith("/account/sign-in"), "nobody at the screen is Kim any more"


def test_another_visit_ends_the_one_before_and_leaving_forgets(signing):
    first, second = Client(), Client()
    first.post("/kiosk", {"code": code_for(signing)})
    second.post("/kiosk", {"code": code_for(signing)})
    assert first.get("/kiosk/sign").url == "/kiosk"
    assert second.get("/kiosk/sign").status_code == 200
    second.post("/kiosk/leave")
    assert second.get("/kiosk/sign").url == "/kiosk" and not KioskVisit.objects.filter(ended_at=None).exists()


def test_whoever_comes_next_does_not_see_the_copy_of_whoever_was_before(signing):
    screen = Client()
    screen.post("/kiosk", {"code": code_for(signing)})
    begin(screen, prefix="/kiosk")
    sign(screen, slot("ben", "parent", "rosa"), prefix="/kiosk")
    before = sitting()
    screen.post("/kiosk/leave")
    screen.post("/kiosk", {"code": code_for(signing, "farah")})
    assert screen.get(f"/kiosk/sign/done/{before.pk}").status_code == 404
    screen.post("/kiosk/leave")
    screen.post("/kiosk", {"code": code_for(signing, "rosa")})
    assert screen.get(f"/kiosk/sign/done/{before.pk}").status_code == 404, "not even her own of an earlier visit"

"""Who may open what: decided by the roles of the day, for every request anew."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from homeroom.access import queries
from homeroom.base.actor import NOBODY, SYSTEM
from homeroom.base.needs import Declared, needs, public
from homeroom.people import actions as people
from homeroom.people import queries as calendar
from tests import child
from tests.town import NOON

pytestmark = pytest.mark.django_db


@needs("technology_director", "building_administrator")
def officials_only(request):
    return HttpResponse("inside")


def may(rf, town, id: str) -> bool:
    """Whether somebody may open the page of officials now."""
    request = rf.get("/somewhere?x=1")
    request.user = town.account(id)
    request.actor = queries.actor_of(request.user, calendar.today(timezone.now()))
    try:
        return Declared(officials_only).process_view(request, officials_only, (), {}) is None
    except PermissionDenied:
        return False


@pytest.mark.parametrize(
    ("who", "inside"),
    [("dana", True), ("okafor", True), ("olsen", False), ("kim", False), ("ben", False), ("rosa", False)],
)
def test_a_page_opens_for_the_roles_it_names_and_for_no_other(rf, town, who, inside):
    assert may(rf, town, who) is inside


def test_a_role_that_ended_yesterday_opens_nothing_today(rf, town):
    role = town.okafor.roles.get()
    today = calendar.today(timezone.now())
    people.end_role(actor=SYSTEM, role=role, last_day=today, at=NOON)
    assert may(rf, town, "okafor"), "the last day still counts"
    people.end_role(actor=SYSTEM, role=role, last_day=today - timedelta(days=1), at=NOON)
    assert not may(rf, town, "okafor")


def test_whoever_is_not_signed_in_is_led_to_sign_in_and_back(rf, town):
    request = rf.get("/somewhere?x=1")
    request.user, request.actor = AnonymousUser(), NOBODY
    answer = Declared(officials_only).process_view(request, officials_only, (), {})
    assert answer.url == "/account/sign-in?next=%2Fsomewhere%3Fx%3D1"


def test_a_part_of_a_page_asks_the_whole_page_to_move_to_sign_in(rf, town):
    request = rf.get("/somewhere", headers={"hx-request": "true"})
    request.user, request.actor = AnonymousUser(), NOBODY
    answer = Declared(officials_only).process_view(request, officials_only, (), {})
    assert answer.status_code == 401
    assert answer["HX-Redirect"].startswith("/account/sign-in")


def test_a_public_page_asks_for_nothing(rf):
    view = public("Everybody may see this in a test.")(lambda request: HttpResponse("open"))
    request = rf.get("/")
    request.user, request.actor = AnonymousUser(), NOBODY
    assert Declared(view).process_view(request, view, (), {}) is None


def test_who_acts_is_known_with_roles_of_the_day(town):
    tou = queries.actor_of(town.account("tou"), calendar.today(NOON))
    assert (tou.id, tou.name, tou.roles) == ("tou", "Tou Xiong", {"clerk", "student"})
    nils = queries.actor_of(town.account("nils"), calendar.today(NOON))
    assert nils.roles == frozenset()


def test_a_page_takes_few_queries_to_know_who_asks(town, django_assert_max_num_queries):
    client = town.client("dana")
    client.get("/account/password")
    with django_assert_max_num_queries(8):
        client.get("/account/password")


def test_pages_speak_the_language_that_is_asked_for(town):
    client = Client()
    assert 'lang="es"' in client.get("/account/sign-in", headers={"accept-language": "es-MX"}).content.decode()
    client.post("/language", {"language": "es", "next": "/account/sign-in"})
    assert 'lang="es"' in client.get("/account/sign-in").content.decode()
    assert 'lang="en"' in Client().get("/account/sign-in", headers={"accept-language": "fr"}).content.decode()


# The settings of the house


def settings_of(tmp_path, **environment: str) -> dict[str, object]:
    names = (
        "DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "ALLOWED_HOSTS",
        "CSRF_TRUSTED_ORIGINS", "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN", "SESSION_COOKIE_HTTPONLY", "DEMO",
    )  # fmt: skip
    program = "import json\nfrom homeroom.site import settings as s\n"
    program += f"print(json.dumps({{name: getattr(s, name) for name in {names!r}}}))"
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True,
        env=child.environment(tmp_path, **environment),
    )  # fmt: skip
    return json.loads(answer.stdout)


def test_by_default_nothing_is_open_that_a_district_would_not_want_open(tmp_path):
    said = settings_of(tmp_path)
    assert said["DEBUG"] is said["DEMO"] is False
    assert said["SESSION_COOKIE_HTTPONLY"] is True
    assert said["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost"]


def test_behind_https_cookies_never_travel_in_the_clear(tmp_path):
    said = settings_of(tmp_path, HOMEROOM_PUBLIC_URL="https://homeroom.lake.test/")
    assert said["SESSION_COOKIE_SECURE"] is said["CSRF_COOKIE_SECURE"] is True
    assert said["SECURE_HSTS_SECONDS"] >= 31536000
    assert said["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"] is False
    assert "homeroom.lake.test" in said["ALLOWED_HOSTS"]
    assert said["CSRF_TRUSTED_ORIGINS"] == ["https://homeroom.lake.test"]

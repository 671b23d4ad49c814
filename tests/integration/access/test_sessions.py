"""My ways in: sessions are seen and ended by their owner, and by the director."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from homeroom.access import actions
from homeroom.access.models import DohToken, Sitting
from homeroom.base.actor import SYSTEM
from homeroom.journal.models import Entry
from tests.town import NOON

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
CHROMEBOOK = "Mozilla/5.0 (X11; CrOS x86_64 14541) AppleWebKit/537.36 (KHTML) Chrome/126.0.0.0 Safari/537.36"


def signed_in(who: str, agent: str = CHROMEBOOK) -> Client:
    cache.clear()
    client = Client(headers={"User-Agent": agent})
    client.post("/account/sign-in", {"login": f"{who}@lake.test", "password": PASSWORD})
    return client


@pytest.fixture
def rosa(town):
    town.bare_account("rosa", PASSWORD)
    return [signed_in("rosa") for _ in range(3)]


def open_(client: Client) -> bool:
    return client.get("/account/ways").status_code == 200


@pytest.mark.clause("V.A.7.3")
def test_i_see_where_i_am_signed_in_and_end_what_i_do_not_know(rosa):
    page = rosa[0].get("/account/ways")
    assert [each.browser for each in page.context["sessions"]] == ["Chrome, Chromebook"] * 3
    assert page.content.decode().count("this one") == 1
    other = next(each for each in page.context["sessions"] if each.key == rosa[1].session.session_key)
    rosa[0].post("/account/ways/sessions", {"session": str(other.pk)})
    assert [open_(client) for client in rosa] == [True, False, True]
    rosa[0].post("/account/ways/sessions")
    assert [open_(client) for client in rosa] == [True, False, False]
    assert Entry.objects.filter(verb="access.sessions.ended", actor="rosa").count() == 2


def test_nobody_ends_the_sessions_of_somebody_else(rosa, town):
    kim = town.client("kim")
    for each in Sitting.objects.all():
        kim.post("/account/ways/sessions", {"session": str(each.pk)})
    assert all(open_(client) for client in rosa)
    assert kim.post("/people/rosa/sessions").status_code == 403


@pytest.mark.clause("V.A.7.3")
def test_the_director_ends_all_sessions_of_a_person(rosa, town):
    dana = town.client("dana")
    assert dana.get("/people/rosa").content.decode().count("Chrome, Chromebook") == 3
    dana.post("/people/rosa/sessions")
    assert not any(open_(client) for client in rosa)
    ended = Entry.objects.get(verb="access.sessions.ended")
    assert (ended.actor, ended.subject, ended.data["count"]) == ("dana", "person:rosa", 3)
    assert dana.post("/people/nils/sessions").status_code == 404


def test_who_signs_out_is_no_longer_listed(rosa):
    rosa[1].post("/account/sign-out")
    assert len(rosa[0].get("/account/ways").context["sessions"]) == 2


def test_where_somebody_sits_is_not_kept(rosa):
    kept = str(list(Sitting.objects.values()) + list(Entry.objects.values()))
    assert "127.0.0.1" not in kept and "Mozilla" not in kept


def test_i_take_back_a_token_of_mine_and_no_other(rosa, town):
    for person in ("rosa", "ben"):
        actions.issue_token(actor=SYSTEM, person=getattr(town, person), label="tablet", at=NOON)
    mine, other = DohToken.objects.get(person_id="rosa"), DohToken.objects.get(person_id="ben")
    assert "tablet" in rosa[0].get("/account/ways").content.decode()
    assert rosa[0].post(f"/account/ways/token/{other.pk}").status_code == 404
    rosa[0].post(f"/account/ways/token/{mine.pk}")
    assert DohToken.objects.get(pk=mine.pk).ended and not DohToken.objects.get(pk=other.pk).ended


def test_sessions_are_gone_from_the_database(rosa):
    before = Session.objects.count()
    rosa[0].post("/account/ways/sessions")
    assert Session.objects.count() == before - 2
    assert re.fullmatch(r"\w{32}", rosa[0].session.session_key)

"""Signing in: a password, then a second factor; nothing opens before."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from datetime import timedelta

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from homeroom.access import actions, demo, queries
from homeroom.access.adapters import MfaAdapter
from homeroom.access.models import Account
from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.journal.models import Entry
from tests.town import AT, NOON

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


def code(secret: str, step: int = 0) -> str:
    """What an authenticator app shows (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30 + step), hashlib.sha1)
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def type_password(client: Client, login: str = "dana@lake.test", password: str = PASSWORD, **extra: object):
    return client.post("/account/sign-in", {"login": login, "password": password}, **extra)


def inside(client: Client) -> bool:
    """Whether a page opens that needs everything: an account, and its second factor."""
    answer = client.get("/account/password", follow=True)
    return answer.status_code == 200 and answer.request["PATH_INFO"].startswith("/account/password")


def set_up_app(client: Client) -> str:
    """Set up an authenticator app and return its secret."""
    page = client.get("/account/app/add")
    secret = page.context["form"].secret
    answer = client.post("/account/app/add", {"code": code(secret)})
    assert answer.status_code == 302
    return secret


@pytest.mark.clause("V.A.5a")
def test_an_official_signs_in_with_password_and_then_sets_up_a_second_factor_before_anything_else(town):
    town.bare_account("dana", PASSWORD)
    client = Client()
    assert client.get("/").url == "/account/sign-in?next=%2F"
    assert type_password(client).status_code == 302
    assert client.get("/").url == "/account/second-factor"
    page = client.get("/account/second-factor")
    assert b"/account/app/add" in page.content
    assert b"/account/passkeys/add" in page.content
    assert client.get("/account/password").url == "/account/second-factor", "not even the password can be changed"
    set_up_app(client)
    assert inside(client)


def test_the_next_sign_in_asks_for_the_code(town):
    town.bare_account("dana", PASSWORD)
    first = Client()
    type_password(first)
    secret = set_up_app(first)
    second = Client()
    assert type_password(second).url == "/account/code"
    assert second.get("/").url.startswith("/account/sign-in"), "the password alone signs nobody in"
    wrong = second.post("/account/code", {"code": "000000"})
    assert wrong.status_code == 200
    assert second.get("/").status_code == 302
    assert second.post("/account/code", {"code": code(secret, 1)}).status_code == 302
    assert inside(second)


def test_a_code_opens_once(town):
    town.bare_account("dana", PASSWORD)
    type_password(client := Client())
    secret = set_up_app(client)
    shown = code(secret, 1)
    for expected in (302, 200):
        type_password(client := Client())
        assert client.post("/account/code", {"code": shown}).status_code == expected


def test_a_recovery_code_opens_once_when_the_phone_is_lost(town):
    town.bare_account("dana", PASSWORD)
    type_password(client := Client())
    set_up_app(client)
    codes = client.get("/account/recovery").context["unused_codes"]
    assert len(codes) == 10
    for expected in (302, 200):
        type_password(client := Client())
        assert client.post("/account/code", {"code": codes[0]}).status_code == expected


def test_secrets_of_second_factors_are_sealed_in_the_database(town):
    town.bare_account("dana", PASSWORD)
    type_password(client := Client())
    secret = set_up_app(client)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    sealed = MfaAdapter().encrypt(secret)
    assert sealed != secret
    assert MfaAdapter().decrypt(sealed) == secret


@pytest.mark.parametrize(("login", "password"), [("dana@lake.test", "wrong"), ("nobody@lake.test", PASSWORD)])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(town, login, password):
    town.bare_account("dana", PASSWORD)
    answer = type_password(Client(), login, password)
    assert answer.status_code == 200
    assert b"not correct" in answer.content
    assert b"wrong" not in re.sub(rb"<[^>]*>", b"", answer.content)


def test_the_address_may_be_typed_in_any_case(town):
    town.bare_account("dana", PASSWORD)
    assert type_password(Client(), "Dana@Lake.TEST").status_code == 302


def test_guessing_is_slowed_down_per_account_even_when_the_right_password_comes_at_last(town):
    town.bare_account("dana", PASSWORD)
    for _ in range(5):
        type_password(Client(), password="guess")
    answer = type_password(Client())
    assert answer.status_code == 200
    assert b"Too many failed" in answer.content


def test_a_closed_account_signs_nobody_in_and_ends_what_is_open(town):
    account = town.bare_account("dana", PASSWORD)
    client = town.client("kim")
    assert client.get("/account/factors").status_code == 200
    actions.close_account(actor=SYSTEM, account=town.kim.account, at=NOON, reason="Left")
    assert client.get("/account/factors").status_code == 302
    actions.close_account(actor=SYSTEM, account=account, at=NOON, reason="Left")
    assert type_password(client := Client()).status_code in (200, 302)
    assert client.get("/").url.startswith("/account/sign-in")
    with pytest.raises(Refused, match="closed already"):
        actions.close_account(actor=SYSTEM, account=account, at=NOON, reason="Again")


def test_a_new_password_ends_all_sessions(town):
    client = town.client("kim")
    actions.set_password(actor=SYSTEM, account=town.kim.account, password="a quite new password", at=NOON)
    assert client.get("/account/factors").status_code == 302


@pytest.mark.parametrize("password", ["short", "password1234", "kim@lake.test"])
def test_weak_passwords_are_refused_in_a_sentence(town, password):
    with pytest.raises(Refused):
        town.bare_account("kim", password)
    assert not Account.objects.filter(person_id="kim").exists()


def test_one_account_for_one_person_and_one_address(town):
    town.bare_account("kim", PASSWORD)
    with pytest.raises(Refused, match="already"):
        town.bare_account("kim", PASSWORD)
    with pytest.raises(Refused, match="signs in already"):
        actions.add_account(actor=SYSTEM, person=town.olsen, email="KIM@lake.test", at=AT)
    with pytest.raises(Refused, match="not an e-mail"):
        actions.add_account(actor=SYSTEM, person=town.olsen, email="olsen", at=AT)


def test_nobody_can_sign_up(client, db):
    for path in ("/account/sign-up", "/accounts/signup/", "/account/signup/", "/account/reset"):
        assert client.get(path).status_code == 404


def test_signing_out_needs_a_press_of_a_button(town):
    client = town.client("dana")
    client.get("/account/sign-out")
    assert client.get("/account/factors").status_code == 200
    client.post("/account/sign-out")
    assert client.get("/account/factors").status_code == 302


def test_the_way_back_after_sign_in_never_leads_elsewhere(town):
    town.bare_account("dana", PASSWORD)
    answer = Client().post(
        "/account/sign-in", {"login": "dana@lake.test", "password": PASSWORD, "next": "https://evil.test/"}
    )
    assert answer.url == "/"


def test_forms_without_their_token_are_refused(town):
    client = Client(enforce_csrf_checks=True)
    assert type_password(client).status_code == 403


@pytest.mark.clause("V.A.7.1")
def test_sign_ins_and_changes_stand_in_the_journal_without_any_secret(town, django_capture_on_commit_callbacks):
    town.bare_account("dana", PASSWORD)
    type_password(client := Client())
    with django_capture_on_commit_callbacks(execute=True):
        secret = set_up_app(client)
    client.post("/account/password", {
        "oldpassword": PASSWORD, "password1": "another good password", "password2": "another good password",
    })  # fmt: skip
    entries = list(Entry.objects.filter(actor="dana").order_by("id"))
    assert [(entry.verb, entry.data.get("what") or entry.data.get("method")) for entry in entries] == [
        ("access.account.signed-in", "password"),
        ("access.account.changed", "totp_activated"),
        ("access.account.changed", "password_changed"),
    ]
    everything = str(list(Entry.objects.values()))
    assert secret not in everything
    assert "another good password" not in everything


def test_an_hour_after_the_sign_in_changes_to_the_account_ask_who_it_is_again(town):
    town.bare_account("dana", PASSWORD)
    type_password(client := Client())
    secret = set_up_app(client)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - 3600}]
    session.save()
    assert client.get("/account/passkeys/add").url.startswith("/account/again")
    client.post("/account/again", {"password": "wrong password"})
    assert client.get("/account/passkeys/add").status_code == 302
    client.post("/account/again", {"password": PASSWORD})
    assert client.get("/account/passkeys/add").status_code == 200
    assert secret


def test_lost_factors_are_reset_by_an_official_and_asked_for_anew(town):
    client = town.client("kim")
    assert actions.reset_factors(actor=SYSTEM, account=town.kim.account, reason="Phone lost", at=NOON) == 1
    assert not queries.has_second_factor(town.kim.account)
    assert client.get("/").url == "/account/second-factor"


def test_sessions_that_are_over_are_forgotten(town):
    from homeroom.access import jobs

    client = town.client("dana")
    over = client.session.get_expiry_date()
    assert jobs.forget_sessions(over - timedelta(minutes=1)) is None
    assert jobs.forget_sessions(over + timedelta(minutes=1)) == "1 sessions that were over are gone."
    assert client.get("/account/factors").status_code == 302


# Headers


def test_pages_allow_nothing_from_elsewhere_and_are_not_kept(town):
    answer = town.client("dana").get("/account/factors")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_no_page_of_sign_in_carries_script_or_style_that_the_policy_forbids(town):
    dana = town.client("dana")
    town.bare_account("lind", PASSWORD)
    fresh = Client()
    type_password(fresh, "lind@lake.test")
    pages = [fresh.get(f"/account/{page}") for page in ("second-factor", "app/add", "passkeys/add")]
    pages += [Client().get("/account/sign-in"), dana.get("/account/factors"), dana.get("/account/again/code")]
    for page in pages:
        assert page.status_code == 200
        text = page.content.decode()
        assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text)


# A demonstration's entry links


@pytest.fixture
def demonstration(settings):
    settings.DEMO = True


def follow(link: str) -> Client:
    client = Client()
    client.get(link.partition("8524")[2])
    return client


def test_an_entry_link_signs_in_fully_and_once(town, demonstration):
    link = demo.entry_link(town.bare_account("dana"))
    assert inside(follow(link))
    again = Client()
    assert again.get(link.partition("8524")[2]).status_code == 410
    assert again.get("/").status_code == 302
    assert inside(follow(demo.entry_link(town.dana.account)))


def test_entry_links_do_not_exist_outside_a_demonstration(town, settings):
    settings.DEMO = True
    link = demo.entry_link(town.bare_account("dana"))
    inside = follow(link)
    settings.DEMO = False
    assert inside.get("/").url == "/account/second-factor", "nor does what one opened"
    with pytest.raises(Refused, match="demonstration only"):
        demo.entry_link(town.dana.account)
    settings.DEMO = True
    link = demo.entry_link(Account.objects.get())
    settings.DEMO = False
    assert Client().get(link.partition("8524")[2]).status_code == 410


def test_a_false_an_old_and_a_closed_ones_link_open_nothing(town, demonstration, monkeypatch):
    link = demo.entry_link(town.bare_account("dana"))
    assert Client().get(link.partition("8524")[2] + "x").status_code == 410
    monkeypatch.setattr(demo, "LASTS", -1)
    assert Client().get(link.partition("8524")[2]).status_code == 410
    monkeypatch.undo()
    Account.objects.update(is_active=False)
    assert Client().get(link.partition("8524")[2]).status_code == 410

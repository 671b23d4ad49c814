"""The district's own sign-in, against a real OpenID provider: by the lasting id, else once by the address."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import pytest
from django.test import Client

from homeroom.access import actions, outside
from homeroom.access.models import Account, Identity
from homeroom.access.outside import Provider, believed
from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.doors.environment import BadSetting
from homeroom.journal.models import Entry
from homeroom.people.models import Person
from tests.ports import free_port
from tests.town import LONG_AGO, NOON

pytestmark = pytest.mark.django_db


class Server:
    """A provider that runs as a process of its own."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def knows(self, sub: str, **claims: object) -> None:
        body = json.dumps(claims).encode()
        headers = {"Content-Type": "application/json"}
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/users/{sub}", body, headers, method="PUT"))

    def agrees(self, where: str, sub: str) -> str:
        """Somebody presses “Allow” there; the way back to us."""

        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_):
                return None

        request = urllib.request.Request(where, urllib.parse.urlencode({"sub": sub}).encode(), method="POST")
        try:
            urllib.request.build_opener(Stay).open(request)
        except urllib.error.HTTPError as answer:
            return answer.headers["Location"]
        raise AssertionError("the provider led nowhere")


@pytest.fixture(scope="module")
def server():
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while True:  # asked for something, since a port that nobody has yet may be connected to itself
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/.well-known/openid-configuration", timeout=5).close()
            break
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.1)
    yield Server(port)
    process.terminate()
    process.wait()


@pytest.fixture
def provider(server, settings):
    row = Provider("district", "School account", server.url, "homeroom", "a secret", frozenset({"lake.test"}))
    settings.OIDC = (row,)
    settings.SOCIALACCOUNT_PROVIDERS = outside.as_allauth(settings.OIDC)
    return row


def come(server: Server, sub: str, client: Client | None = None):
    client = client or Client()
    away = client.get("/account/with/district")
    assert away.status_code == 302 and "code_challenge=" in away.url, "PKCE goes along"
    back = server.agrees(away.url, sub)
    return client, client.get(back.partition("testserver")[2])


def words(answer) -> str:
    return re.sub(r"<[^>]*>|\s+", " ", answer.content.decode())


@pytest.mark.clause("V.A.7.3")
def test_a_student_comes_in_by_the_address_once_and_by_the_lasting_id_from_then_on(town, server, provider):
    server.knows("u-1", email="Ben@lake.test", email_verified=True, name="Somebody Else")
    client, answer = come(server, "u-1")
    assert answer.url == "/"
    assert client.get("/about").wsgi_request.actor.id == "ben"
    assert Identity.objects.get().subject == "u-1"
    assert not Account.objects.get(person_id="ben").has_usable_password()
    tied = Entry.objects.get(verb="access.identity.tied")
    assert (tied.actor, tied.data["issuer"]) == ("ben", server.url)
    # The address changes, even to that of another student: the id has the word.
    server.knows("u-1", email="leah@lake.test", email_verified=True)
    client, _ = come(server, "u-1")
    assert client.get("/about").wsgi_request.actor.id == "ben"
    assert Entry.objects.filter(verb="access.identity.tied").count() == 1


@pytest.mark.clause("V.A.7.3")
def test_nobody_is_matched_by_a_name_or_by_an_address_that_nobody_vouches_for(town, server, provider):
    server.knows("u-2", email="leah@lake.test", email_verified=False, name="Leah Farah")
    _client, answer = come(server, "u-2")
    assert answer.status_code == 403 and "does not vouch" in words(answer)
    server.knows("u-3", email="leah@elsewhere.test", email_verified=True, name="Leah Farah")
    assert "does not vouch" in words(come(server, "u-3")[1])
    assert not Identity.objects.exists()


@pytest.mark.clause("V.A.7.2")
def test_who_left_does_not_come_in_any_more(town, server, provider):
    server.knows("u-4", email="nils@lake.test", email_verified=True)
    assert "exactly this address alone" in words(come(server, "u-4")[1])
    server.knows("u-5", email="ana@lake.test", email_verified=True)
    come(server, "u-5")
    town.ana.roles.update(last_day=LONG_AGO)
    client, answer = come(server, "u-5")
    assert answer.status_code == 403 and "no role in the district today" in words(answer)
    assert client.get("/account/ways").url.startswith("/account/sign-in")


def test_an_address_that_was_given_to_somebody_new_does_not_open_the_old_account(town, server, provider):
    server.knows("u-6", email="lind@lake.test", email_verified=True)
    come(server, "u-6")
    server.knows("u-7", email="lind@lake.test", email_verified=True)
    assert "Another sign-in is tied" in words(come(server, "u-7")[1])
    dana, pk = town.client("dana"), Identity.objects.get().pk
    assert "Untie" in dana.get("/people/lind").content.decode()
    assert town.client("okafor").post(f"/people/identity/{pk}/untie").status_code == 403
    assert dana.post(f"/people/identity/{pk}/untie").url == "/people/lind"
    _, answer = come(server, "u-7")
    assert answer.status_code == 302
    assert Identity.objects.get().subject == "u-7"


def test_two_people_of_one_address_are_not_guessed_between(town, server, provider):
    Person.objects.filter(pk="rosa").update(email="ben@lake.test")
    server.knows("u-8", email="ben@lake.test", email_verified=True)
    assert "exactly this address alone" in words(come(server, "u-8")[1])


@pytest.mark.clause("V.A.5a")
def test_an_official_still_owes_the_second_step(town, server, provider):
    server.knows("u-9", email="okafor@lake.test", email_verified=True)
    client, answer = come(server, "u-9")
    assert client.get(answer.url).url == "/account/second-factor"
    town.account("dana")
    server.knows("u-10", email="dana@lake.test", email_verified=True)
    client, answer = come(server, "u-10")
    assert answer.url == "/account/code", "whoever has one is asked for it"


def test_a_closed_account_stays_closed(town, server, provider):
    account = town.account("kim")
    actions.close_account(actor=SYSTEM, account=account, at=NOON, reason="Left.")
    server.knows("u-11", email="kim@lake.test", email_verified=True)
    assert "This account is closed" in words(come(server, "u-11")[1])


def test_a_forged_way_back_opens_nothing(town, server, provider):
    answer = Client().get("/account/with/district/back", {"code": "made-up", "state": "made-up"})
    assert answer.status_code == 403 and "Try it again" in words(answer)
    assert Client().get("/account/with/nowhere").status_code == 404


def test_the_sign_in_page_leads_there(town, server, provider):
    assert "Sign in with School account" in words(Client().get("/account/sign-in"))


# What is believed of Google and of Entra

GOOGLE = Provider("google", "Google", outside.GOOGLE, "c", "s", frozenset({"lake.test"}))
ENTRA = Provider("microsoft", "Microsoft", "https://x", "c", "s", frozenset({"lake.test"}), "t-1")
BASE = {"iss": "i", "sub": "s"}


@pytest.mark.parametrize(
    ("provider", "claims", "email"),
    [
        (GOOGLE, {"hd": "lake.test", "email": "ben@lake.test", "email_verified": True}, "ben@lake.test"),
        (GOOGLE, {"hd": "lake.test", "email": "ben@lake.test", "email_verified": "true"}, ""),
        (GOOGLE, {"hd": "Lake.test", "email": "ben@gmail.test", "email_verified": True}, ""),
        (ENTRA, {"tid": "t-1", "email": "dana@lake.test", "preferred_username": "ben@lake.test"}, "ben@lake.test"),
        (ENTRA, {"tid": "t-1", "email": "dana@lake.test", "xms_edov": True}, "dana@lake.test"),
        (ENTRA, {"tid": "t-1", "preferred_username": "ben_x#EXT#@other.test"}, ""),
    ],
)
def test_an_address_counts_only_where_the_provider_vouches_for_it(provider, claims, email):
    assert believed(provider, {**BASE, **claims}).email == email


@pytest.mark.parametrize(
    ("provider", "claims"),
    [(GOOGLE, {}), (GOOGLE, {"hd": "other.test"}), (ENTRA, {"tid": "t-2"}), (ENTRA, {})],
)
def test_another_organisation_is_turned_away(provider, claims):
    with pytest.raises(Refused, match="another organisation"):
        believed(provider, {**BASE, "email": "ben@lake.test", "email_verified": True, **claims})


def test_a_provider_that_would_let_in_everybody_is_refused_at_the_start(monkeypatch):
    monkeypatch.setenv("HOMEROOM_GOOGLE_CLIENT_ID", "c")
    with pytest.raises(BadSetting, match="DOMAINS"):
        outside.from_environment()
    monkeypatch.setenv("HOMEROOM_GOOGLE_DOMAINS", "lake.test")
    monkeypatch.setenv("HOMEROOM_ENTRA_CLIENT_ID", "c")
    monkeypatch.setenv("HOMEROOM_ENTRA_TENANT", "common")
    with pytest.raises(BadSetting, match="own tenant"):
        outside.from_environment()
    monkeypatch.setenv("HOMEROOM_ENTRA_TENANT", "t-1")
    assert [each.id for each in outside.from_environment()] == ["google", "microsoft"]

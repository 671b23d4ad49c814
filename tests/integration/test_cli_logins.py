"""V.A.7.4: names and passwords for the proxy, at the command line."""

from __future__ import annotations

import json

import pytest
from argon2 import PasswordHasher

from homeroom.access.models import ProxyLogin
from homeroom.journal.models import Entry
from tests.integration.test_cli import run  # noqa: F401

pytestmark = pytest.mark.django_db(databases=["default", "activity"])


@pytest.mark.clause("V.A.7.4")
def test_a_login_is_made_listed_and_ended(town, run):  # noqa: F811
    code, out, _ = run("logins", "set", "ben", "Ben.H", "--by", "dana")
    password = out.strip().rpartition(" ")[2]
    assert code == 0 and "Ben Haugen is “ben.h”" in out
    row = ProxyLogin.objects.get()
    assert PasswordHasher().verify(row.hash, password) and row.person_id == "ben"
    code, out, _ = run("logins", "list", "haug", "--json")
    assert [(each["name"], each["person"]) for each in json.loads(out)] == [("ben.h", "ben")]
    assert password not in out and json.loads(run("logins", "list", "nobody", "--json")[1]) == []
    code, out, _ = run("logins", "end", "BEN.H", "--reason", "Left the team.", "--by", "dana")
    assert code == 0 and "“ben.h” is over" in out
    assert "No login for the proxy" in run("logins", "list")[1]
    entry = Entry.objects.order_by("-id").first()
    assert (entry.verb, entry.actor, entry.reason) == ("access.login.ended", "dana", "Left the team.")


def test_a_password_is_read_and_never_shown(town, run):  # noqa: F811
    code, out, _ = run("logins", "set", "ben", "ben", "--password-stdin", typed="a word of ours\n")
    assert code == 0 and "a word of ours" not in out and "Password" not in out
    assert PasswordHasher().verify(ProxyLogin.objects.get().hash, "a word of ours")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["logins", "set", "nobody", "x"], "Nobody has the id nobody"),
        (["logins", "set", "leah", "ben"], "belongs to somebody else"),
        (["logins", "set", "ben", "a:b"], "without a colon"),
        (["logins", "end", "zoe", "--reason", "x"], "No login for the proxy is called “zoe”"),
        (["logins", "set", "ben", "ben", "--by", "leah"], "does not work here"),
    ],
)
def test_what_cannot_be_done_is_said(town, run, words, says):  # noqa: F811
    run("logins", "set", "ben", "ben")
    code, _, err = run(*words)
    assert code == 2 and says in err
    assert ProxyLogin.objects.filter(ended=None).count() == 1

"""Rosters fetched by OneRoster REST from a real server: pages, deltas, tokens, and servers that misbehave."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.people import roster_actions
from homeroom.people.models import Enrolment, Guardianship, Person, Role
from homeroom.people.roster import pulling
from tests.integration import oneroster_server as sis

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
AUTUMN = datetime(2026, 9, 14, 17, 0, tzinfo=UTC)
WINTER = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)


@pytest.fixture(params=["1.1", "1.2"])
def system(request):
    with sis.serving(sis.System(request.param, sis.district(request.param))) as system:
        yield system


@pytest.fixture
def home(tmp_path, settings):
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()


def at(system: sis.System, **other: str) -> pulling.Server:
    known = {"url": system.url, "token_url": f"{system.url}/token", "client_id": sis.CLIENT, "secret": sis.SECRET}
    return pulling.Server(version=system.version, **{**known, **other})


def load(system: sis.System, folder: Path, when: datetime, since: str = "") -> roster_actions.Report:
    folder.mkdir()
    pulling.pull(at(system), folder, since=since)
    return roster_actions.load_roster(actor=SYSTEM, path=folder, at=when, source="sis")


def test_a_whole_roster_comes_in_as_from_files(system, tmp_path, home):
    report = load(system, tmp_path / "a", AUTUMN)
    assert report.problems == []
    role = Role.objects.get(person="s1")
    assert (role.role, role.school.name, role.grade) == ("student", "North School", "7")
    assert Person.objects.get(pk="s1").birth_date == date(2014, 2, 28)
    assert Enrolment.objects.get(person="t1").primary
    assert Guardianship.objects.filter(guardian="g1").count() == 3
    again = load(system, tmp_path / "b", WINTER)
    assert not (again.added or again.changed or again.ended)


def test_passwords_are_never_written_to_a_file(system, tmp_path):
    pulling.pull(at(system), tmp_path)
    assert all("hunter2" not in path.read_text() for path in tmp_path.iterdir())


def test_many_pages_are_fetched_to_the_end(system, tmp_path):
    system.collections = sis.district(system.version, students=45)
    system.page_limit = 10
    assert pulling.pull(at(system), tmp_path)["users"] == 47
    offsets = [int(query["offset"]) for path, query in system.asked if path.endswith("/users")]
    assert offsets == [0, 10, 20, 30, 40]


def test_a_delta_asks_only_for_what_changed_and_ends_nobody(system, tmp_path, home):
    load(system, tmp_path / "a", AUTUMN)
    for row in system.collections["users"]:
        if row["sourcedId"] == "s2":
            row.update(dateLastModified="2026-11-30T08:00:00.000Z", grades=["08"])
    report = load(system, tmp_path / "b", WINTER, since="2026-11-01T00:00:00.000Z")
    assert Role.objects.on(WINTER.date()).get(person="s2").grade == "8"
    assert Role.objects.on(WINTER.date()).filter(role="student").count() == 3
    assert set(report.ended) <= {"roles"}


def test_a_token_that_runs_out_on_the_way_is_renewed(system, tmp_path):
    system.token_lasts = 3
    pulling.pull(at(system), tmp_path)
    assert system.tokens >= 2


def test_a_busy_server_is_asked_again(system, tmp_path):
    system.busy = 2
    assert pulling.pull(at(system), tmp_path)["users"] == 5


def test_what_is_not_let_out_is_done_without_but_never_the_users(system, tmp_path):
    system.hides = {"demographics"}
    assert pulling.pull(at(system), tmp_path)["demographics"] == 0
    system.hides = {"users"}
    with pytest.raises(Refused, match="Asked for users, the server answered 404"):
        pulling.pull(at(system), tmp_path)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>Sign in</html>", "is no JSON"),
        (b'{"users": []}', "holds no list of orgs"),
        (b'{"orgs": [{"name": "nobody"}]}', "holds no list of orgs with a sourcedId"),
        (b'{"orgs": {"sourcedId": 1}}', "holds no list"),
        (b"", "is no JSON"),
    ],
)
def test_an_answer_that_is_no_roster_is_refused_with_a_sentence(system, tmp_path, body, said):
    system.body = body
    with pytest.raises(Refused, match=said):
        pulling.pull(at(system), tmp_path)


def test_a_server_that_always_sends_the_first_page_is_noticed(system, tmp_path):
    system.collections = sis.district(system.version, students=30)
    system.page_limit, system.ignores_offset = 10, True
    with pytest.raises(Refused, match="again and again"):
        pulling.pull(at(system), tmp_path)


def test_a_wrong_secret_is_said_and_not_shown(system, tmp_path):
    server = at(system, secret="wrong-secret")
    with pytest.raises(Refused, match="does not know this client id") as error:
        pulling.pull(server, tmp_path)
    assert "wrong-secret" not in str(error.value) + repr(server)


def test_nobody_at_the_address_is_a_sentence(tmp_path):
    system = sis.System("1.1", {})
    system.url = "http://127.0.0.1:9"
    with pytest.raises(Refused, match="could not be read"):
        pulling.pull(at(system), tmp_path)


def test_a_secret_never_goes_over_a_network_in_the_clear(tmp_path):
    server = pulling.Server("http://sis.example.org", "https://sis.example.org/token", "1.1", "x", "y")
    with pytest.raises(Refused, match="https"):
        pulling.pull(server, tmp_path)

"""The roster pages: files chosen in a browser, shown, mapped, taken in; only the director opens them."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from homeroom.people import roster_runs
from homeroom.people.models import Role, RosterRun

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
LIST = (
    b"id,first name,last name,role,school,grade\nk1,Ida,Berg,student,Birch School,7\nk2,,Vue,student,Birch School,7\n"
)


def choose(client, content: bytes = LIST, name: str = "list.csv", **more):
    return client.post("/roster", {"files": SimpleUploadedFile(name, content), **more})


def test_a_file_goes_from_the_browser_to_the_records(town, now):
    dana = town.client("dana")
    answer = choose(dana)
    assert answer.status_code == 302
    assert "At work" in dana.get(answer.url).content.decode()
    roster_runs.work(at=now)
    shown = dana.get(answer.url).content.decode()
    assert "There is no first name" in shown
    assert "list.csv, line 3" in shown
    assert not Role.objects.filter(person="k1").exists()
    dana.post(f"{answer.url}/take-in")
    roster_runs.work(at=now)
    assert Role.objects.get(person="k1").grade == "7"
    assert "Taken in" in dana.get("/roster").content.decode()


def test_the_problems_are_a_file_too(town, now):
    dana = town.client("dana")
    url = choose(dana).url
    roster_runs.work(at=now)
    rows = b"".join(dana.get(f"{url}?format=csv").streaming_content).decode("utf-8-sig").splitlines()
    assert rows[0] == "file,line,column,sentence"
    assert any(row.startswith("list.csv,3,givenName,") for row in rows)


def test_columns_with_names_of_their_own_are_mapped(town, now):
    dana = town.client("dana")
    url = choose(dana, b"Nr;Vorname;Klasse\n1;Ida;7\n").url
    roster_runs.work(at=now)
    form = dana.get(f"{url}/columns").content.decode()
    assert "Vorname" in form
    answer = dana.post(f"{url}/columns", {"column-id": "Nr", "column-givenName": "Nr"})
    assert "One column means one thing" in answer.content.decode()
    dana.post(f"{url}/columns", {"column-id": "Nr", "column-givenName": "Vorname", "column-grade": "Klasse"})
    roster_runs.work(at=now)
    assert RosterRun.objects.get().report["added"]["persons"] == 1


def test_guesses_and_many_who_leave_are_asked_about_where_they_are(town, now):
    dana = town.client("dana")
    url = choose(dana, LIST.replace(b"last name", b"lst name")).url
    roster_runs.work(at=now)
    assert "accept_guesses" in dana.get(url).content.decode()
    said = dana.post(f"{url}/take-in").content.decode()
    assert "Names of columns or files were guessed" in said
    dana.post(f"{url}/take-in", {"accept_guesses": "on"})
    assert RosterRun.objects.get().state == "confirmed"


@pytest.mark.parametrize("name", ["list.xlsx", "list.exe"])
def test_a_file_of_another_kind_is_refused_where_it_was_chosen(town, name):
    said = choose(town.client("dana"), name=name).content.decode()
    assert "no CSV file and no zip" in said


def test_nothing_chosen_is_a_sentence(town):
    assert "Choose a file" in town.client("dana").post("/roster", {}).content.decode()


def test_a_connection_without_encryption_is_refused_and_none_is_kept(town):
    said = town.client("dana").post("/roster/connections/add", {
        "name": "sis", "version": "1.2", "url": "http://sis.example.org", "token_url": "https://sis.example.org/token",
        "client_id": "x", "secret": "y", "every_hours": "24",
    }).content.decode()  # fmt: skip
    assert "https" in said
    assert "does not begin with" in said


@pytest.mark.parametrize("who", ["okafor", "olsen", "kim"])
def test_nobody_else_opens_them(town, who):
    client = town.client(who)
    assert client.get("/roster").status_code == 403
    assert client.post("/roster", {"files": io.BytesIO(b"x")}).status_code == 403


def test_pages_ask_no_more_with_more_runs(town, now, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    dana = town.client("dana")
    costs = []
    for _ in range(2):
        for _ in range(8):
            choose(dana)
        with CaptureQueriesContext(connection) as asked:
            dana.get("/roster")
        costs.append(len(asked))
    assert costs[0] == costs[1]

"""Lists of people that leave the house as a file: who took which, and when, is written down."""

from __future__ import annotations

import pytest

from homeroom.journal.models import Entry

pytestmark = pytest.mark.django_db(databases=["default", "activity"])


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("/people", "people"),
        ("/agreements", "not-signed"),
        ("/devices", "devices"),
        ("/device-access", "device-accesses"),
        ("/device-access/suspicions", "suspicions"),
        ("/device-access/findings", "console-acts"),
        ("/device-access/discoveries", "discoveries"),
        ("/register/requests", "contract-requests"),
        ("/notices/unreached", "unreached"),
        ("/data-requests", "data-requests"),
        ("/authority-requests", "authority-requests"),
    ],
)
def test_who_takes_a_list_of_people_is_written_down(town, url, what):
    client = town.client("dana")
    assert client.get(url).status_code == 200
    assert not Entry.objects.filter(verb="journal.list.taken").exists(), "looking at a page of it is no taking"
    assert client.get(f"{url}?format=csv&q=Haugen").status_code == 200
    entry = Entry.objects.get(verb="journal.list.taken")
    assert (entry.actor, entry.subject) == ("dana", f"list:{what}")
    assert entry.data == {"by": ["q"]}, "no name of anybody comes into the journal"

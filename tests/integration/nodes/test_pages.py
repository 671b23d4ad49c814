"""V.A.4d: the director takes nodes on, sees how each does, and ends them; nobody else gets there."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from homeroom.base.actor import SYSTEM
from homeroom.doors import bundle_file
from homeroom.journal.models import Entry
from homeroom.nodes import actions, keys
from homeroom.nodes.models import Code, Node
from tests.doors.dns_process import put_in_force

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
PAGES = ("/filter-nodes", "/filter-nodes/add", "/filter-nodes/key", "/filter-nodes/1", "/filter-nodes/1/end")


@pytest.fixture
def centre(town, tmp_path, monkeypatch, settings):
    home = tmp_path / "centre"
    home.mkdir()
    monkeypatch.setenv("HOMEROOM_HOME", str(home))
    settings.HOME = home
    put_in_force(home)
    return town


def node(name: str, **said) -> Node:
    now = datetime.now(UTC)
    row = Node.objects.create(name=name, key=f"{Node.objects.count():064x}", enrolled=now - timedelta(days=1))
    if said:
        heard = now - timedelta(seconds=said.pop("ago", 1))
        Node.objects.filter(pk=row.pk).update(heard=heard, health={"clock": heard.timestamp(), **said})
    return row


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("who", ["okafor", "ben", "kim"])
def test_nobody_but_the_director_gets_there(centre, who):
    node("north-1")
    for path in PAGES:
        assert centre.client(who).get(path).status_code in (403, 404), (who, path)


def test_an_empty_page_says_what_to_do(centre):
    page = text(centre.client("dana").get("/filter-nodes"))
    assert "There are no filter nodes" in page and "/filter-nodes/add" in page


def test_a_code_is_shown_once_and_only_the_last_works(centre):
    client = centre.client("dana")
    refused = client.post("/filter-nodes/add", {"name": "North 1"})
    assert "no name for a node" in text(refused) and not Code.objects.exists()
    first, second = (client.post("/filter-nodes/add", {"name": "north-1"}) for _ in range(2))
    codes = [answer.context["command"].split()[-1] for answer in (first, second)]
    assert "homeroom node enroll" in text(first)
    assert all(code not in text(client.get("/filter-nodes")) for code in codes)
    body = [json.dumps({"code": code, "key": f"{n:064x}"}) for n, code in enumerate(codes)]
    assert [client.post("/nodes/enrol", each, content_type="application/json").status_code for each in body] == [
        403,
        200,
    ]
    assert "A code for" not in text(client.get("/filter-nodes")), "it is used up"


def test_each_node_is_shown_with_what_it_serves_and_what_is_wrong(centre, settings):
    current = bundle_file.current_id(settings.HOME)
    door = {"trouble": "", "age": 0.5, "bundle": current}
    node("well", bundle=current, waiting=2, doors={"dns": door, "squid": door})
    node("silent", bundle=current, ago=600)
    node("behind", bundle="0" * 16, born="2026-11-01T10:00:00+00:00")
    node("fast", bundle=current, clock=datetime.now(UTC).timestamp() + 900)
    node("odd", bundle=current, doors={"squid": {"trouble": "Squid lets nothing through.", "age": 1}})
    client = centre.client("dana")
    words = {each.node.name: each.word for each in client.get("/filter-nodes").context["states"]}
    assert words == {"well": "well", "silent": "silent", "behind": "behind", "fast": "clock", "odd": "trouble"}
    page = text(client.get("/filter-nodes"))
    assert "2 files" in page and current[:8] in page and "squid" in page
    table = client.get("/filter-nodes?format=csv").getvalue().decode()
    assert table.count("\n") == 6 and "2026-11-01" in table
    one = text(client.get(f"/filter-nodes/{Node.objects.get(name='odd').pk}"))
    assert "Squid lets nothing through." in one
    assert [each.node.name for each in client.get("/filter-nodes?q=fas").context["states"]] == ["fast"]


def test_late_and_silent_nodes_are_on_the_first_page(centre, settings):
    current = bundle_file.current_id(settings.HOME)
    node("fine", bundle=current)
    assert not [each for each in _troubles(centre) if "node" in each]
    node("gone", bundle=current, ago=600)
    node("old", bundle="0" * 16)
    said = [each for each in _troubles(centre) if "node" in each]
    assert len(said) == 2 and "gone" in said[0] and "old" in said[1]
    assert "/filter-nodes" in text(centre.client("dana").get("/"))


def _troubles(centre) -> list[str]:
    return [each.sentence for each in centre.client("dana").get("/").context["today"].troubles]


def test_a_node_is_ended_with_a_reason_and_stays_in_the_list_of_ended_ones(centre):
    row, client = node("north-1"), centre.client("dana")
    assert "Reason" in text(client.get(f"/filter-nodes/{row.pk}/end"))
    assert client.post(f"/filter-nodes/{row.pk}/end", {"reason": ""}).status_code == 200
    assert not Node.objects.get().ended
    assert client.post(f"/filter-nodes/{row.pk}/end", {"reason": "Sold."}).status_code == 302
    assert client.post(f"/filter-nodes/{row.pk}/end", {"reason": "Sold."}).status_code == 404, "twice is once"
    assert Entry.objects.filter(verb="nodes.node.ended", reason="Sold.").count() == 1
    assert "north-1" not in text(client.get("/filter-nodes")) or "is ended" in text(client.get("/filter-nodes"))
    assert "north-1" in text(client.get("/filter-nodes?show=ended"))


def test_the_key_is_changed_only_when_confirmed(centre):
    client, before = centre.client("dana"), keys.seed()
    assert client.get("/filter-nodes/key").status_code == 200 and keys.seed() == before
    assert client.post("/filter-nodes/key", {"reason": "A year is over."}).status_code == 302
    assert keys.seed() != before and len(keys.chain()) == 1
    assert Entry.objects.get(verb="nodes.key.renewed").reason == "A year is over."


def test_the_pages_are_spanish_as_well(centre):
    node("north-1", bundle="0" * 16)
    client = centre.client("dana")
    client.cookies["django_language"] = "es"
    page = text(client.get("/filter-nodes"))
    assert "Nodos de filtro" in page and "paquete anterior" in page and "Waiting" not in page
    with translation.override("es"):
        assert translation.gettext("Make a code") == "Hacer un código"


def test_the_number_of_queries_does_not_grow(centre, django_assert_max_num_queries, settings):
    client, current = centre.client("dana"), bundle_file.current_id(settings.HOME)
    node("n0", bundle=current)
    client.get("/filter-nodes")
    with CaptureQueriesContext(connection) as few:
        client.get("/filter-nodes")
    for number in range(1, 20):
        node(f"n{number}", bundle=current)
        actions.make_code(actor=SYSTEM, name=f"m{number}", at=datetime.now(UTC))
    with django_assert_max_num_queries(len(few)):
        client.get("/filter-nodes")

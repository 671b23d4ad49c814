"""A page costs the same number of queries with few rows and with many."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from homeroom.base.actor import SYSTEM
from homeroom.filtering.models import ListSource, ListVersion, LocalRule, ReviewRequest, ToldAccident, ViewpointReport
from homeroom.notices.models import Bounce
from homeroom.people import actions as people
from homeroom.people.models import Class, Person
from tests.integration.web.conftest import facts

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
PAGES = (
    "/", "/why?target=casino.test", "/rules", "/rules/add", "/lists", "/categories", "/choices", "/viewpoint",
    "/reviews", "/people", "/people/ben", "/journal",
    "/accidents", "/accidents?told=block-page", "/notices/reports", "/restrictions/mine",
)  # fmt: skip


def more(now, town, count: int) -> None:
    """So many more of everything."""
    start = Person.objects.count()
    new = [Person(id=f"s{start + n}", given_name=f"Child{n}", family_name="Many") for n in range(count)]
    people.add_people(actor=SYSTEM, people=new, at=now)
    roles = [people.RoleOf(person=each.pk, role="student", school="birch", first_day=date(2020, 9, 1)) for each in new]
    people.add_roles(actor=SYSTEM, roles=roles, at=now)
    classes = [
        Class(id=f"c{start + n}", school_id="birch", title=f"Class {n}", first_day=date(2020, 9, 1))
        for n in range(count)
    ]
    people.add_classes(actor=SYSTEM, classes=classes, at=now)
    kinds = (
        ("everyone", ""),
        ("school", "birch"),
        ("class", classes[0].pk),
        ("person", new[0].pk),
        ("role", "student"),
    )
    LocalRule.objects.bulk_create(
        LocalRule(
            effect="allow", host=f"h{start + n}.test", scope_kind=kinds[n % 5][0], scope_id=kinds[n % 5][1],
            owner="dana", owner_name="Dana", reason="Because.", made_at=now,
        )
        for n in range(count)
    )  # fmt: skip
    said = {**facts(), "blocked_at": now, "asked_at": now, "due_at": now + timedelta(hours=2)}
    said.pop("at")
    ReviewRequest.objects.bulk_create(ReviewRequest(**{**said, "alias": f"{n}"}) for n in range(count))
    ToldAccident.objects.bulk_create(
        ToldAccident(host="odd.test", school="birch", told_by=each, met_at=now, told_at=now) for each in new
    )
    Bounce.objects.bulk_create(
        Bounce(digest=f"{each.pk}", came_at=now, source="mailbox", outcome="hard", address="a@b.test") for each in new
    )
    for n in range(count):
        source = ListSource.objects.create(
            name=f"l{start + n}", format="domains", location="/x", added_at=now, added_by="dana", looked_at=now
        )
        version = ListVersion.objects.create(
            source=source, hash=f"{start + n:064}", state="live", fetched_at=now, counts={"gambling": 3}, entries=3
        )
        ViewpointReport.objects.create(at=now, version=version, sentence="Fine.", by="dana")


@pytest.mark.parametrize("who", ["dana", "okafor"])
def test_queries_do_not_grow_with_rows(lists, now, who):
    client = lists.client(who)
    more(now, lists, 6)
    few = {page: cost(client, page) for page in PAGES}
    more(now, lists, 30)
    many = {page: cost(client, page) for page in PAGES}
    assert many == few
    assert max(many.values()) < 40


def cost(client, page: str) -> int:
    """How many queries a page asks, in both databases."""
    with (
        CaptureQueriesContext(connections["default"]) as first,
        CaptureQueriesContext(connections["activity"]) as second,
    ):
        assert client.get(page).status_code in (200, 403)
    return len(first) + len(second)

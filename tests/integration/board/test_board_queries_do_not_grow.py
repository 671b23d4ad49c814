"""The board's pages cost the same few queries with much and with little."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from homeroom.base.actor import SYSTEM
from homeroom.board import actions
from homeroom.board.models import ParameterValue, Review, Source
from tests.integration.board.files import SMALL

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
PAGES = (
    "/board/texts", "/board/texts/{text}", "/board/texts/compare?a={text}&b={other}", "/board/addenda",
    "/board/parameters",
    "/board/parameters/policy-review", "/board/sources", "/board/review", "/desk", "/binder",
)  # fmt: skip


def more(start: int, count: int) -> dict[str, int]:
    now = timezone.now()
    for n in range(start, start + count):
        words = SMALL.replace("run.", "run.\n" + "".join(f" - {3 + k}. thing {k} of {n},\n" for k in range(n)))
        text, _ = actions.import_text(actor=SYSTEM, file=f"{n}.md", data=words.encode(), at=now)
        actions.put_in_force(actor=SYSTEM, text=text.pk, from_day=date(2020, 1, n + 1), at=now, alternative="2")
        row = actions.draft_addendum(
            actor=SYSTEM, at=now, subject=f"notices.template:users:{n}", kind="notice", title="A", sha256=f"{n:064}"
        )
        actions.submit_addendum(actor=SYSTEM, at=now, addendum=row)
        day = date(2020, 1, 2)
        actions.approve_addendum(actor=SYSTEM, at=now, addendum=row, approved_on=day, minutes="7", effective_on=day)
        Source.objects.create(kind="law", citation=f"Law {n}")
        held = {"held_on": date(2021, 1, n + 1), "outcome": "amended", "minutes": "7"}
        Review.objects.create(opened_at=now, by="x", by_name="X", **held)
        ParameterValue.objects.create(
            name="policy-review", value=n, from_day=date(2021, 1, n + 1), reason="r", at=now, by="x", by_name="X"
        )
    return {"text": text.pk, "other": text.pk - 1}


def cost(client, page: str) -> int:
    with CaptureQueriesContext(connections["default"]) as seen:
        assert client.get(page).status_code == 200
    return len(seen)


def test_queries_do_not_grow(town):
    client = town.client("dana")
    ids = more(1, 3)
    few = {page: cost(client, page.format(**ids)) for page in PAGES}
    ids = more(4, 12)
    many = {page: cost(client, page.format(**ids)) for page in PAGES}
    assert many == few
    assert max(many.values()) < 40

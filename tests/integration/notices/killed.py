"""What test_killed.py runs in processes of its own."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import UTC, date, datetime, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeroom.site.settings")

import django

django.setup()

from homeroom.base.actor import SYSTEM  # noqa: E402
from homeroom.notices import parameters  # noqa: E402
from homeroom.notices.actions import building, notices, sending, templates  # noqa: E402
from homeroom.notices.models import Attempt, Letter, Notice  # noqa: E402
from homeroom.people import actions as people  # noqa: E402
from homeroom.people.models import Person  # noqa: E402
from homeroom.site import migrate  # noqa: E402

building.PORTION = 40  # many small transactions, so that kills fall between them as well
DAY = date(2026, 9, 1)


def prepare(count: int) -> None:
    """A district of students with e-mail, and one released notice of which no letter is written yet."""
    at = datetime.now(UTC)
    migrate.bring_up_to_date()
    people.set_up_district(actor=SYSTEM, name="Lake", at=at)
    new = [Person(id=f"p{n:05}", given_name="P", family_name=str(n), email=f"p{n}@lake.test") for n in range(count)]
    people.add_people(actor=SYSTEM, people=new, at=at)
    people.add_roles(actor=SYSTEM, roles=[people.RoleOf(each.pk, "student", DAY) for each in new], at=at)
    template = templates.new_template(actor=SYSTEM, at=at, kind="users")
    templates.submit_template(actor=SYSTEM, at=at, template=template)
    today = at.date() - timedelta(days=1)
    templates.approve_template(
        actor=SYSTEM, at=at, template=template, approved_on=today, minutes="Item 1", effective_on=today
    )
    row = notices.draft_notice(actor=SYSTEM, at=at, kind="users", title="Yearly", who={"roles": ["student"]})
    notices.release_notice(actor=SYSTEM, at=at, notice=row)


def step(at: datetime) -> bool:
    """One portion of letters and one batch of e-mails; whether something was done."""
    made = 0
    for row in Notice.objects.filter(state="released", built_at__isnull=True):
        made += building.build(at=at, notice=row, portions=1)
    return bool(made + sending.send_batch(at=at).claimed)


def herd(kills: int) -> None:
    """One worker after the other, each killed after a moment. What one left is taken up at once by the next."""
    parameters._rows()["stuck_minutes"]["value"] = 0.001
    parameters._rows()["batch"]["value"] = 7
    choice = random.Random(524)
    for _ in range(kills):
        worker = os.fork()
        if worker == 0:
            while True:
                step(datetime.now(UTC))
        time.sleep(choice.uniform(0.02, 0.12))
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)


def finish() -> None:
    """Everything that is left, then the count of letters, of sent ones, and of tries."""
    later = datetime.now(UTC) + timedelta(hours=1)
    while step(later):
        later += timedelta(minutes=11)
    print(Letter.objects.count(), Letter.objects.filter(state="sent").count(), Attempt.objects.count())


if __name__ == "__main__":
    name, *words = sys.argv[1:]
    {"prepare": lambda: prepare(int(words[0])), "herd": lambda: herd(int(words[0])), "finish": finish}[name]()

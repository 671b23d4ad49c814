"""Lake Birch's lessons, certificate and equipment: what people there wrote down for the binder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from homeroom.base.actor import Actor
from homeroom.ledger import actions
from homeroom.people import queries as people
from homeroom.people.models import Class, School

TOPICS = (
    ("Kind online: think before you post", ("conduct", "networks")),
    ("Cyberbullying: see it, say it, get help", ("bullying", "use")),
    ("Sources for the local history project", ("subject",)),
)
PLAN = b"Talk in pairs, then all together: what would you do? Whom would you tell? Write three rules for the class.\n"
MOST = 12  # lessons about one topic; not every class has had one yet


def move_in(*, actor: Actor, at: datetime, say: Callable[[str], None]) -> None:
    """VI.Alt3.E.1, VI.Alt3.note.a: some classes were taught, a form is certified, equipment has its place."""
    say("Writing down lessons and equipment ...")
    on = people.today(at)
    classes = list(Class.objects.on(on).order_by("school_id", "pk"))
    for number, (title, topics) in enumerate(TOPICS):
        for back, group in enumerate(classes[number :: len(TOPICS)][:MOST]):
            day = max(group.first_day, on - timedelta(days=3 * back + number))
            actions.write_down(
                actor=actor, at=at, kind="lesson", day=day, title=title, topics=list(topics), group=group, file=PLAN,
                file_name="plan.txt",
            )  # fmt: skip
    _papers(actor, at, on)


def _papers(actor: Actor, at: datetime, on: date) -> None:
    since = on - timedelta(days=90)
    actions.write_down(
        actor=actor, at=at, kind="form-486", day=on - timedelta(days=20), since=since, title="Dana Reyes",
        number="486-000123", words="Made up for this demonstration.",
    )  # fmt: skip
    actions.write_down(
        actor=actor, at=at, kind="means", day=since, title="Supervised media center",
        words="The media specialist sits behind the screens in each period.",
    )  # fmt: skip
    for number, school in enumerate(School.objects.on(on).order_by("name"), 1):
        actions.write_down(
            actor=actor, at=at, kind="equipment", day=since, title="Network switch, 48 ports", number=f"SW-{number:03}",
            place=f"{school.name}, server room", words="Funding request 2026-17",
        )  # fmt: skip

"""Lake Birch's devices: laptops lent, one missing, an emergency of this morning, programmes, a console's log."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from homeroom.base.actor import Actor
from homeroom.board import actions as board
from homeroom.board.models import Addendum
from homeroom.devices.actions import announcing, console, following, gate, inventory, programmes, resources, telling
from homeroom.devices.models import IssuedResource, Loan
from homeroom.notices import made_up
from homeroom.notices.actions import building, letters, notices
from homeroom.notices.models import Letter
from homeroom.people import queries as people
from homeroom.people.models import Guardianship, Person, Role

WORDS = (
    "This laptop belongs to the school. I take good care of it, charge it at home and bring it to school each day.\n"
    "If it is lost or broken I tell the office on the same day.\n"
    "Nobody at school looks at its camera, its microphone, where it is or what I do on it, unless one of the six "
    "reasons in the law holds. I can see under “My devices” who looked, when and why."
)
ADMINISTRATOR = Actor(id="okafor", name="Chidi Okafor", roles=frozenset({"building_administrator"}))


def move_in(*, actor: Actor, at: datetime, say: Callable[[str], None]) -> None:
    """XIV.A: lend laptops, and show each kind of record once."""
    say("Lending laptops and writing down who may look into them ...")
    words = resources.set_words(actor=actor, text=WORDS, at=at)
    on = people.today(at)
    board.approve_addendum(
        actor=actor, at=at, addendum=Addendum.objects.get(sha256=words.sha256), approved_on=on,
        minutes="Made-up meeting, item 8", effective_on=on,
    )  # fmt: skip
    _inventory(actor, at)
    _accept(words.sha256, at)
    _programmes(actor, at)
    say(f"Telling students and parents what is watched: {_announce(actor, at)}")
    _missing(actor, at)
    _told_emergency(actor, at)
    _emergency(actor, at)
    _records(actor, at)
    console.take_in_log(actor=actor, data=_log(at).encode(), file="google-admin.json", at=at)


def _inventory(actor: Actor, at: datetime) -> None:
    held = Role.objects.on(at.date()).filter(role="student", school_id="pine").order_by("person_id")
    students = list(dict.fromkeys(held.values_list("person_id", flat=True)))[:60]
    lines = [
        f"device,Chromebook 11,LB-{n:04},5CD{n:05},pine,{id}"
        for n, id in enumerate(dict.fromkeys(["ben", *students]), 1)
    ]
    lines += ["software,Drawing account,APP-1,,,ana", "device,Chromebook 11,LB-0900,5CD00900,pine,"]
    data = "\n".join(("Type,Model,Asset Tag,Serial Number,Building,Student", *dict.fromkeys(lines)))
    inventory.take_in_inventory(actor=actor, data=data.encode(), file="inventory.csv", at=at - timedelta(days=60))


def _accept(sha256: str, at: datetime) -> None:
    for loan in Loan.objects.filter(returned_at__isnull=True).exclude(person_id="ana").select_related("person")[:50]:
        who = Actor(id=loan.person_id, name=loan.person.name, roles=frozenset({"student"}))
        resources.accept(actor=who, loan=loan.pk, sha256=sha256, at=at)


def _programmes(actor: Actor, at: datetime) -> None:
    for plan in (
        programmes.Plan(
            "Filter log", "Homeroom", ("browsing",), "law", "duty", "The law asks the district to filter.",
            "Counts by hour; of blocked sites a code that changes each month", "Nobody by name without a ground",
            "Minn. Stat. 125B.15; 47 CFR 54.520", "Blocked sites 30 days",
        ),
        programmes.Plan(
            "Viewing screens in class", "GoGuide (made up)", ("video", "browsing"), "education", "instruction",
            "Teachers help on the screen.", "In lessons, on the students of the class", "The teacher of the class",
        ),
    ):  # fmt: skip
        programmes.authorise(actor=actor, plan=plan, asked_by=ADMINISTRATOR.id, at=at - timedelta(days=30))


def _announce(actor: Actor, at: datetime) -> str:
    """XIV.C.1b: students and parents are told in advance, by the demonstration's own mail server and on paper."""
    when = made_up.told_at(at)
    today = people.today(when)
    row = announcing.plan_notice(
        actor=actor, at=when, from_day=today + timedelta(days=7), follow_until=today + timedelta(days=200)
    )
    row = notices.release_notice(actor=actor, at=when, notice=row)
    building.build(at=when, notice=row)
    return made_up.go_out(actor=actor, rows=[row], when=when, at=at)


def _missing(actor: Actor, at: datetime) -> None:
    row = IssuedResource.objects.filter(tag="LB-0003").first() or IssuedResource.objects.latest("id")
    seen = at - timedelta(hours=20)
    resources.report_loss(actor=actor, resource=row.pk, circumstances="Last seen on bus 12 after school.",
                          missing_since=seen, told_by="The family", at=at - timedelta(hours=3))  # fmt: skip
    loan = Loan.objects.filter(resource=row, returned_at__isnull=True).first()
    if loan is None:
        return
    wanted = gate.Wanted(
        student=loan.person_id, resource=row.pk, features=("location", "lock"), ground="missing", purpose="recovery",
        why="We look where the bus left it.", scope="Its last location only", starts=at - timedelta(hours=2),
        ends=at + timedelta(days=2),
    )  # fmt: skip
    gate.ask(actor=actor, wanted=wanted, key="demo-missing", at=at - timedelta(hours=2))


def _told_emergency(actor: Actor, at: datetime) -> None:
    """XIV.D.1: one of last week: the mother was told by e-mail within hours, and said that she read it."""
    first = at - timedelta(days=6)
    tell = first + timedelta(hours=3)
    bond = Guardianship.objects.on(people.today(tell)).filter(child_id="ana", guardian_id="elena").first()
    laptop = IssuedResource.objects.filter(loans__person_id="ana", loans__returned_at__isnull=True).first()
    if bond is None or laptop is None:
        return
    threat = "She wrote in a chat that she was at the lake and did not want to go on."
    wanted = gate.Wanted(
        student="ana", resource=laptop.pk, features=("other",), ground="threat", purpose="safety",
        why="Her counsellor opened her drawing account to see what she had written there.",
        scope="Her last drawing only", starts=first, ends=first + timedelta(hours=12), threat=threat,
    )  # fmt: skip
    access, _duty = telling.record_emergency(
        actor=ADMINISTRATOR, wanted=wanted, key="demo-told", first_access=first, at=first
    )
    notice = telling.write_notice(
        actor=ADMINISTRATOR, accesses=[access.pk], recipient="elena", recipient_why="She lives with her.",
        description="Mr. Okafor opened Ana’s last drawing once, and called her mother.", features=["other"],
        threat=threat, at=tell,
    )  # fmt: skip
    telling.send_notice(actor=ADMINISTRATOR, notice=notice.pk, way="email", proof="", at=tell)
    made_up.go_out(actor=actor, rows=[], when=tell, at=at)
    read = tell + timedelta(hours=2)
    for letter in Letter.objects.filter(reader="elena", kind="device-emergency"):
        elena = Actor(id="elena", name=bond.guardian.name, roles=frozenset({"guardian"}))
        letters.confirm_read(actor=elena, letter=letter, at=read)
    following.follow(actor=actor, at=read)


def _emergency(actor: Actor, at: datetime) -> None:
    first = at - timedelta(hours=5)
    laptop = IssuedResource.objects.filter(loans__person_id="ben", loans__returned_at__isnull=True).first()
    wanted = gate.Wanted(
        student="ben", resource=laptop.pk if laptop else None, features=("location",), ground="threat",
        purpose="safety", why="He did not arrive and had written that he would run away.",
        scope="Only where the laptop is", starts=first, ends=first + timedelta(hours=24),
        threat="He wrote to a friend that he would not come home.",
    )  # fmt: skip
    access, _duty = telling.record_emergency(
        actor=ADMINISTRATOR, wanted=wanted, key="demo-emergency", first_access=first, at=first
    )
    parent = Guardianship.objects.on(at.date()).filter(child_id="ben", relationship__in=Guardianship.PARENTS).first()
    if (
        parent is not None
        and Person.objects.filter(pk=parent.guardian_id).exists()
        and parent.legal_custody is not False
    ):
        telling.write_notice(
            actor=ADMINISTRATOR, accesses=[access.pk], recipient=parent.guardian_id, recipient_why="She waits for him.",
            description="Mr. Okafor looked twice where his laptop was.", features=["location"],
            threat="He wrote to a friend that he would not come home.", at=at,
        )  # fmt: skip


def _records(actor: Actor, at: datetime) -> None:
    """An approved access to the filter's records about Ben: `homeroom activity open` shows them."""
    wanted = gate.Wanted(
        student="ben", features=("browsing",), ground="law", purpose="duty", starts=at,
        why="A report under the bullying law names sites he was sent to.", scope="What the filter blocked this week",
        ends=at + timedelta(days=7), citation="Minn. Stat. 121A.031", looks_from=at - timedelta(days=7),
        looks_until=at + timedelta(days=7),
    )  # fmt: skip
    access = gate.ask(actor=ADMINISTRATOR, wanted=wanted, key="demo-records", at=at)
    gate.answer(actor=actor, access=access.pk, grant=True, words="The law asks for it; one week is enough.", at=at)


def _log(at: datetime) -> str:
    night = (at - timedelta(days=1)).replace(hour=8, minute=12, second=0, microsecond=0).isoformat()
    said = [{"name": "COMMAND_DETAILS", "value": "DEVICE_START_CRD_SESSION"},
            {"name": "DEVICE_SERIAL_NUMBER", "value": "5CD00002"}]  # fmt: skip
    act = {
        "id": {"time": night, "uniqueQualifier": "demo-1"}, "actor": {"email": "support@vendor.test"},
        "events": [{"name": "ISSUE_DEVICE_COMMAND", "parameters": said}],
    }  # fmt: skip
    return json.dumps({"kind": "admin#reports#activities", "items": [act]})

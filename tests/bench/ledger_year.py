"""A school year of a district of any size, written straight into the tables: what probes must look through.

For each student an agreement with its three signatures, permission and filing; a laptop; two yearly notices to the
student and one to each parent; for each school an hourly count for a year in nine categories; refused requests of
the days that are kept; reviews, accidents, accesses, lessons, a lease and a journal entry for every twentieth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any

BATCH = 5000
CATEGORIES = ("", "pornography", "gambling", "malware", "proxy", "games", "social", "dating", "drugs")


def fill(students: int, at: datetime) -> dict[str, int]:
    """Write the year of a district whose people are there already; how many rows of each table it has then."""
    from homeroom.people import queries as people

    on = people.today(at)
    known = _students(on)
    return {
        **_agreements(known, at, on), **_letters(known, at), **_devices(known, at), **_lessons(at, on),
        **_filter(known, students, at), **_counts(students, at), **_looks(at),
    }  # fmt: skip


def _students(on: date) -> list[tuple[str, str]]:
    from homeroom.people.models import Role

    held = Role.objects.on(on).filter(role="student").order_by("person_id")
    return list(held.values_list("person_id", "school_id"))


def _save(model: Any, rows: Iterable[Any], using: str = "default") -> int:
    """In portions, so that a year never lies in memory whole."""
    left, made = iter(rows), 0
    while part := list(islice(left, BATCH)):
        model.objects.using(using).bulk_create(part, batch_size=BATCH)
        made += len(part)
    return made


def _agreements(students: list[tuple[str, str]], at: datetime, on: date) -> dict[str, int]:
    from homeroom.agreements import made_up
    from homeroom.agreements.models import Agreement, Filing, Form, FormText, Permission, Signature, Slot
    from homeroom.base.actor import SYSTEM
    from homeroom.people.models import Guardianship

    begun = at - timedelta(days=60)
    for kind in ("student", "employee"):
        made_up._approve(SYSTEM, begun, kind)
    text = FormText.objects.filter(version__form="student", language="en").get()
    form, first = Form.objects.get(pk="student"), begun.date()
    _save(Agreement, (Agreement(person_id=id, form=form, first_day=first, opened_at=begun) for id, _ in students))
    number = dict(Agreement.objects.values_list("person_id", "pk"))
    parents = dict(Guardianship.objects.order_by("id").values_list("child_id", "guardian_id"))
    teachers = _teachers(on)

    def slots() -> Iterator[Slot]:
        for id, _ in students:
            for part, holder in (("student", id), ("parent", parents.get(id)), ("teacher", teachers.get(id))):
                if holder:
                    yield Slot(agreement_id=number[id], part=part, holder_id=holder, opened_on=first)

    made = _save(Slot, slots())
    signed = (
        Signature(
            slot_id=pk, signer_id=holder, version=text.version, text=text, text_sha256=text.sha256, method="session",
            detail="signed in", electronic=True, intent="I agree.", typed_name="A Name", on=first, signed_at=begun,
            received_at=begun, place="online",
        )
        for pk, holder in Slot.objects.values_list("pk", "holder_id")
    )  # fmt: skip
    return {
        "slots": made,
        "signatures": _save(Signature, signed),
        "permissions": _save(
            Permission,
            (
                Permission(agreement_id=number[id], by_id=teachers[id], on=first, at=begun)
                for id, _ in students
                if id in teachers
            ),
        ),
        "filings": _save(
            Filing,
            (Filing(agreement_id=number[id], school_id=at_, on=first, at=begun, by="kim") for id, at_ in students),
        ),
    }


def _teachers(on: date) -> dict[str, str]:
    from homeroom.people.models import Enrolment

    lead = dict(Enrolment.objects.on(on).filter(role="teacher").values_list("group_id", "person_id"))
    rows = Enrolment.objects.on(on).filter(role="student").values_list("person_id", "group_id")
    return {person: lead[group] for person, group in rows.iterator(BATCH) if group in lead}


def _letters(students: list[tuple[str, str]], at: datetime) -> dict[str, int]:
    from homeroom.base.actor import SYSTEM
    from homeroom.notices import made_up
    from homeroom.notices.kinds import KINDS
    from homeroom.notices.models import Content, Letter, LetterChild, Notice, Template
    from homeroom.people.models import Guardianship

    sent = at - timedelta(days=50)
    for kind in ("users", "parents", "monitoring", "device-emergency", "providers"):
        made_up._approve(SYSTEM, kind, sent)
    made = 0
    enclosed = None
    for kind in ("users", "monitoring", "providers", "parents"):
        blocks = [[each.id, "Said."] for each in KINDS[kind].elements]
        digest = sha256(kind.encode()).hexdigest()
        content = Content.objects.create(
            sha256=digest, kind=kind, language="en", subject=kind, blocks=blocks, made_at=sent,
            enclosed=enclosed if kind == "parents" else None,
        )  # fmt: skip
        enclosed = content if kind == "users" else enclosed
        notice = Notice.objects.create(
            kind=kind, title=kind, template=Template.objects.filter(kind=kind).first(), state="released", made_at=sent,
            by="kim", released_at=sent, released_by="dana", built_at=sent,
        )  # fmt: skip
        readers = dict.fromkeys(
            Guardianship.objects.order_by("id").values_list("guardian_id", flat=True)
            if kind == "parents"
            else (id for id, _ in students)
        )
        made += _save(
            Letter,
            (
                Letter(
                    notice=notice, kind=kind, reader_id=reader, content=content, sha256=digest, channel="email",
                    state="delivered", made_at=sent, sent_at=sent, delivered_at=sent + timedelta(hours=24),
                )
                for reader in readers
            ),
        )  # fmt: skip
        if kind == "parents":
            number = dict(Letter.objects.filter(notice=notice).values_list("reader_id", "pk"))
            bonds = Guardianship.objects.order_by("id").values_list("guardian_id", "child_id").distinct()
            made += _save(
                LetterChild,
                (
                    LetterChild(letter_id=number[guardian], notice=notice, reader_id=guardian, child_id=child)
                    for guardian, child in bonds.iterator(BATCH)
                ),
            )
    return {"letters": made}


def _devices(students: list[tuple[str, str]], at: datetime) -> dict[str, int]:
    from homeroom.devices.models import Access, AccessUse, ConsoleAct, IssuedResource, Loan

    lent = at - timedelta(days=55)
    made = _save(
        IssuedResource,
        (
            IssuedResource(kind="hardware", title="Chromebook", tag=f"T{n}", school_id=at_, added_at=lent)
            for n, (_, at_) in enumerate(students)
        ),
    )
    pks = list(IssuedResource.objects.order_by("pk").values_list("pk", flat=True))
    loans = (
        Loan(
            resource_id=pk,
            person_id=id,
            lent_at=lent,
            lent_by="kim",
            accepted_at=lent,
            words="w",
            words_sha256="a" * 64,
        )
        for pk, (id, _) in zip(pks, students, strict=True)
    )
    some = students[::20]
    accesses = (
        Access(
            student_id=id, features=["location"], ground=ground, purpose=purpose, why="w", scope="s",
            starts=lent + timedelta(days=1), ends=lent + timedelta(days=2), actor_class="employee", looker="Kim",
            told_at=lent, citation="c", threat="t", key=f"k{n}", asked_at=lent, asked_by="okafor", state="authorised",
            answered_at=lent, answered_by="dana",
        )
        for n, (id, _) in enumerate(some)
        for ground, purpose in (("education", "support"),)
    )  # fmt: skip
    opened = _save(Access, accesses)
    used = lent + timedelta(days=1, hours=1)
    uses = (
        AccessUse(access_id=pk, at=used, features=["location"], source="console", looker="Kim", recorded_at=used)
        for pk in Access.objects.values_list("pk", flat=True)
    )
    return {
        "resources": made, "loans": _save(Loan, loans), "accesses": opened, "uses": _save(AccessUse, uses),
        "console acts": _acts(ConsoleAct, students, used),
    }  # fmt: skip


def _acts(model: Any, students: list[tuple[str, str]], used: datetime) -> int:
    rows = (
        model(
            source="google-admin", external=f"e{n}", at=used, who="kim", act="locate", feature="location", device="T",
            taken_at=used, answered_at=used if n % 2 else None,
        )
        for n, _ in enumerate(students[::50])
    )  # fmt: skip
    return _save(model, rows)


def _lessons(at: datetime, on: date) -> dict[str, int]:
    from homeroom.ledger.models import Proof
    from homeroom.people.models import Class

    rows = (
        Proof(
            kind="lesson", day=on - timedelta(days=30 * month), title="Online", topics=["conduct", "use"], group=group,
            school_id=group.school_id, grades=["7"], students=25, at=at, by="olsen", by_name="Maja",
        )
        for month in range(4)
        for group in Class.objects.all()
    )  # fmt: skip
    return {"lessons": _save(Proof, rows)}


def _filter(known: list[tuple[str, str]], students: int, at: datetime) -> dict[str, int]:
    from homeroom.activity.models import BlockedRequest
    from homeroom.filtering.models import InadvertentAccess, LocalRule, ReviewRequest

    said = {"host": "a.test", "kind": "district", "clause": "III.2", "category": "games", "profile": "student"}
    reviews = (
        ReviewRequest(
            **said, blocked_at=at - timedelta(hours=n), asked_at=at - timedelta(hours=n), due_at=at + timedelta(days=9)
        )
        for n in range(students // 5)
    )
    accidents = (
        InadvertentAccess(**said, blocked_at=at - timedelta(hours=n), asked_at=at - timedelta(hours=n))
        for n in range(students // 10)
    )
    rules = (
        LocalRule(
            effect="allow", host=f"r{n}.test", scope_kind="person", scope_id=id, owner="dana", owner_name="Dana",
            reason="x", made_at=at, review_on=(at + timedelta(days=30)).date(),
        )
        for n, (id, _) in enumerate(known[::100])
    )  # fmt: skip
    blocked = (
        BlockedRequest(
            at=int(at.timestamp()) - 60 * (n % 40_000), n=1, alias=f"x{n % students}", school=known[n % len(known)][1],
            profile="student", host=f"h{n % 5000}.test", kind="district", clause="III.2", category="games", list="",
            version="", line=0, bundle="", door="dns",
        )
        for n in range(students * 10)
    )  # fmt: skip
    return {
        "reviews": _save(ReviewRequest, reviews), "accidents": _save(InadvertentAccess, accidents),
        "rules": _save(LocalRule, rules), "refused": _save(BlockedRequest, blocked, "activity"),
    }  # fmt: skip


def _counts(students: int, at: datetime) -> dict[str, int]:
    """A school for every 600 students; the hours of a school's day, each day of a year."""
    from homeroom.activity.models import HourCount

    hour = int(at.timestamp()) // 3600 * 3600
    rows = (
        HourCount(
            hour=hour - back * 3600, school=f"s{school}", profile="student", verdict="block" if category else "allow",
            kind="statutory" if category == "pornography" else "district" if category else "", category=category,
            door="dns", n=37,
        )
        for back in range(365 * 24)
        if back % 24 < 10
        for school in range(max(1, students // 600))
        for category in CATEGORIES
    )  # fmt: skip
    return {"hourly counts": _save(HourCount, rows, "activity")}


def _looks(at: datetime) -> dict[str, int]:
    from homeroom.ledger import catalogue
    from homeroom.ledger.models import Observation

    rows = (
        Observation(
            probe=probe, at=at - timedelta(days=day), looked_at=9, good_until=at - timedelta(days=day - 2)
        )
        for day in range(365, 0, -1)
        for probe in catalogue.probes()
    )  # fmt: skip
    return {"looks": _save(Observation, rows)}

"""Lessons, forms and papers for the binder: written down on pages, bound with and without names."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from homeroom.activity.models import BlockedRequest
from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.board import actions as board
from homeroom.journal.models import Entry
from homeroom.ledger import actions, binder, proofs
from homeroom.ledger import attested as attested_parts
from homeroom.ledger.models import Binder, Proof
from homeroom.people.models import Class, Enrolment, Person
from homeroom.site import cli
from tests.integration.board.files import SMALL

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
NOON = datetime(2026, 11, 26, 18, tzinfo=UTC)
TODAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch, settings):
    monkeypatch.setenv("HOMEROOM_HOME", str(tmp_path / "home"))
    settings.HOME = tmp_path / "home"


@pytest.fixture
def attested(town):
    """A lesson of 7b with a plan and a list of names, a certificate, a piece of equipment."""
    for number in range(6):
        Person.objects.create(id=f"p{number}", given_name="Pat", family_name=f"Zed{number}")
        Enrolment.objects.create(person_id=f"p{number}", group_id="7b", role="student", first_day=date(2026, 9, 1))
    actions.write_down(
        actor=SYSTEM, at=NOON, kind="lesson", day=date(2026, 10, 5), title="Kind online",
        topics=["conduct", "bullying"], group=Class.objects.get(pk="7b"), file=b"the plan", file_name="plan.txt",
    )  # fmt: skip
    actions.write_down(
        actor=SYSTEM, at=NOON, kind="lesson", day=date(2026, 10, 6), title="Networks", topics=["networks"],
        group=Class.objects.get(pk="7b"), file=b"Ben Haugen was there", file_name="list.txt", names_students=True,
    )  # fmt: skip
    actions.write_down(
        actor=SYSTEM, at=NOON, kind="form-486", day=date(2026, 11, 20), since=date(2026, 7, 1), title="Dana Reyes",
        number="486-1", words="The board adopts the missing elements in December.",
    )  # fmt: skip
    actions.write_down(
        actor=SYSTEM, at=NOON, kind="equipment", day=date(2026, 8, 1), title="Switch", number="SN 77", place="Birch, 12"
    )


def opened(data: bytes) -> ZipFile:
    return ZipFile(io.BytesIO(data))


def table(archive: ZipFile, ending: str) -> list[dict[str, str]]:
    name = next(each for each in archive.namelist() if each.endswith(ending))
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def students() -> list[str]:
    return list(Person.objects.filter(roles__role="student").values_list("family_name", flat=True))


@pytest.mark.clause("VI.Alt3.note.a", "VI.Alt3.E.1")
def test_a_copy_that_leaves_the_house_names_nobody_and_counts_everybody(attested):
    archive = opened(binder.build(2026, NOON))
    listed = table(archive, "-rosters-without-names.csv")
    taught = Enrolment.objects.filter(group="7b", role="student").count()
    assert len(listed) == 2 * taught and {row["Student"] for row in listed} == {
        f"Student {number}" for number in range(1, taught + 1)
    }
    assert not [each for each in archive.namelist() if each.startswith("students/")]
    whole = b"".join(archive.read(each) for each in archive.namelist() if not each.endswith(".pdf")).decode()
    assert not [each for each in students() if each in whole]
    assert b"the plan" in [archive.read(each) for each in archive.namelist() if each.startswith("papers/")]


@pytest.mark.clause("VI.Alt3.E.1")
def test_a_handful_of_students_is_not_listed_one_by_one(town):
    """In a small school one row would be one child."""
    Enrolment.objects.filter(group="7b", role="student").exclude(person="ben").delete()
    actions.write_down(
        actor=SYSTEM, at=NOON, kind="lesson", day=date(2026, 10, 5), title="Kind", topics=["conduct"],
        group=Class.objects.get(pk="7b"),
    )  # fmt: skip
    listed = table(opened(binder.build(2026, NOON)), "-rosters-without-names.csv")
    assert [(row["Student"], row["Grade"]) for row in listed] == [("fewer than 5 students", "")]
    assert table(opened(binder.build(2026, NOON)), "-teaching.csv")[0]["Students"] == "<5"


@pytest.mark.clause("VI.Alt3.E.1")
def test_a_copy_with_names_keeps_them_in_a_folder_of_their_own(attested):
    archive = opened(binder.build(2026, NOON, names=True))
    index = json.loads(archive.read("index.json"))
    apart = {each["file"] for each in index["files"] if each["names_students"]}
    assert apart == {each for each in archive.namelist() if each.startswith("students/")} and len(apart) == 2
    assert "Ben Haugen" in archive.read("students/rosters.csv").decode()
    plain = opened(binder.build(2026, NOON))
    same = set(plain.namelist()) - {"index.json", "SHA256SUMS"}
    assert all(plain.read(each) == archive.read(each) for each in same)


def test_names_are_given_out_for_a_reason_and_the_journal_has_it(attested):
    with pytest.raises(Refused, match="for whom"):
        actions.ask_binder(actor=SYSTEM, year=2026, at=NOON, names=True)
    assert not Binder.objects.exists()
    actions.ask_binder(actor=SYSTEM, year=2026, at=NOON, names=True, why="USAC auditor on site.")
    entry = Entry.objects.get(verb="ledger.binder.asked")
    assert entry.reason == "USAC auditor on site." and entry.data["names"] is True


def test_the_command_asks_for_the_reason_too(attested, tmp_path):
    out, year = tmp_path / "b.zip", str(binder.year_of(timezone.localdate()))
    assert cli.run(["binder", "--year", year, "--names", str(out)]) == 2 and not out.exists()
    done = CliRunner().invoke(cli.homeroom, ["binder", "--year", year, "--names", "--why", "Auditor.", str(out)])
    assert done.exit_code == 0 and any(each.startswith("students/") for each in opened(out.read_bytes()).namelist())


@pytest.mark.clause("VI.Alt3.note.a")
def test_certificates_and_equipment_are_bound_with_their_time(attested):
    archive = opened(binder.build(2026, NOON))
    form = table(archive, "-forms.csv")[0]
    assert (form["Number"], form["In time"]) == ("486-1", "NO, was due 2026-10-29")
    assert table(archive, "-inventory.csv")[0]["Where"] == "Birch, 12"
    assert not [each for each in opened(binder.build(2025, NOON)).namelist() if each.endswith("-forms.csv")]


@pytest.mark.clause("VI.Alt3.note.a")
def test_equipment_stays_on_the_list_for_ten_years_from_its_purchase(town):
    for day, number in ((date(2016, 11, 25), "too old"), (date(2016, 11, 26), "just in")):
        actions.write_down(
            actor=SYSTEM, at=NOON, kind="equipment", day=day, title="Switch", number=number, place="Birch, 12"
        )
    part = attested_parts.inventory(binder.span(2026, NOON))
    assert [row[1] for row in part.rows] == ["just in"]
    assert part.says == ("1 piece; each stays on this list for 10 years after the purchase (47 CFR 54.516(a)).",)


@pytest.mark.clause("VI.Alt3.note.a")
def test_nobody_certifies_what_the_check_of_elements_misses(town):
    said = {"actor": SYSTEM, "at": NOON, "kind": "form-486", "day": TODAY, "title": "Dana Reyes", "number": "1"}
    with pytest.raises(Refused, match="No text"):
        actions.write_down(**said)
    text, _ = board.import_text(actor=SYSTEM, file="policy.md", data=SMALL.encode(), at=NOON)
    board.put_in_force(actor=SYSTEM, text=text.pk, from_day=date(2026, 8, 10), at=NOON, alternative="1")
    with pytest.raises(Refused, match="the check of its elements misses"):
        actions.write_down(**said)
    assert actions.write_down(**said, words="The board adopts the rest in December.").pk


def test_devices_notices_providers_and_samples_are_bound_without_names(attested):
    for n, host in ((9, "casino.test"), (4, "rare.test")):
        BlockedRequest.objects.using("activity").create(
            at=int(NOON.timestamp()) - 60, n=n, alias="x1", school="birch", profile="student", host=host,
            kind="district", clause="III.2", category="gambling", list="", version="", line=0, bundle="", door="dns",
        )  # fmt: skip
    archive = opened(binder.build(2026, NOON))
    assert {row["Name"]: row["Times"] for row in table(archive, "-samples.csv")} == {"casino.test": "9"}
    assert {row["Clause"] for row in table(archive, "-devices.csv")} >= {"XIV.C.1a", "XIV.C.4", "XIV.D.1"}


def test_a_teacher_writes_down_a_lesson_of_their_own_class_and_sees_no_other(town):
    olsen, dana = town.client("olsen"), town.client("dana")
    page = olsen.get("/lessons/add").content.decode()
    assert "Grade 7, section B" in page and "English 11" not in page
    file = SimpleUploadedFile("plan.txt", b"Talk about it")
    said = {"title": "Kind online", "day": "2026-09-01", "topics": ["conduct"], "group": "7b", "file": file}
    assert olsen.post("/lessons/add", said).status_code == 302
    assert olsen.post("/lessons/add", {**said, "group": "11c"}).status_code == 200
    row = Proof.objects.get()
    assert row.by == "olsen" and "ledger.proof.kept" in set(Entry.objects.values_list("verb", flat=True))
    actions.write_down(actor=SYSTEM, at=NOON, kind="lesson", day=TODAY, title="Another’s", topics=["use"])
    assert "Another’s" not in olsen.get("/lessons").content.decode()
    assert "Another’s" in dana.get("/lessons").content.decode()
    other = Proof.objects.exclude(by="olsen").get()
    assert olsen.get(f"/lessons/{other.pk}/withdraw").status_code == 404
    assert olsen.post(f"/lessons/{row.pk}/withdraw", {"reason": "Wrong day."}).status_code == 302
    assert olsen.get("/binder/records").status_code == 403 == town.client("ben").get("/lessons").status_code


def test_officials_write_down_every_kind_and_fetch_its_file(town):
    dana = town.client("dana")
    said = {
        "paper": {"title": "Minutes", "day": "2026-07-01", "file": SimpleUploadedFile("m.txt", b"Item 7")},
        "means": {"title": "Laboratory", "day": "2026-07-01", "words": "A teacher watches."},
        "opening": {"title": "Thesis", "day": "2026-07-01", "words": "By the director for an English teacher."},
        "form-486": {"title": "D", "day": "2026-07-01", "since": "2026-06-01", "number": "1", "words": "Under way."},
        "form-479": {"title": "D", "day": "2026-07-01", "number": "2", "words": "Under way."},
        "equipment": {"title": "Switch", "day": "2026-07-01", "number": "S", "place": "Birch"},
        "lesson": {"title": "Assembly", "day": "2026-07-01", "topics": ["use"], "school": "birch"},
    }
    for kind, fields in said.items():
        assert dana.post(f"/binder/records/add/{kind}", fields).status_code == 302, kind
    assert set(Proof.objects.values_list("kind", flat=True)) == set(said)
    page = dana.get("/binder/records", {"kind": "equipment"}).content.decode()
    assert "Switch" in page and "Laboratory" not in page
    paper = Proof.objects.get(kind="paper")
    assert b"".join(dana.get(f"/binder/records/{paper.pk}/file").streaming_content) == b"Item 7"
    assert not Entry.objects.filter(verb="ledger.proof.seen").exists(), "it names nobody"
    Proof.objects.filter(pk=paper.pk).update(names_students=True)
    dana.get(f"/binder/records/{paper.pk}/file")
    assert Entry.objects.get(verb="ledger.proof.seen").actor == "dana"
    assert dana.get("/binder/records/add/nonsense").status_code == 404
    assert b"Switch" in b"".join(dana.get("/binder/records?format=csv").streaming_content)


def test_many_lessons_cost_no_more_questions_than_one(attested, django_assert_num_queries):
    """The list of a whole year's students is two questions; so is that of one lesson."""
    lessons = list(Proof.objects.filter(kind="lesson"))
    with django_assert_num_queries(2):
        proofs.rosters(lessons * 20)

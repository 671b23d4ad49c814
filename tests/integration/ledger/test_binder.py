"""The binder of a funding year: whole, hashed, readable for all, and silent about people."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from django.utils import timezone
from pypdf import PdfReader

from homeroom.activity.models import HourCount
from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.board import actions as board
from homeroom.board.models import Review
from homeroom.journal.models import Entry
from homeroom.ledger import actions, binder, jobs, packet, queries
from homeroom.ledger.actions.binding import file_of
from homeroom.ledger.models import Binder
from homeroom.people import queries as people
from homeroom.site import cli
from tests.integration.board.files import SMALL

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
NOON = datetime(2026, 11, 26, 18, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch, settings):
    monkeypatch.setenv("HOMEROOM_HOME", str(tmp_path / "home"))
    settings.HOME = tmp_path / "home"


@pytest.fixture
def year(town):
    """A text in force, hours with answers, and a rule about Ben in the journal."""
    text, _ = board.import_text(actor=SYSTEM, file="policy.md", data=SMALL.encode(), at=NOON)
    board.put_in_force(
        actor=SYSTEM, text=text.pk, from_day=date(2026, 8, 10), at=NOON, alternative="3", noticed_on=date(2026, 6, 1),
        hearing_on=date(2026, 7, 1), minutes="Item 7",
    )  # fmt: skip
    for n, category in ((40, "gambling"), (3, "pornography")):
        HourCount.objects.using("activity").create(
            hour=int(datetime(2026, 9, 14, 17, tzinfo=UTC).timestamp()), school="birch", profile="student",
            verdict="block", kind="district", category=category, door="dns", n=n,
        )  # fmt: skip


def opened(data: bytes) -> ZipFile:
    return ZipFile(io.BytesIO(data))


def said(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def roles(node, found: list[str] | None = None) -> list[str]:
    """The structure tree of a tagged PDF, read from the top."""
    found = [] if found is None else found
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            roles(each, found)
    elif isinstance(node, dict):
        if "/S" in node:
            found.append(str(node["/S"]))
        if "/K" in node:
            roles(node["/K"], found)
    return found


def test_its_index_names_every_file_with_its_hash(year):
    archive = opened(binder.build(2026, NOON))
    index = json.loads(archive.read("index.json"))
    assert {each["file"] for each in index["files"]} | {"index.json", "SHA256SUMS"} == set(archive.namelist())
    for each in index["files"]:
        assert hashlib.sha256(archive.read(each["file"])).hexdigest() == each["sha256"]
        assert f"{each['sha256']}  {each['file']}\n" in archive.read("SHA256SUMS").decode()
    assert index["journal"]["entry"] == Entry.objects.order_by("-id").first().id


def test_the_same_records_and_instant_give_the_same_bytes(year):
    assert binder.build(2026, NOON) == binder.build(2026, NOON)


@pytest.mark.clause("VI.Alt3.note.a")
def test_the_pdf_is_tagged_for_screen_readers(year):
    """PDF/UA says so in its metadata; the tree has headings in order and tables with head cells."""
    pdf = PdfReader(io.BytesIO(opened(binder.build(2026, NOON)).read("binder.pdf")))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data() or b'pdfuaid:part="1"' in root["/Metadata"].get_data()
    tree = roles(root["/StructTreeRoot"]["/K"])
    headings = [int(each[2:]) for each in tree if each[1:2] == "H" and each[2:].isdigit()]
    assert headings[0] == 1 and headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))
    assert "/Table" in tree and "/TH" in tree and "/TR" in tree
    assert "binder" in str(pdf.metadata.title)


def test_it_says_what_it_has_and_what_the_district_must_add(year):
    text = said(opened(binder.build(2026, NOON)).read("binder.pdf"))
    assert "Item 7" in text and "gambling" in text and "To be added by the district" in text
    assert "2026-09" in text


def test_it_says_the_board_s_choice_and_a_sentence_where_there_is_nothing(year):
    text = " ".join(said(opened(binder.build(2026, NOON)).read("binder.pdf")).split())
    assert "Paragraphs that V.A.6 offers 2026-08-10 The text offers none." in text
    assert "Blocks that were looked at again VI.Alt3.C Nothing of the kind is on record for this time." in text
    assert "Keep it for 10 years after the last day of the funding year" in text and "this binder 10 years" in text


def test_states_are_told_only_of_clauses_that_hold_here(town):
    """Alternative 3 was chosen: nobody is held to the two others."""
    text, _ = board.import_text(actor=SYSTEM, file="p.md", data=SMALL.replace("III.", "VI.").encode(), at=NOON)
    board.put_in_force(
        actor=SYSTEM, text=text.pk, from_day=date(2026, 8, 10), at=NOON, alternative="3", noticed_on=date(2026, 6, 1),
        hearing_on=date(2026, 7, 1), minutes="Item 7",
    )  # fmt: skip
    part = binder.evidence.clauses(binder.span(2026, NOON))
    ids = {str(row[0]) for row in part.rows}
    assert "VI.Alt3.C" in ids and not any(id.startswith(("VI.Alt1", "VI.Alt2")) for id in ids)
    assert "alternatives or paragraphs that the board did not choose" in part.says[0]


def test_small_numbers_and_names_stay_out(year, town):
    from homeroom.filtering import publishing
    from homeroom.filtering.actions import rules

    publishing.after_commit = lambda at: None
    rules.add_rule(actor=SYSTEM, effect="allow", target="a.test", scope="person:ben", reason="Ben Haugen.", at=NOON)
    archive = opened(binder.build(2026, NOON + timedelta(minutes=1)))
    whole = b"".join(archive.read(name) for name in archive.namelist() if name.endswith((".csv", ".json", ".txt")))
    assert b"Ben" not in whole and b"ben" not in whole.replace(b"been", b"").replace(b"benefit", b"")
    assert b"pornography,<5" in whole.replace(b'"', b"")


@pytest.mark.parametrize("year", [1999, 2027, 20260])
def test_a_year_that_has_not_begun_is_refused(year):
    with pytest.raises(Refused, match="the newest is 2026"):
        binder.build(year, NOON)


def test_a_folder_that_is_not_there_is_said_before_anything_is_built(year, tmp_path, capsys):
    assert cli.run(["binder", "--year", "2026", str(tmp_path / "none" / "binder.zip")]) == 2
    said = capsys.readouterr().err
    assert f"Nothing can be written in {tmp_path / 'none'}" in said and "%" not in said


def test_the_command_writes_a_new_file_and_overwrites_none(year, tmp_path):
    out = tmp_path / "binder.zip"
    year = str(binder.year_of(timezone.localdate()))
    done = CliRunner().invoke(cli.homeroom, ["binder", "--year", year, str(out)])
    assert done.exit_code == 0 and "100 %" in done.output
    assert "binder.pdf" in opened(out.read_bytes()).namelist()
    assert Entry.objects.filter(verb="ledger.binder.built").count() == 1
    assert CliRunner().invoke(cli.homeroom, ["binder", "--year", year, str(out)]).exit_code == 2
    assert cli.run(["binder", "--year", "1990", str(tmp_path / "x.zip")]) == 2
    assert not (tmp_path / "x.zip").exists()


def test_it_is_asked_for_on_a_page_and_built_by_the_worker(year, town):
    client = town.client("dana")
    client.post("/binder", {"year": binder.year_of(timezone.localdate())})
    client.post("/binder", {"year": binder.year_of(timezone.localdate())})
    row = Binder.objects.get()
    assert 'http-equiv="refresh"' in client.get("/binder").content.decode()
    assert client.get(f"/binder/{row.pk}").status_code == 404
    assert jobs.bind(timezone.now()) == "Built 1 binder."
    assert jobs.bind(timezone.now()) is None
    file = b"".join(client.get(f"/binder/{row.pk}").streaming_content)
    taken = Entry.objects.get(verb="ledger.binder.taken")
    assert (taken.actor, taken.data) == ("dana", {"binder": row.pk, "names": False})
    row.refresh_from_db()
    assert hashlib.sha256(file).hexdigest() == row.sha256 and row.percent == 100
    assert town.client("olsen").get("/binder").status_code == 403


def test_a_build_that_died_is_begun_again_and_one_under_way_is_left_alone(year):
    row = actions.ask_binder(actor=SYSTEM, year=2026, at=NOON)
    Binder.objects.update(begun_at=NOON)
    assert actions.build_binder(actor=SYSTEM, pk=row.pk, at=NOON + timedelta(minutes=5)) is None
    assert actions.build_binder(actor=SYSTEM, pk=row.pk, at=NOON + timedelta(minutes=20)).done_at
    assert file_of(row).exists()


@pytest.mark.clause("XVII.D")
def test_the_packet_of_the_review_builds_itself(year, town):
    pdf = packet.build(NOON)
    text = said(pdf)
    assert "What happened under each clause" in text and "Law in motion" in text
    for part in ("Contracts that run out soon", "Openings of the filter for adults", "Notices to users", "Teaching"):
        assert part in text
    assert "HF 2516" in text and "due on 2027-08-10" in text
    answer = town.client("kim").get("/board/review/packet")
    assert answer.content.startswith(b"%PDF")


@pytest.mark.clause("XIV.B.3")
def test_what_is_broken_is_told_to_the_board_without_small_numbers(year):
    """The packet is read in an open meeting."""
    found = queries.ledger(NOON)
    one = replace(found.entries[0], state=queries.State.BROKEN, looked_at=40, broken=1)
    section = packet._overdue(packet.span(NOON), replace(found, entries=(one,)))
    assert section.rows[0][-1] == "<5 of 40"


@pytest.mark.clause("VI.Alt3.note.a")
def test_the_text_in_the_binder_says_what_the_board_did_not_choose(town):
    words = SMALL.replace("III. FILTER", "VI. FILTER")
    text, _ = board.import_text(actor=SYSTEM, file="policy.md", data=words.encode(), at=NOON)
    board.put_in_force(actor=SYSTEM, text=text.pk, from_day=date(2026, 8, 10), at=NOON, alternative="2")
    told = opened(binder.build(2026, NOON)).read("policy.txt").decode().splitlines()
    assert "VI.Alt1 [not chosen by the board]  Block some." in told
    assert "VI.Alt2  Block more." in told


@pytest.mark.clause("XVII.D")
def test_the_review_says_which_packet_the_board_had_before_it(year, town):
    client = town.client("dana")
    client.get("/board/review/packet")  # no review is under way: nothing to keep it with
    client.post("/board/review/begin")
    client.get("/board/review/packet")
    file = client.get("/board/review/packet").content
    review = Review.objects.get()
    assert review.packet_sha256 == hashlib.sha256(file).hexdigest()
    day = people.today(timezone.now())
    board.close_review(
        actor=SYSTEM, at=timezone.now(), review=review.pk, held_on=day, outcome="reaffirmed", minutes="Item 4"
    )
    client.get("/board/review/packet")
    assert Review.objects.get().packet_sha256 == review.packet_sha256
    assert review.packet_sha256[:16] in client.get("/board/review").content.decode()

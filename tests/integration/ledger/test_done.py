"""From the adopted text to the binder: what the policy's ledger as a whole must show.

With the real model text beside the checkout it is that text; else the one that ships with the demonstration.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from zipfile import ZipFile

import pikepdf
import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from homeroom.base.actor import SYSTEM
from homeroom.board import actions as board
from homeroom.board import made_up
from homeroom.board import queries as texts
from homeroom.board.models import AdoptedText
from homeroom.kernel.clauses import TITLES
from homeroom.kernel.policytext.claims import name
from homeroom.ledger import actions, binder, catalogue, packet, papers, queries
from homeroom.people.models import Class
from homeroom.site import cli
from tests import pdf_structure

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
LINK = re.compile(r'href="/ledger/([^"/?]+)"')
STATES = {"kept": "Kept", "broken": "Broken", "nothing": "Nothing to look at yet", "stale": "Not looked at lately"}


@pytest.fixture
def district(town, tmp_path, monkeypatch, settings):
    """The text in force, a lesson with its plan, and every probe looked just now."""
    monkeypatch.setenv("HOMEROOM_HOME", str(tmp_path / "home"))
    settings.HOME = tmp_path / "home"
    now = timezone.now()
    made_up.move_in(actor=SYSTEM, at=now, say=lambda said: None)
    actions.write_down(
        actor=SYSTEM, at=now, kind="lesson", day=now.date() - timedelta(days=1), title="Kind online",
        topics=["conduct"], group=Class.objects.get(pk="7b"), file=b"the plan", file_name="plan.txt",
    )  # fmt: skip
    actions.look_all(actor=SYSTEM, probes=catalogue.probes(), at=now)
    return now


def test_every_clause_is_on_the_public_page_with_the_state_that_its_looks_allow(district):
    page = Client().get("/ledger").content.decode()
    assert [id for id in LINK.findall(page) if id in TITLES] == list(TITLES)
    text = AdoptedText.objects.get()
    placed = {row.id for row in texts.rows(text)}
    assert placed
    for entry in queries.ledger(timezone.now()).entries:
        looks = {each.probe: each for each in entry.seen}
        assert set(looks) == {name(each) for each in entry.claim.probes}, entry.id
        if any(each.broken for each in looks.values()):
            assert entry.state == "broken", entry.id
        elif entry.claim.open:
            assert entry.state == "open" and (entry.claim.missing or entry.claim.sentence)
        else:
            assert entry.state == ("kept" if any(each.looked_at for each in looks.values()) else "nothing"), entry.id
        if entry.article not in ("524", "REF"):  # the title and the references are no articles of the text
            assert entry.text is not None and entry.text.id in placed, entry.id


def test_a_clause_says_its_state_in_the_districts_words(district):
    for id in ("I", "V.A.4d", "VI.Alt3.E.1", "VI.Alt1.1", "XIV.C.4", "XVII.D"):
        entry = queries.entry(id, timezone.now())
        page = Client().get(f"/ledger/{id}").content.decode()
        assert entry is not None and entry.text is not None, id
        assert STATES.get(entry.state, "Open") in page, id
        assert (entry.text.words or entry.text.title)[:20].split("’")[0].split("'")[0] in page, id
        assert ("did not choose this part" in page) is id.startswith("VI.Alt1"), id


def test_an_amended_text_shows_exactly_the_claims_to_reread(district, town):
    """Other hours in XIV.D: its four duties, the notice that stands on them and the two clocks; nothing else."""
    adopt_notice("notices.template:device-emergency:1", district)
    adopt_notice("notices.template:users:1", district)
    now = AdoptedText.objects.get()
    said = (made_up.real() or made_up.OWN).read_text(encoding="utf-8")
    changed = said.replace("72 hours", "24 hours").replace("72-hour", "24-hour")
    assert changed != said
    amended, _ = board.import_text(actor=SYSTEM, file="amended.txt", data=changed.encode(), at=district)
    page = town.client("dana").get(f"/board/texts/compare?a={now.pk}&b={amended.pk}").content.decode()
    part = page[page.index("How these clauses are kept") : page.index("Clause by clause")]
    assert LINK.findall(part) == ["XIV.D.1", "XIV.D.2", "XIV.D.3", "XIV.D.4"]
    assert "device-emergency" in part and "users" not in part
    numbers = texts.touched(LINK.findall(part), district.date()).parameters
    assert part.count("/board/parameters/") == len(numbers) >= 2


def test_the_command_says_what_to_reread_beside_the_claims(district, tmp_path, capsys):
    adopt_notice("notices.template:device-emergency:1", district)
    said = (made_up.real() or made_up.OWN).read_text(encoding="utf-8")
    amended = tmp_path / "amended.txt"
    amended.write_text(said.replace("72 hours", "24 hours").replace("72-hour", "24-hour"), encoding="utf-8")
    assert cli.run(["policy", "diff", str(AdoptedText.objects.get().pk), str(amended)]) == 1
    output = capsys.readouterr().out
    assert "Reread XIV.D.4" in output and "4 claims to reread" in output
    assert "Reread the notice “notices.template:device-emergency:1”, addendum" in output
    assert "Reread the number" in output and "1 clauses" not in output


def test_a_release_says_its_commit(tmp_path):
    data = tmp_path / "homeroom" / "ledger" / "data"
    data.mkdir(parents=True)
    refused = CliRunner().invoke(cli.homeroom, ["ledger", "--write-commit", str(tmp_path)])
    assert refused.exit_code == 2 and not list(data.iterdir())
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("a" * 40, encoding="utf-8")
    assert CliRunner().invoke(cli.homeroom, ["ledger", "--write-commit", str(tmp_path)]).exit_code == 0
    assert (data / "commit.txt").read_text(encoding="utf-8") == f"{'a' * 40}\n"


def adopt_notice(subject: str, at: datetime) -> None:
    row = board.draft_addendum(actor=SYSTEM, at=at, subject=subject, kind="notice", title=subject, sha256="a" * 64)
    board.submit_addendum(actor=SYSTEM, at=at, addendum=row.pk)
    day = at.date() - timedelta(days=1)
    board.approve_addendum(
        actor=SYSTEM, at=at, addendum=row.pk, approved_on=day, minutes="Item 3", effective_on=day
    )  # fmt: skip


def test_the_binder_opens_in_a_reader_and_passes_the_structure_check(district):
    data = binder.build(binder.year_of(district.date()), district)
    pdf = ZipFile(io.BytesIO(data)).read("binder.pdf")
    assert pdf_structure.faults(pdf) == []
    assert pdf_structure.headings(pdf).count("H2") >= len(binder.PARTS)


def test_ledger_and_packet_on_paper_pass_it_too(district):
    entries = queries.ledger(district).entries
    assert pdf_structure.faults(papers.ledger(entries, district)) == []
    assert pdf_structure.faults(packet.build(district)) == []


def test_the_check_finds_what_is_wrong():
    """A page made without structure does not pass, nor one of ours that lost a part of it."""
    bare = pikepdf.new()
    bare.add_blank_page()
    assert {"It has no structure tree.", "It has no title."} <= set(pdf_structure.faults(saved(bare)))
    whole = papers.ledger(queries.ledger(timezone.now()).entries[:3], datetime(2026, 11, 26, 12, tzinfo=UTC))
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        del pdf.Root.Lang
        pdf.pages[0].Contents = pdf.make_stream(pdf.pages[0].Contents.read_bytes() + b" BT (loose) Tj ET")
        for each in pdf.objects:
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/TH":
                del each["/A"]
        found = set(pdf_structure.faults(saved(pdf)))
    assert {
        "It does not say in which language it is.",
        "Page 1 shows 1 pieces that are neither in the structure nor decoration.",
        "A head cell does not say for what it is the head.",
    } <= found


def saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()

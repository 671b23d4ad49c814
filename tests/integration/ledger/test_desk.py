"""The official's desk: only what waits, for its owner, the worst first, with the next step."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from homeroom.base.actor import SYSTEM, Actor
from homeroom.board import actions as board
from homeroom.kernel.policytext.claims import Looked, name
from homeroom.ledger import actions, catalogue, desk, queries
from homeroom.ledger.models import Observation
from homeroom.ledger.queries import State
from tests import oscal_structure
from tests.integration.board.files import SMALL

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
DANA = Actor(id="dana", name="Dana", roles=frozenset({"technology_director"}))
CLERK = Actor(id="x", name="X", roles=frozenset({"board_clerk"}))
TEACHER = Actor(id="y", name="Y", roles=frozenset({"teacher"}))


@pytest.fixture
def fine() -> None:
    """Every probe looked just now and found nothing."""
    now = timezone.now()
    Observation.objects.bulk_create(
        Observation(probe=probe, at=now, looked_at=9, good_until=now + timedelta(days=1))
        for probe in catalogue.probes()
    )


def broken(clause: str) -> None:
    for probe in catalogue.claims()[clause].probes:
        Observation.objects.filter(probe=name(probe)).update(broken=7)


def clauses(actor: Actor) -> list[str]:
    return [each.clause for each in desk.items(timezone.now(), actor)]


def test_an_empty_desk_says_so(fine, town):
    assert clauses(DANA) == []
    assert "Nothing waits for you" in town.client("dana").get("/desk").content.decode()


def test_a_breach_lies_on_the_desk_of_its_owner_with_the_next_step(fine, town):
    broken("XVII.D")
    assert clauses(CLERK) == clauses(DANA) == ["XVII.D"] and clauses(TEACHER) == []
    item = desk.items(timezone.now(), CLERK)[0]
    assert item.url == "/board/review" and "agenda" in item.step and "7 of 9" in item.what
    assert "/board/review" in town.client("dana").get("/desk").content.decode()


def test_what_the_board_did_not_choose_lies_on_no_desk(fine):
    words = SMALL.replace("III. FILTER", "VI. FILTER")
    text, _ = board.import_text(actor=SYSTEM, file="policy.md", data=words.encode(), at=timezone.now())
    broken("VI.Alt1.note2.a")
    assert "VI.Alt1.note2.a" in clauses(DANA)
    board.put_in_force(
        actor=SYSTEM, text=text.pk, from_day=timezone.localdate(), at=timezone.now(), alternative="2"
    )  # fmt: skip
    assert "VI.Alt1.note2.a" not in clauses(DANA)


def test_what_nobody_could_look_at_comes_after_what_is_broken(fine):
    broken("XVII.D")
    Observation.objects.filter(probe=name(catalogue.claims()["V.C.1"].probes[0])).update(failed="It hung.")
    tones = [each.tone for each in desk.items(timezone.now(), DANA)]
    assert tones == sorted(tones, key=("bad", "warn", "info").index) and {"bad", "warn"} <= set(tones)


def test_what_is_due_is_there_before_it_is_late(fine):
    now = timezone.now()
    text, _ = board.import_text(actor=SYSTEM, file="policy.md", data=SMALL.encode(), at=now)
    begun = timezone.localdate() - timedelta(days=340)
    board.put_in_force(actor=SYSTEM, text=text.pk, from_day=begun, at=now, alternative="2")
    row = board.draft_addendum(actor=SYSTEM, at=now, subject="x", kind="form", title="A form", sha256="a" * 64)
    board.submit_addendum(actor=SYSTEM, at=now, addendum=row.pk)
    assert clauses(CLERK) == ["XVII.D", "XVII.A.2"]


def test_every_clause_has_an_owner_whose_role_exists_and_a_step():
    from homeroom.ledger.duties import duties
    from homeroom.people.models import RoleName

    assert {each.owner for each in duties().values()} <= set(RoleName.values)
    assert all(desk._step(id)[0] for id in duties())


def test_a_probe_that_hangs_makes_its_clause_stale_and_is_not_waited_for(monkeypatch):
    gate = threading.Event()

    def hangs(at):
        gate.wait(20)
        return Looked(1)

    probe = name(catalogue.claims()["XVII.D"].probes[0])
    monkeypatch.setattr(catalogue, "probes", lambda: {probe: hangs})
    row = actions.look(actor=SYSTEM, probe=probe, at=timezone.now(), within=0.05)
    gate.set()
    assert "did not answer" in row.failed
    assert queries.entry("XVII.D", timezone.now()).state is State.STALE


def test_a_probe_in_time_is_believed_and_its_failure_told(monkeypatch):
    def fails(at):
        raise OSError("The disk is gone.")

    monkeypatch.setattr(catalogue, "probes", lambda: {"a": lambda at: Looked(3, 1), "b": fails})
    assert actions.look(actor=SYSTEM, probe="a", at=timezone.now(), within=5).broken == 1
    assert "disk" in actions.look(actor=SYSTEM, probe="b", at=timezone.now(), within=5).failed


def test_the_desk_says_what_was_found_and_leads_to_where_it_is_put_right(fine, town):
    probe = name(catalogue.claims()["XIV.A"].probes[0])
    Observation.objects.filter(probe=probe).update(looked_at=53, broken=3)
    page = town.client("dana").get("/desk").content.decode()
    row = page[page.index("What a school-issued device is") :]
    assert "3 of 53: things lent for two weeks whose words nobody has accepted." in row
    assert 'href="/devices"' in row[: row.index("</tr>")]
    assert "things lent for two weeks" in Client().get("/ledger/XIV.A").content.decode()


def test_each_probe_says_in_a_sentence_what_it_looks_for():
    for probe in catalogue.probes():
        said = catalogue.looked_for(probe)
        assert said.endswith(".") and " " in said and "_" not in said, probe
    assert catalogue.looked_for("old.clauses.gone_by_now") == "gone by now"


class TestOscal:
    """What programs of auditors read."""

    @pytest.mark.parametrize("part", ["catalog", "profile", "component-definition", "assessment-results"])
    def test_each_part_has_the_structure_that_oscal_gives_it(self, part, fine):
        """Also before anybody looked: OSCAL has no empty lists."""
        told = Client().get(f"/ledger/oscal/{part}").json()
        assert oscal_structure.faults(told) == [] and list(told) == [part]
        Observation.objects.all().delete()
        assert oscal_structure.faults(Client().get(f"/ledger/oscal/{part}").json()) == []

    def test_the_check_of_the_structure_sees_what_is_wrong(self, fine):
        told = Client().get("/ledger/oscal/component-definition").json()
        body = told["component-definition"]
        first = body["components"][0]["control-implementations"][0]["implemented-requirements"][0]
        del first["props"][0]["ns"], body["metadata"]["title"]
        body["uuid"], first["colour"], first["control-id"] = "1", "red", "V.A.6.b(1)"
        said = "\n".join(oscal_structure.faults(told))
        for each in ("lacks title", "has colour", "no namespace", "cannot be '1'", "cannot be 'V.A.6.b(1)'"):
            assert each in said

    def test_every_clause_is_a_control_and_has_a_finding(self, fine):
        catalog = Client().get("/ledger/oscal/catalog").json()["catalog"]
        controls = {each["id"] for group in catalog["groups"] for each in group["controls"]}
        results = Client().get("/ledger/oscal/assessment-results").json()["assessment-results"]["results"][0]
        groups = {each["id"] for each in catalog["groups"]}
        assert len(groups) == len(catalog["groups"]) and not groups & controls  # “VII” is an article and a clause
        assert {each["target"]["target-id"].removesuffix("_smt") for each in results["findings"]} == controls
        seen = {each["uuid"] for each in results["observations"]}
        assert {o["observation-uuid"] for f in results["findings"] for o in f.get("related-observations", ())} <= seen
        assert all(each["collected"] < each["expires"] for each in results["observations"])

    def test_only_the_chosen_alternative_is_in_the_profile(self):
        now = timezone.now()
        text, _ = board.import_text(actor=SYSTEM, file="policy.md", data=SMALL.replace("III.", "VI.").encode(), at=now)
        board.put_in_force(actor=SYSTEM, text=text.pk, from_day=date(2026, 9, 1), at=now, alternative="2")
        ids = Client().get("/ledger/oscal/profile").json()["profile"]["imports"][0]["include-controls"][0]["with-ids"]
        assert "c-VI.Alt2.A" in ids and "c-VI.Alt3.C" not in ids and "c-I" in ids
        results = Client().get("/ledger/oscal/assessment-results").json()["assessment-results"]["results"][0]
        assert {each["target"]["target-id"] for each in results["findings"]} == {f"{id}_smt" for id in ids}
        assert "observations" not in results  # nobody looked yet, and OSCAL has no empty lists

    def test_an_unknown_part_is_not_found(self):
        assert Client().get("/ledger/oscal/everything").status_code == 404


def test_the_ledger_is_a_pdf_too():
    assert Client().get("/ledger?format=pdf&q=XVII").content.startswith(b"%PDF")


def test_an_official_has_a_clause_looked_at_now(fine, town, monkeypatch):
    monkeypatch.setattr("homeroom.ledger.views.officials.PATIENCE", None)
    before = Observation.objects.count()
    dana = town.client("dana")
    assert "Look again now" in dana.get("/ledger/XVII.C").content.decode()
    assert dana.post("/ledger/XVII.C/look").url == "/ledger/XVII.C"
    assert Observation.objects.count() == before + len(catalogue.claims()["XVII.C"].probes)
    assert "Looked just now" in dana.get("/ledger/XVII.C").content.decode()
    assert dana.post("/ledger/XV.1/look").status_code == 404 == dana.post("/ledger/X.99/look").status_code
    assert town.client("ben").post("/ledger/XVII.C/look").status_code == 403
    assert "Look again now" not in Client().get("/ledger/XVII.C").content.decode()

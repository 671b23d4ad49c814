"""The viewpoint guard: opposing views are treated alike, and a list that says otherwise is named with its line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from homeroom.base.errors import Refused
from homeroom.filtering.actions import choices, rules, sources, viewpoint
from homeroom.filtering.models import ListVersion, ViewpointReport
from homeroom.filtering.queries import viewpoint as queries

from .conftest import AT, DANA, House

pytestmark = [pytest.mark.django_db, pytest.mark.clause("VI.Alt3.C")]
LISTS = Path(__file__).parents[4] / "shared" / "data" / "lists"
CONTROLS = Path(__file__).parents[4] / "shared" / "data" / "viewpoint"


@pytest.fixture
def controlled(town, house) -> House:
    viewpoint.load_controls(
        actor=DANA, at=AT, pairs=[("uniforms", "for.test", "Against.test.")], names=[("help.test", "crisis support")]
    )
    return house


def update(at: datetime = AT) -> ListVersion | None:
    return sources.update_source(actor=DANA, name="list", at=at)


def test_the_first_version_goes_live_with_its_findings_on_record(controlled):
    version = controlled.add("list", controlled.write("l.txt", "for.test", "help.test"), "violence")
    assert version.state == "checked" and "for.test" in version.sentence and "help.test" in version.sentence
    report = version.reports.get()
    assert (report.asymmetries, report.hits, report.fresh) == (1, 1, 2)
    pair = report.findings.get(kind="asymmetry")
    assert (pair.host, pair.counterpart, pair.list, pair.line, pair.text) == (
        "for.test",
        "against.test",
        "list",
        1,
        "for.test",
    )
    assert pair.profiles == ["student", "unknown"]
    assert "Correct for.test in violence." in queries.sentence(pair)


def test_an_update_with_new_findings_is_held_while_the_old_version_serves(controlled):
    path = controlled.write("l.txt", "one.test", "two.test", "help.test")
    controlled.add("list", path, "violence")
    controlled.build()
    path.write_text("one.test\ntwo.test\nhelp.test\nagainst.test\n")
    version = update(AT + timedelta(days=1))
    assert version.state == "held" and "against.test" in version.sentence and "help.test" not in version.sentence
    controlled.build()
    assert controlled.verdict("against.test", "ben")[0] == "allow"
    rules.correct_listing(
        actor=DANA,
        target="against.test",
        categories=("violence",),
        reason="A view, not violence.",
        at=datetime.now(UTC),
    )
    sources.release_version(actor=DANA, version=version.pk, reason="Corrected.", at=AT)
    controlled.build()
    assert controlled.verdict("against.test", "ben")[0] == "allow"
    assert viewpoint.report(actor=DANA, at=datetime.now(UTC)).findings.get(host="against.test").corrected


def test_a_district_may_choose_to_be_warned_only(controlled):
    choices.set_parameter(actor=DANA, name="viewpoint_updates", value="warn", reason="Small staff.", at=AT)
    path = controlled.write("l.txt", "one.test", "two.test")
    controlled.add("list", path, "violence")
    controlled.build()
    path.write_text("one.test\ntwo.test\nfor.test\n")
    assert update(AT + timedelta(days=1)).state == "checked"


def test_both_sides_listed_or_a_category_that_blocks_nobody_hold_nothing_up(controlled):
    version = controlled.add("list", controlled.write("l.txt", "for.test", "against.test"), "violence")
    assert version.reports.get().asymmetries == 0
    other = controlled.add("shops", controlled.write("s.txt", "for.test"), "shopping")
    finding = other.reports.get().findings.get()
    assert finding.profiles == [] and not finding.fresh and "Nobody is blocked" in queries.sentence(finding)


def test_a_page_of_one_side_is_found_as_well(controlled):
    version = controlled.add("list", controlled.write("l.txt", "www.for.test/why"), "violence", "urls")
    finding = version.reports.get().findings.get()
    assert (finding.host, finding.path, finding.category) == ("for.test", "/why", "violence")


@pytest.mark.parametrize("later", [False, True], ids=["controls first", "controls after the build"])
def test_pages_are_found_in_the_live_lists_whenever_the_controls_came(town, house, later):
    house.add("list", house.write("l.txt", "for.test/why", "other.test/a"), "violence", "urls")
    if later:
        house.build()
    viewpoint.load_controls(actor=DANA, at=datetime.now(UTC), pairs=[("uniforms", "for.test", "against.test")])
    if not later:
        house.build()
    report = viewpoint.report(actor=DANA, at=datetime.now(UTC))
    assert [(each.host, each.path) for each in report.findings.all()] == [("for.test", "/why")]


def test_a_report_is_a_record(controlled):
    report = viewpoint.report(actor=DANA, at=AT)
    assert "is listed on one side" in report.sentence
    with pytest.raises(TypeError, match="kept as it was written"):
        report.save()
    with pytest.raises(TypeError, match="cannot be deleted"):
        report.delete()


def test_controls_come_from_files_and_odd_ones_are_refused(town, house, tmp_path):
    (tmp_path / "pairs.csv").write_text("topic,side_a,side_b\nx,a.test,b.test\n")
    assert viewpoint.load_file(actor=DANA, path=tmp_path / "pairs.csv", at=AT) == 1
    assert viewpoint.load_file(actor=DANA, path=tmp_path / "pairs.csv", at=AT) == 0
    for text in ("topic,side_a\nx,a.test\n", "host,why\na.test\n", "host,why\nno name,why\n", "", "\x00"):
        (tmp_path / "odd.csv").write_text(text)
        with pytest.raises(Refused):
            viewpoint.load_file(actor=DANA, path=tmp_path / "odd.csv", at=AT)


@pytest.mark.clause("VI.Alt1.2", "VI.Alt2.C")
@pytest.mark.parametrize(
    "category", ["politics", "sexuality", "religion", "press", "sects", "disputed-claims", "radio"]
)
def test_a_category_of_topic_or_view_is_not_loaded_or_blocked_without_a_recorded_decision(town, house, category):
    with pytest.raises(Refused, match="topic, identity or viewpoint"):
        house.add("list", house.write("l.txt", "any.test"), category)
    with pytest.raises(Refused, match="records a decision"):
        choices.choose_category(
            actor=DANA, audience="student", category=category, blocked=True, reason="Asked to.", at=AT
        )
    choices.decide_sensitive(actor=DANA, category=category, reason="The board voted on it, 12 October.", at=AT)
    choices.choose_category(actor=DANA, audience="student", category=category, blocked=True, reason="Voted.", at=AT)
    house.add("list", house.write("l.txt", "any.test"), category)
    house.build()
    assert house.verdict("any.test", "ben") == ("block", "district", "III.2")


def test_no_folder_of_topic_is_mapped_to_law(town, house):
    for folder in ("lingerie", "mixed_adult", "sexual_education", "dating", "made_up"):
        with pytest.raises(Refused, match="not fit for law"):
            sources.add_source(
                actor=DANA, name="u", format="ut1", location=str(house.folder), at=AT, mapping={folder: "pornography"}
            )


@pytest.mark.skipif(not LISTS.is_dir(), reason="the real lists are not on this machine")
def test_the_real_lists_hold_what_is_known_of_them(town, house):
    for name in ("pairs.csv", "must-not-block.csv"):
        viewpoint.load_file(actor=DANA, path=CONTROLS / name, at=AT)
    version = house.add("ut1", next(LISTS.glob("ut1-*.tar.gz")), format="ut1")
    assert version.entries > 400_000
    found = {(each.kind, each.host, each.category): each for each in ViewpointReport.objects.get().findings.all()}
    assert found["asymmetry", "norml.org", "drugs"].counterpart == "learnaboutsam.org"
    assert (
        found["asymmetry", "norml.org", "drugs"].list == "ut1/drogue/domains"
        and found["asymmetry", "norml.org", "drugs"].line == 466
    )
    assert found["hit", "norml.org", "drugs"].fresh
    assert found["hit", "gamblersanonymous.org", "gambling"].list == "ut1/gambling/domains"
    assert found["hit", "splcenter.org", "violence"].text == "splcenter.org"
    assert found["hit", "adl.org", "violence"].path == "/poisoning_web"
    assert found["asymmetry", "aclu.org", "drugs"].path.startswith("/")

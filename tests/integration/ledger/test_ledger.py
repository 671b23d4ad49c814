"""The ledger says of each clause what the last looks allow, and nothing better."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.journal.models import Entry
from homeroom.kernel.clauses import TITLES
from homeroom.kernel.policytext.claims import Claim, How, Looked
from homeroom.ledger import actions, catalogue, jobs, queries
from homeroom.ledger.models import Observation
from homeroom.ledger.queries import State, state_of
from homeroom.site import cli
from tests.town import NOON

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
PROBE = "board.clauses.days_without_policy"
CLAUSE = "524.title-note"


@pytest.fixture
def sees(monkeypatch: pytest.MonkeyPatch):
    """Make the probe of the first clause see something else, or fail."""

    def set_(seen: Looked | Exception) -> None:
        def probe(at):
            if isinstance(seen, Exception):
                raise seen
            return seen

        monkeypatch.setattr(catalogue, "probes", lambda: {PROBE: probe})

    return set_


def look(at=NOON) -> Observation:
    return actions.look(actor=SYSTEM, probe=PROBE, at=at)


def state(at=NOON) -> State:
    return queries.entry(CLAUSE, at).state


def test_before_anybody_looked_nothing_is_called_kept():
    states = {each.state for each in queries.ledger(NOON).entries}
    assert states == {State.STALE, State.OPEN}


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Looked(14), State.KEPT),
        (Looked(0), State.NOTHING),
        (Looked(14, 1), State.BROKEN),
        (RuntimeError("no disk"), State.STALE),
    ],
)
def test_a_look_is_told_as_what_it_was(sees, seen, expected):
    sees(seen)
    look()
    assert state() == expected


def test_a_look_grows_stale_but_a_breach_stays_until_a_look_shows_otherwise(sees):
    sees(Looked(3))
    look()
    later = NOON + actions.GOOD_FOR
    assert state(later - timedelta(seconds=1)) == State.KEPT
    assert state(later) == State.STALE
    sees(Looked(3, 3))
    look(later)
    assert state(later + timedelta(days=9)) == State.BROKEN
    sees(Looked(3))
    look(later + timedelta(days=9))
    assert state(later + timedelta(days=9)) == State.KEPT


def test_one_probe_that_fails_is_enough_to_call_a_clause_stale():
    good = Observation(at=NOON, looked_at=9, good_until=NOON + timedelta(days=1))
    failed = Observation(at=NOON, failed="It hung.", good_until=NOON)
    two = Claim(("XIV.C.4",), How.GATE, "Two look.", (look,), (lambda at: Looked(1),) * 2)
    assert state_of(two, [good, good], NOON) == State.KEPT
    assert state_of(two, [good, failed], NOON) == State.STALE
    assert state_of(two, [good, None], NOON) == State.STALE


def test_a_clause_of_which_something_is_missing_is_open_and_broken_where_a_breach_was_seen():
    partly = Claim(("XIV.C.4",), How.GATE, "One looks.", (look,), (lambda at: Looked(1),), missing="Not all.")
    good = Observation(at=NOON, looked_at=9, good_until=NOON + timedelta(days=1))
    assert state_of(partly, [good], NOON) == State.OPEN
    assert state_of(partly, [None], NOON) == State.OPEN
    seen = Observation(at=NOON, looked_at=9, broken=1, good_until=NOON + timedelta(days=1))
    assert state_of(partly, [good, seen], NOON) == State.BROKEN


def test_the_journal_hears_of_a_turn_and_not_of_each_look(sees):
    for number, seen in enumerate((Looked(3), Looked(4), Looked(4, 1), Looked(5, 2), RuntimeError("no"), Looked(5))):
        sees(seen)
        look(NOON + timedelta(days=number))
    turns = Entry.objects.filter(verb="ledger.probe.turned").order_by("id")
    assert [(each.data["broken"], bool(each.data["failed"])) for each in turns] == [
        (0, False), (1, False), (0, True), (0, False),
    ]  # fmt: skip


def test_old_looks_are_let_go(sees):
    sees(Looked(1))
    look()
    look(NOON + timedelta(days=401))
    assert Observation.objects.count() == 1


def test_an_unknown_probe_is_refused():
    with pytest.raises(Refused, match="There is no probe"):
        actions.look(actor=SYSTEM, probe="os.remove", at=NOON)


def test_each_probe_is_a_job_that_looks_at_once_and_then_by_night(sees):
    named = {f"ledger.{probe}" for probe in catalogue.probes()}
    assert {job.name for job in jobs.JOBS} == named | {"ledger.binders", "ledger.purge"}
    sees(Looked(1))
    assert jobs.look(PROBE, NOON) is None and Observation.objects.count() == 1
    jobs.look(PROBE, NOON + timedelta(hours=6))  # the evening
    jobs.look(PROBE, NOON + timedelta(hours=12))  # midnight, but the look is not a day old
    assert Observation.objects.count() == 1
    jobs.look(PROBE, NOON + timedelta(hours=14))
    assert Observation.objects.count() == 1
    jobs.look(PROBE, NOON + timedelta(hours=36))  # stale by now
    assert Observation.objects.count() == 2
    jobs.look(PROBE, NOON + timedelta(hours=60))  # the next midnight, a day later
    assert Observation.objects.count() == 3


def test_a_failed_look_is_tried_again_after_an_hour(sees):
    sees(RuntimeError("no"))
    assert "RuntimeError" in jobs.look(PROBE, NOON)
    jobs.look(PROBE, NOON + timedelta(minutes=59))
    assert Observation.objects.count() == 1
    jobs.look(PROBE, NOON + timedelta(minutes=60))
    assert Observation.objects.count() == 2


@pytest.mark.parametrize("probe", sorted(catalogue.probes()))
def test_every_probe_runs_on_an_empty_house_and_finds_nothing_to_praise(probe):
    seen = catalogue.probes()[probe](NOON)
    assert seen.looked_at == 0 or seen.broken == seen.looked_at


@pytest.mark.parametrize("probe", sorted(catalogue.probes()))
def test_every_probe_runs_in_the_town(town, probe):
    town.account("dana")
    assert catalogue.probes()[probe](NOON)


def invoke(*words: str):
    answer = CliRunner().invoke(cli.homeroom, words, standalone_mode=False)
    if answer.exception:
        raise answer.exception
    return answer


def test_the_commands_tell_the_same(sees):
    sees(Looked(14, 2))
    look()
    rows = json.loads(invoke("ledger", "--json").output)
    assert [row["clause"] for row in rows] == list(TITLES)
    wanted = {"state", "how", "looked_at", "broken", "observed", "good_until", "tests"}
    assert all(wanted <= set(row) for row in rows)
    one = json.loads(invoke("clause", CLAUSE, "--json").output)
    assert (one["state"], one["looked_at"], one["broken"]) in {("broken", 14, 2), ("stale", 14, 2)}
    assert f"{CLAUSE:17} broken, 2 of 14" in invoke("ledger").output
    assert invoke("clause", CLAUSE.lower()).output == invoke("clause", CLAUSE).output


def test_a_probe_on_demand_says_by_its_code_whether_all_is_well():
    answer = invoke("probe", "524.title-note", "--json")
    assert answer.return_value == 0 and json.loads(answer.output)[0]["looked_at"] == 0
    assert invoke("probe", "VI.note2").return_value == 1
    assert "it is open" in invoke("probe", "XV.1").output


def test_a_clause_that_does_not_exist_is_refused_in_a_sentence():
    with pytest.raises(Exception, match="too coarse"):
        invoke("clause", "XIV.C")

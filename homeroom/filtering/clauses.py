"""What filtering owes the policy, and the probes that look whether it is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from homeroom.board import queries as board
from homeroom.filtering import policy, tables
from homeroom.filtering.actions import accidents, builds, choices, reviews, rules, viewpoint
from homeroom.filtering.models import InadvertentAccess, ReviewRequest, ToldAccident
from homeroom.filtering.queries import accidents as accident_queries
from homeroom.filtering.queries import builds as build_queries
from homeroom.filtering.queries import choices as choice_queries
from homeroom.filtering.queries import listed
from homeroom.filtering.queries import reviews as review_queries
from homeroom.filtering.queries import rules as rule_queries
from homeroom.filtering.queries import viewpoint as viewpoint_queries
from homeroom.kernel.decision import steps
from homeroom.kernel.policytext.claims import Claim, How, Looked
from homeroom.people import queries as people

YEAR = timedelta(days=365)
TOLD_WITHIN = timedelta(hours=24)  # clock K5
WAYS_ROUND = ("proxy", "vpn", "encrypted-dns")
DEVICES = (
    "No register of the district's computers is held against the doors yet, so one that goes round them is not seen."
)


def obscene_without_entries(at: datetime) -> Looked:
    """VI.Alt3.A.obscene: the class is blocked, but no list in force names anything of it."""
    return _materials("obscene")


def child_pornography_without_entries(at: datetime) -> Looked:
    """VI.Alt3.A.cp: the class is blocked, but no list in force names anything of it."""
    return _materials("child-pornography")


def harmful_without_entries(at: datetime) -> Looked:
    """VI.Alt3.A.htm: the class is blocked, but no list in force names anything of it."""
    return _materials("harmful-to-minors")


def classes_without_entries(at: datetime) -> Looked:
    """VI.note2: classes of material that the law names and no list in force does."""
    return _materials("obscene", "child-pornography", "harmful-to-minors")


def views_treated_unlike(at: datetime) -> Looked:
    """VI.Alt3.C: opposing views that the last viewpoint report found treated unlike, or blocked by name."""
    report = viewpoint_queries.last_report()
    if report is None:
        return Looked(0, summary="No viewpoint report was made yet.")
    looked = report.pairs + report.names
    return Looked(looked, min(looked, report.asymmetries + report.hits), report.sentence)


def reviews_late(at: datetime) -> Looked:
    """VI.Alt3.C: requests for a review of this year that were due and are not answered."""
    asked = ReviewRequest.objects.filter(asked_at__gte=at - YEAR, due_at__lt=at).count()
    late = review_queries.late(at).filter(asked_at__gte=at - YEAR).count()
    return Looked(max(asked, late), late)


def rules_past_their_review(at: datetime) -> Looked:
    """III.2: local rules whose day of review is over."""
    current = rule_queries.rules(at).count()
    return Looked(current, min(current, rule_queries.to_review(at, people.today(at)).count()))


def ways_round_without_entries(at: datetime) -> Looked:
    """V.A.4d: categories of ways round the filter that no list in force fills."""
    counts = _counts()
    return Looked(len(WAYS_ROUND), sum(not counts.get(each) for each in WAYS_ROUND))


def accidents_told_late(at: datetime) -> Looked:
    """V.C.1: accidents of this year that were told more than a day after the page was met."""
    on_pages = InadvertentAccess.objects.filter(asked_at__gte=at - YEAR).values_list("blocked_at", "asked_at")
    named = ToldAccident.objects.filter(told_at__gte=at - YEAR).values_list("met_at", "told_at")
    late = [told - met > TOLD_WITHIN for rows in (on_pages, named) for met, told in rows.iterator()]
    return Looked(len(late), sum(late))


def employees_told_nobody(at: datetime) -> Looked:
    """V.C.2: accidents that employees told this year and that came to no supervisor and no building administrator."""
    told = ToldAccident.objects.filter(employee=True, told_at__gte=at - YEAR)
    lost = [row for row in told if not accident_queries.reaches_an_official(row, people.today(row.told_at))]
    return Looked(told.count(), len(lost))


def alternatives_that_differ(at: datetime) -> Looked:
    """VI.note1.c: the filter runs under another alternative than the text in force."""
    text = board.in_force(people.today(at))
    if text is None or not text.alternative:
        return Looked(0, summary="No text in force says which alternative was chosen.")
    return Looked(1, int(not text.alternative.endswith(f"Alt{choice_queries.alternative()}")))


def bundles_that_do_not_open(at: datetime) -> Looked:
    """VI.Alt3.A.2: what doors should decide by cannot be read."""
    if build_queries.current() is None:
        return Looked(0, summary="Nothing was published for the doors yet.")
    return Looked(1, int(listed.bundle() is None))


def _materials(*materials: str) -> Looked:
    counts = _counts()
    filled = {legal for row in tables.categories().values() if counts.get(row.id) for legal in row.legal}
    missing = [each for each in materials if each not in filled]
    return Looked(len(materials), len(missing), f"No list names: {', '.join(missing)}." if missing else "")


def _counts() -> dict[str, int]:
    """Entries by category in the table that doors decide by."""
    run = build_queries.builds().filter(outcome="done").first()
    return run.counts if run else {}


def _blocked(clauses: tuple[str, ...], what: str, *probes: object, missing: str = "") -> Claim:
    sentence = f"Each request that comes through a door is held against the lists of {what}; no rule opens them."
    acts = (steps.statutory, policy.legal, builds.build)
    return Claim(clauses, How.GATE, sentence, acts, probes, missing=missing)  # type: ignore[arg-type]


CLAIMS = (
    _blocked(("VI.Alt3.A.obscene",), "obscene material", obscene_without_entries),
    _blocked(("VI.Alt3.A.cp",), "child sexual abuse material", child_pornography_without_entries),
    _blocked(("VI.Alt3.A.htm",), "material harmful to minors", harmful_without_entries),
    _blocked(
        ("VI.note2",), "obscene and child sexual abuse material, for adults too and under every alternative",
        obscene_without_entries, child_pornography_without_entries,
    ),
    _blocked(
        ("VI.Alt1.1", "VI.Alt2.A", "VI.Alt2.B"), "what the law names for this audience",
        classes_without_entries, missing=DEVICES,
    ),
    Claim(
        ("VI.Alt3.A.2",), How.GATE,
        "Both doors decide on every request by the last good bundle and go on while everything else is down.",
        (builds.publish, steps.statutory), (bundles_that_do_not_open,), missing=DEVICES,
    ),
    Claim(
        ("VI.Alt1.2", "VI.Alt2.C", "VI.Alt3.C"), How.GATE,
        "Every new list is held against pairs of opposing views before it goes live, sensitive categories need a "
        "recorded decision, and whoever is blocked may ask a person for a review.",
        (viewpoint.report, choices.decide_sensitive, reviews.ask_review, reviews.answer_review),
        (views_treated_unlike, reviews_late),
    ),
    Claim(
        ("III.2",), How.GATE,
        "What the district blocks or opens beyond the law is a rule or a chosen category with an owner, a reason and a "
        "day of review, and each block says so.",
        (rules.add_rule, choices.choose_category, steps.local_block, steps.district_category),
        (rules_past_their_review,),
    ),
    Claim(
        ("V.A.4d",), How.GATE,
        "Proxies, private networks and foreign name servers are blocked as ways round the filter, and devices that ask "
        "whether the network filters are told so.",
        (steps.canary, steps.district_category, builds.build), (ways_round_without_entries,),
    ),
    Claim(
        ("V.C.1",), How.RECORD,
        "Each block page has a button to say at once that it was an accident, without an account; whoever signs in "
        "tells it by name. Each lies on the desk of the building administrator until it is closed with a note.",
        (reviews.record_accident, accidents.tell_accident, accidents.close_accident), (accidents_told_late,),
    ),
    Claim(
        ("V.C.2",), How.RECORD,
        "What an employee tells comes at once to the desk of the building administrator of their school and of the "
        "supervisor whom the roster names.",
        (accidents.tell_accident,), (employees_told_nobody,),
    ),
    Claim(
        ("VI.note1.c",), How.RECORD, "One alternative is chosen, with a reason, and the filter runs under that one.",
        (choices.choose_alternative,), (alternatives_that_differ,),
    ),
)  # fmt: skip

"""What the house can show for a span of time: text, meeting, filter, hours, looks, refusals, changes, retention.

Nothing here names a student: counts are hidden where small, journal entries name no person that a rule is about.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Max, Min, Sum

from homeroom.activity import queries as activity
from homeroom.activity import retention
from homeroom.activity.models import HourCount
from homeroom.base.router import ACTIVITY
from homeroom.board import parameters
from homeroom.board import queries as board
from homeroom.board.models import AdoptedText
from homeroom.filtering import policy, tables
from homeroom.filtering.models import AlternativeChoice, Published
from homeroom.filtering.queries import choices
from homeroom.journal import queries as journal
from homeroom.kernel.policytext.claims import name
from homeroom.ledger import catalogue, queries
from homeroom.ledger.models import Observation
from homeroom.ledger.sections import Section, counted, length
from homeroom.people import queries as people

HOUR = 3600
ABOUT_PEOPLE = ("person", "student", "guardian", "staff", "account", "agreement", "device", "notice", "request")


@dataclass(frozen=True, slots=True)
class Span:
    """Days from first to last, both counted; `at` is now."""

    first: date
    last: date
    at: datetime

    @property
    def since(self) -> datetime:
        """The first instant."""
        return datetime.combine(self.first, time(), people.zone())

    @property
    def until(self) -> datetime:
        """The instant after the last one, or now."""
        return min(datetime.combine(self.last + timedelta(days=1), time(), people.zone()), self.at)

    @property
    def on(self) -> date:
        """The last day that has come."""
        return min(self.last, people.today(self.at))


def text(span: Span) -> Section:
    """VI.Alt3.note.a: the texts in force in the span, and the check of the last one."""
    held = AdoptedText.objects.filter(from_day__lte=span.on).order_by("from_day")
    there = [each for each in held if each.until_day is None or each.until_day >= span.first]
    says = [
        f"{each}, in force from {each.from_day} to {each.until_day or 'now'}; SHA-256 {each.sha256}." for each in there
    ]
    rows = []
    for each in board.elements(there[-1]) if there else ():
        rows.append((each.title, each.law, "yes" if each.there else "NO", ", ".join(each.found) or each.why))
    missing = "" if there else "No text of the policy was in force here."
    return Section(
        "policy", "The policy and its elements", "VI.Alt3.note.a", tuple(says),
        ("Element", "Law", "There", "Where, or what is missing"), tuple(rows), missing,
    )  # fmt: skip


def meeting(span: Span) -> Section:
    """VI.Alt3.note.b: notice, hearing, minutes and vote of the text in force: all of one meeting."""
    now = board.in_force(span.on)
    rows = ()
    if now:
        rows = (
            ("Public notice", now.noticed_on or "", now.notice_where),
            ("Hearing or meeting", now.hearing_on or "", now.minutes),
            ("Vote", now.voted_on or "", now.vote),
            ("Alternative of Article VI", now.from_day or "", now.alternative),
            ("Paragraphs that V.A.6 offers", now.from_day or "", _taken_up(now)),
        )
    return Section(
        "meeting", "Notice, hearing, minutes, vote", "VI.Alt3.note.b", (), ("What", "Day", "Where"), rows,
    )  # fmt: skip


def _taken_up(now: AdoptedText) -> str:
    """V.A.6.note: which of the optional paragraphs the board took up."""
    if not board.offered_options(now):
        return "The text offers none."
    return ", ".join(board.chosen_options(now)) or "none taken up"


def filter_now(span: Span) -> Section:
    """VI.Alt3.A.2: what the filter blocks for whom at the end of the span, and how often it was set anew."""
    chosen = choices.choices()
    rows = []
    for audience in tables.AUDIENCES:
        legal = {each["material"] for each in policy.legal(chosen.active, audience)}
        open_to_choice = sorted(policy.blocked(chosen, audience))
        rows.append((audience, ", ".join(sorted(legal)), ", ".join(open_to_choice)))
    bundles = Published.objects.filter(at__gte=span.since, at__lt=span.until).count()
    changes = AlternativeChoice.objects.filter(at__gte=span.since, at__lt=span.until).count()
    says = (
        f"Alternative {chosen.active} is in force at the filter.",
        f"{bundles} {'set of rules was' if bundles == 1 else 'sets of rules were'} published to the doors; the "
        f"alternative was chosen {changes} {'time' if changes == 1 else 'times'}.",
    )
    head = ("Audience", "Blocked by law", "Blocked by the district's choice")
    return Section("filter", "How the filter is set", "VI.Alt3.A.2", says, head, tuple(rows))


def changes(span: Span) -> Section:
    """VI.Alt3.A.2: every change to the filter, as the journal has it, without saying whom a rule is about."""
    entries = journal.all_entries().filter(at__gte=span.since, at__lt=span.until, verb__startswith="filtering.")
    rows = tuple(
        (each.id, each.at, each.verb, _masked(each.subject), each.clause, each.hash[:16])
        for each in entries.order_by("id").iterator()
    )
    head = journal.head()
    says = (
        f"{counted(rows, 'change', 'changes')}. The journal refuses change; its last entry is {head.id}, "
        f"with the hash {head.hash[:16]}.",
    )
    return Section(
        "changes", "Changes to the filter", "VI.Alt3.A.2", says, ("Entry", "When", "What", "About", "Clause", "Hash"),
        rows, short=40,
    )  # fmt: skip


def hours(span: Span) -> Section:
    """VI.Alt3.A.2: month by month in how many hours the doors answered, and what of the record is missing."""
    rows = []
    month = span.first.replace(day=1)
    while month <= span.on:
        after = (month + timedelta(days=32)).replace(day=1)
        since, until = (datetime.combine(day, time(), people.zone()) for day in (month, after))
        rows.append(_month(month, since, min(until, span.until)))
        month = after
    head = ("Month", "Hours", "Hours with answers", "Answers", "Refused", "Lost from the record")
    says = ("An hour without answers may be a night in which nobody asked.",)
    return Section("hours", "Hours in which the filter ran", "VI.Alt3.A.2", says, head, tuple(rows))


def _month(month: date, since: datetime, until: datetime) -> tuple[object, ...]:
    found = HourCount.objects.using(ACTIVITY).filter(hour__gte=int(since.timestamp()), hour__lt=int(until.timestamp()))
    running = found.values("hour").distinct().count()
    answers = found.aggregate(n=Sum("n"))["n"] or 0
    refused = found.filter(verdict="block").aggregate(n=Sum("n"))["n"] or 0
    lost = activity.gaps(since, until)
    all_hours = max(0, int((until - since).total_seconds()) // HOUR)
    gone = lost.lost_answers + lost.lost_blocks
    return f"{month:%Y-%m}", all_hours, running, *reversed(queries.of(refused, answers)), gone


def looks(span: Span) -> Section:
    """VI.Alt3.A.2: what the nightly looks at Article VI saw over the span."""
    named = {
        each: id for id, claim in catalogue.claims().items() if id.startswith("VI.") for each in map(name, claim.probes)
    }
    seen = Observation.objects.filter(probe__in=named, at__gte=span.since, at__lt=span.until).order_by()
    rows = []
    for each in seen.values("probe").annotate(
        first=Min("at"), last=Max("at"), most=Max("broken"), looked=Max("looked_at")
    ):
        times = seen.filter(probe=each["probe"])
        bad, failed = times.filter(broken__gt=0).count(), times.exclude(failed="").count()
        what = each["probe"].rpartition(".")[2].replace("_", " ")
        rows.append((named[each["probe"]], what, times.count(), bad, failed, queries.shown(each["looked"])))
    head = ("Clause", "Looked for", "Looks", "Found something", "Failed", "Most looked at")
    return Section(
        "looks", "Tests of the filter", "VI.Alt3.A.2", ("Each night the house looks for breaches.",), head,
        tuple(sorted(rows, key=str)),
    )  # fmt: skip


def refusals(span: Span) -> Section:
    """VI.Alt3.A.2: what was refused, by kind and category; small numbers are hidden, nobody is named."""
    counts: Counter[tuple[str, str]] = Counter()
    found = HourCount.objects.using(ACTIVITY).filter(
        hour__gte=int(span.since.timestamp()), hour__lt=int(span.until.timestamp()), verdict="block"
    )
    for kind, category, n in found.values_list("kind", "category").annotate(n=Sum("n")):
        counts[kind, category] += n
    ordered = counts.most_common()
    # The sum of each kind stands elsewhere, so what is hidden is hidden within each kind.
    told = {
        id: n
        for kind in {kind for kind, _ in counts}
        for id, n in _of_kind([each for each in ordered if each[0][0] == kind])
    }
    rows = tuple((kind, category, told[kind, category]) for (kind, category), _ in ordered)
    return Section(
        "refusals", "What was refused", "VI.Alt3.A.2", ("Requests are counted by hour and school, never by student.",),
        ("On whose authority", "Category", "Times"), rows,
    )  # fmt: skip


def _of_kind(rows: list[tuple[tuple[str, str], int]]) -> list[tuple[tuple[str, str], str]]:
    return list(zip([id for id, _ in rows], queries.parts([n for _, n in rows]), strict=True))


def clauses(span: Span, beginning: str = "VI") -> Section:
    """XVII.C: the state today of each clause of an article that holds here."""
    entries = [each for each in queries.ledger(span.at).entries if each.article == beginning or not beginning]
    rows = tuple((each.id, each.title, str(each.state), _how(each)) for each in entries if each.holds)
    aside = len(entries) - len(rows)
    says = (f"{aside} more are in alternatives or paragraphs that the board did not choose.",) if aside else ()
    return Section(
        "clauses", "State of each clause", "XVII.C", says,
        ("Clause", "What it asks", "State", "How, or what is missing"), rows, short=400,
    )  # fmt: skip


def _how(entry: queries.Entry) -> str:
    how = entry.claim.missing or entry.claim.sentence
    if entry.state is not queries.State.BROKEN:
        return how
    return f"{' of '.join(queries.seen_in_public(entry))} not as it should be. {how}"


def kept_for(span: Span) -> Section:
    """XIV.B.3: how long what is kept, and that it is."""
    rows = []
    for kind in retention.CLASSES:
        rule = retention.keep(kind, span.on)
        lasts = length(rule.years, "years") if rule.years else length(rule.days, "days")
        rows.append((kind.replace("_", " "), lasts, rule.source))
    for kind in sorted(set(parameters.retention_rows()) - set(retention.CLASSES)):
        kept = board.held(f"keep_{kind}", span.on)
        rows.append((kind.replace("_", " "), length(int(kept.value), kept.parameter.unit), kept.source))
    records = board.held("erate-records", span.on)
    rows.append(("this binder", length(int(records.value), records.parameter.unit), records.source))
    return Section(
        "retention", "How long records are kept", "XIV.B.3", (), ("Record", "Kept for", "Source"), tuple(rows)
    )


def numbers(span: Span) -> Section:
    """XVII.D: every number of law and policy on the last day of the span."""
    rows = tuple(
        (each.parameter.about, each.value, each.parameter.unit, each.parameter.clause, f"{each.source} [{each.mark}]")
        for each in board.parameters(span.on)
        if each.parameter.group in ("clock", "law")
    )
    return Section(
        "numbers",
        "Numbers of law and policy",
        "XVII.D",
        (),
        ("What", "Value", "Unit", "Clause", "Source"),
        rows,
        short=200,
    )


def _masked(subject: str) -> str:
    kind, _, id = subject.partition(":")
    return f"{kind}:…" if kind in ABOUT_PEOPLE and id else subject


def said(at: datetime) -> str:
    """An instant as these papers say it."""
    return f"{at.astimezone(people.zone()):%Y-%m-%d %H:%M %Z}"

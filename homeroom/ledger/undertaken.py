"""What people undertook in a span of time: openings for adults, devices, notices, providers. Nobody is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db.models import Count, F, Q, Sum

from homeroom.activity.models import BlockedRequest
from homeroom.base.router import ACTIVITY
from homeroom.devices.models import Access, Programme, TellDuty
from homeroom.filtering.models import LocalRule, ReviewRequest, Scope
from homeroom.kernel.devices.terms import CLAUSE_OF_GROUND, Ground
from homeroom.kernel.providers import classification
from homeroom.ledger import proofs
from homeroom.ledger.evidence import Span
from homeroom.ledger.models import Proof
from homeroom.ledger.queries import FLOOR, of, parts, shown
from homeroom.ledger.sections import Section
from homeroom.notices.models import Letter, Notice
from homeroom.people.models import STAFF, Role, RoleName
from homeroom.providers import vocabulary
from homeroom.providers.models import Contract, ContractState
from homeroom.providers.queries import contracts

SAMPLES = 60


def openings(span: Span) -> Section:
    """VI.Alt3.D: rules that let adults past the district's own choices, and what was opened elsewhere."""
    rows: list[tuple[object, ...]] = [
        (each.pk, each.host, _whom(each), each.made_at.date(), each.ended_at or each.until or "", "rule")
        for each in _for_adults(span)
    ]
    rows += [
        (f"R{each.pk}", each.title, "an adult", each.day, each.until or each.day, "elsewhere")
        for each in proofs.between(span.first, span.on, Proof.Kind.OPENING)
    ]
    says = (
        "Nothing here opens obscene material or child pornography, and no rule for an adult reaches anybody who is a "
        "student.",
    )
    head = ("No.", "What for", "For whom", "From", "Until", "How")
    return Section("overrides", "Openings of the filter for adults", "VI.Alt3.D", says, head, tuple(rows))


def _for_adults(span: Span) -> Iterator[LocalRule]:
    made = LocalRule.objects.filter(effect="allow", made_at__lt=span.until)
    made = made.filter(Q(ended_at=None) | Q(ended_at__gte=span.since), Q(until=None) | Q(until__gte=span.since))
    found = list(made.filter(scope_kind__in=(Scope.PERSON, Scope.ROLE)).order_by("made_at", "id"))
    named = [each.scope_id for each in found if each.scope_kind == Scope.PERSON]
    students = set(Role.objects.filter(person_id__in=named, role=RoleName.STUDENT).values_list("person_id", flat=True))
    for each in found:
        of_one = each.scope_kind == Scope.PERSON and each.scope_id not in students
        if of_one or (each.scope_kind == Scope.ROLE and each.scope_id in STAFF):
            yield each


def _whom(rule: LocalRule) -> str:
    return "one employee" if rule.scope_kind == Scope.PERSON else f"all with the role {rule.scope_id}"


def reviews(span: Span) -> Section:
    """VI.Alt3.C: how often people asked to look at a block again, and what was answered."""
    asked = ReviewRequest.objects.filter(asked_at__gte=span.since, asked_at__lt=span.until)
    counts = Counter[tuple[str, str]]()
    for kind, answer, n in asked.order_by().values_list("kind", "answer").annotate(n=Count("pk")):
        counts[kind, answer or "waits"] += n
    ordered = sorted(counts.items())
    told = parts([n for _, n in ordered])
    rows = tuple((kind, answer, n) for ((kind, answer), _), n in zip(ordered, told, strict=True))
    return Section(
        "reviews", "Blocks that were looked at again", "VI.Alt3.C", (), ("Blocked by", "Answer", "Times"), rows
    )


def samples(span: Span) -> Section:
    """VI.Alt3.A.2: the names that were refused most, five times or more; without time, school or code."""
    found = BlockedRequest.objects.using(ACTIVITY).filter(
        at__gte=int(span.since.timestamp()), at__lt=int(span.until.timestamp())
    )
    most = found.order_by().values("host", "category", "clause").annotate(times=Sum("n")).filter(times__gte=FLOOR)
    rows = tuple(
        (each["host"], each["category"], each["clause"], each["times"])
        for each in most.order_by("-times", "host", "category")[:SAMPLES]
    )
    says = ("Refused requests are kept for days only; these are of the days that are left. No row tells who asked.",)
    head = ("Name", "Category", "Clause", "Times")
    return Section("samples", "Samples of what was refused", "VI.Alt3.A.2", says, head, rows)


def devices(span: Span) -> Section:
    """XIV.C.0: accesses to school-issued devices by ground, with the duty to tell; the programmes in force."""
    opened = Access.objects.filter(state="authorised", starts__gte=span.since, starts__lt=span.until)
    by_ground = {each["ground"]: each["n"] for each in opened.order_by().values("ground").annotate(n=Count("pk"))}
    told = parts([by_ground.get(str(ground), 0) for ground in Ground])
    rows: list[tuple[object, ...]] = [
        (CLAUSE_OF_GROUND[ground], f"Accesses on the ground “{ground}”", n)
        for ground, n in zip(Ground, told, strict=True)
    ]
    duties = TellDuty.objects.filter(first_access_at__gte=span.since, first_access_at__lt=span.until)
    on_time = duties.filter(told_at__lte=F("due_at")).count()
    rows.append(("XIV.D.1", "Families told in writing within the time, of those owed it",
                 " of ".join(of(on_time, duties.count()))))  # fmt: skip
    standing = Programme.objects.filter(authorised_at__lt=span.until)
    for each in standing.filter(Q(ended_at=None) | Q(ended_at__gte=span.since)):
        before = "told in advance" if each.tell else "not told in advance"
        rows.append((CLAUSE_OF_GROUND[Ground(each.ground)], f"Programme: {each.name}, with {each.tool}", before))
    says = (
        "Filtering follows school-issued devices. Whatever looks further into one is on record with its ground before "
        "it is used; what was seen is not here.",
    )
    head = ("Clause", "What", "How often")
    return Section("devices", "School-issued devices", "XIV.C.0", says, head, tuple(rows))


def notices(span: Span) -> Section:
    """XI.A, XII.B.0a, XIII.C.0, XIV.C.1b: what was sent to how many, and how much of it arrived."""
    sent = Notice.objects.filter(released_at__gte=span.since, released_at__lt=span.until).exclude(about__gt="")
    states: dict[int, Counter[str]] = {}
    letters = Letter.objects.filter(notice__in=sent.values("pk"))
    for notice, state, n in letters.order_by().values_list("notice_id", "state").annotate(n=Count("pk")):
        states.setdefault(notice, Counter())[state] += n
    rows = tuple(
        (each.released_at, each.kind, each.title, *_letters(states.get(each.pk, Counter())))
        for each in sent.order_by("released_at")
    )
    head = ("Released", "Kind", "Title", "Letters", "Delivered", "Came back", "No way to reach")
    says = ("The very words, approved by the board, and each reader's letter are kept; single letters are not here.",)
    return Section("notices", "Notices to users, parents and students", "XI.A, XII.B.0a", says, head, rows)


def _letters(states: Counter[str]) -> tuple[str, ...]:
    """All letters of a notice, then those delivered, those that came back, those that reach nobody."""
    named = [states[state] for state in ("delivered", "returned", "unreachable")]
    return shown(states.total()), *parts([*named, states.total() - sum(named)])[:3]


def providers(span: Span) -> Section:
    """XIII.C.1, XIII.E.0: the contracts of the span, the data they cover, and whether each term was found in them."""
    held = Contract.objects.filter(state__in=(ContractState.ACTIVE, ContractState.CLOSED), starts_on__lte=span.on)
    held = held.filter(
        Q(ended_on=None, ends_on=None) | Q(ended_on__gte=span.first) | Q(ended_on=None, ends_on__gte=span.first)
    )
    found = list(held.select_related("provider").order_by("provider__name", "provider__product", "starts_on", "pk"))
    shown_terms = contracts.latest_of(each.pk for each in found)
    rows = tuple(
        (each.provider.title, "yes" if classification.is_provider(each.provider.answers) else "no",
         vocabulary.in_words(each.provider.data), each.starts_on, each.last_day or "",
         ", ".join(term.title for term in contracts.missing_in(shown_terms[each.pk], span.on)) or "all found")
        for each in found
    )  # fmt: skip
    head = ("Provider", "Technology provider", "Data", "From", "Until", "Terms not found")
    return Section("providers", "Technology providers", "XIII.C.1, XIII.E.0", (), head, rows)

"""What the ledger itself owes the policy, and what can only be seen from above all other parts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import F, Max, Min, Q

from homeroom.activity.actions import take_in
from homeroom.activity.clauses import files_with_gaps, hours_without_counts
from homeroom.agreements.models import FormVersion, Signature
from homeroom.board import queries as board
from homeroom.board.actions import approve_addendum, choose
from homeroom.board.clauses import addenda_unapproved, chosen_without_reason
from homeroom.board.models import Addendum, AddendumState
from homeroom.filtering import permits
from homeroom.filtering.actions import rules
from homeroom.filtering.clauses import DEVICES, classes_without_entries
from homeroom.filtering.jobs import follow_option
from homeroom.filtering.models import LocalRule, Scope
from homeroom.filtering.queries import builds, choices
from homeroom.kernel.decision import steps
from homeroom.kernel.policytext.claims import Claim, How, Looked
from homeroom.kernel.policytext.clauses import fingerprint
from homeroom.ledger import proofs, queries, whole
from homeroom.ledger.actions import ask_binder, write_down
from homeroom.ledger.models import Proof
from homeroom.ledger.proofs import YEAR
from homeroom.notices.kinds import KINDS
from homeroom.notices.models import Notice
from homeroom.people import queries as people
from homeroom.people.models import STAFF, Role, RoleName


def words_other_than_adopted(at: datetime) -> Looked:
    """XVII.C: clauses of the text in force whose public words are no longer those that were read in."""
    text = board.in_force(people.today(at))
    rows = board.rows(text) if text else []
    other = [row.id for row in rows if row.fingerprint != fingerprint(row.lead_in, row.words, row.closing)]
    return Looked(len(rows), len(other), f"Changed since they were read in: {', '.join(other)}." if other else "")


def purpose_unsaid(at: datetime) -> Looked:
    """I: a text is in force, and its first article says nothing of what it is for."""
    text = board.in_force(people.today(at))
    said = bool(text) and any(
        (row.id == "I" or row.id.startswith("I.")) and row.words.strip() for row in board.rows(text)
    )
    return Looked(int(bool(text)), int(bool(text) and not said))


def subjects_without_lessons(at: datetime) -> Looked:
    """II.2: grades of schools in which no subject was on record as using the Internet thoughtfully for a year."""
    return _untaught(at, "subject")


def grades_without_guidance(at: datetime) -> Looked:
    """II.3: grades of schools that were not taught for a year how to use the Internet and the system."""
    return _untaught(at, "use")


def grades_not_taught_conduct(at: datetime) -> Looked:
    """VI.Alt3.E.1: grades of schools that were not taught for a year how to behave online."""
    return _untaught(at, "conduct", "3")


def grades_not_taught_networks(at: datetime) -> Looked:
    """VI.Alt3.E.2: grades of schools that were not taught for a year about social networks and chat rooms."""
    return _untaught(at, "networks", "3")


def grades_not_taught_bullying(at: datetime) -> Looked:
    """VI.Alt3.E.3: grades of schools that were not taught for a year about cyberbullying and what to do about it."""
    return _untaught(at, "bullying", "3")


def openings_without_end(at: datetime) -> Looked:
    """VI.Alt3.D: rules that open something for adults alone and have neither an end nor a day of review."""
    made = LocalRule.objects.not_over(at).filter(effect="allow")
    ones = list(made.filter(scope_kind=Scope.PERSON).values_list("scope_id", "until", "review_on"))
    students = _students({person for person, _, _ in ones}, people.today(at))
    adults = [(until, review) for person, until, review in ones if person not in students]
    roles = list(made.filter(scope_kind=Scope.ROLE, scope_id__in=STAFF).values_list("until", "review_on"))
    opened = adults + roles
    return Looked(len(opened), sum(until is None and review is None for until, review in opened))


def networks_open_against_the_option(at: datetime) -> Looked:
    """V.A.6.c: the board took up the paragraph on social networks, and students reach them by nobody's choice."""
    taken = choices.OPTION in board.options(people.today(at))
    chosen = choices.category_choice("student", choices.NETWORKS)
    return Looked(int(taken), int(taken and chosen is None))


def class_exceptions_without_end(at: datetime) -> Looked:
    """V.C.4: rules of this year by which a teacher opened something for a class, without an end or for too long."""
    teachers = Role.objects.filter(role=RoleName.TEACHER).values("person_id")
    above = (RoleName.TECHNOLOGY_DIRECTOR, RoleName.BUILDING_ADMINISTRATOR)
    made = LocalRule.objects.filter(effect="allow", scope_kind=Scope.CLASS, made_at__gt=at - YEAR, made_at__lte=at)
    made = made.filter(owner__in=teachers).exclude(
        owner__in=Role.objects.filter(role__in=above).values("person_id")
    )  # fmt: skip
    endless = Q(until=None) | Q(until__gt=F("made_at") + permits.LONGEST + timedelta(days=1)) | Q(reason="")
    return Looked(made.count(), made.filter(endless).count())


def no_filter_in_force(at: datetime) -> Looked:
    """VI.Alt1.note2.a: a text is in force, and no filter is, whatever it would have cost."""
    known = board.in_force(people.today(at)) is not None
    return Looked(int(known), int(known and builds.current() is None))


def neither_filter_nor_other_means(at: datetime) -> Looked:
    """VI.Alt1.note2.b: a text is in force, no filter is, and no other means are on record for today."""
    on = people.today(at)
    known = board.in_force(on) is not None
    bare = known and builds.current() is None
    return Looked(int(known), int(bare and not proofs.today(on, Proof.Kind.MEANS).exists()))


def watching_without_plan(at: datetime) -> Looked:
    """VI.Alt3.A.1: Alternative 3 is in force, and for today nobody wrote down who watches where and when."""
    on = people.today(at)
    asked = board.alternative(on) == "3"
    return Looked(int(asked), int(asked and not proofs.today(on, Proof.Kind.MEANS).exists()))


def forms_signed_without_approval(at: datetime) -> Looked:
    """XVII.A.2: forms that were signed in the last year on a day on which they were no approved part of the policy."""
    signed = Signature.objects.filter(on__gt=people.today(at) - YEAR).order_by().values("version_id")
    days = {
        each["version_id"]: (each["first"], each["last"]) for each in signed.annotate(first=Min("on"), last=Max("on"))
    }
    versions = FormVersion.objects.filter(pk__in=days)
    approved = _approved(each.subject for each in versions)
    broken = sum(not _covers(approved, each.subject, each.sha256, *days[each.pk]) for each in versions)
    return Looked(len(days), broken)


def notices_sent_without_approval(at: datetime) -> Looked:
    """XVII.A.2: notices of the last year whose words were not approved on the day on which they were released."""
    asked = [kind for kind, each in KINDS.items() if each.addendum]
    sent = Notice.objects.filter(kind__in=asked, released_at__gt=at - YEAR, released_at__lte=at)
    rows = list(sent.select_related("template"))
    approved = _approved(each.template.subject for each in rows if each.template)
    broken = 0
    for each in rows:
        day = people.today(each.released_at) if each.released_at else date.max
        words = each.template
        broken += words is None or not _covers(approved, words.subject, words.sha256, day, day)
    return Looked(len(rows), broken)


def _untaught(at: datetime, topic: str, alternative: str = "") -> Looked:
    """A grade is behind once the policy has asked for a whole year and nobody taught it in the year past."""
    on = people.today(at)
    since = proofs.owed_since(on, alternative)
    if since is None:
        return Looked(0, summary="No text in force asks for it.")
    places = proofs.taught(on, topic)
    had = sum(bool(each.lessons) for each in places)
    if since + YEAR > on:
        return Looked(had, 0, f"{had} of {len(places)} grades of schools had a lesson so far.")
    behind = [f"{each.school} {each.grade}".strip() for each in places if not each.lessons]
    return Looked(len(places), len(behind), f"Without: {', '.join(behind[:20])}." if behind else "")


def _students(ids: Iterable[str], on: date) -> set[str]:
    held = Role.objects.on(on).filter(person_id__in=list(ids), role=RoleName.STUDENT)
    return set(held.values_list("person_id", flat=True))


def _approved(subjects: Iterable[str]) -> dict[tuple[str, str], list[Addendum]]:
    found: dict[tuple[str, str], list[Addendum]] = {}
    for row in Addendum.objects.filter(subject__in=sorted(set(subjects)), state=AddendumState.APPROVED):
        found.setdefault((row.subject, row.sha256), []).append(row)
    return found


def _covers(
    approved: dict[tuple[str, str], list[Addendum]], subject: str, sha256: str, first: date, last: date
) -> bool:
    return any(
        row.effective_on and row.effective_on <= first and (row.until_day is None or last <= row.until_day)
        for row in approved.get((subject, sha256), ())
    )


CLAIMS = (
    Claim(
        ("XVII.C",), How.WORDS,
        "The whole text in force, and of any day before, is one public page, and every clause has one of its own with "
        "the district's words, how it is kept and what shows it; nobody needs to sign in.",
        (queries.ledger, queries.entry, whole.read), (words_other_than_adopted,),
    ),
    Claim(
        ("I",), How.WORDS,
        "What the policy is for stands first on its public page, in the district's own words, and in the notice to "
        "every user.",
        (queries.ledger,), (purpose_unsaid,),
    ),
    Claim(
        ("II.2",), How.RECORD,
        "Teachers write down where a subject works with the Internet; grades that had none for a year are found.",
        (write_down, proofs.taught), (subjects_without_lessons,),
    ),
    Claim(
        ("II.3",), How.RECORD,
        "Teachers write down when they taught their classes how to use the Internet and the school's system; the "
        "class's list of that day says who was taught.",
        (write_down, proofs.roster), (grades_without_guidance,),
    ),
    Claim(
        ("VI.Alt3.E.1",), How.RECORD,
        "Lessons on behaviour online are on record with day, class and material; every grade of every school is "
        "looked for each year.",
        (write_down, proofs.taught, ask_binder), (grades_not_taught_conduct,),
    ),
    Claim(
        ("VI.Alt3.E.2",), How.RECORD,
        "The same holds for lessons on social networks and chat rooms.",
        (write_down, proofs.taught), (grades_not_taught_networks,),
    ),
    Claim(
        ("VI.Alt3.E.3",), How.RECORD,
        "And for lessons on how to know cyberbullying and what to do about it.",
        (write_down, proofs.taught), (grades_not_taught_bullying,),
    ),
    Claim(
        ("VI.Alt3.A.1",), How.RECORD,
        "Activity on the network is watched in counts by hour and school, without names; who watches at the screens, "
        "where and when, is written down with its days, and what looks further has its ground on record.",
        (take_in, write_down), (files_with_gaps, hours_without_counts, watching_without_plan),
    ),
    Claim(
        ("VI.note1.a",), How.GATE,
        "Each request of a student that comes through a door is held against the lists of what state law names, at "
        "every school.",
        (steps.statutory,), (classes_without_entries,), missing=DEVICES,
    ),
    Claim(
        ("VI.Alt1.note2.a",), How.GATE,
        "The filter is part of Homeroom and costs no licence, so no price is a reason to be without one; whether one "
        "is in force is looked at each night.",
        (steps.statutory,), (no_filter_in_force,),
    ),
    Claim(
        ("VI.Alt1.note2.b",), How.RECORD,
        "Other means, such as who watches where and when, are written down with their days; to have neither these nor "
        "a filter counts as a breach.",
        (write_down,), (neither_filter_nor_other_means,),
    ),
    Claim(
        ("VI.Alt3.D",), How.RECORD,
        "Officials open a page for an adult by a rule with a reason and an end; what the law forbids adults stays "
        "closed, and no such rule reaches students. Openings elsewhere are written down.",
        (rules.add_rule, write_down, steps.statutory), (openings_without_end,),
        missing="What Alternative 3 keeps from adults beyond the law cannot be opened for one session yet.",
    ),
    Claim(
        ("V.C.4",), How.GATE,
        "A teacher opens a page for a class of their own by a rule made before, which names the assignment and ends by "
        "itself; what the law names and ways round the filter stay closed. The guidance itself teachers give.",
        (rules.add_rule, permits.why_not_make, steps.local_allow), (class_exceptions_without_end,),
    ),
    Claim(
        ("V.C.5",), How.GATE,
        "A building administrator does so for an employee of the school, with a reason and an end or a day of review.",
        (rules.add_rule, permits.why_not_make, steps.local_allow), (openings_without_end,),
    ),
    Claim(
        ("V.A.6.a.1", "V.A.6.a.2", "V.A.6.b.0"), How.RECORD,
        "The board's choice of this exception is on record with its reason; where it is taken up, nothing in Homeroom "
        "stands in the way of such contact.",
        (choose, board.options), (chosen_without_reason,),
    ),
    Claim(
        ("V.A.6.c",), How.GATE,
        "While the board's paragraph on social networks is in force, the filter closes them to students, unless the "
        "technology director decides otherwise with a reason.",
        (choose, follow_option, steps.district_category), (networks_open_against_the_option,),
        missing="What somebody posts by other ways is for people to report; such reports are not kept yet.",
    ),
    Claim(
        ("XVII.A.2",), How.GATE,
        "A form, guideline or procedure joins the policy as a numbered addendum only with the day of the board's "
        "approval and its minutes; one changed word needs a new approval, and what is signed or sent is held against "
        "it.",
        (approve_addendum, board.effective_addendum),
        (addenda_unapproved, forms_signed_without_approval, notices_sent_without_approval),
    ),
)  # fmt: skip

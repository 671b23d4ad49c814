"""What devices owes the policy, and the probes that look whether it is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from homeroom.devices.actions import console, duties, following, gate, programmes, resources, suspicion, telling
from homeroom.devices.models import Access, AccessUse, ConsoleAct, Discovery, Loan, TellDuty
from homeroom.devices.queries import delivery, matching, register
from homeroom.kernel.devices import gate as rules
from homeroom.kernel.devices import using
from homeroom.kernel.devices.terms import EDUCATIONAL, FOR_MISSING, Ground, Purpose
from homeroom.kernel.policytext.claims import Claim, How, Looked
from homeroom.people import queries as people

ACCEPT_WITHIN = timedelta(days=14)
ELSEWHERE = "Tools outside Homeroom are seen only as far as their own logs are brought in; a tool without one is not."


def _authorised(ground: str) -> QuerySet[Access]:
    return Access.objects.filter(state=Access.State.AUTHORISED, ground=ground)


def _breaches(rows: QuerySet[Access], wrong: Q) -> Looked:
    return Looked(rows.count(), rows.filter(wrong).count())


def loans_never_accepted(at: datetime) -> Looked:
    """XIV.A: things lent for two weeks whose words nobody has accepted."""
    held = Loan.objects.filter(returned_at__isnull=True)
    return Looked(held.count(), held.filter(accepted_at__isnull=True, lent_at__lt=at - ACCEPT_WITHIN).count())


def locations_without_ground(at: datetime) -> Looked:
    """XIV.B.1: acts of consoles on the location of a device behind which no ground stands."""
    return _findings("location")


def recordings_without_ground(at: datetime) -> Looked:
    """XIV.B.2: acts of consoles on camera, microphone or screen behind which no ground stands."""
    return _findings("audio", "video")


def acts_without_ground(at: datetime) -> Looked:
    """XIV.C.0: acts of consoles without a ground for which nobody has answered."""
    return Looked(ConsoleAct.objects.count(), matching.findings().count())


def uses_outside_their_access(at: datetime) -> Looked:
    """XIV.C.0: uses beyond the features or the window of their access."""
    looked = broken = 0
    for use in AccessUse.objects.select_related("access").iterator(2000):
        access = use.access
        grant = using.Grant(
            access.ground, frozenset(access.features), access.starts, access.ends,
            access.state == Access.State.AUTHORISED, access.ended_at,
        )  # fmt: skip
        looked += 1
        broken += bool(using.why_not(grant, use.features, use.at))
    return Looked(looked, broken)


def programmes_past_their_review(at: datetime) -> Looked:
    """XIV.C.0: standing programmes whose yearly review is over."""
    rows = register.programmes()
    return Looked(rows.count(), rows.filter(review_on__lt=people.today(at)).count())


def education_for_other_purposes(at: datetime) -> Looked:
    """XIV.C.1a: accesses on ground 1 for anything else than instruction, support or exams."""
    return _breaches(_authorised(Ground.EDUCATION), ~Q(purpose__in=[str(each) for each in EDUCATIONAL]))


def education_without_notice(at: datetime) -> Looked:
    """XIV.C.1b: accesses on ground 1 that began before the student had the notice."""
    return _breaches(_authorised(Ground.EDUCATION), Q(told_at__isnull=True) | Q(told_at__gte=F("starts")))


def warrants_that_do_not_cover(at: datetime) -> Looked:
    """XIV.C.2: accesses on a warrant without its file, or beyond its end."""
    wrong = Q(warrant_sha256="") | Q(warrant_expires__isnull=True) | Q(warrant_expires__lt=F("ends"))
    return _breaches(_authorised(Ground.WARRANT), wrong)


def searches_for_what_is_not_missing(at: datetime) -> Looked:
    """XIV.C.3: accesses on ground 3 without a report of loss, or used after the device was found."""
    rows = _authorised(Ground.MISSING)
    after = rows.filter(loss__isnull=False, uses__at__gt=F("loss__found_at")).values("pk")
    wide = [row.pk for row in rows if set(row.features) - FOR_MISSING]
    return _breaches(rows, Q(loss__isnull=True) | Q(pk__in=after) | Q(pk__in=wide))


def emergencies_without_threat_or_clock(at: datetime) -> Looked:
    """XIV.C.4: accesses on ground 4 without a threat, for another purpose, or used without a clock."""
    used = _authorised(Ground.THREAT).filter(uses__isnull=False, duty__isnull=True).values("pk")
    return _breaches(_authorised(Ground.THREAT), Q(threat="") | ~Q(purpose=Purpose.SAFETY) | Q(pk__in=used))


def laws_not_cited(at: datetime) -> Looked:
    """XIV.C.5: accesses on a law that is not cited, or which nobody else approved."""
    return _breaches(_authorised(Ground.LAW), Q(citation="") | Q(answered_by="") | Q(answered_by=F("asked_by")))


def funding_not_named(at: datetime) -> Looked:
    """XIV.C.6: accesses on a funding programme that is not named, or which nobody else approved."""
    return _breaches(_authorised(Ground.FUNDING), Q(citation="") | Q(answered_by="") | Q(answered_by=F("asked_by")))


def told_late(at: datetime) -> Looked:
    """XIV.D.1: emergencies whose family was told late, or is not told though it is due."""
    rows = TellDuty.objects.filter(ceased_at__isnull=True)
    return _duties(rows, at, "late", "told_late")


def told_by_what_came_back(at: datetime) -> Looked:
    """XIV.D.1: duties held to be done whose e-mail came back, or never arrived."""
    told = TellDuty.objects.filter(told_at__isnull=False, notice__outgoing__isnull=False)
    return Looked(told.count(), delivery.taken_back().count())


def told_incompletely(at: datetime) -> Looked:
    """XIV.D.2: notices that went out without a description, a feature or a threat."""
    sent = TellDuty.objects.filter(told_at__isnull=False)
    empty = Q(notice__isnull=True) | Q(notice__description="") | Q(notice__features=[]) | Q(notice__threat="")
    return Looked(sent.count(), sent.filter(empty).count())


def put_off_without_a_look(at: datetime) -> Looked:
    """XIV.D.3: notices put off at which nobody has looked again in time."""
    put_off = TellDuty.objects.filter(deferred_at__isnull=False)
    wrong = Q(review_by__lt=at, told_at__isnull=True) | Q(deferred_why="")
    wrong |= Q(approved_by="", put_off_asked_at=None) | Q(approved_by=F("put_off_asked_by"))
    return Looked(put_off.count(), put_off.filter(wrong).count())


def told_late_after_the_threat(at: datetime) -> Looked:
    """XIV.D.4: families not told within 72 hours after telling them was no threat any more."""
    return _duties(TellDuty.objects.filter(ceased_at__isnull=False), at, "late", "told_late")


def discoveries_without_ground(at: datetime) -> Looked:
    """VIII.B: what was found on a school-issued device without an access or a programme behind it."""
    rows = Discovery.objects.all()
    return Looked(rows.count(), rows.filter(on_device=True, access__isnull=True, programme__isnull=True).count())


def searches_without_suspicion(at: datetime) -> Looked:
    """VIII.C.1: searches of one person without a suspicion that was approved before."""
    rows = Access.objects.filter(state=Access.State.AUTHORISED, purpose=Purpose.INVESTIGATION)
    return _breaches(
        rows,
        Q(suspicion__isnull=True)
        | Q(suspicion__approved_at__isnull=True)
        | Q(suspicion__made_at__gte=F("starts"))
        | ~Q(suspicion__person=F("student")),
    )


def _findings(*features: str) -> Looked:
    acts = ConsoleAct.objects.filter(feature__in=features)
    return Looked(acts.count(), matching.findings().filter(feature__in=features).count())


def _duties(rows: QuerySet[TellDuty], at: datetime, *wrong: str) -> Looked:
    found = [duty.status(at) in wrong for duty in rows]
    return Looked(len(found), sum(found))


def _ground(clause: str, sentence: str, probe: object) -> Claim:
    return Claim((clause,), How.GATE, sentence, (gate.ask, gate.use, rules.lacking), (probe,))  # type: ignore[arg-type]


CLAIMS = (
    Claim(
        ("XIV.A",), How.RECORD,
        "Hardware and software given to one person is on record with its loan and the very words that were accepted; "
        "each of them is behind the same gate.",
        (resources.add_resource, resources.lend, resources.accept), (loans_never_accepted,),
    ),
    Claim(
        ("XIV.B.1",), How.GATE, "Nobody reaches the location of a device here without a ground on record.",
        (gate.ask, gate.use, console.take_in_log), (locations_without_ground,), missing=ELSEWHERE,
    ),
    Claim(
        ("XIV.B.2",), How.GATE, "Nobody reaches camera, microphone or screen here without a ground on record.",
        (gate.ask, gate.use, console.take_in_log), (recordings_without_ground,), missing=ELSEWHERE,
    ),
    Claim(
        ("XIV.C.0",), How.GATE,
        "An access opens on one of six grounds with its own proof, for its features and its time; programmes are "
        "looked at each year, and the consoles’ own logs are held against the grounds on record.",
        (gate.ask, gate.use, programmes.authorise, programmes.review, console.take_in_log),
        (uses_outside_their_access, programmes_past_their_review, acts_without_ground),
    ),
    _ground("XIV.C.1a", "Ground 1 opens for instruction, support and exams only, and only to those the law names.",
            education_for_other_purposes),
    _ground("XIV.C.1b", "Ground 1 opens only after this very student had the notice about monitoring.",
            education_without_notice),
    _ground("XIV.C.2", "Ground 2 asks for the warrant’s file, its scope and its end, and for a second person.",
            warrants_that_do_not_cover),
    _ground("XIV.C.3", "Ground 3 needs an open report of loss, reaches location and lock, and ends with recovery.",
            searches_for_what_is_not_missing),
    _ground("XIV.C.4", "Ground 4 needs a threat to life or safety, serves nothing else, and starts the clock.",
            emergencies_without_threat_or_clock),
    _ground("XIV.C.5", "Ground 5 cites the law and waits for a second person.", laws_not_cited),
    _ground("XIV.C.6", "Ground 6 names the funding programme and waits for a second person.", funding_not_named),
    Claim(
        ("XIV.D.1",), How.CLOCK,
        "From the first emergency access 72 elapsed hours run until the student or a parent is told; an e-mail tells "
        "once it has arrived, and what comes back opens the duty again; late stays late.",
        (telling.record_emergency, telling.send_notice, following.follow, duties.begin),
        (told_late, told_by_what_came_back),
    ),
    Claim(
        ("XIV.D.2",), How.GATE, "A notice goes out only with its description, every feature reached, and the threat.",
        (telling.write_notice, telling.send_notice), (told_incompletely,),
    ),
    Claim(
        ("XIV.D.3",), How.CLOCK,
        "A notice that would itself endanger somebody is put off with a reason, once another official has signed in "
        "and approved (until then the clock runs), and with a new look at least each day.",
        (duties.ask_to_defer, duties.answer_deferral, duties.look_again), (put_off_without_a_look,),
    ),
    Claim(
        ("XIV.D.4",), How.CLOCK, "Once that danger is over, 72 hours run anew from that moment.",
        (duties.threat_ceased, telling.send_notice), (told_late_after_the_threat,),
    ),
    Claim(
        ("VIII.B",), How.RECORD,
        "What maintenance or monitoring brings to light is written down with the work, its ground and who has it now.",
        (console.record_discovery,), (discoveries_without_ground,),
    ),
    Claim(
        ("VIII.C.1", "VIII.C.2"), How.GATE,
        "A search of one person on a school-issued device opens only with a written suspicion about that person, "
        "approved by somebody else, and made before.",
        (suspicion.record_suspicion, suspicion.answer_suspicion, gate.ask), (searches_without_suspicion,),
        missing="Searches of accounts and files outside school-issued devices are not asked for here yet.",
    ),
)  # fmt: skip

"""XIV.C.0: whether an access to a device has what its ground demands; what it lacks, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from homeroom.kernel.devices.terms import (
    CLAUSE_OF_GROUND,
    EDUCATIONAL,
    FOR_MISSING,
    MAY_USE_GROUND_1,
    NEEDS_SECOND_PERSON,
    ActorClass,
    Feature,
    Ground,
    Purpose,
)

LATEST = timedelta(days=366)  # Homeroom's choice: an emergency that is written down later is a slip of the pen
LONGEST = timedelta(days=31)  # Homeroom's choice: what lasts longer is a standing programme with a yearly review


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody wants to look: whose device, at what, on which ground, for what, when, and who looks."""

    student: str
    features: frozenset[str]
    ground: str
    purpose: str
    why: str
    scope: str
    starts: datetime
    ends: datetime
    actor_class: str = ActorClass.EMPLOYEE
    commercial: bool = False


@dataclass(frozen=True, slots=True)
class Warrant:
    """XIV.C.2: a judge's warrant: its number, its file by hash, what it allows, until when."""

    number: str = ""
    sha256: str = ""
    scope: str = ""
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Suspicion:
    """VIII.C.1: a written and approved suspicion about one person."""

    student: str
    made_at: datetime
    approved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Proof:
    """What is on record for an ask. `told_at`: when this student had the advance notice, None for never.

    `holder`: who has, or had last, the single device that is asked about; None where none is named.
    """

    told_at: datetime | None = None
    warrant: Warrant = field(default_factory=Warrant)
    missing_since: datetime | None = None
    threat: str = ""
    citation: str = ""
    suspicion: Suspicion | None = None
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that an ask lacks: the clause that demands it, and a sentence with the next step."""

    clause: str
    words: str
    features: tuple[str, ...] = ()  # those that the words name in the place %(features)s

    @property
    def sentence(self) -> str:
        """In English, as the journal keeps it."""
        return self.words % {"features": ", ".join(self.features)} if self.features else self.words


Check = Callable[[Ask, Proof, datetime], Iterator[Lack]]


def lacking(ask: Ask, proof: Proof, at: datetime) -> tuple[Lack, ...]:
    """Everything that an ask lacks at an instant, in the order of the policy; nothing means that it may go ahead."""
    return tuple(lack for check in CHECKS for lack in check(ask, proof, at))


def needs_second_person(ground: str, purpose: str) -> bool:
    """Whether somebody else than whoever asks must approve."""
    return ground in NEEDS_SECOND_PERSON or purpose == Purpose.INVESTIGATION


def _whole(ask: Ask, proof: Proof, at: datetime) -> Iterator[Lack]:
    """The parts that every ask has."""
    if ask.ground not in set(Ground):
        yield Lack("XIV.C.0", "Choose one of the six grounds; without a ground nobody looks.")
    if not ask.features or ask.features - set(Feature):
        yield Lack("XIV.B.3", "Name the features that are reached: location, audio, video and so on.")
    if len(ask.why.split()) < 3:
        yield Lack("XIV.C.0", "Say in a sentence what the access is for.")
    if len(ask.scope.split()) < 2:
        yield Lack("XIV.C.0", "Say how far the access goes: which app, which lesson, which files.")
    if ask.actor_class not in set(ActorClass):
        yield Lack("XIV.C.1a", "Say who looks: an employee, a vendor, an officer or somebody else.")


def _device(ask: Ask, proof: Proof, at: datetime) -> Iterator[Lack]:
    """The ground, the notice and the telling are one student's; so is the device that is looked into."""
    if proof.holder is not None and proof.holder != ask.student:
        yield Lack("XIV.C.0", "This device is not lent to this student. Name the student who has it or lend it first.")


def _opens(ask: Ask, at: datetime) -> datetime:
    """From when looking is possible: what is past of an emergency written down late opens nothing."""
    return max(ask.starts, at) if ask.ground == Ground.THREAT else ask.starts


def _window(ask: Ask, proof: Proof, at: datetime) -> Iterator[Lack]:
    if ask.ends <= ask.starts:
        yield Lack("XIV.C.0", "The end comes before the beginning; give a later end.")
    elif ask.ends - _opens(ask, at) > LONGEST:
        yield Lack("XIV.C.0", "An access lasts 31 days at most; what lasts longer is a standing programme.")
    if ask.starts < at and ask.ground != Ground.THREAT:
        yield Lack("XIV.C.0", "An access is asked for before it happens; only an emergency is written down afterwards.")
    elif ask.starts < at - LATEST:
        yield Lack("XIV.C.0", "The first look lies more than a year back. Is the day right? Check its year.")


def _education(ask: Ask, proof: Proof, at: datetime) -> Iterator[Lack]:
    """XIV.C.1: a purpose of teaching, nothing commercial, the right people, told in advance."""
    if ask.ground != Ground.EDUCATION:
        return
    if ask.purpose not in EDUCATIONAL:
        yield Lack("XIV.C.1a", "This ground serves instruction, technical support or exams only; choose another.")
    if ask.commercial:
        yield Lack("XIV.C.1a", "This ground never serves a commercial purpose.")
    if ask.actor_class not in MAY_USE_GROUND_1:
        yield Lack(
            "XIV.C.1a",
            "This ground is for school staff, student teachers, contractors, vendors and the state department. "
            "Others need another ground.",
        )
    if proof.told_at is None:
        yield Lack("XIV.C.1b", "This student was not told yet. Deliver the notice about monitoring first.")
    elif proof.told_at >= ask.starts:
        yield Lack("XIV.C.1b", "The notice reached this student later than this begins. Begin after it was delivered.")


def _warrant(ask: Ask, proof: Proof, at: datetime) -> Iterator[Lack]:
    if ask.ground != Ground.WARRANT:
        return
    if not (proof.warrant.number and proof.warrant.sha256):
        yield Lack("XIV.C.2", "Attach the warrant and give its number.")
    if not proof.warrant.scope:
        yield Lack("XIV.C.2", "Write down what the warrant allows.")
    if proof.warrant.expires is None or proof.warrant.expires < ask.ends:
        yield Lack("XIV.C.2", "The warrant must hold until the end of the access; shorten the access.")


def _missing(ask: Ask, proof: Proof, at: datetime) -> Iterator[Lack]:
    if ask.ground != Ground.MISSING:
        return
    if proof.missing_since is None:
        yield Lack("XIV.C.3", "This device is not reported missing or stolen. Record the loss first.")
    if ask.features - FOR_MISSING:
        yield Lack("XIV.C.3", "To find a device its location and its lock are enough; ask for nothing else.")


def _threat(ask: Ask, proof: Proof, at: datetime) -> Iterator[Lack]:
    if ask.ground != Ground.THREAT:
        return
    if len(proof.threat.split()) < 3:
        yield Lack("XIV.C.4", "Describe the threat to life or safety in a sentence.")
    if ask.purpose != Purpose.SAFETY:
        yield Lack("XIV.C.4", "On this ground an access serves to avert that threat and nothing else.")


def _cited(ask: Ask, proof: Proof, at: datetime) -> Iterator[Lack]:
    if ask.ground == Ground.LAW and not proof.citation:
        yield Lack("XIV.C.5", "Cite the law that demands this, such as Minn. Stat. 121A.031.")
    if ask.ground == Ground.FUNDING and not proof.citation:
        yield Lack("XIV.C.6", "Name the funding programme and what it demands, such as E-Rate, 47 CFR 54.520.")


def _suspicion(ask: Ask, proof: Proof, at: datetime) -> Iterator[Lack]:
    """VIII.C.1, T4: a search for a violation needs a suspicion written down before, beside its ground."""
    if ask.purpose != Purpose.INVESTIGATION:
        return
    if proof.suspicion is None or proof.suspicion.student != ask.student:
        yield Lack("VIII.C.1", "A search of one person needs a written suspicion about that person. Record it first.")
    elif proof.suspicion.approved_at is None:
        yield Lack("VIII.C.1", "The suspicion is not approved yet; somebody else than its author must approve it.")
    elif proof.suspicion.made_at >= ask.starts:
        yield Lack("VIII.C.1", "The suspicion was written after this begins; a search comes after its reason.")


CHECKS: tuple[Check, ...] = (_whole, _device, _window, _education, _warrant, _missing, _threat, _cited, _suspicion)


def clause(ground: str) -> str:
    """The clause of a ground."""
    return CLAUSE_OF_GROUND[Ground(ground)]

"""Is this a technology provider, and which duties follow? Answers in, duties with their reasons out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody answered about a product. `data` are ids of the vocabulary; `used_for` words of USES."""

    gives_device: bool = False  # hardware or software given to one student for their own use (T8)
    holds_data: bool = False  # creates, receives or keeps educational data under the contract
    used_for: frozenset[str] = frozenset()
    data: frozenset[str] = frozenset()
    under_13: bool = False
    advertising: bool = False
    exemption: str = ""
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty that follows, with its clause or law and why."""

    id: str
    clause: str
    source: str
    sentence: str


USES = ("curriculum", "testing", "assessment", "other")
NOTIFIED = frozenset({"curriculum", "testing", "assessment"})


def is_provider(answers: Answers) -> bool:
    """XIII.A.1, XIII.A.2: both limbs are needed, and no exemption applies.

    >>> is_provider(Answers(gives_device=True)), is_provider(Answers(gives_device=True, holds_data=True))
    (False, True)
    """
    return answers.gives_device and answers.holds_data and not answers.exemption


def is_notified(answers: Answers) -> bool:
    """XIII.C.0: parents and students are told of those whose curriculum, testing or assessment affects their data."""
    return is_provider(answers) and answers.holds_data and bool(answers.used_for & NOTIFIED)


def problems(answers: Answers) -> list[str]:
    """What does not fit together, as sentences."""
    found = []
    if answers.exemption and not answers.citation.strip():
        found.append("An exemption needs the law it rests on. Name the statute and subdivision.")
    if answers.holds_data and not answers.data:
        found.append("It holds educational data, so say which. Choose at least one kind of data.")
    if answers.data and not answers.holds_data:
        found.append("Kinds of data are chosen, but it is said to hold none. Change one of the two answers.")
    if not answers.used_for:
        found.append("Say what it is used for.")
    return found


def duties(answers: Answers) -> tuple[Duty, ...]:
    """Which duties follow from the answers."""
    found = []
    if is_provider(answers):
        found.append(
            Duty(
                "terms", "XIII.E.0", "Minn. Stat. 13.32 subd. 13", "Its contract must hold every term of the checklist."
            )
        )
        found.append(
            Duty(
                "inspection",
                "XIII.D",
                "Minn. Stat. 13.32 subd. 13",
                "Parents and students may read the whole contract.",
            )
        )
    if is_notified(answers):
        found.append(
            Duty(
                "notice",
                "XIII.C.0",
                "Minn. Stat. 13.32 subd. 13",
                "It stands in the yearly notice to parents and students.",
            )
        )
    if answers.under_13:
        found.append(
            Duty(
                "coppa",
                "XIII.E.0",
                "16 CFR 312",
                "Children under 13 use it: the district, not a teacher, agrees for them.",
            )
        )
    if answers.advertising:
        found.append(
            Duty("advertising", "XIII.E.0", "Minn. Stat. 125B.022",
                 "It advertises: the board hears and finds, parents are told in writing and may opt out.")
        )  # fmt: skip
    return tuple(found)

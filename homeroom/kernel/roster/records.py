"""What a roster says, whoever wrote it: records of few kinds, problems with their place, guesses to confirm."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a record is about. DETAIL adds values to a person (birth date, home language), GRADE to a student's role."""

    SCHOOL = "schools"
    SESSION = "sessions"
    PERSON = "persons"
    DETAIL = "details"
    GRADE = "grades"
    ROLE = "roles"
    CLASS = "classes"
    ENROLMENT = "enrolments"
    GUARDIANSHIP = "guardianships"
    ADDRESS = "addresses"
    PREFERENCE = "preferences"
    FLAG = "flags"
    SUPERVISION = "supervisions"


# How a guardianship is known: from a student's list of agents, which says no more than that there is one (and its
# key begins with this word), or told with what it is.
AGENT, TOLD = "agent", "told"


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that a row says.

    `key` is the roster's own id, or one composed of the ids it joins. `values` are plain (text, numbers,
    booleans, None; days as "2026-11-03"), and hold only what the file has a column for. `modified` is an
    instant in UTC as text, "" where not said. `gone`: the roster takes it back. `owner`: the person of whose
    records of this kind the row lists all there are.
    """

    kind: Kind
    key: str
    values: dict[str, Any]
    line: int
    modified: str = ""
    gone: bool = False
    owner: str = ""
    extras: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and what to do. `left_out`: the row (or file) was not taken.

    `key` is the id in the row where it could be read: whoever it is stays as they are. An empty key of
    a row that was left out means that nobody can say who is missing from the file.
    """

    file: str
    line: int
    column: str
    sentence: str
    left_out: bool = False
    key: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values for people and programs."""
        return {
            "file": self.file, "line": self.line, "column": self.column, "sentence": self.sentence,
            "left_out": self.left_out,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guess:
    """A file or column name that is close to a known one; somebody must say whether it is meant."""

    file: str
    written: str
    meant: str

    def as_json(self) -> dict[str, str]:
        """Plain values for people and programs."""
        return {"file": self.file, "written": self.written, "meant": self.meant}


def joined(*ids: str) -> str:
    """One key of several ids.

    >>> joined("ben", "7b", "student")
    'ben|7b|student'
    """
    return "|".join(ids)

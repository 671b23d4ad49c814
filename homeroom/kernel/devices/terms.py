"""XIV: the words of the access gate: features, grounds, purposes, and who acts."""

from __future__ import annotations

from enum import StrEnum


class Feature(StrEnum):
    """XIV.B: what may be reached on a device. LOCK shuts it without looking."""

    LOCATION = "location"
    AUDIO = "audio"
    VIDEO = "video"
    KEYSTROKES = "keystrokes"
    BROWSING = "browsing"
    OTHER = "other"
    LOCK = "lock"


CLAUSE_OF_FEATURE = {
    Feature.LOCATION: "XIV.B.1", Feature.AUDIO: "XIV.B.2", Feature.VIDEO: "XIV.B.2", Feature.KEYSTROKES: "XIV.B.3",
    Feature.BROWSING: "XIV.B.3", Feature.OTHER: "XIV.B.3", Feature.LOCK: "XIV.B.3",
}  # fmt: skip


class Ground(StrEnum):
    """XIV.C: the six grounds, and no other."""

    EDUCATION = "education"
    WARRANT = "warrant"
    MISSING = "missing"
    THREAT = "threat"
    LAW = "law"
    FUNDING = "funding"


CLAUSE_OF_GROUND = {
    Ground.EDUCATION: "XIV.C.1a", Ground.WARRANT: "XIV.C.2", Ground.MISSING: "XIV.C.3", Ground.THREAT: "XIV.C.4",
    Ground.LAW: "XIV.C.5", Ground.FUNDING: "XIV.C.6",
}  # fmt: skip


class Purpose(StrEnum):
    """What an access is for."""

    INSTRUCTION = "instruction"
    SUPPORT = "support"
    PROCTORING = "proctoring"
    INVESTIGATION = "investigation"
    RECOVERY = "recovery"
    SAFETY = "safety"
    DUTY = "duty"


EDUCATIONAL = frozenset({Purpose.INSTRUCTION, Purpose.SUPPORT, Purpose.PROCTORING})


class ActorClass(StrEnum):
    """XIV.C.1a, T10: who acts. Every government entity and every vendor goes through the same gate."""

    EMPLOYEE = "employee"
    STUDENT_TEACHER = "student_teacher"
    CONTRACTED = "contracted"
    VENDOR = "vendor"
    STATE_DEPARTMENT = "state_department"
    RESOURCE_OFFICER = "resource_officer"
    COUNTY = "county"
    COOPERATIVE = "cooperative"


MAY_USE_GROUND_1 = frozenset({
    ActorClass.EMPLOYEE, ActorClass.STUDENT_TEACHER, ActorClass.CONTRACTED, ActorClass.VENDOR,
    ActorClass.STATE_DEPARTMENT,
})  # fmt: skip
FOR_MISSING = frozenset({Feature.LOCATION, Feature.LOCK})
# A ground that somebody else than whoever asks must look at first; an emergency and a lost device cannot wait.
NEEDS_SECOND_PERSON = frozenset({Ground.WARRANT, Ground.LAW, Ground.FUNDING})

"""Every clock of law and policy as dated, cited data. Nothing here is a constant in code elsewhere.

Source marks: S read in the policy, L read in a public copy of the law, M general knowledge
that the district's counsel should confirm, D the district's or Homeroom's own choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ALWAYS = date(1900, 1, 1)


class Unit(StrEnum):
    """What is counted."""

    HOURS = "hours"  # elapsed: weekends, holidays and the clock change make no difference
    CALENDAR = "calendar days"
    BUSINESS = "business days"  # neither Saturday, Sunday nor legal holiday
    SCHOOL = "school days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Rule:
    """One clock as it stands from a day on.

    `roll` moves a last day that is a Saturday, Sunday or legal holiday to the next that is
    none (Minn. Stat. 645.15). `warn` are shares of the time after which somebody is warned.
    """

    id: str
    title: str
    starts: str
    length: int
    unit: Unit
    clause: str
    source: str
    mark: str
    roll: bool = False
    since: date = ALWAYS
    warn: tuple[float, ...] = (1 / 3, 2 / 3, 11 / 12)


RULES = (
    Rule("provider-notice", "Yearly notice of technology providers", "the first student day of the school year",
         30, Unit.CALENDAR, "XIII.C.0", "Minn. Stat. 13.32 subd. 13", "S", roll=True),
    Rule("device-emergency-notice", "Notice after emergency access to a device", "the first access",
         72, Unit.HOURS, "XIV.D.1", "Minn. Stat. 13.32 subd. 14", "S"),
    Rule("device-deferred-notice", "Notice put off while it was itself a threat", "the end of that threat",
         72, Unit.HOURS, "XIV.D.4", "Minn. Stat. 13.32 subd. 14", "S"),
    Rule("inadvertent-access", "Inadvertent access disclosed", "the access",
         24, Unit.HOURS, "V.C.1", "Homeroom's reading of “immediately”", "D"),
    Rule("data-request", "Data shown to its subject", "the request",
         10, Unit.BUSINESS, "VIII.D.1", "Minn. Stat. 13.04 subd. 3", "L"),
    Rule("record-inspection", "Education record inspected", "the request",
         45, Unit.CALENDAR, "VIII.D.1", "34 CFR 99.10", "M"),
    Rule("data-challenge", "Answer to a challenge of accuracy", "the written challenge",
         30, Unit.CALENDAR, "VIII.D.1", "Minn. Stat. 13.04 subd. 4", "L", roll=True),
    Rule("repeat-request", "No second showing of the same data", "the data was shown",
         6, Unit.MONTHS, "VIII.D.1", "Minn. Stat. 13.04 subd. 3", "L"),
    Rule("account-termination", "Account ended at a parent's word", "the request",
         1, Unit.BUSINESS, "VIII.D.2", "Homeroom's reading of “at any time”", "D"),
    Rule("bullying-investigation", "Investigation of bullying begun", "the report",
         3, Unit.SCHOOL, "V.A.10.1", "Minn. Stat. 121A.031 subd. 4", "L"),
    Rule("suspension-notice", "Suspension notice mailed to the parent", "the administrative conference",
         48, Unit.HOURS, "IV.2c", "Minn. Stat. 121A.46 subd. 3", "L"),
    Rule("danger-suspension", "Notice of a suspension without conference", "the suspension",
         48, Unit.HOURS, "IV.2c", "Minn. Stat. 121A.46 subd. 3", "L"),
    Rule("suspension-length", "Longest suspension from school", "its first day",
         10, Unit.SCHOOL, "IV.2c", "Minn. Stat. 121A.41", "L"),
    Rule("breach-notice", "Notice of a data breach", "the discovery",
         30, Unit.CALENDAR, "XIII.E.0", "Internal cap; Minn. Stat. 13.055 says without unreasonable delay", "D"),
    Rule("provider-data-return", "Provider's data destroyed or returned", "the contract's expiry",
         90, Unit.CALENDAR, "XIII.F", "Minn. Stat. 13.32 subd. 13", "M"),
    Rule("policy-review", "Yearly review of the policy", "the last review",
         12, Unit.MONTHS, "XVII.D", "The policy", "S"),
    Rule("form-486", "CIPA certification (Form 486)", "service start or funding letter, the later",
         120, Unit.CALENDAR, "VI.Alt3.note.a", "47 CFR 54.520", "M"),
    Rule("erate-records", "E-Rate records kept", "the last day of the funding year or service, the later",
         120, Unit.MONTHS, "VI.Alt3.note.a", "47 CFR 54.516(a)", "L"),
)  # fmt: skip


class NoSuchRule(ValueError):
    """No clock has that name; the message lists those that there are."""


def rule(id: str, on: date) -> Rule:
    """The clock of that name as it stands on a day; raises NoSuchRule."""
    found = [each for each in RULES if each.id == id and each.since <= on]
    if not found:
        known = ", ".join(sorted({each.id for each in RULES}))
        raise NoSuchRule(f"There is no clock “{id}”. Clocks are: {known}.")
    return max(found, key=lambda each: each.since)

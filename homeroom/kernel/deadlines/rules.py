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
    DATE = "fixed day"  # the same for everybody, whenever it started


@dataclass(frozen=True, slots=True)
class Counting:
    """How a length in days is counted, as data with its source.

    `first_counts`: whether the day on which it starts is the first of them. `drops` names what a last day may not
    be ("saturday", "sunday", "holiday"); such a day is dropped and the next one takes its place.
    """

    first_counts: bool = False
    drops: frozenset[str] = frozenset()
    source: str = ""


PLAIN = Counting()
STATUTORY = Counting(drops=frozenset({"saturday", "sunday", "holiday"}), source="Minn. Stat. 645.15")


@dataclass(frozen=True, slots=True)
class Rule:
    """One clock as it stands from a day on.

    `warn` are shares of the time after which somebody is warned. `day` is the due day of a fixed day. After a pause
    the rule `after_pause` starts anew; where there is none, the rest of the time runs on.
    """

    id: str
    title: str
    starts: str
    length: int
    unit: Unit
    clause: str
    source: str
    mark: str
    counting: Counting = PLAIN
    since: date = ALWAYS
    warn: tuple[float, ...] = (1 / 3, 2 / 3, 11 / 12)
    after_pause: str = ""
    day: date | None = None


RULES = (
    Rule("provider-notice", "Yearly notice of technology providers", "the first student day of the school year",
         30, Unit.CALENDAR, "XIII.C.0", "Minn. Stat. 13.32 subd. 13", "S", counting=STATUTORY),
    Rule("provider-notice-newcomer", "Notice of technology providers after a late enrolment", "the enrolment",
         30, Unit.CALENDAR, "XIII.C.0", "Homeroom's reading; the statute speaks of the start of the year only", "D",
         counting=STATUTORY),
    Rule("monitoring-notice", "Notice before a device is monitored", "the first monitored moment",
         0, Unit.HOURS, "XIV.C.1b", "Minn. Stat. 13.32 subd. 14; only “in advance”, with no lead time", "S", warn=()),
    Rule("device-emergency-notice", "Notice after emergency access to a device", "the first access",
         72, Unit.HOURS, "XIV.D.1", "Minn. Stat. 13.32 subd. 14", "S", after_pause="device-deferred-notice"),
    Rule("device-deferred-notice", "Notice put off while it was itself a threat", "the end of that threat",
         72, Unit.HOURS, "XIV.D.4", "Minn. Stat. 13.32 subd. 14", "S"),
    Rule("device-deferral-review", "Second look at a notice put off", "the last look",
         24, Unit.HOURS, "XIV.D.3", "Homeroom's reading of how long the threat may go unexamined", "D"),
    Rule("inadvertent-access", "Inadvertent access disclosed", "the access",
         24, Unit.HOURS, "V.C.1", "Homeroom's reading of “immediately”", "D"),
    Rule("data-request", "Data shown to its subject", "the request",
         10, Unit.BUSINESS, "VIII.D.1", "Minn. Stat. 13.04 subd. 3", "L"),
    Rule("record-inspection", "Education record inspected", "the request",
         45, Unit.CALENDAR, "VIII.D.1", "34 CFR 99.10", "M"),
    Rule("data-challenge", "Answer to a challenge of accuracy", "the written challenge",
         30, Unit.CALENDAR, "VIII.D.1", "Minn. Stat. 13.04 subd. 4", "L", counting=STATUTORY),
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
         10, Unit.SCHOOL, "IV.2c", "Minn. Stat. 121A.41", "L", counting=Counting(first_counts=True)),
    Rule("suspension-expulsion", "Longest suspension while an expulsion is begun", "its first day",
         15, Unit.SCHOOL, "IV.2c", "Minn. Stat. 121A.41", "L", counting=Counting(first_counts=True)),
    Rule("breach-notice", "Notice of a data breach", "the discovery",
         30, Unit.CALENDAR, "XIII.E.0", "Internal cap; Minn. Stat. 13.055 says without unreasonable delay", "D"),
    Rule("provider-data-return", "Provider's data destroyed or returned", "the contract's expiry",
         90, Unit.CALENDAR, "XIII.F", "Minn. Stat. 13.32 subd. 13", "M"),
    Rule("contract-inspection", "Provider's contract shown to a parent or student", "the request",
         10, Unit.BUSINESS, "XIII.D", "Homeroom's reading, after Minn. Stat. 13.04 subd. 3", "D"),
    Rule("policy-review", "Yearly review of the policy", "the last review",
         12, Unit.MONTHS, "XVII.D", "The policy", "S"),
    Rule("form-486", "CIPA certification (Form 486)", "service start or funding letter, the later",
         120, Unit.CALENDAR, "VI.Alt3.note.a", "47 CFR 54.520", "M"),
    Rule("form-479", "Certification to the consortium (Form 479)", "the last one",
         12, Unit.MONTHS, "VI.Alt3.note.a", "47 CFR 54.520; before discounts of each funding year", "M"),
    Rule("asset-inventory", "Inventory of what E-Rate paid for kept", "the purchase",
         120, Unit.MONTHS, "VI.Alt3.note.a", "47 CFR 54.516(a)", "L"),
    Rule("security-assessment", "Yearly assessment of the security of data", "the last one",
         12, Unit.MONTHS, "XIII.E.0", "Minn. Stat. 13.055 subd. 6", "L"),
    Rule("access-costs", "Access costs filed for state aid", "the last day of the fiscal year",
         46, Unit.CALENDAR, "VI.note1.b", "Minn. Stat. 125B.26, early versions: 15 August", "M"),
    Rule("phone-policy", "Policy on phones adopted", "the statute",
         0, Unit.DATE, "XV.note.a", "Minn. Stat. 121A.73", "S", day=date(2025, 3, 15)),
    Rule("coppa-rule", "Vendors' word on the amended COPPA rule on file", "the rule",
         0, Unit.DATE, "XIII.E.0", "16 CFR 312", "L", day=date(2026, 4, 22)),
    Rule("web-accessibility", "Web pages meet WCAG 2.1 AA, district of 50,000 residents and more", "the rule",
         0, Unit.DATE, "XVII.C", "28 CFR 35.200, 91 FR 20902", "L", day=date(2027, 4, 26)),
    Rule("web-accessibility-small", "Web pages meet WCAG 2.1 AA, smaller district", "the rule",
         0, Unit.DATE, "XVII.C", "28 CFR 35.200, 91 FR 20902", "L", day=date(2028, 4, 26)),
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

"""The kinds of notices: which clause demands them, whom they reach, and what each must say.

An element is a marked block of a template. The policy asks for eleven of them in XI.B, five in XII.B, three in
XIII.C and three in XIV.D; those marked `ours` are said as well because other clauses rest on their being known.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPENING, CLOSING = "opening", "closing"


class Reaches(StrEnum):
    """Who reads it."""

    THEMSELVES = "themselves"  # the people the query finds
    PARENTS = "parents"  # the parents of the students it finds
    BOTH = "both"  # students and their parents


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that must be said: its clause, what it is about, and the places its words must hold."""

    id: str
    title: str | Promise
    places: tuple[str, ...] = ()
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice. `places` may be used anywhere in it; `facts` are those a sending must bring."""

    id: str
    title: str | Promise
    clause: str
    reaches: Reaches
    elements: tuple[Element, ...] = ()
    facts: tuple[str, ...] = ()
    rule: str = ""
    newcomer_rule: str = ""
    encloses: str = ""
    addendum: bool = True
    any_parent: bool = False  # one parent's word is enough for the child
    urgent: bool = False  # hours count: what is not known to arrive in time by e-mail goes on paper as well


ALWAYS = ("reader", "district", "public_url")  # places every notice may use
USERS = (
    Element("XI.B.1", _("Use depends on following the district’s policies")),
    Element("XI.B.2.a", _("No liability for stored information")),
    Element("XI.B.2.b", _("No liability for information found")),
    Element("XI.B.2.c", _("No liability for private equipment")),
    Element("XI.B.2.d", _("No liability for debts nobody authorized")),
    Element("XI.B.3", _("Privacy rights on school accounts, and their limits")),
    Element("XI.B.4", _("No filter catches everything")),
    Element("XI.B.5", _("Purchases bind the student and the parents")),
    Element("XI.B.6", _("Which data policies apply")),
    Element("XI.B.7", _("What a violation may bring")),
    Element("XI.B.8", _("The law comes first")),
    Element("III.1", _("What access is for"), ours=True),
    Element("III.3", _("School accounts are narrower than private ones"), ours=True),
    Element("VIII.A.1", _("The district keeps control of its systems"), ours=True),
    Element("VIII.A.2", _("Limited privacy in personal files"), ours=True),
    Element("VIII.E.2", _("Staff: data may be reviewed and disclosed"), ours=True),
    Element("X.1", _("Use is at one’s own risk"), ours=True),
    Element("X.2", _("No liability for damage"), ours=True),
    Element("X.3", _("No promise that information is right"), ours=True),
    Element("X.4", _("No duty to pay unauthorized debts"), ours=True),
)
PARENTS = (
    Element("XII.B.0a", _("The student will use school accounts on the Internet"), ("children",), ours=True),
    Element("XII.B.1", _("A copy of the student’s notice"), ("student_notice",)),
    Element("XII.B.2", _("What parents answer for")),
    Element("XII.B.3", _("Other activities, and the form to ask for them"), ("alternatives_form",)),
    Element("XII.B.4", _("Who signs before first use")),
    Element("XII.B.5", _("Where the policy can be read"), ("policy_url",)),
    Element("XII.A.1", _("Guidance outside of school"), ours=True),
    Element("XII.A.2", _("Watching use from home"), ours=True),
)
PROVIDERS = (
    Element("XIII.C.1", _("Each provider by name"), ("providers",)),
    Element("XIII.C.2", _("The data each one holds"), ("provider_data",)),
    Element("XIII.C.3a", _("How contracts can be inspected"), ("inspection",)),
    Element("XIII.C.3b", _("Whom to ask"), ("contact",)),
)
MONITORING = (
    Element("XIV.C.1a", _("For which purpose, and by whom"), ("purpose",)),
    Element("XIV.C.1b", _("What will be looked at, and from when on"), ("features", "from_day")),
)
EMERGENCY = (
    Element("XIV.D.1", _("That the device was accessed, and when"), ("accessed_at",)),
    Element("XIV.D.2", _("What was done, which features, and the threat"), ("description", "features", "threat")),
)
KINDS = {
    each.id: each
    for each in (
        Kind("users", _("Notice to users"), "XI.A", Reaches.THEMSELVES, USERS),
        Kind("parents", _("Notice to parents"), "XII.B.0a", Reaches.PARENTS, PARENTS,
             ("alternatives_form", "policy_url"), encloses="users", any_parent=True),
        Kind("providers", _("Notice of technology providers"), "XIII.C.0", Reaches.BOTH, PROVIDERS,
             ("providers", "provider_data", "inspection", "contact"),
             rule="provider-notice", newcomer_rule="provider-notice-newcomer"),
        Kind("monitoring", _("Notice before a device is monitored"), "XIV.C.1b", Reaches.BOTH, MONITORING,
             ("purpose", "features", "from_day")),
        Kind("device-emergency", _("Notice after emergency access to a device"), "XIV.D.1", Reaches.THEMSELVES,
             EMERGENCY, ("accessed_at", "description", "features", "threat"), rule="device-emergency-notice",
             urgent=True),
        Kind("letter", _("Letter"), "XVII.B", Reaches.THEMSELVES, addendum=False, facts=("subject", "words")),
        Kind("reminder", _("Reminder"), "XVII.B", Reaches.THEMSELVES, addendum=False, facts=("subject", "words")),
    )
}  # fmt: skip


def places(kind: Kind) -> frozenset[str]:
    """Every place that the words of a kind may hold, such as "providers" in {providers}."""
    own = {place for element in kind.elements for place in element.places}
    children = {"children"} if kind.reaches is not Reaches.THEMSELVES or kind.id == "device-emergency" else set()
    return frozenset({*ALWAYS, *own, *kind.facts, *children})

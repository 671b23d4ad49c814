"""What requests owe the policy, and the probes that look whether it is kept."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q

from homeroom.kernel.policytext.claims import Claim, How, Looked
from homeroom.notices.models import Clock
from homeroom.people import queries as people
from homeroom.requests.actions import authority, data, staff
from homeroom.requests.models import AuthorityRequest, DataRequest, StaffReview
from homeroom.requests.queries.data import withheld


def answered_late(at: datetime) -> Looked:
    """VIII.D.1: requests of parents that were answered late, or are late now."""
    rows = list(Clock.objects.filter(rule=data.RULE, about__startswith="data-request:", withdrawn_at=None))
    return Looked(len(rows), sum(row.state(at) in ("late", "met-late") for row in rows))


def shown_unseen(at: datetime) -> Looked:
    """VIII.D.1: requests of which something was shown before anybody looked at who asks, or kept back by no law."""
    rows = DataRequest.objects.filter(parts__isnull=False).distinct()
    early = rows.filter(Q(authority_at__isnull=True) | Q(parts__at__lt=F("authority_at"))).distinct()
    lawless = rows.filter(parts__in=withheld().filter(citation=""))
    return Looked(rows.count(), (early | lawless).distinct().count())


def looks_without_reason(at: datetime) -> Looked:
    """VIII.E.1: reviews of employees without a reason or bounds, or of one's own files."""
    rows = StaffReview.objects.all()
    return Looked(rows.count(), rows.filter(Q(reason="") | Q(scope="") | Q(person_id=F("by"))).count())


def given_without_basis(at: datetime) -> Looked:
    """VIII.F: what was handed to an authority on no legal basis, or on a subpoena behind the family's back."""
    given = AuthorityRequest.objects.filter(outcome__in=AuthorityRequest.GIVEN)
    behind = Q(basis="subpoena", person__isnull=False) & ~Q(family__in=("told", "barred"))
    return Looked(given.count(), given.filter(Q(basis="none") | Q(basis_words="") | behind).count())


def authorities_left_waiting(at: datetime) -> Looked:
    """VIII.F: requests whose day has passed without an answer."""
    rows = AuthorityRequest.objects.filter(wanted_by__isnull=False)
    return Looked(rows.count(), rows.filter(answered_at=None, wanted_by__lt=people.today(at)).count())


CLAIMS = (
    Claim(
        ("VIII.D.1",), How.CLOCK,
        "A parent asks in the portal or at the office, at any time; ten business days run. Who asks and with which "
        "right is looked at first, each thing asked for is shown or kept back by a named law, and the answer is read "
        "there.",
        (data.ask, data.check, data.settle, data.close), (answered_late, shown_unseen),
        missing="The files and mailboxes lie in other systems; Homeroom keeps the request, its clock and the answer.",
    ),
    Claim(
        ("VIII.E.1",), How.RECORD,
        "The district may look into employees’ files at any time; who looks, for which work and how far is written "
        "down first, nobody looks at their own, and whoever is a student too is behind the gate for students.",
        (staff.begin, staff.end), (looks_without_reason,),
        missing="The mailboxes lie in other systems, so a look that nobody writes down is not seen here.",
    ),
    Claim(
        ("VIII.F",), How.RECORD,
        "What authorities ask for, on which warrant, order or law, by when, what they were given, and whether the "
        "family was told stands on record; nothing is handed over without a legal basis.",
        (authority.receive, authority.answer), (given_without_basis, authorities_left_waiting),
    ),
)  # fmt: skip

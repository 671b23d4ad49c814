"""What providers owe the policy, and the probes that look whether it is kept."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from homeroom.base.errors import Refused
from homeroom.kernel.policytext.claims import Claim, How, Looked
from homeroom.notices.actions import building, letters, printing, reconciling, sending
from homeroom.notices.models import Attempt, Clock, LetterState
from homeroom.people import queries as people
from homeroom.providers import files
from homeroom.providers.actions import (
    activate_contract,
    answer_inspection,
    certify_return,
    classify_provider,
    plan_notice,
    record_finding,
    show_file,
    start_due_clocks,
    watch_notice,
)
from homeroom.providers.models import ContractFile, Provider, Redaction
from homeroom.providers.queries import contracts, notice


def providers_never_classified(at: datetime) -> Looked:
    """XIII.A.1: products on file about which nobody answered whether they are a provider's."""
    rows = Provider.objects.filter(refused_at=None)
    return Looked(rows.count(), rows.filter(classified_at=None).count())


def notified_without_data(at: datetime) -> Looked:
    """XIII.C.2: providers of the yearly notice whose kinds of data are not named."""
    rows = notice.notice_rows(people.today(at))
    return Looked(len(rows), sum(not row.data for row in rows))


def families_not_told(at: datetime) -> Looked:
    """XIII.C.0: students and parents whose time is over and who hold no delivered notice of this school year."""
    on = people.today(at)
    if not notice.notice_rows(on):
        return Looked(0, summary="No active contract affects educational data.")
    if notice.year_began(on) is None:
        return Looked(0, summary="No school year is on record.")
    late = sum(at > due for _, due in notice.untold(on, at))
    return Looked(len(notice.expected(on)), late)


def told_by_no_direct_means(at: datetime) -> Looked:
    """XIII.C.0m: delivered letters behind which no mail, e-mail or handing over stands."""
    began = notice.year_began(people.today(at))
    if began is None:
        return Looked(0, summary="No school year is on record.")
    told = notice.letters(began).filter(state=LetterState.DELIVERED)
    good = Attempt.objects.filter(letter=OuterRef("pk"), state__in=(Attempt.State.SENT, Attempt.State.DELIVERED))
    return Looked(told.count(), told.exclude(Exists(good)).count())


def contracts_without_terms(at: datetime) -> Looked:
    """XIII.E.0: active contracts in which a required term is not shown and no named exception holds."""
    on = people.today(at)
    return Looked(contracts.active(on).count(), len(contracts.unproved(on)))


def data_returned_late(at: datetime) -> Looked:
    """XIII.F: contracts that ran out and whose data are not back in time."""
    return _late("provider-data-return", at)


def inspections_answered_late(at: datetime) -> Looked:
    """XIII.D: requests to read a contract that nobody answered in time."""
    return _late("contract-inspection", at)


def files_kept_back(at: datetime) -> Looked:
    """XIII.D: files of contracts that cannot be handed out, or are shown in another form without a law."""
    rows = list(ContractFile.objects.values_list("sha256", flat=True).distinct()[:2000])
    gone = sum(_is_gone(each) for each in rows)
    return Looked(len(rows), gone + Redaction.objects.filter(citation="").count())


def _is_gone(sha256: str) -> bool:
    try:
        files.read(sha256)
    except Refused:
        return True
    return False


def _late(rule: str, at: datetime) -> Looked:
    rows = list(Clock.objects.filter(rule=rule, withdrawn_at=None))
    return Looked(len(rows), sum(row.state(at) in ("late", "met-late") for row in rows))


CLAIMS = (
    Claim(
        ("XIII.A.1", "XIII.A.2"), How.RECORD,
        "Every product is classified by a person: is it given to one student, and does it hold data on students.",
        (classify_provider,), (providers_never_classified,),
    ),
    Claim(
        ("XIII.C.0",), How.CLOCK,
        "From the first student day thirty days run until every student and every parent has the notice; whoever comes "
        "later gets an own one with an own clock.",
        (plan_notice, watch_notice, building.build, reconciling.reconcile), (families_not_told,),
    ),
    Claim(
        ("XIII.C.0m",), How.RECORD,
        "The notice goes to each person by e-mail, US mail or in person, and counts when it arrived; a web page alone "
        "counts for nobody.",
        (sending.send_batch, printing.confirm_mailed, letters.hand_over, letters.fall_back), (told_by_no_direct_means,),
    ),
    Claim(
        ("XIII.C.1", "XIII.C.2", "XIII.C.3a", "XIII.C.3b"), How.GATE,
        "The yearly notice is built from the contracts that hold: who, which data, how to read them, whom to ask.",
        (plan_notice,), (notified_without_data,),
    ),
    Claim(
        ("XIII.D",), How.CLOCK,
        "Parents and students open every file of a contract, or ask for it by a clock; only a law keeps one back.",
        (show_file, answer_inspection), (inspections_answered_late, files_kept_back),
    ),
    Claim(
        ("XIII.E.0", "XIII.E.1", "XIII.E.2"), How.GATE,
        "A contract becomes active only when each term is shown by page and words, or a named exception holds.",
        (record_finding, activate_contract), (contracts_without_terms,),
    ),
    Claim(
        ("XIII.F",), How.CLOCK,
        "Contracts say whose the data are; when one runs out a clock runs until they are back or destroyed.",
        (start_due_clocks, certify_return), (data_returned_late,),
    ),
)  # fmt: skip

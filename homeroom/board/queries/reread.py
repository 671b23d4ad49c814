"""What must be read again after the policy changed: claims, notices, forms, numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from homeroom.board import parameters
from homeroom.board.models import Addendum, AdoptedText, Reread
from homeroom.board.parameters import Parameter
from homeroom.board.queries.addenda import effective_subjects
from homeroom.board.queries.texts import in_force, rows
from homeroom.kernel.clauses import TITLES
from homeroom.kernel.policytext.compare import Comparison, compare

# On which articles a form or notice stands; the beginning of its subject says which it is.
STANDS_ON = (
    ("agreements.form", ("IX.", "X.", "XII.B.4", "VIII.D")),
    ("notices.template:users", ("XI.",)),
    ("notices.template:parents", ("XII.",)),
    ("notices.template:providers", ("XIII.",)),
    ("notices.template:monitoring", ("XIV.C.1",)),
    ("notices.template:device", ("XIV.D",)),
    ("notices.template", ("XI.", "XII.", "XIII.", "XIV.")),
)
NOTICES, GUIDELINES = "notices.template:", ("guideline", "procedure")


@dataclass(frozen=True, slots=True)
class Rereading:
    """What a new text touches: the duties whose claims to reread, the addenda, the numbers."""

    claims: tuple[str, ...]
    addenda: tuple[Addendum, ...]
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """XVII.B: a notice that stood before a change and was not looked at since."""

    change: str
    title: str
    since: date
    addendum: Addendum


def comparison(before: AdoptedText, after: AdoptedText) -> Comparison:
    """Two texts clause by clause."""
    return compare(rows(before), rows(after), TITLES)


def touched(duties: Iterable[str], on: date) -> Rereading:
    """The claims, addenda and numbers that stand on these duties."""
    ids = tuple(duties)
    addenda = [row for row in effective_subjects("", on).values() if any(_stands(row, id) for id in ids)]
    named = [each for each in parameters.table() if each.clause in ids]
    return Rereading(ids, tuple(addenda), tuple(named))


def unread(on: date) -> list[Open]:
    """XVII.B: notices older than the text in force, or than a guideline approved since, that nobody reread."""
    notices = list(effective_subjects(NOTICES, on).values())
    done = set(Reread.objects.values_list("change", "what"))
    return [
        Open(change, title, since, row)
        for change, title, since, duties in _changes(on)
        for row in notices
        if row.effective_on and row.effective_on < since
        and (duties is None or any(_stands(row, id) for id in duties))
        and (change, f"addendum:{row.pk}") not in done
        and not _followed(row, since, notices)
    ]  # fmt: skip


def _changes(on: date) -> list[tuple[str, str, date, tuple[str, ...] | None]]:
    """The newest text with what differs from the one before it, and guidelines in effect; None touches everything."""
    found: list[tuple[str, str, date, tuple[str, ...] | None]] = []
    now = in_force(on)
    before = now and AdoptedText.objects.filter(until_day__lt=now.from_day).order_by("-until_day").first()
    if now and before and now.from_day:
        found.append((f"text:{now.pk}", str(now), now.from_day, comparison(before, now).reread))
    for row in Addendum.objects.effective(on).filter(kind__in=GUIDELINES):
        if row.effective_on:
            found.append((f"addendum:{row.pk}", str(row), row.effective_on, None))
    return found


def _stands(row: Addendum, duty: str) -> bool:
    for prefix, articles in STANDS_ON:
        if row.subject.startswith(prefix):
            return duty.startswith(articles)
    return False


def _followed(row: Addendum, since: date, notices: list[Addendum]) -> bool:
    """Whether a newer version of the same notice came with the change or after it."""
    same = row.subject.rpartition(":")[0]
    return any(
        other.subject.rpartition(":")[0] == same and other.effective_on and other.effective_on >= since
        for other in notices
    )

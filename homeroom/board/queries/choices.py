"""What the board chose: options, alternative, money sought; and where these and the law pull apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from homeroom.board.models import AdoptedText, FundingProfile, PlacedClause
from homeroom.board.queries.texts import in_force

MONITORS_ADULTS = "3"


@dataclass(frozen=True, slots=True)
class Point:
    """Something the board should know about a text: a short name ("T1"), the clause, and in sentences what."""

    id: str
    clause: str
    sentence: str


def options(on: date) -> frozenset[str]:
    """V.A.6.note: the letters of V.A.6 that the text in force on a day took up, such as {"a", "b"}.

    A text that was adopted without offering a choice has those that stand in it.
    """
    text = in_force(on)
    if text is None:
        return frozenset()
    return frozenset(id.rpartition(".")[2] for id in chosen_options(text) if id.startswith("V.A.6."))


def offered_options(text: AdoptedText) -> list[str]:
    """The optional paragraphs that a text offers ("V.A.6.a", ...)."""
    rows = PlacedClause.objects.filter(text=text, optional=True)
    return list(rows.values_list("clause", flat=True))


def chosen_options(text: AdoptedText) -> list[str]:
    """The optional paragraphs that a text took up; all of them where it offers none as optional."""
    if offered_options(text):
        return list(text.options)
    rows = PlacedClause.objects.filter(text=text, clause__in=("V.A.6.a", "V.A.6.b", "V.A.6.c"))
    return list(rows.values_list("clause", flat=True))


def alternative(on: date) -> str:
    """VI.note1.c: "1", "2" or "3" of the text in force on a day; "" where no text is in force or it says none."""
    text = in_force(on)
    return number(text) if text else ""


def number(text: AdoptedText) -> str:
    """Which alternative a text chose, or which one it holds alone; "" where neither."""
    if text.alternative:
        return text.alternative.rpartition("Alt")[2]
    rows = PlacedClause.objects.filter(text=text, clause__regex=r"^[IVX]+\.Alt[0-9]+$").values_list("clause", flat=True)
    held = list(rows)
    return held[0].rpartition("Alt")[2] if len(held) == 1 else ""


def adult_monitoring(on: date) -> bool:
    """VI.Alt3.A.1: whether the board has adults watched over as Alternative 3 says; the law asks it for minors only."""
    text = in_force(on)
    return bool(text and number(text) == MONITORS_ADULTS and text.adult_monitoring)


def funding(on: date) -> FundingProfile | None:
    """VI.note1.b: the money sought on a day, as the newest answers have it."""
    return FundingProfile.objects.filter(from_day__lte=on).first()


def recommended(profile: FundingProfile) -> str:
    """VI.note1.b: the alternative that the answers ask for; a stricter one may always be chosen (VI.note-last)."""
    if profile.erate_access or profile.federal_other:
        return "3"
    return "2" if profile.state_aid else "1"


def points(text: AdoptedText, on: date) -> list[Point]:
    """What the board should know about a text before it votes, and as long as it is in force."""
    return [*_alternative(text, on), *_definition(text), *_providers(text)]


def _alternative(text: AdoptedText, on: date) -> Iterator[Point]:
    chosen, profile = number(text), funding(on)
    asked = recommended(profile) if profile else ""
    if asked and chosen and chosen < asked:
        said = _(
            "The money sought asks for Alternative %(asked)s; the text has Alternative %(chosen)s, which is not enough "
            "for it. Choose the other one, or give up the money and answer the questions anew."
        )
        yield Point("funding", "VI.note1.b", said % {"asked": asked, "chosen": chosen})
    if asked and chosen and chosen > asked:
        reason = _("Its reason is on record.") if text.reason else _("Write down why.")
        said = _("Alternative %(chosen)s is stricter than the money sought asks for. The board may choose it.")
        yield Point("stricter", "VI.note-last", f"{said % {'chosen': chosen}} {reason}")
    if chosen == "1":
        said = _(
            "Policy text lags statute: since 2025 every district must keep adults, too, from obscene material and "
            "child pornography (Minn. Stat. 125B.15). Alternative 1 speaks of students only. The filter keeps "
            "this floor for everybody whatever the text says."
        )
        yield Point("T1", "VI.Alt1.note1", said)
    if chosen == MONITORS_ADULTS:
        yield Point("T19", "VI.Alt3.A.1", _about_adults(text))


def _about_adults(text: AdoptedText) -> str:
    said = _(
        "Alternative 3 watches over adults as well, and blocks for them what is harmful to minors; federal law "
        "asks both for minors only. It is valid policy, but records about employees become personnel data."
    )
    watched = _("The board chose that adults are watched over.")
    return f"{said} {watched if text.adult_monitoring else _('The board chose that adults are not watched over.')}"


def _definition(text: AdoptedText) -> Iterator[Point]:
    first = PlacedClause.objects.filter(text=text, clause__exact="VI.Alt3.B.1").first()
    if first and number(text) in ("", "3") and first.words.rstrip(" ;,.").lower().endswith(" or"):
        said = _(
            "The text joins the first and the second limb of “harmful to minors” with “or”; the federal rule (47 CFR "
            "54.520) demands all three at once: appeal to a prurient interest, patently offensive depiction for "
            "minors, and no serious value for them. Homeroom’s categories follow the federal test of three limbs, "
            "since the words as printed would block more than the law asks."
        )
        yield Point("T2", "VI.Alt3.B.1-3", said)


def _providers(text: AdoptedText) -> Iterator[Point]:
    rows = PlacedClause.objects.filter(text=text, clause__startswith="XIII.")
    words = " ".join(rows.values_list("words", flat=True)).lower()
    if words and "destroy" not in words:
        said = _(
            "The text names two things a provider’s contract must hold; Minn. Stat. 13.32 subd. 13 names more: "
            "breaches told to the district, data destroyed or returned within 90 days, no selling, no commercial "
            "use. The checklist of contracts looks for all of them."
        )
        yield Point("T9", "XIII.E.0", said)

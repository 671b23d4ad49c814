"""The official's desk: what is broken, stale or due, by clause and owner, with the next step; nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from homeroom.base.actor import Actor
from homeroom.board import queries as board
from homeroom.ledger import catalogue, queries
from homeroom.ledger.queries import Entry, State
from homeroom.ledger.said import said as in_words
from homeroom.people import queries as people

SOON = timedelta(days=60)
SHOWN = 8
EVERYTHING = ("technology_director", "superintendent")  # whose desk shows all owners' work


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do: its tone ("bad", "warn", "info"), clause, owner (a role), what, the next step and its page."""

    tone: str
    kind: str
    clause: str
    owner: str
    what: str
    step: str
    url: str


def items(at: datetime, actor: Actor) -> list[Item]:
    """What lies on somebody's desk, the worst first."""
    on = people.today(at)
    found = [*_clauses(at), *_due(on)]
    if not actor.holds(*EVERYTHING):
        found = [each for each in found if actor.holds(each.owner)]
    return sorted(found, key=lambda each: ("bad", "warn", "info").index(each.tone))


def _clauses(at: datetime) -> Iterator[Item]:
    found = [each for each in queries.ledger(at).entries if each.holds]  # what was not chosen binds nobody
    for each in found:
        if each.state is State.BROKEN:
            yield _item("bad", "broken", each, f"{in_words(each.title)[0]}. {' '.join(_found(each))}")
    # One worker that stands still makes many clauses stale: that is one thing to do.
    stale = [each for each in found if each.state is State.STALE]
    if stale:
        named = ", ".join(each.id for each in stale[:SHOWN]) + (" …" if len(stale) > SHOWN else "")
        what = ngettext(
            "Nobody could look lately at %(n)s clause: %(named)s.",
            "Nobody could look lately at %(n)s clauses: %(named)s.", len(stale),
        ) % {"n": len(stale), "named": named}  # fmt: skip
        step = _("Look whether the worker runs; then look now with “homeroom probe”.")
        url = f"{reverse('ledger:ledger')}?state=stale"
        yield Item("warn", "stale", stale[0].id, "technology_director", what, step, url)


def _found(entry: Entry) -> Iterator[str]:
    """Of each look that saw a breach: how many, of how many, and what it looked for."""
    for look in entry.seen:
        if look.broken:
            looked_for = in_words(catalogue.looked_for(look.probe))[0]
            yield _("%(broken)s of %(looked)s: %(what)s") % {
                "broken": look.broken,
                "looked": look.looked_at,
                "what": looked_for,
            }


def _item(tone: str, kind: str, each: Entry, what: str) -> Item:
    step, url = _step(each.id)
    return Item(tone, kind, each.id, each.duty.owner, what, step, url)


def _step(clause: str) -> tuple[str, str]:
    """The next step after a breach, and the page where it is done; the clause's own page where none is known."""
    for beginning, name, said in _steps():
        if clause.startswith(beginning):
            try:
                return said, reverse(name)
            except NoReverseMatch:
                continue
    return _("Open the clause and see what was found."), reverse("ledger:clause", args=[clause])


def _steps() -> tuple[tuple[tuple[str, ...], str, str], ...]:
    texts, notices = _("Put it right on the page of policy texts."), _("Send what is missing.")
    return (
        (("524.", "VI.note1.b", "VI.Alt1.note1", "VI.Alt2.note", "VI.Alt3.note", "VI.note-last", "V.A.6.note", "II.1"),
         "board:texts", texts),
        (("VI.note1.c",), "filtering:choices", _("Choose the alternative that the board adopted.")),
        (("VI.Alt1.2", "VI.Alt2.C", "VI.Alt3.C"), "filtering:viewpoint", _("Correct the listings in the report.")),
        (("II.2", "II.3", "VI.Alt3.E"), "ledger:lessons", _("Teach the grades that wait, and write the lesson down.")),
        (("VI.Alt1.note2", "VI.Alt3.A.1"), "ledger:records", _("Write down who watches where and when.")),
        (("VI.Alt3.D",), "filtering:rules", _("Give each opening an end or a day of review.")),
        (("VI.",), "filtering:lists", _("See whether the lists are fresh and the doors run.")),
        (("V.A.4d",), "filtering:lists", _("See whether the lists are fresh and the doors run.")),
        (("III.2",), "filtering:rules", _("Look at the rules whose review is due.")),
        (("V.C.1", "V.C.2"), "filtering:accidents", _("Read what was told.")),
        (("V.C.4", "V.C.5"), "filtering:rules", _("Give each opening an end or a day of review.")),
        (("VIII.C",), "devices:access", _("Look at the accesses without a ground.")),
        (("VIII.D", "VIII.E", "VIII.F"), "requests:desk", _("Answer what waits.")),
        (("IX.", "IV.1"), "agreements:office", _("See whose agreement is missing.")),
        (("XI.", "XII."), "notices:notices", notices),
        (("XIII.",), "providers:register", _("Complete the register of providers.")),
        (("XIV.D",), "notices:clocks", notices),
        (("XIV.A",), "devices:devices", _("Have the words of what is lent accepted.")),
        (("XIV.",), "devices:access", _("Look at the accesses without a ground.")),
        (("XVII.A", "XVII.B"), "board:addenda", _("Read again, or have the board decide.")),
        (("XVII.D",), "board:review", _("Put the review on the board’s agenda.")),
        (("REF.", "VII"), "board:sources", _("Look whether each source still says the same.")),
    )  # fmt: skip


def _due(on: date) -> Iterator[Item]:
    clock = board.review_clock(on)
    if clock and on <= clock.due <= on + SOON:
        what = _("The yearly review is due on %(day)s.") % {"day": clock.due.isoformat()}
        step = _("Put the review on the board’s agenda.")
        yield Item("warn", "due", "XVII.D", "board_clerk", what, step, reverse("board:review"))
    if waiting := board.waiting():
        what = ngettext(
            "%(n)s addendum waits for the board.", "%(n)s addenda wait for the board.", waiting
        ) % {"n": waiting}  # fmt: skip
        step = _("Write down what the board decided.")
        yield Item("info", "due", "XVII.A.2", "board_clerk", what, step, reverse("board:addenda"))
    for each in board.unread(on):
        what = _("“%(title)s” was approved before the policy changed.") % {"title": each.addendum.title}
        url = reverse("board:reread", args=[each.addendum.pk, each.change])
        yield Item("warn", "due", "XVII.B", "superintendent", what, _("Read it again."), url)

"""What filtering does by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.base.job import Job
from homeroom.base.words import counted
from homeroom.board import queries as board
from homeroom.filtering import publishing
from homeroom.filtering.actions import accidents, builds, choices, purging, sources
from homeroom.filtering.queries import builds as build_queries
from homeroom.filtering.queries import choices as choice_queries
from homeroom.filtering.queries import lists
from homeroom.people import queries as people

_seen = publishing.Seen()
_seen_leases = publishing.SeenLeases()


def catch_up(at: datetime) -> str | None:
    """Publish what the records say and the doors do not."""
    return publishing.catch_up(at, _seen)


def leases(at: datetime) -> str | None:
    """Tell the doors who is behind which address."""
    return publishing.leases_catch_up(at, _seen_leases)


def update(at: datetime) -> str | None:
    """VI.Alt3.A.2: look for newer versions of the lists that are due, or that somebody asked for."""
    said = []
    for name in lists.due(at):
        try:
            version = sources.update_source(actor=SYSTEM, name=name, at=at)
        except Refused as refused:
            said.append(f"{name}: {refused}")
        else:
            said.append(f"{name}: {version.sentence if version else 'nothing new'}")
    return " ".join(said) or None


def build(at: datetime) -> str | None:
    """Build when a checked version waits, a list came or went, or somebody asked."""
    if not build_queries.wanted(at):
        return None
    return builds.build(actor=SYSTEM, at=at).sentence


def follow_the_board(at: datetime) -> str | None:
    """VI.note1.c: from the first day of a text on, the filter runs under the alternative that the board chose."""
    adopted = board.alternative(people.today(at))
    if not adopted or adopted == choice_queries.alternative():
        return None
    reason = f"The text of the policy that is in force has Alternative {adopted}."
    choices.choose_alternative(actor=SYSTEM, alternative=adopted, reason=reason, at=at)
    return reason


def follow_option(at: datetime) -> str | None:
    """V.A.6.c: while the board's paragraph on social networks is in force, they are closed to students.

    What the director chose by hand for this category is left alone.
    """
    on = people.today(at)
    if board.in_force(on) is None:
        return None
    taken = choice_queries.OPTION in board.options(on)
    now = choice_queries.category_choice("student", choice_queries.NETWORKS)
    if now is not None and (now.by != SYSTEM.id or now.blocked == taken):
        return None
    if now is None and not taken:
        return None
    reason = "The board took up paragraph c of V.A.6." if taken else "Paragraph c of V.A.6 is not in force any more."
    choices.choose_category(
        actor=SYSTEM, audience="student", category=choice_queries.NETWORKS, blocked=taken, reason=reason, at=at
    )
    return reason


def purge(at: datetime) -> str | None:
    """T21: let go of bundles, tables and list files that are older than they may be kept."""
    return purging.purge(at=at) or None


def purge_accidents(at: datetime) -> str | None:
    """XIV.B.3: let go of told accidents whose time is over."""
    gone = accidents.purge_accidents(at=at)
    return f"Deleted {counted(gone, 'told accident')}." if gone else None


JOBS = (
    Job(name="filtering.publish", every=timedelta(seconds=0.15), run=catch_up),
    Job(name="filtering.leases", every=timedelta(seconds=0.1), run=leases),
    Job(name="filtering.update", every=timedelta(seconds=2), run=update),
    Job(name="filtering.build", every=timedelta(seconds=2), run=build),
    Job(name="filtering.follow-board", every=timedelta(minutes=1), run=follow_the_board),
    Job(name="filtering.follow-option", every=timedelta(minutes=1), run=follow_option),
    Job(name="filtering.purge", every=timedelta(hours=1), run=purge),
    Job(name="filtering.purge-accidents", every=timedelta(hours=1), run=purge_accidents),
)

"""VIII.D.2: the parent who ended an account is told by letter when the school opens it against that word."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from homeroom.agreements.models import Termination
from homeroom.agreements.queries import family
from homeroom.base.actor import Actor
from homeroom.base.speech import in_each_language
from homeroom.notices import actions as notices
from homeroom.notices.models import Notice
from homeroom.people import queries as people

HELD = "What was settled about mail to this parent needs a look first: an order is on file, or they get no mail."


def tell_overruled(*, actor: Actor, at: datetime, termination: Termination) -> Notice:
    """VIII.D.2: one letter to that parent, with the reason and what they can do; held where an order asks for a look.

    It goes out by e-mail or on paper like every notice, with a proof of its own.
    """
    child, parent = termination.child, termination.guardian
    barred = (child.pk, parent.pk) in family.not_to_write_to(people.today(at), child.pk)
    return notices.open_notice(
        actor=actor, at=at, kind="letter", about=about(termination), title="Account opened against a parent’s word",
        recipients=[(parent, [child], HELD) if barred else (parent, [child])],
        facts=in_each_language(lambda: _said(termination, actor, at)),
    )  # fmt: skip


def about(termination: Termination) -> str:
    """By which the letter is found again."""
    return f"account-opened:{termination.pk}"


def _said(row: Termination, actor: Actor, at: datetime) -> dict[str, str]:
    """In the language of the moment."""
    subject = _("The school opened the account of %(child)s again")
    words = [
        _("You had ended the school account of %(child)s on %(ended)s. The school opened it again on %(opened)s."),
        _("The reason on record: “%(why)s”"),
        _("%(who)s decided this."),
        _(
            "A fresh agreement is open, which everybody signs anew. You may say at any time that the account is to "
            "end: sign in under the address below, or tell the school office. There you may also ask to see what "
            "this rests on."
        ),
    ]
    said = {
        "child": row.child.name, "ended": row.executed_on or people.today(row.requested_at),
        "opened": people.today(at), "why": row.reversed_why, "who": actor.name or actor.id,
    }  # fmt: skip
    return {"subject": _plain(subject % said)[:200], "words": _plain("\n\n".join(words) % said)}


def _plain(words: str) -> str:
    """Without braces, which would be read as places."""
    return words.replace("{", "(").replace("}", ")")

"""Acts about accounts, the network and what opens or closes it for one person."""

from __future__ import annotations

from django.utils.translation import gettext as _


def of_access() -> dict[str, str]:
    """Acts about accounts, the network and what opens or closes it for one person."""
    return {
        "access.account.added": _("added an account"),
        "access.account.changed": _("changed an account"),
        "access.account.closed": _("closed an account"),
        "access.account.factors-reset": _("removed the second step of an account"),
        "access.account.password-set": _("set a password"),
        "access.account.signed-in": _("signed in"),
        "access.addresses.assigned": _("assigned addresses"),
        "access.addresses.ended": _("took addresses back"),
        "access.code.guessed-at": _("somebody guessed at a sign-in code"),
        "access.demo.entered": _("signed in by a demonstration link"),
        "access.filter.asked-as": _("asked the filter as somebody"),
        "access.identity.tied": _("signed in with the school account for the first time"),
        "access.identity.untied": _("untied a school account"),
        "access.lease.begun": _("signed in at the network"),
        "access.lease.contested": _("signed in where somebody else was signed in; neither is known there for a while"),
        "access.lease.ended": _("ended a lease of an address"),
        "access.lease.seen": _("looked at who is where"),
        "access.letter.made": _("printed a code letter"),
        "access.login.ended": _("ended a proxy login"),
        "access.login.set": _("set a proxy login"),
        "access.radius.added": _("let a switch tell who signs in"),
        "access.radius.ended": _("a switch tells no more"),
        "access.record.seen": _("looked at a record"),
        "access.restriction.appealed": _("wrote down what is said against a restriction"),
        "access.restriction.decided": _("suspended or cancelled somebody’s use of the network"),
        "access.restriction.lifted": _("lifted a restriction"),
        "access.salt.added": _("added a ChromeOS salt"),
        "access.salt.ended": _("ended a ChromeOS salt"),
        "access.sessions.ended": _("ended sessions"),
        "access.token.ended": _("ended a DoH token"),
        "access.tokens.issued": _("issued DoH tokens"),
    }

"""Acts about forms, signatures and what ends or replaces them."""

from __future__ import annotations

from django.utils.translation import gettext as _


def of_agreements() -> dict[str, str]:
    """Acts about forms, signatures and what ends or replaces them."""
    return {
        "agreements.alternative.accepted": _("accepted a plan of other activities"),
        "agreements.alternative.disputed": _("wants another plan of other activities"),
        "agreements.alternative.ended": _("ended other activities"),
        "agreements.alternative.explained": _("explained why no other activities can be offered"),
        "agreements.alternative.offered": _("offered a plan of other activities"),
        "agreements.alternative.requested": _("asked for activities without the Internet"),
        "agreements.alternative.started": _("put other activities in effect"),
        "agreements.chosen": _("chose how agreements are handled"),
        "agreements.filed": _("put an agreement on file"),
        "agreements.form.added": _("wrote a version of a form"),
        "agreements.form.submitted": _("handed a form to the board"),
        "agreements.kiosk.ended": _("ended a signing at the office’s screen"),
        "agreements.kiosk.opened": _("opened the office’s screen for somebody to sign"),
        "agreements.paper.confirmed": _("confirmed a form signed on paper"),
        "agreements.paper.recorded": _("typed in a form signed on paper"),
        "agreements.paper.rejected": _("rejected what was typed in from paper"),
        "agreements.paper.seen": _("looked at somebody’s agreement"),
        "agreements.permission-withdrawn": _("took back the permission to use the network"),
        "agreements.permitted": _("permitted the use of the network"),
        "agreements.refusal-taken-back": _("took back a refusal to sign"),
        "agreements.refused": _("declined to sign an agreement"),
        "agreements.reminded": _("asked for reminders to sign"),
        "agreements.roster-followed": _("opened and closed places to sign as the roster changed"),
        "agreements.scan.set-aside": _("set a scanned form aside"),
        "agreements.scan.taken": _("took in a scanned form"),
        "agreements.sealed": _("sealed an agreement"),
        "agreements.signed": _("signed an agreement"),
        "agreements.sitting.begun": _("agreed to sign electronically"),
        "agreements.termination.declined": _("declined to end an account at a parent’s word"),
        "agreements.termination.executed": _("ended an account at a parent’s word"),
        "agreements.termination.overruled": _("opened an account against a parent’s word"),
        "agreements.termination.requested": _("asked to end a child’s account"),
        "agreements.termination.reversed": _("asked for a child’s account again"),
    }

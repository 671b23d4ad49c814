"""Acts about school devices, and every look into one."""

from __future__ import annotations

from django.utils.translation import gettext as _


def of_devices() -> dict[str, str]:
    """Acts about school devices, and every look into one."""
    return {
        "devices.access.asked": _("asked to look into a school device"),
        "devices.access.authorised": _("allowed a look into a school device"),
        "devices.access.ended": _("ended a look into a school device"),
        "devices.access.refused": _("refused a look into a school device"),
        "devices.access.seen": _("opened the record of a look into a device"),
        "devices.access.taken-back": _("took back a request to look into a school device"),
        "devices.access.turned-away": _("was turned away from a school device: something was missing"),
        "devices.access.used": _("looked into a school device"),
        "devices.discovery.recorded": _("wrote down what came to light during maintenance or monitoring"),
        "devices.duty.begun": _("started the clock for telling a family"),
        "devices.duty.deferred": _("put off telling a family, for safety"),
        "devices.duty.deferral-asked": _("asked that telling a family waits, for safety"),
        "devices.duty.deferral-refused": _("answered that telling a family does not wait"),
        "devices.duty.looked-again": _("found that telling a family would still be a danger"),
        "devices.duty.opened-again": _("started the telling of a family again: the letter came back"),
        "devices.duty.threat-ceased": _("wrote down that the danger is over"),
        "devices.duty.told": _("saw that a family was told"),
        "devices.duty.warned": _("warned that a family must be told"),
        "devices.finding.answered": _("said what stood behind a look without a ground"),
        "devices.inventory.loaded": _("took in an inventory of devices"),
        "devices.loan.accepted": _("accepted the terms of a loan"),
        "devices.loan.accepted-on-paper": _("wrote down who signed the terms of a loan on paper"),
        "devices.loan.begun": _("gave out a device or program"),
        "devices.loan.ended": _("took back a device or program"),
        "devices.log.taken-in": _("took in the log of a device console"),
        "devices.loss.found": _("said that a missing device was found"),
        "devices.loss.reported": _("reported a device missing or stolen"),
        "devices.notice.drafted": _("drafted a notice about a look into a device"),
        "devices.notice.held-back": _("held back a notice for a family"),
        "devices.notice.sent": _("told a family about a look into a device"),
        "devices.notice.taken-back": _("took back that a family was told"),
        "devices.notice.written": _("wrote the words of a notice for a family"),
        "devices.programme.authorised": _("allowed a standing way to look into devices"),
        "devices.programme.ended": _("ended a standing way to look into devices"),
        "devices.programme.notice-planned": _("planned the notice about what is watched on devices"),
        "devices.programme.reviewed": _("kept a standing way to look into devices for another year"),
        "devices.resource.added": _("put a device or program on record"),
        "devices.resource.retired": _("retired a device or program"),
        "devices.resource.used-again": _("brought a retired device or program back into use"),
        "devices.suspicion.approved": _("found a suspicion reasonable"),
        "devices.suspicion.recorded": _("wrote down a suspicion"),
        "devices.suspicion.refused": _("found a suspicion not reasonable"),
        "devices.words.set": _("wrote the terms of a loan"),
    }

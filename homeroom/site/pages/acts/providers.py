"""Acts about technology providers and their contracts."""

from __future__ import annotations

from django.utils.translation import gettext as _


def of_providers() -> dict[str, str]:
    """Acts about technology providers and their contracts."""
    return {
        "providers.advertising.opted-in": _("took back a “no” to advertising"),
        "providers.advertising.opted-out": _("said no to advertising for a student"),
        "providers.breach.closed": _("closed the report of lost data"),
        "providers.breach.reported": _("reported that a provider lost data"),
        "providers.contract.activated": _("put a contract in use"),
        "providers.contract.added": _("put a contract on file"),
        "providers.contract.advertising-heard": _("wrote down the board’s hearing on advertising"),
        "providers.contract.closed": _("filed the proof that a provider returned or destroyed data"),
        "providers.contract.ended": _("ended a contract"),
        "providers.contract.file-added": _("added a file to a contract"),
        "providers.contract.overridden": _("allowed a contract although terms are missing"),
        "providers.contract.read": _("wrote down what a contract says"),
        "providers.contract.redaction-ended": _("took back that a file of a contract is redacted"),
        "providers.contract.redacted": _("covered parts of a contract’s file"),
        "providers.contract.refused": _("refused a contract"),
        "providers.contract.renewal-expected": _("said that a contract will likely be renewed"),
        "providers.contract.renewed": _("renewed a contract"),
        "providers.contract.shown": _("opened a contract’s file"),
        "providers.inspection.answered": _("showed a contract to whoever asked"),
        "providers.inspection.asked": _("asked to see a contract"),
        "providers.inspection.denied": _("denied a look at a contract, naming the law"),
        "providers.notice.planned": _("planned the yearly notice about providers"),
        "providers.provider.added": _("put a provider on record"),
        "providers.provider.classified": _("said what a provider’s product does"),
    }

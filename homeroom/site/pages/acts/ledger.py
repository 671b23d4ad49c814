"""Acts about what is kept as proof, and the machines of the filter."""

from __future__ import annotations

from django.utils.translation import gettext as _


def of_ledger() -> dict[str, str]:
    """Acts about what is kept as proof, and the machines of the filter."""
    return {
        "journal.list.taken": _("took a list of people as a file"),
        "ledger.binder.asked": _("asked for a binder"),
        "ledger.binder.built": _("built a binder"),
        "ledger.binder.taken": _("took a binder along"),
        "ledger.probe.turned": _("saw a change in how a clause is kept"),
        "ledger.proof.kept": _("wrote something down for the binder"),
        "ledger.proof.seen": _("took a paper kept for the binder"),
        "ledger.proof.withdrawn": _("withdrew something written for the binder"),
        "nodes.code.made": _("made a code for a filter node"),
        "nodes.key.renewed": _("changed the key that signs bundles"),
        "nodes.node.ended": _("ended a filter node"),
        "nodes.node.enrolled": _("enrolled as a filter node"),
        "nodes.purged": _("forgot the names of old files of filter nodes"),
        "ledger.binders.purged": _("deleted binders with names of students, whose time was over"),
    }

"""Acts about the filter: rules, lists, reviews, and what it refused."""

from __future__ import annotations

from django.utils.translation import gettext as _


def of_filtering() -> dict[str, str]:
    """Acts about the filter: rules, lists, reviews, and what it refused."""
    return {
        "activity.opened": _("looked at what the filter refused to a student"),
        "activity.purged": _("deleted what was older than it may be kept"),
        "filtering.accident.closed": _("read a told accident and closed it"),
        "filtering.accident.seen": _("opened a told accident"),
        "filtering.accident.told": _("told what they came upon by accident"),
        "filtering.accident.disclosed": _("said it was an accident"),
        "filtering.accidents.purged": _("deleted told accidents whose time was over"),
        "filtering.alternative.chosen": _("chose the alternative of Article VI"),
        "filtering.audience.chosen": _("chose for an audience"),
        "filtering.build.asked": _("asked for a build"),
        "filtering.build.failed": _("failed to build"),
        "filtering.bundle.built": _("built and published a bundle"),
        "filtering.category.chosen": _("chose for a category"),
        "filtering.category.sensitive-decided": _("decided about a sensitive category"),
        "filtering.essential.added": _("added an essential name"),
        "filtering.essential.removed": _("removed an essential name"),
        "filtering.list.added": _("added a list"),
        "filtering.list.changed": _("changed a list"),
        "filtering.list.ended": _("stopped using a list"),
        "filtering.list.fetched": _("fetched a list"),
        "filtering.list.refused": _("refused a version of a list"),
        "filtering.list.released": _("let a held version of a list go live"),
        "filtering.list.update-asked": _("asked for an update of a list"),
        "filtering.list.update-failed": _("failed to update a list"),
        "filtering.listing.corrected": _("corrected a listing"),
        "filtering.parameter.set": _("set a parameter"),
        "filtering.review.answered": _("answered a review request"),
        "filtering.review.asked": _("asked for a review"),
        "filtering.rule.added": _("made a rule"),
        "filtering.rule.ended": _("ended a rule"),
        "filtering.rule.kept": _("kept a rule"),
        "filtering.viewpoint.controls-loaded": _("loaded viewpoint controls"),
        "filtering.viewpoint.reported": _("made a viewpoint report"),
    }

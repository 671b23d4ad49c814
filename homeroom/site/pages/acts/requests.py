"""Acts about requests for data, by families and authorities, and looks at staff."""

from __future__ import annotations

from django.utils.translation import gettext as _


def of_requests() -> dict[str, str]:
    """Acts about requests for data, by families and authorities, and looks at staff."""
    return {
        "requests.authority.answered-counsel": _("passed an authority’s request to the district’s lawyer"),
        "requests.authority.answered-given": _("gave an authority what it asked for"),
        "requests.authority.answered-partly": _("gave an authority part of what it asked for"),
        "requests.authority.answered-refused": _("refused an authority’s request"),
        "requests.authority.received": _("wrote down an authority’s request"),
        "requests.authority.seen": _("opened an authority’s request"),
        "requests.data.asked": _("asked to see a student’s data"),
        "requests.data.checked": _("checked the right of whoever asks for data"),
        "requests.data.closed-given": _("answered a request for data in full"),
        "requests.data.closed-partly": _("answered a request for data in part"),
        "requests.data.closed-refused": _("refused a request for data, naming the law"),
        "requests.data.part-given": _("showed one kind of data"),
        "requests.data.part-nothing": _("said that there is no data of one kind"),
        "requests.data.part-withheld": _("kept back one kind of data, naming the law"),
        "requests.data.seen": _("opened a request for data"),
        "requests.review.begun": _("began a look into an employee’s use of the network"),
        "requests.review.ended": _("ended a look into an employee’s use of the network"),
    }

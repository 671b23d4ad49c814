"""XII.B.3: the form for other activities: where a parent finds it, on paper too, and how the office takes it in."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.agreements import actions
from homeroom.agreements.forms.pages import OnPaperForm
from homeroom.agreements.views import said
from homeroom.agreements.views.papers import OFFICE
from homeroom.base import onething
from homeroom.base.needs import needs, public
from homeroom.base.onething import FORM
from homeroom.people import queries as people
from homeroom.people import reach


@public("The notice to parents names this page; it shows a blank form, and to a parent their own children.")
@require_safe
def material(request: Any) -> HttpResponse:
    """XII.B.3: what may be asked for, the way to ask, and a form to print for whoever asks on paper."""
    on = people.today(timezone.now())
    bonds = people.open_bonds(request.actor.id, on).select_related("child") if request.actor else ()
    blanks = (_("Student"), _("School and class"), _("Parent or guardian"), _("Telephone or e-mail"), _("Needed by"))
    page = {"children": [each.child for each in bonds], "scopes": said.scopes().values(), "blanks": blanks}
    return render(request, "agreements/instead_material.html", page)


@needs(*OFFICE)
@FORM
def on_paper(request: Any, child: str) -> HttpResponse:
    """XII.B.0b: a parent asked on paper, by telephone or in person; the office writes it down."""
    now = timezone.now()
    on = people.today(now)
    student = reach.persons(reach.of(request.actor, on), on).filter(pk=child).first()
    if student is None:
        raise Http404
    parents = [(each.pk, each.name) for each in people.parents(child, on)]
    form = OnPaperForm(request.POST or None, parents=parents)
    return onething.work(
        request, form,
        lambda said: actions.request_alternative(actor=request.actor, at=now, student=child, **said),
        to=lambda row: ("agreements:alternative", row.pk), done=_("Written down. The teacher has the request."),
        page=onething.page_of(
            _("Activities without the Internet for %(name)s") % {"name": student.name}, "access:person", student.name,
            _("Write it down"), child,
            lede=_("For a form that came in on paper, a call or a visit. The teacher answers with a plan."),
        ),
    )  # fmt: skip

"""The first page, what this system is, and whether it is well."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base.needs import needs, public
from homeroom.filtering import permits, titles
from homeroom.people import reach
from homeroom.people.models import School
from homeroom.site.pages import navigation, today

# Where each role's work is, the first that is held and that this installation has.
WORK = (
    ("superintendent", "notices:clocks"),
    ("teacher", "filtering:why"),
    ("clerk", "people:people"),
    ("guardian", "agreements:children"),
    ("student", "agreements:mine"),
)


@needs()
@require_safe
def home(request: Any) -> HttpResponse:
    """Today, for those who keep the filter; everybody else is led to where their work is."""
    if not request.actor.holds(*navigation.DASHBOARD):
        return redirect(_elsewhere(request))
    now = timezone.now()
    desk = permits.desk(request.actor, now)
    schools = list(reach.schools(desk.reach, desk.on))
    school = _school(request, schools, whole=desk.director)
    found = today.today(desk, school, now)
    page = {
        "today": found,
        "hours": [(hour.at, hour.blocked) for hour in found.hours],
        "categories": [(titles.title(each.key), each) for each in found.summary.categories[:6]],
        "school": school,
        "schools": schools,
        "director": desk.director,
        "at": now,
    }
    return render(request, "site/today.html", page)


def _elsewhere(request: Any) -> str:
    for role, page in WORK:
        if request.actor.holds(role) and navigation.exists(page):
            return page
    return "about"


def _school(request: Any, schools: list[School], *, whole: bool) -> School | None:
    """The school that is asked for, among one's own; the director's default is the whole district."""
    asked = next((each for each in schools if each.pk == request.GET.get("school")), None)
    if asked or whole:
        return asked
    if not schools:
        raise PermissionDenied(_("Your role names no school today. Ask the technology director to fix that."))
    return schools[0]


@public("What this system is and does must be open to everybody (XVII.C).")
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """XVII.C: what Homeroom does on this network, in plain words."""
    return render(request, "site/about.html")


@public("A load balancer asks whether the web application is well; it learns nothing else.")
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 "ok" while both databases answer, else 503."""
    try:
        for connection in connections.all():
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")

"""The first page, what this system is, and whether it is well."""

from __future__ import annotations

from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from homeroom.base.needs import needs, public


@needs()
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Today."""
    return render(request, "site/today.html", {})


@public("What this system is and does must be open to everybody (XVII.C).")
@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """XVII.C: what Homeroom does on this network, in plain words."""
    return render(request, "site/about.html")


@public("A load balancer asks whether the web application is well; it learns nothing else.")
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """200 "ok" while both databases answer, else 503."""
    try:
        for connection in connections.all():
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")

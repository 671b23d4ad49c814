"""Identity at the network, for the technology director: who is where now, and what tells it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.access import actions, handout
from homeroom.access import network as queries
from homeroom.access.forms.network import LoginForm, RadiusForm, RangeForm, RangesFileForm, TokenForm, WhyForm
from homeroom.base import listing
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.people import reach
from homeroom.people.models import Person

DIRECTOR = "technology_director"


@needs(DIRECTOR)
@require_safe
def network(request: Any) -> HttpResponse:
    """V.A.7.4: who is behind which address now. That somebody looked is written down."""
    words = request.GET.get("q", "").strip()
    part = listing.page(request, queries.leases(words))
    shown = [each.person_id for each in part if each.person_id]
    actions.looked_at_leases(actor=request.actor, people=shown, at=timezone.now())
    return render(request, "access/network.html", {"page": part, "filtered": bool(words), "tab": "leases"})


@needs(DIRECTOR)
@FORM
def ranges(request: Any) -> HttpResponse | StreamingHttpResponse:
    """V.A.7.4: the addresses of schools and rooms, and for whom they are; one by one or by file."""
    found = queries.ranges(request.GET.get("q", "").strip())
    if listing.wants_csv(request):
        return listing.csv("ranges", queries.COLUMNS, queries.as_rows(found))
    one = RangeForm(request.POST if request.POST.get("act") == "one" else None)
    many = RangesFileForm(*((request.POST, request.FILES) if request.POST.get("act") == "many" else ()))
    problems: list[queries.Problem] = []
    if one.is_bound and one.is_valid() and _add_one(request, one):
        return redirect("access:ranges")
    if many.is_bound and many.is_valid():
        problems = _add_many(request, many)
        if not problems:
            return redirect("access:ranges")
    page = {
        "page": listing.page(request, found), "filtered": bool(request.GET.get("q")), "tab": "ranges", "form": one,
        "many": many, "problems": problems[:50],
    }  # fmt: skip
    return render(request, "access/ranges.html", page)


def _add_one(request: Any, form: RangeForm) -> bool:
    said = form.cleaned_data
    try:
        row = actions.add_address(
            actor=request.actor, cidr=said["cidr"], place=said["place"], audience=said["audience"], nat=said["nat"],
            school=said["school"].pk if said["school"] else None, at=timezone.now(),
        )  # fmt: skip
    except Refused as error:
        form.add_error("cidr", str(error))
        return False
    messages.success(request, _("%s is assigned.") % row.cidr)
    return True


def _add_many(request: Any, form: RangesFileForm) -> list[queries.Problem]:
    rows, problems = queries.read_ranges(form.cleaned_data["file"].read())
    if problems or not rows:
        return problems or [queries.Problem(0, _("The file holds no range."))]
    try:
        saved = actions.add_ranges(actor=request.actor, ranges=rows, at=timezone.now())
    except Refused as error:
        return [queries.Problem(0, str(error))]
    messages.success(request, _("%d ranges are assigned.") % len(saved))
    return []


@needs(DIRECTOR)
@FORM
def tokens(request: Any) -> HttpResponse:
    """V.A.7.4: secrets for the DNS over HTTPS of single devices; each is shown once."""
    form, token = TokenForm(request.POST if request.method == "POST" else None), ""
    if form.is_bound and form.is_valid():
        try:
            person = _person(form.cleaned_data["person"])
            token = actions.issue_token(
                actor=request.actor, person=person, label=form.cleaned_data["label"], at=timezone.now()
            )
        except Refused as error:
            form.add_error("person", str(error))
    found = queries.tokens(request.GET.get("q", "").strip())
    page = {"page": listing.page(request, found), "tab": "tokens", "filtered": bool(request.GET.get("q")), "form": form}
    if token:
        page |= {"token": token, "where": handout.where(token=token).doh, "form": TokenForm()}
    return render(request, "access/tokens.html", page)


@needs(DIRECTOR)
@FORM
def logins(request: Any) -> HttpResponse:
    """V.A.7.4: names and passwords for the proxy; a password that is made here is shown once."""
    form, made = LoginForm(request.POST if request.method == "POST" else None), ""
    page: dict[str, Any] = {"tab": "logins", "filtered": bool(request.GET.get("q"))}
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        made = said["password"] or secrets.token_urlsafe(12)
        try:
            row = actions.set_login(
                actor=request.actor, person=_person(said["person"]), name=said["name"], password=made, at=timezone.now()
            )
        except Refused as error:
            form.add_error(None, str(error))
        else:
            page |= {"made": row, "password": "" if said["password"] else made}
            form = LoginForm()
    page |= {"page": listing.page(request, queries.logins(request.GET.get("q", "").strip())), "form": form}
    return render(request, "access/logins.html", page)


def _person(words: str) -> Person:
    exact = Person.objects.filter(pk=words.strip()).first()
    found = [exact] if exact else list(reach.find(Person.objects.all(), words)[:6])
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused(_("Nobody is called “%s”. Give a name or an id.") % words)
    names = ", ".join(f"{each.name} ({each.pk})" for each in found)
    raise Refused(_("“%(words)s” could be several: %(names)s. Give the id.") % {"words": words, "names": names})


@needs(DIRECTOR)
@FORM
def salts(request: Any) -> HttpResponse:
    """V.A.7.4: the salts of ChromeOS identifiers; a new one lives beside the old until all devices have it."""
    if request.method == "POST":
        actions.add_salt(actor=request.actor, salt=secrets.token_hex(16), at=timezone.now())
        messages.success(request, _("A new salt is live. Put it into the device policy, then end the old one."))
        return redirect("access:salts")
    return render(request, "access/salts.html", {"salts": queries.salts(), "tab": "salts"})


@needs(DIRECTOR)
@FORM
def radius(request: Any) -> HttpResponse:
    """V.A.7.4: the switches that may tell who signed in."""
    form, secret = RadiusForm(request.POST if request.method == "POST" else None), ""
    if form.is_bound and form.is_valid():
        made = form.cleaned_data["secret"] or secrets.token_urlsafe(24)
        try:
            actions.add_radius_client(
                actor=request.actor, name=form.cleaned_data["name"], cidr=form.cleaned_data["cidr"], secret=made,
                at=timezone.now(),
            )  # fmt: skip
        except Refused as error:
            form.add_error(None, str(error))
        else:
            secret, form = "" if form.cleaned_data["secret"] else made, RadiusForm()
    page = {"switches": queries.switches(), "tab": "radius", "form": form, "secret": secret}
    return render(request, "access/radius.html", page)


@needs(DIRECTOR)
@FORM
def end(request: Any, kind: str, pk: int) -> HttpResponse:
    """V.A.7.4: end a range, a token, a login, a salt, a lease, or a switch's word; says first what that means."""
    if kind not in ENDS:
        raise Http404
    rows, act, argument, back = ENDS[kind]
    row = rows().filter(pk=pk).first()
    if row is None:
        raise Http404
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            act(actor=request.actor, at=timezone.now(), reason=form.cleaned_data["reason"], **{argument: row})
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Ended. The doors know within a second."))
            return redirect(back)
    return render(request, "access/network_end.html", {"row": row, "kind": kind, "back": back, "form": form})


ENDS: Mapping[str, tuple[Any, Any, str, str]] = {
    "range": (queries.ranges, actions.end_range, "range", "access:ranges"),
    "token": (queries.tokens, actions.end_token, "token", "access:tokens"),
    "login": (queries.logins, actions.end_login, "login", "access:logins"),
    "salt": (queries.salts, actions.end_salt, "salt", "access:salts"),
    "lease": (queries.leases, actions.end_lease, "lease", "access:network"),
    "radius": (queries.switches, actions.end_radius_client, "client", "access:radius"),
}


@needs(DIRECTOR)
@require_safe
def configs(request: Any) -> HttpResponse:
    """V.A.7.4: files that devices and servers need to be known at the doors."""
    page = {"handouts": handout.HANDOUTS.values(), "where": handout.where(salt=queries.newest_salt()), "tab": "configs"}
    return render(request, "access/configs.html", page)


@needs(DIRECTOR)
@FORM
def config(request: Any, name: str) -> HttpResponse:
    """One file; with a token, posted since it is a secret, the file of one device."""
    if name not in handout.HANDOUTS:
        raise Http404
    one = handout.HANDOUTS[name]
    token = str(request.POST.get("token", "")) if one.personal else ""
    if not forms.RegexField(r"\A[A-Za-z0-9_-]{0,64}\Z", required=False).clean(token) == token:
        raise Http404
    body = one.make(handout.where(salt=queries.newest_salt(), token=token))
    answer = HttpResponse(body, content_type=one.media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{one.file}"'
    return answer

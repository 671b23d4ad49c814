"""What everybody may see of providers, and what parents and students may read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeroom.base import listing, posted
from homeroom.base.errors import Refused
from homeroom.base.needs import needs, public
from homeroom.people import queries as people
from homeroom.providers import actions, files, titles
from homeroom.providers.forms import contracts as given
from homeroom.providers.models import Contract, Provider
from homeroom.providers.queries import contracts
from homeroom.providers.queries import register as queries
from homeroom.providers.views.register import SEE

READERS = (
    "guardian", "student", "teacher", "clerk", "employee", "building_administrator", "technology_director",
    "superintendent", "board_clerk",
)  # fmt: skip
COLUMNS = ("provider", "product", "data", "used for", "contract until")


@public("Which providers hold data on students is public, as XIII.D wants contracts to be.")
@require_safe
def providers(request: Any) -> HttpResponse | StreamingHttpResponse:
    """XIII.C.1: every provider whose contract holds today, with the data it has."""
    on = people.today(timezone.now())
    rows = queries.public(request.GET.get("q", ""), on)
    if listing.wants_csv(request):
        return listing.csv("providers", COLUMNS, (_line(row) for row in rows))
    page = {"page": listing.page(request, rows), "words": request.GET.get("q", "")}
    return render(request, "providers/providers.html", page)


def _line(row: queries.Line) -> tuple[object, ...]:
    last = row.contract.last_day if row.contract else None
    return row.provider.name, row.provider.product, row.data, " ".join(row.provider.used_for), last


@public("Which data a provider has is public; its contract opens for parents, students and staff who are signed in.")
@require_safe
def provider(request: Any, slug: str) -> HttpResponse:
    """XIII.C.2, XIII.D: one provider: which data, what for, under which contract."""
    row, held = _active(slug)
    reads = request.user.is_authenticated and request.actor.holds(*READERS)
    children = people.children(request.actor.id, people.today(timezone.now())) if reads and row.advertising else []
    page = {
        "provider": row, "contract": held, "reads": reads, "files": queries.files(held) if reads else (),
        "children": children, "kinds": dict(given.KINDS),
        "out": queries.opted_out(held, children) if children else set(),
        "data": titles.in_words(row.data),
        "asked": queries.asked_by(request.actor.id, held) if reads else (),
    }  # fmt: skip
    return render(request, "providers/provider.html", page)


@needs(*READERS)
@require_safe
def file(request: Any, slug: str, pk: int) -> HttpResponse:
    """XIII.D: one file of a contract, whole."""
    row = queries.file(pk)
    if row is None or row.contract.provider.slug != slug:
        raise Http404
    if not (queries.is_open_to_readers(row.contract) or request.actor.holds(*SEE)):
        raise Http404  # what is still looked at, or was refused, holds no data on anybody
    shown, content = actions.show_file(actor=request.actor, at=timezone.now(), file=row)
    answer = HttpResponse(content, content_type=files.type_of(shown.name))
    answer.headers["Content-Disposition"] = f'attachment; filename="{_plain(shown.name)}"'
    return answer


@needs("guardian", "student")
@require_POST
def ask(request: Any, slug: str) -> HttpResponse:
    """XIII.D: ask to be shown a contract, or to have it explained."""
    _row, held = _active(slug)
    try:
        wish = posted.words(request, "wish")
        actions.ask_inspection(actor=request.actor, at=timezone.now(), contract=held, wish=wish)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your request is on file. You will hear from the district."))
    return redirect("providers:provider", slug)


@needs("guardian")
@require_POST
def advertising(request: Any, slug: str) -> HttpResponse:
    """Minn. Stat. 125B.022: no advertising for one's own child, or again."""
    row, held = _active(slug)
    on = people.today(timezone.now())
    child = next((each for each in people.children(request.actor.id, on) if each.pk == request.POST.get("child")), None)
    if child is None or not row.advertising:
        raise Http404
    act = actions.withdraw_opt_out if request.POST.get("back") else actions.opt_out
    try:
        act(actor=request.actor, at=timezone.now(), contract=held, student=child)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("providers:provider", slug)


def _active(slug: str) -> tuple[Provider, Contract]:
    held = contracts.active(people.today(timezone.now())).filter(provider__slug=slug).first()
    if held is None:
        raise Http404
    return held.provider, held


def _plain(name: str) -> str:
    return "".join(each if each.isalnum() or each in "._- " else "_" for each in name)

"""V.A.4d: the machines that filter for the district, for the technology director."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base import listing, onething
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.doors import bundle_file, environment
from homeroom.nodes import actions, keys, queries
from homeroom.nodes.forms import NameForm, ReasonForm
from homeroom.nodes.models import Node

DIRECTOR = "technology_director"
COLUMNS = ("name", "state", "bundle", "published", "heard", "waiting", "enrolled", "ended")


@needs(DIRECTOR)
@require_safe
def nodes(request: Any) -> HttpResponse | StreamingHttpResponse:
    """V.A.4d: every node: what it serves, when it was heard, how its doors do, what waits on it."""
    now, words = timezone.now(), request.GET.get("q", "").strip()
    found = queries.nodes(words, ended=request.GET.get("show") == "ended")
    if listing.wants_csv(request):
        return listing.csv("filter-nodes", COLUMNS, _rows(queries.states(found, now)))
    part = listing.page(request, found)
    page = {
        "page": part, "states": queries.states(part.object_list, now), "codes": queries.codes(now),
        "current": bundle_file.current_id(environment.home()), "filtered": bool(words),
        "ended": request.GET.get("show") == "ended", "district": keys.district(),
    }  # fmt: skip
    return render(request, "nodes/nodes.html", page)


def _rows(found: list[queries.State]) -> Any:
    for each in found:
        node = each.node
        yield (
            node.name, each.word, each.bundle, each.born or "", node.heard or "", each.waiting, node.enrolled,
            node.ended or "",
        )  # fmt: skip


@needs(DIRECTOR)
@require_safe
def node(request: Any, pk: int) -> HttpResponse:
    """V.A.4d: one node, with every door and what is wrong."""
    row = get_object_or_404(Node, pk=pk)
    state = queries.states([row], timezone.now())[0]
    return render(request, "nodes/node.html", {"state": state, "node": row})


@needs(DIRECTOR)
@FORM
def add(request: Any) -> HttpResponse:
    """V.A.4d: a one-time code for a new node; it is shown once."""
    form, code = NameForm(request.POST if request.method == "POST" else None), ""
    if form.is_bound and form.is_valid():
        try:
            code = actions.make_code(actor=request.actor, name=form.cleaned_data["name"].strip(), at=timezone.now())
        except Refused as error:
            form.add_error("name", str(error))
    command = f"homeroom node enroll {environment.text('HOMEROOM_PUBLIC_URL')} {code}" if code else ""
    return render(request, "nodes/add.html", {"form": form, "command": command})


@needs(DIRECTOR)
@FORM
def end(request: Any, pk: int) -> HttpResponse:
    """V.A.4d: a node filters for us no longer."""
    row = get_object_or_404(Node, pk=pk, ended=None)
    page = {
        "title": _("End the node %s?") % row.name, "back": reverse("nodes:nodes"), "button": _("End the node"),
        "lede": _(
            "It gets no bundle any more, and nothing that it sends is taken. It keeps deciding by its last bundle "
            "until it is switched off, so switch it off as well."
        ),
    }  # fmt: skip

    def do(said: dict[str, Any]) -> Node:
        return actions.end_node(actor=request.actor, name=row.name, reason=said["reason"], at=timezone.now())

    return onething.work(
        request, ReasonForm(request.POST or None), do, to=_back, page=page,
        done=_("The node %s is ended.") % row.name,
    )  # fmt: skip


@needs(DIRECTOR)
@FORM
def key(request: Any) -> HttpResponse:
    """V.A.4d: another key for signing bundles; the old one vouches for it."""
    page = {
        "title": _("Change the key that signs bundles?"), "back": reverse("nodes:nodes"),
        "button": _("Change the key"),
        "lede": _(
            "Nodes follow by themselves, since the old key vouches for the new one, also those that are away. Change "
            "it once a year, and when somebody who could read it leaves."
        ),
    }  # fmt: skip

    def do(said: dict[str, Any]) -> str:
        return actions.renew_key(actor=request.actor, reason=said["reason"], at=timezone.now())

    return onething.work(
        request, ReasonForm(request.POST or None), do, to=_back, page=page,
        done=_("Bundles are signed with a new key from now on."),
    )  # fmt: skip


def _back(result: object) -> tuple[str]:
    return ("nodes:nodes",)

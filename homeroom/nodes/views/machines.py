"""What nodes ask of the centre. Every request but the first is signed by a node's key; there are no cookies here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.base.needs import public
from homeroom.doors import environment
from homeroom.doors.nodes.centre import LEASES
from homeroom.nodes import keys, queries
from homeroom.nodes.actions import enrolling, traffic

MACHINES = "A node is no person: its signature is looked at with each request."
View = Callable[..., HttpResponse]


def for_nodes(view: View) -> View:
    """Only for requests that a node of this district has signed."""

    @wraps(view)
    def judged(request: HttpRequest, **values: Any) -> HttpResponse:
        header = request.headers.get("Homeroom-Node", "")
        try:
            body = _body(request)
        except Refused as refused:
            return _said(str(refused), 413)
        node = queries.asker(header, request.method or "", request.path, body, timezone.now())
        if node is None:
            return _said("This request is not signed by a node of this district, or the clocks differ.", 403)
        try:
            return view(request, node=node, **values)
        except Refused as refused:
            return _said(str(refused), 400)

    return judged


def _body(request: HttpRequest) -> bytes:
    """What a node sends, also where it is more than a person's form may hold: doors close a file at 8 MB."""
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    if size > traffic.LARGEST:
        raise Refused(_("This is larger than any file of a door."))
    request._body = request.read(size)  # type: ignore[attr-defined]
    return request.body


@public(MACHINES)
@require_GET
@for_nodes
def bundle(request: HttpRequest, node: Any) -> HttpResponse:
    """The signed statement of the bundle in force; 304 where the node has it."""
    data = queries.statement()
    if not data:
        return _said("No bundle was published yet.", 404)
    headers = {"ETag": queries.etag(data), LEASES: queries.leases_tag()}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(data, content_type="application/json", headers={**headers, "Cache-Control": "no-store"})


@public(MACHINES)
@require_GET
@for_nodes
def leases(request: HttpRequest, node: Any) -> HttpResponse:
    """V.A.7.4: who is behind which address at this moment, signed."""
    data = queries.leases()
    if not data:
        return _said("No leases were told yet.", 404)
    return HttpResponse(data, content_type="application/json", headers={"Cache-Control": "no-store"})


@public(MACHINES)
@require_GET
@for_nodes
def part(request: HttpRequest, node: Any, name: str) -> HttpResponse | FileResponse:
    """A file of a bundle."""
    path = queries.part(name)
    return _said("There is no such file.", 404) if path is None else FileResponse(path.open("rb"))


@public(MACHINES)
@require_GET
@for_nodes
def chain(request: HttpRequest, node: Any) -> HttpResponse:
    """Which key of the district came after which."""
    return JsonResponse({"chain": keys.chain()})


@public(MACHINES)
@csrf_exempt
@require_POST
@for_nodes
def spool(request: HttpRequest, node: Any, name: str) -> HttpResponse:
    """VI.Alt3.A.2: a file of activity, taken once."""
    taken = traffic.take_file(home=environment.home(), node=node, name=name, data=request.body, at=timezone.now())
    return HttpResponse(status=201 if taken else 200)


@public(MACHINES)
@csrf_exempt
@require_POST
@for_nodes
def health(request: HttpRequest, node: Any) -> HttpResponse:
    """How a node does."""
    traffic.note_health(node=node, said=queries.readable(request.body), at=timezone.now())
    return HttpResponse(status=204)


@public("A machine that is not a node yet has a one-time code, and nothing else.")
@csrf_exempt
@require_POST
def enrol(request: HttpRequest) -> HttpResponse:
    """V.A.4d: take a machine on by its code."""
    said = queries.readable(request.body)
    try:
        told = enrolling.enrol(
            actor=SYSTEM, code=str(said.get("code", "")), key=str(said.get("key", "")), at=timezone.now()
        )
    except Refused as refused:
        return _said(str(refused), 403)
    return JsonResponse(told)


def _said(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")

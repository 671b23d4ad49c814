"""What Prometheus scrapes: numbers about the house, never about a person (deploy/alerts.yml has alerts for them)."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from homeroom.base.needs import public
from homeroom.doors import bundle_file, environment
from homeroom.doors.status import read_statuses
from homeroom.nodes.models import Node

COUNTED = {
    "queries": "questions", "requests": "requests", "asked": "questions", "blocked": "refused",
    "remembered": "answered from memory", "spool_lost": "activity that could not be written",
}  # fmt: skip


@public("Machines that watch the house: from this very machine, or with the token of HOMEROOM_METRICS_TOKEN.")
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """All numbers, in the text format of Prometheus."""
    if not _may(request):
        return HttpResponse("Ask from this machine, or with the token.", status=403, content_type="text/plain")
    text = "".join(f"{line}\n" for line in _lines())
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def _may(request: HttpRequest) -> bool:
    """Who asks through a reverse proxy comes from loopback as well, so then only the token counts."""
    token = environment.text("HOMEROOM_METRICS_TOKEN")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(token.encode(), given.encode()):
        return True
    try:
        near = ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    return near and "X-Forwarded-For" not in request.headers and environment.number("HOMEROOM_WEB_PROXIES") == 0


def _lines() -> Iterator[str]:
    at, home = timezone.now(), environment.home()
    said = read_statuses(home, at)
    yield "# TYPE homeroom_trouble gauge"
    yield f"homeroom_trouble {sum(1 for each in said.values() if each.get('trouble'))}"
    yield "# TYPE homeroom_status_age_seconds gauge"
    for part, values in said.items():
        yield f'homeroom_status_age_seconds{{part="{part}"}} {values["age"]:.1f}'
    for name in COUNTED:
        yield from _counter(name, said)
    yield "# TYPE homeroom_spool_files gauge"
    yield f"homeroom_spool_files {sum(1 for _ in (home / 'spool').glob('*.log'))}"
    yield from _nodes(at, bundle_file.current_id(home))


def _counter(name: str, said: dict[str, dict[str, Any]]) -> Iterator[str]:
    yield f"# HELP homeroom_{name}_total {COUNTED[name]}, since the part started"
    yield f"# TYPE homeroom_{name}_total counter"
    for part, values in said.items():
        if isinstance(values.get(name), int):
            yield f'homeroom_{name}_total{{part="{part}"}} {values[name]}'


def _nodes(at: Any, current: str) -> Iterator[str]:
    yield "# TYPE homeroom_node_heard_seconds gauge"
    yield "# TYPE homeroom_node_current gauge"
    for node in Node.objects.filter(ended=None).order_by("name"):
        heard = (at - (node.heard or node.enrolled)).total_seconds()
        yield f'homeroom_node_heard_seconds{{node="{node.name}"}} {heard:.1f}'
        yield f'homeroom_node_current{{node="{node.name}"}} {int(node.health.get("bundle") == current)}'

"""What Prometheus scrapes: numbers about the house, never about a person (deploy/alerts.yml has alerts for them)."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

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
    registry = CollectorRegistry()
    registry.register(House())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


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


class House(Collector):
    """The house as families of numbers."""

    def collect(self) -> Iterator[Metric]:
        """Everything, looked at now."""
        at, home = timezone.now(), environment.home()
        said = read_statuses(home, at)
        troubles = sum(1 for each in said.values() if each.get("trouble"))
        yield GaugeMetricFamily("homeroom_trouble", "parts that report a trouble", troubles)
        ages = {part: values["age"] for part, values in said.items()}
        yield _by(GaugeMetricFamily("homeroom_status_age_seconds", "since a part last spoke", labels=["part"]), ages)
        for name, what in COUNTED.items():
            counts = {part: values[name] for part, values in said.items() if isinstance(values.get(name), int)}
            family = CounterMetricFamily(f"homeroom_{name}", f"{what}, since the part started", labels=["part"])
            yield _by(family, counts)
        waiting = sum(1 for _ in (home / "spool").glob("*.log"))
        yield GaugeMetricFamily("homeroom_spool_files", "files of activity that wait to be taken in", waiting)
        yield from _nodes(at, bundle_file.current_id(home))


def _nodes(at: datetime, current: str) -> Iterator[Metric]:
    nodes = list(Node.objects.filter(ended=None).order_by("name"))
    heard = {node.name: (at - (node.heard or node.enrolled)).total_seconds() for node in nodes}
    yield _by(GaugeMetricFamily("homeroom_node_heard_seconds", "since a node was last heard", labels=["node"]), heard)
    same = {node.name: int(node.health.get("bundle") == current) for node in nodes}
    yield _by(GaugeMetricFamily("homeroom_node_current", "1: it serves the bundle in force", labels=["node"]), same)


def _by(family: Any, values: Mapping[str, float]) -> Metric:
    """A family with one number for each part or node."""
    for label, value in values.items():
        family.add_metric([label], value)
    return family

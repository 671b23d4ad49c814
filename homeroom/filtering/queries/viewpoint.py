"""Viewpoint controls and reports."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from homeroom.filtering import tables
from homeroom.filtering.models import FindingKind, ViewpointControl, ViewpointFinding, ViewpointReport


def controls() -> QuerySet[ViewpointControl]:
    """The pairs and names that lists are held against."""
    return ViewpointControl.objects.filter(ended_at=None)


def reports() -> QuerySet[ViewpointReport]:
    """All reports, newest first; their `findings` name list and line."""
    return ViewpointReport.objects.select_related("version__source")


def report(pk: int) -> ViewpointReport | None:
    """One report."""
    return reports().filter(pk=pk).first()


def last_report() -> ViewpointReport | None:
    """The newest report on the lists that were live."""
    return reports().filter(version=None).first()


def sentence(finding: ViewpointFinding) -> str:
    """A finding in a sentence, with list, line, and the correction it asks for."""
    row = tables.category(finding.category)
    title = row.title if row else finding.category
    name = f"{finding.host}{finding.path}"
    told = (
        f"{name} is listed under “{title}” (line {finding.line} of {finding.list}, {finding.version}: {finding.text})"
    )
    if finding.kind == FindingKind.ASYMMETRY:
        told += f", its counterpart {finding.counterpart} is not"
    told += f" [{finding.topic}]."
    if finding.corrected:
        return f"{told} It is corrected already."
    if not finding.profiles:
        return f"{told} Nobody is blocked by it now."
    return f"{told} It blocks {', '.join(finding.profiles)}. Correct {name} in {finding.category}."


def as_json(report: ViewpointReport) -> dict[str, Any]:
    """A report for `homeroom viewpoint report --json`."""
    return {
        "id": report.pk, "at": report.at.isoformat(), "version": str(report.version) if report.version else None,
        "table": report.table, "lists": report.lists, "pairs": report.pairs, "names": report.names,
        "asymmetries": report.asymmetries, "hits": report.hits, "fresh": report.fresh, "sentence": report.sentence,
        "findings": [_finding(each) for each in report.findings.all()],
    }  # fmt: skip


def _finding(finding: ViewpointFinding) -> dict[str, Any]:
    return {
        "kind": finding.kind, "topic": finding.topic, "host": finding.host, "path": finding.path,
        "counterpart": finding.counterpart, "category": finding.category, "profiles": finding.profiles,
        "list": finding.list, "version": finding.version, "line": finding.line, "text": finding.text,
        "fresh": finding.fresh, "corrected": finding.corrected,
        "correction": {"target": f"{finding.host}{finding.path}", "category": finding.category},
        "sentence": sentence(finding),
    }  # fmt: skip

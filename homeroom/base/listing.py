"""Long lists for people: a page at a time, or all of it as a file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from csv import writer
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

PER_PAGE = 50
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def page(request: HttpRequest, rows: Any, per: int = PER_PAGE) -> Page[Any]:
    """The part that ?page= asks for; the nearest one where there is no such part."""
    return Paginator(rows, per).get_page(request.GET.get("page"))


def wants_csv(request: HttpRequest) -> bool:
    """Whether ?format=csv was asked for."""
    return request.GET.get("format") == "csv"


def csv(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """All rows as CSV (RFC 4180), streamed; `name` is the file's name without its ending.

    Begins with a byte order mark, without which spreadsheets misread names such as “Núñez”.
    """
    answer = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    out = writer(_Echo())
    yield "\ufeff"
    yield out.writerow(header)
    for row in rows:
        yield out.writerow([cell(value) for value in row])


def cell(value: object) -> str:
    """One value as a spreadsheet may show it: never as a formula, instants in the district's time.

    >>> cell("=1+1"), cell(None), cell("plain")
    ("'=1+1", '', 'plain')
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(sep=" ", timespec="seconds")
    text = str(value)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text

"""A drawn signature: strokes of a finger as numbers in, one small picture out; nothing else can be inside it."""

from __future__ import annotations

import json

from django.utils.translation import gettext as _

from homeroom.base.errors import Refused

WIDTH, HEIGHT = 600, 200
MOST_POINTS = 5000


def svg(strokes: str) -> bytes:
    """The picture of strokes as the page sends them: JSON, a list of strokes, each a list of x, y, x, y, ...

    Empty where nothing was drawn. Raises Refused for what no page sends.

    >>> svg("[[1, 2, 3, 4]]").decode().partition(">")[2]
    '<path d="M1 2L3 4" fill="none" stroke="#000" stroke-width="4"/></svg>'
    >>> svg("[]")
    b''
    """
    if not strokes.strip():
        return b""
    try:
        read = [[round(float(each)) for each in stroke] for stroke in json.loads(strokes)]
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise _refused() from None
    if sum(len(stroke) for stroke in read) > 2 * MOST_POINTS:
        raise _refused()
    paths = [path for stroke in read if (path := _path(stroke))]
    if not paths:
        return b""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
    drawn = "".join(f'<path d="{path}" fill="none" stroke="#000" stroke-width="4"/>' for path in paths)
    return f"{head}{drawn}</svg>".encode()


def _path(stroke: list[int]) -> str:
    pairs = list(zip(stroke[::2], stroke[1::2], strict=False))
    points = [f"{min(max(x, 0), WIDTH)} {min(max(y, 0), HEIGHT)}" for x, y in pairs]
    if len(points) == 1:
        points *= 2  # a dot is a line that goes nowhere
    return "M" + "L".join(points) if points else ""


def _refused() -> Refused:
    return Refused(_("The drawing did not arrive whole. Draw it again, or sign with your typed name alone."))

"""QR codes (ISO/IEC 18004) as SVG, for pages and for paper."""

from __future__ import annotations

import segno


def svg(text: str, *, strong: bool = False) -> str:
    """A QR code of a text as one `<svg>` element without a size of its own; `strong` survives more dirt and folds."""
    code = segno.make(text, error="q" if strong else "m", micro=False, boost_error=True)
    return str(code.svg_inline(omitsize=True, border=4, lineclass=None, svgclass=None, dark="#000", light="#fff"))

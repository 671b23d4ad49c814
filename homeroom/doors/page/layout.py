"""The skeleton that every page of the proxy shares: small, self-contained, without scripts, readable by anybody.

WCAG 2.1 AA: contrast of at least 4.5 to 1 in light and dark, nothing told by colour alone, each part in its
own language marked as such, usable at 320 px and with a keyboard, and printable.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape

from homeroom.kernel.decision.wording import LANGUAGES

# A term and what it stands for, both plain text; the third is the text's language where it is not the page's.
Fact = tuple[str, str] | tuple[str, str, str]

STYLE = """\
:root{color-scheme:light dark;--ink:#1a1b20;--paper:#fff;--soft:#f0f1f5;--line:#666b7a;--link:#0b4aa8}
@media(prefers-color-scheme:dark){:root{--ink:#eceef4;--paper:#15171c;--soft:#22252d;--line:#9aa1b2;--link:#a3c7ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.55 system-ui,sans-serif}
main{max-width:42rem;margin:0 auto;padding:1rem 1rem 3rem}
h1,h2{font-size:1.6rem;line-height:1.25;margin:.75rem 0}
a{color:var(--link)}
a:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:3px}
.org{margin:0;color:var(--line);font-weight:600}
.what{background:var(--soft);padding:.6rem .8rem;border-radius:.4rem;overflow-wrap:anywhere;font-family:monospace}
.kind{display:flex;gap:.75rem;align-items:center;font-weight:700}
.kind{border:2px solid;border-radius:.5rem;padding:.7rem 1rem}
.statutory{border:6px double}
.standing{border-style:dashed}
.safety{border:4px dotted}
svg{width:2rem;height:2rem;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
dl{margin:1rem 0}
dt{font-weight:700;margin-top:.8rem}
dd{margin:0;overflow-wrap:anywhere}
.do{display:flex;flex-wrap:wrap;gap:.75rem;margin:1.5rem 0}
.do a{border:2px solid var(--link);border-radius:.5rem;padding:.65rem 1.1rem;font-weight:700;text-decoration:none}
.do a:first-child{background:var(--link);color:var(--paper)}
summary{cursor:pointer;padding:.6rem 0;font-weight:700}
section+section{border-top:2px solid var(--line);margin-top:2.5rem;padding-top:.5rem}
.small{font-size:.9375rem}
@media print{:root{--ink:#000;--paper:#fff;--soft:#fff;--line:#000;--link:#000}.other{display:none}
.do a:first-child{background:none;color:#000}details>*{display:block}
details::details-content{content-visibility:visible;display:block;block-size:auto}}
"""

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

SAFE_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"Cache-Control", b"no-store"),
    (
        b"Content-Security-Policy",
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'".encode(),
    ),
    (b"X-Content-Type-Options", b"nosniff"),
    (b"Referrer-Policy", b"no-referrer"),
)


def page(*, language: str, title: str, organisation: str, sections: Mapping[str, str]) -> bytes:
    """A whole page: `sections` are the HTML of each language, the reader's own first and the others below it.

    Each section's first element must be a heading with the id "top-LANGUAGE". `title` and
    `organisation` are plain text and escaped here.
    """
    order = [language, *(each for each in sections if each != language)]
    body = "".join(
        f'<section lang="{each}" id="{each}" aria-labelledby="top-{each}">'
        f"{_links(each, order)}{sections[each]}</section>\n"
        for each in order
    )
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(title)} – {escape(organisation)}</title><style>{STYLE}</style></head>\n"
        f'<body><main><p class="org">{escape(organisation)}</p>\n{body}</main></body></html>\n'
    ).encode()


def _links(language: str, order: list[str]) -> str:
    """From the reader's own section to the others; the others need no way back."""
    if language != order[0]:
        return ""
    links = " ".join(f'<a href="#{each}" hreflang="{each}" lang="{each}">{LANGUAGES[each]}</a>' for each in order[1:])
    return f'<p class="other">{links}</p>'


def heading(language: str, text: str, *, first: bool) -> str:
    """The heading of a section: the page has one h1, the other language's heading is an h2."""
    level = "h1" if first else "h2"
    return f'<{level} id="top-{language}">{escape(text)}</{level}>'


def paragraph(text: str, language: str = "") -> str:
    """Plain text as a paragraph; `language` where it is not the section's."""
    marked = f' lang="{language}"' if language else ""
    return f"<p{marked}>{escape(text)}</p>"


def rows(facts: Iterable[Fact]) -> str:
    """Terms and what they stand for, as a list; facts without a second part are left out."""
    return "<dl>" + "".join(_row(*fact) for fact in facts if fact[1]) + "</dl>"


def _row(term: str, text: str, language: str = "") -> str:
    marked = f' lang="{language}"' if language else ""
    return f"<dt>{escape(term)}</dt><dd{marked}>{escape(text)}</dd>"


@lru_cache(maxsize=1024)
def read_language(header: str) -> str:
    """The language of ours that an Accept-Language header likes best (RFC 9110 section 12.5.4); English otherwise.

    >>> read_language("fr;q=0.9, es-MX;q=0.8, en;q=0.1"), read_language("es;q=0, *"), read_language("nonsense;;q=x")
    ('es', 'en', 'en')
    """
    best, liking = "en", 0.0
    for item in header.split(",")[:20]:
        tag, _, quality = item.partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            said = _quality(quality)
            if said > liking:
                best, liking = language, said
    return best


def _quality(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        said = float(value)
    except ValueError:
        return 0.0
    return said if 0 <= said <= 1 else 0.0

"""What the proxy answers by itself: block pages, troubles in plain words, the set-up file. Values only, no sockets."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from html import escape
from http import HTTPStatus

from homeroom.doors.page import block as block_page
from homeroom.doors.page.layout import SAFE_HEADERS, heading, page, paragraph, read_language
from homeroom.doors.proxy.headers import first
from homeroom.doors.proxy.http import Request
from homeroom.doors.proxy.troubles import TRY_AGAIN, Trouble

HTML, JSON = b"text/html; charset=utf-8", b"application/json"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the proxy's own. `final` where the connection is to be closed after it."""

    status: int
    media_type: bytes
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = SAFE_HEADERS
    final: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """How a client would like to be answered."""

    language: str = "en"
    json: bool = False


def read_wish(request: Request | None) -> Wish:
    """The language and form that a request asks for; English HTML where it says nothing."""
    if request is None:
        return Wish()
    accepts = first(request.headers, b"accept").decode("latin-1").lower()
    language = read_language(first(request.headers, b"accept-language").decode("latin-1"))
    return Wish(language, json="application/json" in accepts and "text/html" not in accepts)


def blocked(facts: block_page.Blocked, wish: Wish) -> Reply:
    """A block page: 403, since the request was understood and is refused."""
    if wish.json:
        return Reply(403, JSON, block_page.as_json(facts, wish.language))
    return Reply(403, HTML, block_page.as_html(facts, wish.language))


def trouble(
    kind: Trouble, wish: Wish, organisation: str, *, detail: str = "", status: int = 0, again: str = ""
) -> Reply:
    """A page about something that went wrong; `detail` is a sentence in English, `status` where it differs
    from the usual one, `again` an address to offer for another try.
    """
    code = status or kind.status
    headers = SAFE_HEADERS
    if code == 407:
        headers = ((b"Proxy-Authenticate", b'Basic realm="School network", charset="UTF-8"'), *headers)
    if code == 429:
        headers = ((b"Retry-After", b"60"), *headers)
    if wish.json:
        title, sentence = kind.words[wish.language]
        said = {"status": code, "error": title, "detail": detail, "next": sentence}
        return Reply(code, JSON, json.dumps(said, ensure_ascii=False).encode(), headers)
    sections = {each: _section(kind, each, detail, again, first=each == wish.language) for each in kind.words}
    title = kind.words[wish.language][0]
    body = page(language=wish.language, title=title, organisation=organisation, sections=sections)
    return Reply(code, HTML, body, headers)


def _section(kind: Trouble, language: str, detail: str, again: str, *, first: bool) -> str:
    title, sentence = kind.words[language]
    said = paragraph(block_page.cut(detail), "" if language == "en" else "en") if detail else ""
    link = f'<p class="do"><a href="{escape(again)}">{escape(TRY_AGAIN[language])}</a></p>' if again else ""
    return heading(language, title, first=first) + said + paragraph(sentence) + link


def closing(reply: Reply) -> Reply:
    """The same answer, after which the connection is closed."""
    return replace(reply, final=True)


def reply_bytes(reply: Reply, *, head_only: bool, keep: bool, old: bool = False) -> bytes:
    """The answer on the wire; `old` for a client of HTTP/1.0, `head_only` for the answer to a HEAD."""
    phrase = HTTPStatus(reply.status).phrase.encode()
    head = [b"HTTP/1.1 %d %b\r\n" % (reply.status, phrase)]
    head.append(b"Content-Type: %b\r\nContent-Length: %d\r\n" % (reply.media_type, len(reply.body)))
    head += [b"%b: %b\r\n" % header for header in reply.headers]
    if not keep:
        head.append(b"Connection: close\r\n")
    elif old:
        head.append(b"Connection: keep-alive\r\n")
    head.append(b"\r\n")
    if not head_only:
        head.append(reply.body)
    return b"".join(head)

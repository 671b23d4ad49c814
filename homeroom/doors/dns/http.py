"""DNS over HTTPS as requests and answers (RFC 8484), whichever version of HTTP carries them."""

from __future__ import annotations

import base64
import binascii
import struct
from typing import NamedTuple
from urllib.parse import parse_qs

from homeroom.doors.dns import identity as dns_identity
from homeroom.doors.dns import wire
from homeroom.doors.dns.identity import Claim
from homeroom.doors.dns.wire import Malformed

MEDIA_TYPE = "application/dns-message"
LONGEST_BODY = 65_535


class Request(NamedTuple):
    """What was asked over HTTP; `target` is path and query as sent."""

    method: str
    target: str
    content_type: str = ""
    body: bytes = b""


class Response(NamedTuple):
    """What is answered: a status, headers in lower case, a body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class BadRequest(Exception):
    """A request that holds no question: the status and a sentence that says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status

    def response(self) -> Response:
        """The answer for people with a command line."""
        body = f"{self}\n".encode()
        headers = [("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(body)))]
        if self.status == 405:
            headers.append(("allow", "GET, POST"))
        return Response(self.status, tuple(headers), body)


def question_of(request: Request, address: bytes) -> tuple[bytes, Claim]:
    """The DNS message of a request and the claim of its path; raises BadRequest."""
    path, _, query = request.target.partition("?")
    claim = dns_identity.claim(path, address)
    if claim is None:
        raise BadRequest(404, f"Nothing is here; ask at {dns_identity.PATH}.")
    if request.method == "GET":
        packet = _from_query(query)
    elif request.method == "POST":
        if request.content_type.partition(";")[0].strip().lower() != MEDIA_TYPE:
            raise BadRequest(415, f"A posted question must be of type {MEDIA_TYPE}.")
        packet = request.body
    else:
        raise BadRequest(405, "Ask with GET or POST.")
    if len(packet) > LONGEST_BODY:
        raise too_large()
    if wire.read_query(packet) is None:
        raise BadRequest(400, "The message is not a DNS question.")
    return packet, claim


def too_large() -> BadRequest:
    """A body that no DNS message can be."""
    return BadRequest(413, f"A DNS message has at most {LONGEST_BODY} bytes.")


def response_of(reply: bytes) -> Response:
    """RFC 8484, 5.1: the answer, fresh for as long as its shortest time to live.

    "private", since what is answered depends on who asks: no shared cache may keep it.
    """
    age = freshness(reply)
    headers = (
        ("content-type", MEDIA_TYPE),
        ("content-length", str(len(reply))),
        ("cache-control", f"private, max-age={age}" if age else "no-store"),
    )
    return Response(200, headers, reply)


def freshness(reply: bytes) -> int:
    """Seconds: the smallest time to live in an answer, of the SOA where it says no; 0 for an error."""
    try:
        _, flags, questions, *counts = wire.HEADER.unpack_from(reply)
        if flags & 15 not in (wire.NOERROR, wire.NXDOMAIN) or questions != 1:
            return 0
        at = wire.skip_plain_name(reply, 12) + 4
        found = list(wire.records(reply, at, (counts[0], counts[1], counts[2])))
        return min((wire.U32.unpack_from(reply, each.ttl_at)[0] for each in found if each.type != wire.OPT), default=0)
    except (Malformed, IndexError, struct.error):
        return 0


def _from_query(query: str) -> bytes:
    try:
        values = parse_qs(query, keep_blank_values=True, max_num_fields=20).get("dns", [])
    except ValueError:
        values = []
    if len(values) != 1 or not values[0]:
        raise BadRequest(400, "Give the question once, as ?dns=, in base64url without padding.")
    text = values[0]
    if len(text) > LONGEST_BODY * 4 // 3 + 4:
        raise too_large()
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest(400, "The question after ?dns= is not base64url.") from None

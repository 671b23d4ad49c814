"""From a decision to an answer: what must be asked upstream, what can be said at once, what is said then."""

from __future__ import annotations

from ipaddress import ip_address
from typing import NamedTuple

from homeroom.doors.dns import answers, wire
from homeroom.doors.dns import special as dns_special
from homeroom.doors.dns.answers import Built, Page, Reason
from homeroom.doors.dns.cache import FOREVER
from homeroom.doors.dns.flight import Waiting
from homeroom.doors.dns.known import Asked, Known
from homeroom.doors.dns.special import Designated
from homeroom.doors.dns.wire import Query
from homeroom.kernel.decision.bundle import Bundle
from homeroom.kernel.decision.decision import Block, Rewrite
from homeroom.kernel.lists.names import is_address


class Outcome(NamedTuple):
    """An answer and how long it may serve others: unchanged until second `lasts`, or as `known` counts down."""

    built: Built
    lasts: int = FOREVER
    known: Known | None = None


def unjudged(query: Query, bundle: Bundle | None, designated: Designated, limit: int) -> Built | None:
    """Answers that need no judgement: what cannot be asked, what is not ready, what is the door's own.

    ANY is refused (RFC 8482 leaves the choice): an empty HINFO would be remembered by resolvers as
    the truth about the name, a refusal is understood by every client and says nothing at all.
    """
    if query.problem:
        reason = Reason(answers.NOT_SUPPORTED) if query.problem == wire.REFUSED else None
        return answers.error(query, query.problem, limit, reason)
    if bundle is None:
        text = "No rules are loaded yet, so nothing is answered; publish them with homeroom build."
        return answers.error(query, wire.SERVFAIL, limit, Reason(answers.NOT_READY, text))
    return dns_special.answer(query, designated, limit)


def asked_of(waiting: Waiting) -> Asked:
    """What an upstream must be asked for this question: the name, or the name it is sent to instead."""
    query, decision = waiting.query, waiting.decision
    cd = bool(query.flags & wire.CD)
    if isinstance(decision, Rewrite):
        return Asked.about(wire.text_name(decision.target), query.qtype, cd=cd)
    return Asked.about(query.name, query.qtype, do=query.edns is not None and query.edns.do, cd=cd)


def at_once(waiting: Waiting, bundle: Bundle, page: Page) -> Outcome | None:
    """The answer where no upstream is needed: a block, or a rewrite to an address or of another type."""
    query, decision, limit = waiting.query, waiting.decision, waiting.limit
    if isinstance(decision, Block):
        if decision.category == "canary":
            nodata = bundle.policy.canaries.get(waiting.host) == "nodata"
            return Outcome(answers.negative(query, wire.NOERROR if nodata else wire.NXDOMAIN, limit))
        return Outcome(answers.blocked(query, decision, page, limit))
    if isinstance(decision, Rewrite):
        literal = is_address(decision.target)
        if literal or query.qtype not in (wire.A, wire.AAAA):
            packed = ip_address(decision.target).packed if literal else b""
            fits = len(packed) == {wire.A: 4, wire.AAAA: 16}.get(query.qtype)
            return Outcome(answers.addresses(query, packed if fits else None, limit, answers.REWRITE_TTL))
    return None


def with_known(waiting: Waiting, known: Known, second: int) -> Outcome:
    """The answer that tells what an upstream said."""
    query, decision, limit = waiting.query, waiting.decision, waiting.limit
    if isinstance(decision, Rewrite):
        built = answers.rewritten(query, wire.text_name(decision.target), known, second, limit)
        return Outcome(built, min(known.expires, second + answers.REWRITE_TTL))
    built = answers.told(query, known, second, limit)
    if second >= known.expires or not built.body_at:
        return Outcome(built, known.expires)
    return Outcome(built, known=known)

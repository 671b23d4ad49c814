"""The world as one proxy connection sees it: the bundle in force, the clock, and what the door has in common."""

from __future__ import annotations

import logging
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from homeroom.doors import ticket
from homeroom.doors.bundle_watch import BundleWatch
from homeroom.doors.page import block as block_page
from homeroom.doors.proxy import pages as proxy_pages
from homeroom.doors.proxy import troubles
from homeroom.doors.proxy.acts import Found
from homeroom.doors.proxy.headers import first
from homeroom.doors.proxy.http import Request
from homeroom.doors.proxy.login import Logins
from homeroom.doors.proxy.names import Names
from homeroom.doors.proxy.pac import MEDIA_TYPE, PATHS, pac
from homeroom.doors.proxy.pages import Reply, read_wish
from homeroom.doors.proxy.pool import Pool
from homeroom.doors.proxy.reach import Reach
from homeroom.doors.proxy.settings import Settings
from homeroom.doors.proxy.troubles import Trouble
from homeroom.doors.spool import Spool
from homeroom.kernel.decision.ask import Ask, Source, Who
from homeroom.kernel.decision.bundle import Bundle
from homeroom.kernel.decision.decide import decide
from homeroom.kernel.decision.decision import Block, Cited, Decision, Kind
from homeroom.kernel.decision.overlay import Rule
from homeroom.kernel.decision.roll import Roll
from homeroom.kernel.decision.watch import opened
from homeroom.kernel.lists.names import BadName, is_address, split_url

log = logging.getLogger("homeroom.proxy")
NOBODY = Who(person=None, profile="")  # before there is a bundle; nothing is decided for it
TOLD = "/blocked/"  # before a sealed ticket
_LOCAL_RULE = "local rule "  # how a decision cites a rule of the overlay


@dataclass(slots=True)
class Shared:
    """What all connections of the door have in common."""

    settings: Settings
    watch: BundleWatch
    spool: Spool
    names: Names
    logins: Logins
    pool: Pool
    reach: Reach
    ticket_key: bytes
    proxy_port: int = 0
    counts: Counter[str] = field(default_factory=Counter)


class View:
    """What a connection to the proxy port may ask; see proxy_acts.World. `client` and `here` are address literals."""

    fetches = True

    def __init__(self, shared: Shared, client: bytes, here: str) -> None:
        self._shared, self._client, self._here = shared, client, here
        self.asks_login, self._own_pages = shared.settings.asks_login, shared.settings.own_pages
        self._roll: Roll | None = None
        self._who = NOBODY

    @property
    def _bundle(self) -> Bundle | None:
        return self._shared.watch.bundle

    def caller(self) -> Who:
        """Who is behind the client's address."""
        roll = self._bundle.roll if self._bundle else None
        if roll is not self._roll:
            self._roll, self._who = roll, roll.by_address(self._client) if roll else NOBODY
        return self._who

    def person(self, key: str) -> Who:
        """A person who signed in."""
        return self._bundle.roll.person(key, Source.LOGIN) if self._bundle else NOBODY

    def audience(self, decision: Decision) -> str:
        """Whom a decision was made for."""
        return self._bundle.policy.profile(decision.profile).audience if self._bundle else "unknown"

    def remembered(self, name: str, password: str) -> str | None:
        """The person's id, where this pair was found right lately."""
        if self._bundle is None:
            return None
        return self._shared.logins.remembered(self._bundle.roll, name, password, time.monotonic())

    def barred(self) -> bool:
        """Whether too many wrong passwords came from this address."""
        return self._shared.logins.barred(self._client, time.monotonic())

    def judge(self, ask: Ask) -> Decision | None:
        """VI: the decision; None, which opens nothing, where there is no bundle or deciding fails."""
        if self._bundle is None:
            return None
        try:
            return decide(ask, self._bundle, datetime.now(UTC))
        except Exception:
            log.exception("A request could not be decided and is refused.")
            return None

    def note(self, ask: Ask, decision: Decision) -> None:
        """Count an answered request; record a refused one under its pseudonym."""
        shared, who = self._shared, ask.who
        key = (who.school, decision.profile, decision.verdict, decision.kind, decision.category)
        shared.spool.watch(*key, opened(self._bundle, ask.host, decision))[0] += 1
        shared.counts[decision.verdict] += 1
        if isinstance(decision, Block):
            shared.spool.blocked(decision.at, who, ask.host, decision)

    def known(self, host: str) -> Found | None:
        """What a name leads to, where that is known now."""
        return self._shared.names.known(host)

    def reachable(self, host: str, port: int, addresses: tuple[str, ...]) -> tuple[str, ...]:
        """Those of a host's addresses that the proxy may connect to; block pages lead to the district's own."""
        settings = self._shared.settings
        if settings.little_internet:
            # In a demonstration block pages lead to pages on this very machine as well.
            sites = settings.little_internet | {settings.own_pages}
            if any((each, port) in sites for each in addresses):
                return tuple(each for each in addresses if (each, port) in sites)
        return self._shared.reach.among(addresses, own=(host, port) == self._own_pages)

    def blocked(self, ask: Ask, decision: Block, request: Request) -> Reply:
        """The block page, with its sealed ticket."""
        return proxy_pages.blocked(facts(self._shared, self._bundle, ask, decision), read_wish(request))

    def trouble(self, kind: Trouble, request: Request | None, detail: str = "", status: int = 0) -> Reply:
        """A page about something that went wrong."""
        organisation = self._shared.settings.organisation
        return proxy_pages.trouble(kind, read_wish(request), organisation, detail=detail, status=status)

    def local(self, request: Request) -> Reply:
        """The set-up file, or a word on what this port is."""
        return self._set_up(request) or self.trouble(troubles.NOT_A_SITE, request)

    def _set_up(self, request: Request) -> Reply | None:
        if request.target.partition(b"?")[0].decode("latin-1") not in PATHS:
            return None
        shared = self._shared
        # The address under which the client reached us is one that it can reach.
        body = pac((self._here, shared.proxy_port), shared.settings.direct)
        return Reply(200, MEDIA_TYPE, body, headers=((b"Cache-Control", b"max-age=300"),))


class PageView(View):
    """What a connection to the page port may ask: the names that the DNS door sent here, whatever they are."""

    fetches = False

    def local(self, request: Request) -> Reply:
        """The set-up file; or why the name was blocked, judged once more with the path that only now is known."""
        reply = self._set_up(request)
        if reply is not None:
            return reply
        try:
            host, path = _asked(request)
        except BadName as bad:
            return self.trouble(troubles.BAD_REQUEST, request, str(bad))
        if path.startswith(TOLD):
            return self._told(path.removeprefix(TOLD), request)
        if is_address(host):
            return self.trouble(troubles.NOT_A_SITE, request)
        ask = Ask(who=self.caller(), host=host, path=path)
        decision = self.judge(ask)
        if decision is None:
            return self.trouble(troubles.NO_BUNDLE, request)
        # Not counted here: the DNS door counted the question that led here.
        if isinstance(decision, Block):
            return self.blocked(ask, decision, request)
        organisation, again = self._shared.settings.organisation, f"http://{host}{path}"
        return proxy_pages.trouble(troubles.NOT_BLOCKED, read_wish(request), organisation, again=again)

    def _told(self, sealed: str, request: Request) -> Reply:
        """The page of a block that Squid's helper sealed: what its ticket says, nothing is judged here."""
        shared = self._shared
        try:
            ask, decision = unsealed(shared.ticket_key, sealed, datetime.now(UTC))
        except (ticket.BadTicket, KeyError, ValueError) as bad:
            return self.trouble(troubles.BAD_REQUEST, request, str(bad))
        return proxy_pages.blocked(facts(shared, self._bundle, ask, decision, sealed), read_wish(request))


def unsealed(key: bytes, sealed: str, at: datetime) -> tuple[Ask, Block]:
    """What a ticket of `sealed_ticket` was made of, without the person; raises BadTicket."""
    said = ticket.unseal(key, sealed, at)
    rule = Cited(said["list"], said["version"], said["line"], said["text"]) if said["list"] else None
    who = Who(person=None, profile=said["profile"], school=said["school"], alias=said["alias"])
    return Ask(who=who, host=said["host"], path=said["path"]), Block(
        kind=Kind(said["kind"]), clause=said["clause"], category=said["category"], reason=said["reason"],
        person=None, profile=said["profile"], bundle=said["bundle"], at=datetime.fromisoformat(said["at"]), rule=rule,
    )  # fmt: skip


def _asked(request: Request) -> tuple[str, str]:
    target = request.target.decode("utf-8", "surrogateescape")
    if target.startswith("/"):
        return split_url(f"http://{first(request.headers, b'host').decode('latin-1')}{target}")
    return split_url(target)


def facts(shared: Shared, bundle: Bundle | None, ask: Ask, decision: Block, sealed: str = "") -> block_page.Blocked:
    """What the block page shows and its ticket seals; `sealed` where there is a ticket already."""
    settings = shared.settings
    link = f"{settings.public_url}/blocked/{sealed or sealed_ticket(shared.ticket_key, ask, decision)}"
    category = bundle.policy.categories.get(decision.category) if bundle else None
    return block_page.Blocked(
        host=ask.host,
        path=ask.path,
        decision=decision,
        organisation=settings.organisation,
        topic=category.title if category else "",
        audience=bundle.policy.profile(decision.profile).title if bundle else "",
        rule=_rule(bundle, decision),
        chosen=bundle.policy.choice(decision.profile, decision.category) if bundle else None,
        review=f"{link}/review",
        sign=f"{settings.public_url}/sign",
        accident=f"{link}/accident",
        zone=bundle.policy.zone if bundle else "UTC",
        signin="" if ask.who.person else f"{settings.public_url}/network",
    )


def _rule(bundle: Bundle | None, decision: Block) -> Rule | None:
    cited = decision.rule
    if bundle is None or cited is None or not cited.list.startswith(_LOCAL_RULE):
        return None
    name = cited.list.removeprefix(_LOCAL_RULE)
    return next((rule for rule in bundle.overlay.rules if rule.id == name), None)


def sealed_ticket(key: bytes, ask: Ask, decision: Block) -> str:
    """The facts of a block for its page and for a request for review, sealed."""
    values = _ticket(ask, decision)
    try:
        return ticket.seal(key, values, decision.at)
    except ticket.BadTicket:
        # Long texts of many-byte letters; what identifies the block is short.
        return ticket.seal(key, {**values, "path": "", "text": "", "reason": "", "version": ""}, decision.at)


def _ticket(ask: Ask, decision: Block) -> dict[str, object]:
    """The facts of a block, bounded, without the person and without what was searched for."""
    rule = decision.rule
    return {
        "host": ask.host,
        "path": block_page.cut(ask.path.partition("?")[0], 100),
        "kind": str(decision.kind),
        "clause": decision.clause,
        "category": decision.category,
        "list": block_page.cut(rule.list, 40) if rule else "",
        "version": block_page.cut(rule.version, 40) if rule else "",
        "line": rule.line if rule else 0,
        # A local rule's text names its scope, which may be a person.
        "text": block_page.cut(rule.text, 80) if rule and rule.line else "",
        "reason": block_page.cut(decision.reason, 120),
        "profile": decision.profile,
        "school": ask.who.school,
        "alias": ask.who.alias,
        "bundle": decision.bundle,
        "at": decision.at.isoformat(timespec="seconds"),
    }

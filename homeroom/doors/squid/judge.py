"""What Squid is told about one request: a line of its external ACL protocol in, a line of annotations out.

    in    [channel] client method URL login          one request, %-escaped, "-" where there is nothing
    in    [channel] client SNI host login            the greeting inside a tunnel (--greeting)
    out   [channel] OK first_=WORD ...                WORD is one of pass, refused, login, unresolved, inside, broken

The answer is always OK, and what it says stands in the annotation: so that Squid can tell "the helper said no"
from "the helper said nothing", which is closed for students, and for others as the district set it.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import unquote_to_bytes

from homeroom.doors.proxy.acts import Found
from homeroom.doors.proxy.headers import BadMessage, Body, Framing
from homeroom.doors.proxy.http import Request
from homeroom.doors.proxy.target import Target, read_target
from homeroom.doors.proxy.troubles import Trouble
from homeroom.doors.proxy.tunnel import bypass
from homeroom.doors.proxy.world import Shared, sealed_ticket
from homeroom.kernel.decision import roll as rolls
from homeroom.kernel.decision.ask import Ask, Source, Who
from homeroom.kernel.decision.bundle import Bundle
from homeroom.kernel.decision.decide import decide
from homeroom.kernel.decision.decision import Block, Decision, Rewrite
from homeroom.kernel.decision.watch import opened
from homeroom.kernel.lists.names import BadName, canonical

OURS = "~"  # before a pseudonym that we tell Squid as the user
_BARE = Framing(Body.NONE)


@dataclass(slots=True)
class Line:
    """One question of Squid's."""

    channel: str
    client: str
    method: str
    url: str
    login: str

    @property
    def signed_in(self) -> bool:
        """Whether Squid checked a user name; one that we told it ourselves is none."""
        return self.login not in ("", "-") and not self.login.startswith(OURS)


def read(line: str) -> Line | None:
    """One line as Squid writes it; None for what is none."""
    words = line.split()
    if len(words) < 5:
        return None
    return Line(words[0], words[1], words[2], _plain(words[3]), _plain(words[4]))


def _plain(word: str) -> str:
    return unquote_to_bytes(word).decode("utf-8", "surrogateescape")


@dataclass(slots=True)
class Errand:
    """A request that was read: for whom, where to, and whether a name must be looked up before it is judged."""

    who: Who
    target: Target
    found: Found | None = None


class Judge:
    """Decides for Squid by the bundle in force. `shared` is what our own proxy door has as well."""

    def __init__(self, shared: Shared, ports: Collection[int], *, inspects: bool) -> None:
        self._shared, self._ports, self._inspects = shared, ports, inspects

    def begin(self, line: Line) -> Errand | str:
        """Read a question: an errand to be finished, or the answer where it can be given at once."""
        bundle = self._shared.watch.bundle
        if bundle is None:
            return "first_=broken"
        try:
            target = _target(line, self._ports)
        except BadMessage:
            return "first_=inside"
        who = self.who(bundle, line)
        if self._shared.settings.asks_login and who.person is None and not line.signed_in:
            return "first_=login"
        found = self._shared.names.known(target.host)
        if found is None:
            # What is refused by its name alone need not be looked up, as at our own door.
            ask = Ask(who=who, host=target.host, path=target.path)
            decision = decide(ask, bundle, datetime.now(UTC))
            if isinstance(decision, Block):
                return self._refused(ask, decision)
        return Errand(who, target, found)

    def who(self, bundle: Bundle, line: Line) -> Who:
        """Who asks: by the name that Squid checked, else by address. A name that nobody has is a stranger."""
        if line.signed_in:
            for name in (line.login, line.login.partition("@")[0]):
                login = bundle.roll.login(name)
                if login:
                    return bundle.roll.person(login[0], Source.LOGIN)
            return bundle.roll.stranger
        try:
            return bundle.roll.by_address(rolls.packed(line.client))
        except ValueError:
            return bundle.roll.stranger

    def finish(self, errand: Errand, found: Found | Trouble | None) -> str:
        """VI: decide by name, URL and everything the name leads to."""
        bundle = self._shared.watch.bundle
        if bundle is None:
            return "first_=broken"
        target = errand.target
        via = found.via if isinstance(found, Found) and found.via != (target.host,) else ()
        ask = Ask(who=errand.who, host=target.host, path=target.path, via=via)
        decision = decide(ask, bundle, datetime.now(UTC))
        if isinstance(decision, Block):
            return self._refused(ask, decision)
        if isinstance(found, Trouble):
            return "first_=unresolved"
        if isinstance(found, Found) and not self._reachable(target, found):
            return "first_=inside"
        self._note(ask, decision)
        known = f" user={OURS}{errand.who.alias}" if errand.who.alias else ""
        where = f" target_={decision.target}" if isinstance(decision, Rewrite) else ""
        return f"first_=pass tag={decision.profile}{where}{known}"

    def greeting(self, line: Line) -> str:
        """V.A.4d: the server's name inside a tunnel must be the one that the tunnel was judged for.

        Where the district does not look inside, the rules are asked once more, for the greeting may come late.
        """
        bundle, said = self._shared.watch.bundle, line.method
        if bundle is None:
            return "sni_=broken"
        who = self.who(bundle, line)
        try:
            host = canonical(line.url)
            name = host if said == "-" else canonical(said)
        except BadName:
            return "sni_=refused"
        ask = Ask(who=who, host=host)
        decision = decide(ask, bundle, datetime.now(UTC))
        if name != host:
            sentence = f"The tunnel was asked for {host}, but its TLS greeting names {name}."
            self._note(ask, bypass(decision, sentence))
            return "sni_=refused"
        return "sni_=refused" if isinstance(decision, Block) else "sni_=pass"

    def _refused(self, ask: Ask, decision: Block) -> str:
        self._note(ask, decision)
        ticket = sealed_ticket(self._shared.ticket_key, ask, decision)
        return f"first_=refused tag={decision.category or 'none'} message={ticket}"

    def _note(self, ask: Ask, decision: Decision) -> None:
        shared, who = self._shared, ask.who
        key = (who.school, decision.profile, decision.verdict, decision.kind, decision.category)
        shared.spool.watch(*key, opened(shared.watch.bundle, ask.host, decision))[0] += 1
        shared.counts[decision.verdict] += 1
        if isinstance(decision, Block):
            shared.spool.blocked(decision.at, who, ask.host, decision)

    def _reachable(self, target: Target, found: Found) -> bool:
        own = (target.host, target.port) == self._shared.settings.own_pages
        return bool(self._shared.reach.among(found.addresses, own=own))

    def password(self, name: str, password: str) -> str:
        """The name's password is right where it was found right lately; "" where it must be compared slowly."""
        bundle = self._shared.watch.bundle
        if bundle is None:
            return ""
        return self._shared.logins.remembered(bundle.roll, name, password, time.monotonic()) or ""


def _target(line: Line, ports: Collection[int]) -> Target:
    url = line.url.encode("utf-8", "surrogateescape")
    inside = url[:8].lower() == b"https://"
    if inside:
        # A request that Squid found inside a tunnel it opened: read as any other, and its port is the tunnel's.
        url = b"http://" + url[8:]
    request = Request(line.method.encode(), url, "1.0", [], _BARE, keep_alive=False)
    target = read_target(request, ports)
    return replace(target, port=443 if target.port == 80 else target.port) if inside else target

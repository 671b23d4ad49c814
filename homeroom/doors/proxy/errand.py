"""What one proxy request is about and whether it may be run: who asks, for what, and where that leads.

Each method returns the next step: a reply of our own (a refusal), or the one thing that must
be done before the request can go on.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from homeroom.doors.proxy import troubles
from homeroom.doors.proxy.acts import Check, Dial, Found, Look, World
from homeroom.doors.proxy.headers import BadMessage, first
from homeroom.doors.proxy.http import Request
from homeroom.doors.proxy.login import read_basic
from homeroom.doors.proxy.pages import Reply
from homeroom.doors.proxy.relay import repeatable
from homeroom.doors.proxy.target import Target, read_target
from homeroom.doors.proxy.troubles import Trouble
from homeroom.doors.proxy.tunnel import bypass, needs_name
from homeroom.kernel.decision.ask import Ask, Who
from homeroom.kernel.decision.decision import Block, Decision, Rewrite

Step = Reply | Check | Look | Dial


class Errand:
    """One request from its head to the address it is sent to."""

    def __init__(self, world: World, request: Request, ports: Collection[int]) -> None:
        self.request = request
        self.target = Target("", 0)
        self._world, self._ports = world, ports
        self._login: str | None = None
        self._ask: Ask | None = None
        self._decision: Decision | None = None
        self._goal = ""

    def begin(self) -> Step:
        """Read the target, learn who asks, judge by name and path."""
        request = self.request
        if not self._world.fetches or request.target.startswith((b"/", b"*")):
            return self._world.local(request)
        try:
            self.target = read_target(request, self._ports)
            if b"websocket" in first(request.headers, b"upgrade").lower():
                raise BadMessage(501, "Unencrypted WebSockets are not carried; the site has to use wss.")
        except BadMessage as bad:
            kind = troubles.NOT_CARRIED if bad.status == 403 else troubles.BAD_REQUEST
            return self._world.trouble(kind, request, bad.sentence, bad.status)
        credentials = first(request.headers, b"proxy-authorization")
        if credentials:
            return self._sign_in(credentials)
        who = self._world.caller()
        if self._world.asks_login and who.person is None:
            return self._trouble(troubles.LOGIN_NEEDED)
        return self._judge(who)

    def checked(self, person: str | Trouble) -> Step:
        """The password was compared: the person's id, or why nobody is signed in."""
        if isinstance(person, Trouble):
            return self._trouble(person)
        self._login = person
        return self._judge(self._world.person(person))

    def found(self, found: Found | Trouble) -> Step:
        """The name was looked up."""
        assert self._ask is not None
        if isinstance(found, Trouble):
            return self._trouble(found)
        if self._goal == self.target.host:
            return self._judge(self._ask.who, found)
        return self._reach(found)

    def still_open(self) -> bool:
        """Whether the rules of this moment would let the request go where it went."""
        if self._ask is None:
            return False
        who = self._world.person(self._login) if self._login else self._world.caller()
        decision = self._world.judge(replace(self._ask, who=who))
        if decision is None or isinstance(decision, Block):
            return False
        return self._goal_of(decision) == self._goal

    def needs_name(self) -> bool:
        """V.A.4d: whether a tunnel for this must name its server; see `tunnel.needs_name`."""
        return self._decision is None or needs_name(
            self.target.host, self._world.audience(self._decision), self._decision
        )

    def note_bypass(self, sentence: str) -> None:
        """V.A.4d: record that the tunnel was to be used for something else."""
        assert self._ask is not None and self._decision is not None
        self._world.note(self._ask, bypass(self._decision, sentence))

    def _sign_in(self, credentials: bytes) -> Step:
        pair = read_basic(credentials)
        if pair is None:
            return self._trouble(troubles.LOGIN_WRONG)
        person = self._world.remembered(*pair)
        if person is not None:
            return self.checked(person)
        return self._trouble(troubles.LOGIN_BARRED) if self._world.barred() else Check(*pair)

    def _judge(self, who: Who, found: Found | None = None) -> Step:
        """VI: decide by name and path, and by all that the name leads to once that is known."""
        target, world = self.target, self._world
        found = found or world.known(target.host)
        via = found.via if found and found.via != (target.host,) else ()
        ask = self._ask = Ask(who=who, host=target.host, path=target.path, via=via)
        decision = self._decision = world.judge(ask)
        if decision is None:
            return self._trouble(troubles.NO_BUNDLE)
        if isinstance(decision, Block):
            world.note(ask, decision)
            return world.blocked(ask, decision, self.request)
        self._goal = self._goal_of(decision)
        if self._goal != target.host:
            found = world.known(self._goal)
        return Look(self._goal) if found is None else self._reach(found)

    def _goal_of(self, decision: Decision) -> str:
        return decision.target if isinstance(decision, Rewrite) else self.target.host

    def _reach(self, found: Found) -> Step:
        """Dial none but the addresses that were looked at here, so that no second look-up can change them."""
        assert self._ask is not None and self._decision is not None
        self._world.note(self._ask, self._decision)
        addresses = self._world.reachable(self.target.host, self.target.port, found.addresses)
        if not addresses:
            return self._trouble(troubles.INSIDE)
        return Dial(self._goal, addresses, self.target.port, fresh=not repeatable(self.request))

    def _trouble(self, kind: Trouble) -> Reply:
        return self._world.trouble(kind, self.request)

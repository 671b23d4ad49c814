"""Looking names up for the proxy, through the district's own resolvers, with a small cache bounded by TTL."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence

import dns.asyncresolver
import dns.exception
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver

from homeroom.doors.dns.addresses import host_of
from homeroom.doors.environment import Endpoint
from homeroom.doors.proxy import troubles
from homeroom.doors.proxy.acts import Found
from homeroom.doors.proxy.troubles import Trouble
from homeroom.kernel.lists.names import canonical, is_address

TRY, ALL_TRIES = 1.5, 5.0  # seconds for one resolver, and for all of them
SHORTEST, LONGEST = 1.0, 300.0  # seconds that an answer is kept, whatever its TTL
FAILURE = 3.0  # seconds that a failure is kept
MOST = 10_000  # names kept
MOST_ADDRESSES = 8  # of one name

Entry = tuple[float, Found | Trouble]  # good until, what was found


class Names:
    """Names and what they lead to. One look-up at a time for the same name, however many ask."""

    def __init__(self, upstreams: Sequence[Endpoint]) -> None:
        self._resolver = dns.asyncresolver.Resolver(configure=False)
        self._resolver.nameservers = [dns.nameserver.Do53Nameserver(host, port) for host, port in upstreams]
        self._resolver.timeout, self._resolver.lifetime = TRY, ALL_TRIES
        self._resolver.use_edns(0, 0, 1232)
        self._kept: OrderedDict[str, Entry] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[Found | Trouble]] = {}

    def known(self, host: str) -> Found | None:
        """What a name leads to, where that is known now; an address literal leads to itself."""
        if is_address(host):
            return Found((host,))
        entry = self._kept.get(host)
        if entry is None or entry[0] <= time.monotonic() or isinstance(entry[1], Trouble):
            return None
        return entry[1]

    async def look(self, host: str) -> Found | Trouble:
        """Look a name up; what went wrong is a Trouble."""
        entry = self._kept.get(host)
        if entry is not None and entry[0] > time.monotonic():
            return entry[1]
        task = self._under_way.get(host)
        if task is None:
            task = self._under_way[host] = asyncio.ensure_future(self._ask(host))
            task.add_done_callback(lambda _: self._under_way.pop(host, None))
        # Shielded, since others may wait for the same answer when one client goes away.
        return await asyncio.shield(task)

    async def _ask(self, host: str) -> Found | Trouble:
        found, seconds = await self._both(host)
        self._kept[host] = (time.monotonic() + seconds, found)
        self._kept.move_to_end(host)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return found

    async def _both(self, host: str) -> tuple[Found | Trouble, float]:
        if not self._resolver.nameservers:
            return troubles.NO_RESOLVER, FAILURE
        name = dns.name.from_text(host)
        said = await asyncio.gather(
            self._resolver.resolve(name, dns.rdatatype.A, raise_on_no_answer=False, search=False),
            self._resolver.resolve(name, dns.rdatatype.AAAA, raise_on_no_answer=False, search=False),
            return_exceptions=True,
        )
        answers = [each for each in said if isinstance(each, dns.resolver.Answer)]
        addresses = [record.address for answer in answers for record in answer.rrset or ()]
        if addresses:
            seconds = min(answer.expiration for answer in answers if answer.rrset) - time.time()
            found = Found(tuple(map(canonical, addresses[:MOST_ADDRESSES])), _names(answers, host))
            return found, max(SHORTEST, min(LONGEST, seconds))
        absent = all(isinstance(each, dns.resolver.Answer | dns.resolver.NXDOMAIN) for each in said)
        return troubles.NO_SUCH_NAME if absent else troubles.NO_RESOLVER, FAILURE


def _names(answers: list[dns.resolver.Answer], host: str) -> tuple[str, ...]:
    """The CNAME targets on the way, without doubles; one with odd bytes is judged as its nearest parent."""
    names: dict[str, None] = {}
    for answer in answers:
        for rrset in answer.chaining_result.cnames:
            for record in rrset:
                names[host_of(record.target.to_wire())] = None
    names.pop(host, None)
    return tuple(names)

"""The configuration of dnsdist: where it listens, the pools with their memories, the program that asks the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from homeroom.doors.environment import Endpoint

PROFILES, GENERATIONS = 8, 4
REMEMBERED = 50_000  # answers for each profile
SHORTEST = 11  # seconds: a refusal by the door lasts ten and is never remembered here, so that each is on record
KEPT, KEPT_NEGATIVE = 300, 30  # seconds more for which a thread keeps what it was told last (count.lua)
PATH_VALUE = 224  # doors/dns/relay.py


@dataclass(frozen=True, slots=True)
class Settings:
    """Where dnsdist lives: `doors` are the embedded doors it hands questions to, `doh` is None for none."""

    folder: Path
    listen: Endpoint
    doors: tuple[Endpoint, ...]
    clients: tuple[str, ...]
    doh: Endpoint | None = None
    certificate: Path | None = None
    key: Path | None = None
    remembered: int = REMEMBERED


def text(settings: Settings) -> str:
    """dnsdist.conf, for version 1.7 and later with LuaJIT."""
    pools = [f"p{profile}g{memory}" for profile in range(PROFILES) for memory in range(GENERATIONS)]
    lines = [
        "-- Written by Homeroom: homeroom node dns --write. Changes made here are lost; set the environment instead.",
        f"setLocal({_quoted(shown(settings.listen))})",
        f"setACL({{{', '.join(_quoted(each) for each in settings.clients)}}})",
        "setServerPolicy(leastOutstanding)",
        "setServFailWhenNoServer(true)",
        "setAddEDNSToSelfGeneratedResponses(false)  -- the tables hold whole answers, with their reasons",
        "setSecurityPollSuffix('')  -- nothing is asked of anybody outside the district",
        "setUDPMultipleMessagesVectorSize(32)  -- whatever waits is read, and answered, with one system call",
        "setRingBuffersSize(100, 1)  -- dnsdist's own memory of who asked what: as short as it can be",
    ]
    memory = (
        f"newPacketCache({settings.remembered}, {{minTTL={SHORTEST}, maxTTL={3600 - KEPT}, "
        f"maxNegativeTTL={60 - KEPT_NEGATIVE}, temporaryFailureTTL=0, numberOfShards=4}})"
    )
    names = ", ".join(_quoted(each) for each in ("door", *pools))
    for number, door in enumerate(settings.doors, 1):
        lines.append(
            f"newServer({{address={_quoted(shown(door))}, name='door{number}', useProxyProtocol=true, "
            f"pool={{{names}}}, checkName='localhost.', checkInterval=1, maxCheckFailures=2, rise=1}})"
        )
    lines += _doh(settings)
    lines += [
        f"for profile = 0, {PROFILES - 1} do for memory = 0, {GENERATIONS - 1} do",
        f"  getPool('p' .. profile .. 'g' .. memory):setCache({memory})",
        "end end",
        _program("filter", "addAction(AllRule(), LuaFFIPerThreadAction(%s))", settings.folder),
        _program("count", "addCacheHitResponseAction(AllRule(), LuaFFIPerThreadResponseAction(%s))", settings.folder),
        _source("forget", settings.folder),
    ]
    return "\n".join(lines) + "\n"


def _doh(settings: Settings) -> Sequence[str]:
    if settings.doh is None:
        return ()
    where = ", ".join(_quoted(str(each)) for each in (shown(settings.doh), settings.certificate, settings.key))
    return (
        f"addDOHLocal({where}, {{'/dns-query'}}, {{exactPathMatching=false}})",
        "addAction(HTTPPathRegexRule('^/dns-query/'), LuaAction(function(dq)",
        f"  dq:addProxyProtocolValue({PATH_VALUE}, dq:getHTTPPath())",
        "  return DNSAction.None, ''",
        "end))",
    )


def _program(name: str, call: str, folder: Path) -> str:
    return call % f"[==[\n{_source(name, folder)}]==]"


def _source(name: str, folder: Path) -> str:
    text = files("homeroom.doors.dnsdist").joinpath(f"data/{name}.lua").read_text(encoding="utf-8")
    for word, said in (("FOLDER", folder), ("KEPT", KEPT), ("KEPT_NEGATIVE", KEPT_NEGATIVE)):
        text = text.replace(f"@{word}@", str(said))
    return text


def shown(endpoint: Endpoint) -> str:
    """An address with its port as dnsdist reads it."""
    address, port = endpoint
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _quoted(text: str) -> str:
    if any(each in text for each in "'\\\n"):
        raise ValueError(f"{text!r} holds a quote or a backslash, which has no place in dnsdist's configuration.")
    return f"'{text}'"

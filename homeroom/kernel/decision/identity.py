"""Who a path claims to be: the pure rules of DoH tokens and of ChromeOS's hashed identifiers.

ChromeOS (policy DnsOverHttpsTemplatesWithIdentifiers) puts into the resolver's path the
upper-case hex of SHA-256(salt + value). That is a pseudonym, not a secret: whoever knows the
salt can compute anybody's. A token is a secret, but a path is easily copied. So neither may
unlock more than a student has, unless the request also comes from a network the roll knows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_address

from homeroom.kernel.decision.ask import Source, Who
from homeroom.kernel.decision.policy import Policy

# How sure a source is, the surest first. A range or a room names nobody, so it stands at the end.
LADDER = tuple(Source)
SURE = frozenset({Source.AGENT, Source.LOGIN, Source.RADIUS})  # these may unlock what is not a student's

NO_DEVICE = ("VALUE_NOT_AVAILABLE", "DEVICE_NOT_MANAGED")  # hashed in place of a device (ChromeOS before and since 122)

_PREFIX = {4: "0010", 16: "0020"}
_SIZE = {prefix: size for size, prefix in _PREFIX.items()}


def chromeos_hash(salt: str, value: str) -> str:
    """What ChromeOS sends for a value: upper-case hex of SHA-256(salt + value); no salt is "".

    >>> chromeos_hash("test-salt", "test-user")[:16]
    'F3BA0BDE2D6E8DBE'
    """
    return hashlib.sha256((salt + value).encode()).hexdigest().upper()


def chromeos_hashes(salts: Iterable[str], value: str) -> frozenset[str]:
    """Every identifier under which a value may arrive: each live salt, as stored and in lower case.

    >>> len(chromeos_hashes(["salt-2025", "salt-2026"], "Ben@Birch.test"))
    4
    """
    return frozenset(chromeos_hash(salt, form) for salt in salts for form in (value, value.lower()))


def no_device_hashes(salts: Iterable[str]) -> frozenset[str]:
    """The identifiers by which ChromeOS says that it will not or cannot name the device."""
    return frozenset(chromeos_hash(salt, value) for salt in salts for value in NO_DEVICE)


def doh_token_digest(token: str) -> str:
    """What the roll keeps of a DoH token: the lower-case hex of its SHA-256, never the token."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def device_addresses_text(addresses: Iterable[str]) -> str:
    """Addresses as ${DEVICE_IP_ADDRESSES} spells them, unhashed; raises ValueError for no address.

    >>> device_addresses_text(["100.0.0.1", "::100:0:0:1"])
    '001064000001002000000000000000000100000000000001'
    """
    packed = [ip_address(each).packed for each in addresses]
    return "".join(_PREFIX[len(each)] + each.hex().upper() for each in packed)


def device_addresses(text: str) -> tuple[str, ...]:
    """Read ${DEVICE_IP_ADDRESSES}; raises ValueError where the text is not of that form.

    >>> device_addresses("0010640000010020" + "00000000000000000100000000000001")
    ('100.0.0.1', '::100:0:0:1')
    """
    found: list[str] = []
    while text:
        size = _SIZE.get(text[:4])
        if size is None or len(text) < 4 + 2 * size:
            raise ValueError("A device address begins with 0010 or 0020 and holds 4 or 16 bytes in hex.")
        packed = bytes.fromhex(text[4 : 4 + 2 * size])
        found.append(str(IPv4Address(packed) if size == 4 else IPv6Address(packed)))
        text = text[4 + 2 * size :]
    return tuple(found)


def believed(who: Who, place: Who, policy: Policy) -> Who:
    """VI: whom to take a claim for, given who or what the source address is known as.

    `who` is what the path claims, `place` what the roll says of the address. A claim that
    would unlock an adult profile counts only from an address of the district that is not
    known to be somebody else's; otherwise it is a stranger with the strictest profile. Why
    the claimed person's network is closed is kept, for closing is never a privilege.
    """
    if who.source not in (Source.TOKEN, Source.CHROMEOS) or policy.profile(who.profile).audience != "adult":
        return who
    known = place.source is not Source.NONE
    elsewhere = place.person is not None and place.person != who.person
    if known and not elsewhere:
        return who
    return replace(Who(person=None, profile=policy.strictest), source=who.source, closed=who.closed)


def surer(one: Source, other: Source) -> bool:
    """Whether the first source is the surer one.

    >>> surer(Source.RADIUS, Source.CHROMEOS), surer(Source.ADDRESS, Source.TOKEN)
    (True, False)
    """
    return LADDER.index(one) < LADDER.index(other)


def lease_counts(source: Source, audience: str, *, place: str, own: bool) -> bool:
    """VI, V.A.7.4: whether a lease of an address makes whoever is there the person who took it.

    What a student has, any source may give. More than that only a sure one gives or, for somebody who signed
    in on a page, a place that is the staff's or an address that is theirs anyway: a teacher who forgets to
    sign out at a machine of the students must not leave their own Internet behind.

    >>> lease_counts(Source.SIGNIN, "student", place="", own=False)
    True
    >>> [lease_counts(Source.SIGNIN, "adult", place=place, own=False) for place in ("student", "adult", "")]
    [False, True, False]
    >>> lease_counts(Source.RADIUS, "adult", place="student", own=False)
    True
    """
    return audience != "adult" or source in SURE or place == "adult" or own

"""Who asks by TCP or DoH: the source address, and what the path of a DoH request claims.

    /dns-query                          nobody in particular: the address decides, as for UDP
    /dns-query/TOKEN                    a secret given to one person's device
    /dns-query/cros/IDENTIFIER[/DEVICE] ChromeOS: salted hashes put there by the browser

A claim that is not known, or is empty, is a stranger: the strictest profile, never the profile of
the address, so that a wrong token is noticed and a made-up one gains nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from homeroom.kernel.decision import identity
from homeroom.kernel.decision.ask import Who
from homeroom.kernel.decision.policy import Policy
from homeroom.kernel.decision.roll import Roll

PATH = "/dns-query"
ADDRESS, TOKEN, CHROMEOS = "address", "token", "chromeos"
LONGEST = 512  # characters of a claim

UNKNOWN_TOKEN, UNKNOWN_CHROMEOS, UNKNOWN_DEVICE = "unknown_token", "unknown_chromeos", "unknown_device"
NOT_BELIEVED = "not_believed"
REMARKS = (UNKNOWN_TOKEN, UNKNOWN_CHROMEOS, UNKNOWN_DEVICE, NOT_BELIEVED)


class Claim(NamedTuple):
    """What a connection says of its person. `address` is packed; `digest` is never the token itself."""

    address: bytes
    kind: str = ADDRESS
    digest: str = ""
    device: str = ""

    def blank(self) -> Claim:
        """The same kind of claim from the same address, with nothing in it."""
        return Claim(self.address, self.kind)


def claim(path: str, address: bytes) -> Claim | None:
    """Read the path of a DoH request, without its query; None where nothing answers there."""
    if path == PATH:
        return Claim(address)
    if not path.startswith(PATH + "/") or len(path) > LONGEST:
        return None
    first, *rest = path.removeprefix(PATH + "/").split("/")
    if first != "cros":
        return Claim(address, TOKEN, identity.doh_token_digest(first) if first else "") if not rest else None
    if len(rest) > 2:
        return None
    identifier, device = (*rest, "", "")[:2]
    return Claim(address, CHROMEOS, identifier.upper(), device.upper())


def who(said: Claim, roll: Roll, policy: Policy) -> tuple[Who, tuple[str, ...]]:
    """The person behind a claim as far as it is believed, and what there is to remark on it."""
    place = roll.by_address(said.address)
    if said.kind == ADDRESS:
        return place, ()
    remarks = []
    if said.kind == TOKEN:
        claimed, unknown = roll.by_token(said.digest), UNKNOWN_TOKEN
    else:
        claimed, unknown = roll.by_chromeos(said.digest), UNKNOWN_CHROMEOS
        if said.device and not knows_device(said.device, roll.chromeos_salts):
            remarks.append(UNKNOWN_DEVICE)
    if claimed.person is None:
        return claimed, (unknown, *remarks)
    believed = identity.believed(claimed, place, policy)
    if believed is not claimed:
        remarks.append(NOT_BELIEVED)
    return believed, tuple(remarks)


def knows_device(device: str, salts: tuple[str, ...]) -> bool:
    """Whether the segment names a device: a hash that does not stand for "none", or the device's addresses."""
    if len(device) == 64 and device not in identity.no_device_hashes(salts):
        return all(each in "0123456789ABCDEF" for each in device)
    try:
        return bool(identity.device_addresses(device))
    except ValueError:
        return False

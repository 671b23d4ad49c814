"""Who answers for each clause: the claims of all apps, gathered."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType

from django.conf import settings

from homeroom.kernel.policytext.claims import Claim, Probe, gather, name
from homeroom.ledger import clauses_open


@cache
def claims() -> Mapping[str, Claim]:
    """The one claim for each clause, in the policy's order. Raises BadClaim where none or two answer for one."""
    found: list[Claim] = []
    for app in settings.HOMEROOM_APPS:
        if find_spec(f"{app}.clauses"):
            found += import_module(f"{app}.clauses").CLAIMS
    return MappingProxyType(gather([*found, *clauses_open.CLAIMS]))


def looked_for(probe: str) -> str:
    """What a probe looks for, in a sentence: its docstring without the clause; of one that is gone its name."""
    found = probes().get(probe)
    said = (found.__doc__ or "").partition("\n")[0].partition(": ")[2] if found else ""
    return said or probe.rpartition(".")[2].replace("_", " ")


@cache
def probes() -> Mapping[str, Probe]:
    """All probes by name, each once."""
    return MappingProxyType({name(probe): probe for claim in claims().values() for probe in claim.probes})

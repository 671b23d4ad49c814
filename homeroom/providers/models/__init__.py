"""Providers, their contracts with every version and exhibit, what was found in them, and who read them."""

from homeroom.providers.models.contracts import Contract, ContractFile, ContractState, FileKind, Override, TermFinding
from homeroom.providers.models.events import Breach, Inspection, OptOut, Redaction
from homeroom.providers.models.providers import Provider

__all__ = [
    "Breach", "Contract", "ContractFile", "ContractState", "FileKind", "Inspection", "OptOut", "Override", "Provider",
    "Redaction", "TermFinding",
]  # fmt: skip

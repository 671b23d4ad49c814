"""What is on record about issued resources, accesses to them, and who was told."""

from homeroom.devices.models.access import Access, AccessUse, Programme, ProgrammeReview
from homeroom.devices.models.findings import ConsoleAct, Discovery
from homeroom.devices.models.resources import IssuedResource, Loan, LoanWords, LossReport
from homeroom.devices.models.suspicion import SuspicionRecord
from homeroom.devices.models.telling import DeviceNotice, TellDuty

__all__ = [
    "Access",
    "AccessUse",
    "ConsoleAct",
    "DeviceNotice",
    "Discovery",
    "IssuedResource",
    "Loan",
    "LoanWords",
    "LossReport",
    "Programme",
    "ProgrammeReview",
    "SuspicionRecord",
    "TellDuty",
]

"""Forms and their versions, agreements with their slots and signatures, and what ends or replaces them."""

from homeroom.agreements.models.agreements import (
    Agreement,
    Filing,
    Method,
    PaperRecord,
    Permission,
    Refusal,
    Signature,
    Slot,
)
from homeroom.agreements.models.choices import Choice
from homeroom.agreements.models.ends import Alternative, Termination
from homeroom.agreements.models.forms import Form, FormText, FormVersion, Kind, Term
from homeroom.agreements.models.papers import KioskVisit, Scan, SealedPaper, Sitting
from homeroom.agreements.models.reminders import Reminder

__all__ = [
    "Agreement",
    "Alternative",
    "Choice",
    "Filing",
    "Form",
    "FormText",
    "FormVersion",
    "Kind",
    "KioskVisit",
    "Method",
    "PaperRecord",
    "Permission",
    "Refusal",
    "Reminder",
    "Scan",
    "SealedPaper",
    "Signature",
    "Sitting",
    "Slot",
    "Term",
    "Termination",
]

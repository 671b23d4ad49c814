"""XIII.C.2: the kinds of educational data as their readers read them, in their language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _


def elements() -> dict[str, str]:
    """The title of each kind of data by id; in English the words of the vocabulary itself."""
    return {
        "name": _("Name"), "student-id": _("Student id"), "birth-date": _("Birth date"), "photo": _("Photo"),
        "language": _("Home language"), "demographics": _("Race, ethnicity, sex"),
        "student-contact": _("Student’s e-mail, phone or address"), "parent-name": _("Parent’s name"),
        "parent-contact": _("Parent’s e-mail, phone or address"), "enrollment": _("School, grade, classes"),
        "schedule": _("Schedule"), "attendance": _("Attendance"), "transport": _("Bus and route"),
        "meals": _("Meals"), "work": _("The student’s own work"), "grades": _("Grades and marks"),
        "assessment": _("Test and assessment results"), "progress": _("Progress inside the product"),
        "special-education": _("Special education and 504 plans"), "health": _("Health"),
        "conduct": _("Conduct and discipline"), "economic": _("Economic situation"),
        "survey": _("Answers to surveys"), "account": _("User name and account"),
        "usage": _("When and how the product is used"), "device": _("Device, address, browser"),
        "messages": _("Messages and calls"), "browsing": _("Web pages visited"), "location": _("Location"),
        "camera-microphone": _("Camera or microphone"), "biometric": _("Voice, face or fingerprint"),
    }  # fmt: skip


def in_words(ids: Iterable[str]) -> str:
    """Kinds of data for a page, in the order of the vocabulary; what leaves the house keeps the English ones."""
    held = set(ids)
    return ", ".join(title for id, title in elements().items() if id in held)

"""XIV.C.0: what a management console's own log says was done to devices, and which feature that reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from homeroom.kernel.devices.documents import Problem, Row, Unreadable, csv_rows, decoded, json_rows
from homeroom.kernel.devices.terms import Feature

COLUMNS = {
    "at": ("time", "date", "activity date time", "timestamp"),
    "who": ("user", "actor", "initiated by", "admin"),
    "act": ("event", "event name", "activity", "action", "description", "event description"),
    "device": ("serial", "serial number", "target", "device serial number", "resource"),
    "external": ("id", "event id"),
}
# The first word found decides; a word with no feature is maintenance that looks at nobody.
WORDS: tuple[tuple[str, Feature | None], ...] = (
    ("locat", Feature.LOCATION), ("gps", Feature.LOCATION), ("screenshot", Feature.VIDEO), ("screen", Feature.VIDEO),
    ("camera", Feature.VIDEO), ("video", Feature.VIDEO), ("remoteassist", Feature.VIDEO), ("remoteview", Feature.VIDEO),
    ("remotedesktop", Feature.VIDEO), ("remotecontrol", Feature.VIDEO), ("crdsession", Feature.VIDEO),
    ("microphone", Feature.AUDIO), ("audio", Feature.AUDIO), ("sound", Feature.AUDIO),
    ("keystroke", Feature.KEYSTROKES), ("keylog", Feature.KEYSTROKES),
    ("browsinghistory", Feature.BROWSING), ("browserhistory", Feature.BROWSING),
    ("history", Feature.BROWSING), ("url", Feature.BROWSING), ("capturelogs", Feature.OTHER),
    ("collectlogs", Feature.OTHER), ("logcollection", Feature.OTHER), ("lostmode", Feature.LOCATION),
    ("lock", Feature.LOCK), ("disable", Feature.LOCK),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """One thing somebody did in a console; `device` is a serial number, or the console's own id of a device."""

    line: int
    external: str
    at: datetime
    who: str
    act: str
    feature: str
    device: str


@dataclass(slots=True)
class Log:
    """The acts of a file that reach a feature, how many others there were, and what cannot be read."""

    source: str
    acts: list[Act] = field(default_factory=list)
    others: int = 0
    problems: list[Problem] = field(default_factory=list)


def read(data: bytes, source: str = "") -> Log:
    """Read a log: Google Admin's activities, Intune's audit events, or CSV. Problems are collected, never raised."""
    try:
        text = decoded(data)
        found = Log(source or _guess(text))
        rows = {"google": _google, "intune": _intune, "csv": _plain}.get(found.source)
        if rows is None:
            raise Unreadable(Problem(1, "", f"There is no log of “{source}”. Say google, intune or csv."))
        for each in rows(text):
            if isinstance(each, Problem):
                found.problems.append(each)
            elif each.feature:
                found.acts.append(each)
            else:
                found.others += 1
    except Unreadable as error:
        found = Log(source, problems=[error.problem])
    return found


def feature_of(act: str) -> str:
    """The feature that an act reaches, "" for maintenance that looks at nobody.

    >>> feature_of("locateDevice ManagedDevice"), feature_of("REMOTE_POWERWASH"), feature_of("DEVICE_START_CRD_SESSION")
    ('location', '', 'video')
    """
    bare = "".join(each for each in act.lower() if each.isalnum())
    return next((str(feature or "") for word, feature in WORDS if word in bare), "")


def _guess(text: str) -> str:
    if not text.lstrip().startswith(("{", "[")):
        return "csv"
    return "google" if '"uniqueQualifier"' in text or '"admin#reports' in text else "intune"


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _act(row: Row, at: str, act: str, device: str, who: str, external: str) -> Act | Problem:
    moment = _moment(at)
    if moment is None:
        return Problem(row.line, "at", f"“{at[:40]}” is no time. Export it as 2026-11-03T14:00:00Z.")
    if not device or not act:
        return Problem(row.line, "device", "This line does not say what was done to which device.")
    return Act(
        row.line, external or f"{at} {who} {act} {device}"[:200], moment, who, act[:200], feature_of(act), device
    )


def _google(text: str) -> Iterator[Act | Problem]:
    """Activities of the application "admin" as the Reports API lists them; each may hold several events."""
    for row in json_rows(text, "items"):
        id, actor = _dict(row.values.get("id")), _dict(row.values.get("actor"))
        for number, event in enumerate(_dicts(row.values.get("events"))):
            said = {str(each.get("name")): str(each.get("value", "")) for each in _dicts(event.get("parameters"))}
            device = said.get("DEVICE_SERIAL_NUMBER") or said.get("DEVICE_ID", "")
            details = [value for name, value in said.items() if "COMMAND" in name or "STATE" in name]
            act = " ".join([str(event.get("name", "")), *details]).strip()
            if device:
                external = f"{id.get('uniqueQualifier', '')}/{number}"
                yield _act(row, str(id.get("time", "")), act, device, str(actor.get("email", "")), external)


def _intune(text: str) -> Iterator[Act | Problem]:
    """Audit events as Microsoft Graph's `deviceManagement/auditEvents` lists them, one act for each device."""
    for row in json_rows(text, "value"):
        actor = _dict(row.values.get("actor"))
        who = str(actor.get("userPrincipalName") or actor.get("applicationDisplayName") or "")
        act = row.text("activityType", "displayName", "activity")
        for number, resource in enumerate(_dicts(row.values.get("resources"))):
            device = str(resource.get("resourceId") or resource.get("displayName") or "")
            yield _act(row, row.text("activityDateTime"), act, device, who, f"{row.text('id')}/{number}")


def _plain(text: str) -> Iterator[Act | Problem]:
    for row in csv_rows(text, COLUMNS):
        yield _act(row, row.text("at"), row.text("act"), row.text("device"), row.text("who"), row.text("external"))


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []

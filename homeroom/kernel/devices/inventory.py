"""XIV.A: an inventory as its file says: a plain CSV file, Google Admin's Chrome devices, Intune's managed devices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from homeroom.kernel.devices.documents import Problem, Row, Unreadable, csv_rows, decoded, json_rows

FORMATS = ("csv", "google", "intune")
COLUMNS = {
    "kind": ("type",),
    "title": ("model", "device", "product", "name"),
    "tag": ("asset tag", "asset", "annotated asset id", "asset id"),
    "serial": ("serial number", "serialno", "sn"),
    "school": ("building", "location"),
    "person": ("student", "student id", "user", "annotated user", "email", "assigned to"),
    "external": ("id", "device id"),
}
KINDS = {"": "hardware", "hardware": "hardware", "device": "hardware", "software": "software", "app": "software",
         "account": "software", "license": "software"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One resource as a file names it. `person` is an id or an e-mail address, "" where nobody is named."""

    line: int
    kind: str
    title: str
    tag: str = ""
    serial: str = ""
    school: str = ""
    person: str = ""
    external: str = ""
    gone: bool = False


@dataclass(slots=True)
class Inventory:
    """What a file holds, and what of it cannot be taken."""

    format: str
    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(data: bytes, format: str = "") -> Inventory:
    """Read an inventory; the format is found out where none is named. Problems are collected, never raised."""
    try:
        text = decoded(data)
        found = Inventory(format or _guess(text))
        if found.format not in FORMATS:
            raise Unreadable(Problem(1, "", f"There is no format “{format}”. Formats are: {', '.join(FORMATS)}."))
        rows, item = {"csv": (csv_rows(text, COLUMNS), _plain), "google": (json_rows(text, "chromeosdevices"), _google),
                      "intune": (json_rows(text, "value"), _intune)}[found.format]  # fmt: skip
        for row in rows:
            _take(found, item(row), row)
    except Unreadable as error:
        found = Inventory(format, problems=[error.problem])
    found.problems += list(_twice(found.items))
    return found


def _guess(text: str) -> str:
    start = text.lstrip()
    if not start.startswith(("{", "[")):
        return "csv"
    return "google" if '"chromeosdevices"' in text else "intune"


def _take(found: Inventory, item: Item, row: Row) -> None:
    problems = list(_wrong(item, row))
    found.problems += problems
    if not problems:
        found.items.append(item)


def _wrong(item: Item, row: Row) -> Iterator[Problem]:
    if item.kind not in ("hardware", "software"):
        yield Problem(row.line, "kind", f"“{item.kind[:40]}” is no kind. Write hardware or software.")
    if item.kind == "hardware" and not (item.serial or item.tag):
        yield Problem(row.line, "serial", "A device needs a serial number or an asset tag.")
    if item.kind == "software" and not (item.external or item.tag):
        yield Problem(row.line, "external", "Software needs an id or a tag, so that it is known again.")
    if not item.title:
        yield Problem(row.line, "title", "This has no name. Give the model or the product.")
    for column in ("title", "tag", "serial", "external"):
        limit = 200 if column in ("title", "external") else 100
        if len(getattr(item, column)) > limit:
            yield Problem(row.line, column, f"This is longer than {limit} characters.")


def _twice(items: list[Item]) -> Iterator[Problem]:
    for column in ("serial", "tag"):
        seen: dict[str, int] = {}
        for item in items:
            value = getattr(item, column)
            if value and value in seen:
                sentence = f"“{value}” stands on line {seen[value]} already. Remove one of the two."
                yield Problem(item.line, column, sentence)
            elif value:
                seen[value] = item.line


def _plain(row: Row) -> Item:
    kind = row.text("kind").lower()
    return Item(
        line=row.line, kind=KINDS.get(kind, kind), title=row.text("title"), tag=row.text("tag"),
        serial=row.text("serial").upper(), school=row.text("school"), person=row.text("person"),
        external=row.text("external"),
    )  # fmt: skip


def _google(row: Row) -> Item:
    """A device as `chromeosdevices.list` of the Admin SDK's Directory API gives it."""
    gone = row.text("status").upper() in ("DEPROVISIONED", "RETURN_ARRIVED")
    return Item(
        line=row.line, kind="hardware", title=row.text("model") or "Chromebook", tag=row.text("annotatedAssetId"),
        serial=row.text("serialNumber").upper(), school=row.text("annotatedLocation"), person=row.text("annotatedUser"),
        external=row.text("deviceId"), gone=gone,
    )  # fmt: skip


def _intune(row: Row) -> Item:
    """A device as Microsoft Graph's `deviceManagement/managedDevices` gives it."""
    maker, model = row.text("manufacturer"), row.text("model")
    title = model if model.lower().startswith(maker.lower()) else f"{maker} {model}".strip()
    return Item(
        line=row.line, kind="hardware", title=title or row.text("deviceName"), serial=row.text("serialNumber").upper(),
        person=row.text("userPrincipalName", "emailAddress"), external=row.text("id"),
        gone=row.text("managementState").lower() in ("retirepending", "retireissued", "wipeissued"),
    )  # fmt: skip

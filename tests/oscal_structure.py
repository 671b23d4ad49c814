"""Whether an export has the structure that OSCAL 1.1.2 (NIST) gives its JSON, as far as the ledger uses it.

Written from the reference of OSCAL 1.1.2; what the checks of others say of the same files stands in
docs/operate/policy.md. An object is a line of keys; `!` ends those that must be there, and no others may.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

OBJECTS = {
    "catalog": "uuid! metadata! params controls groups back-matter",
    "profile": "uuid! metadata! imports! merge modify back-matter",
    "component-definition": "uuid! metadata! import-component-definitions components capabilities back-matter",
    "assessment-results": "uuid! metadata! import-ap! local-definitions results! back-matter",
    "metadata": "title! published last-modified! version! oscal-version! revisions document-ids props links roles "
    "locations parties responsible-parties actions remarks",
    "groups": "id class title! params props links parts groups controls",
    "controls": "id! class title! params props links parts controls",
    "parts": "id name! ns class title props prose parts links",
    "props": "name! uuid ns value! class group remarks",
    "imports": "href! include-all include-controls exclude-controls",
    "components": "uuid! type! title! description! purpose props links responsible-roles protocols "
    "control-implementations remarks",
    "control-implementations": "uuid! source! description! props links set-parameters implemented-requirements!",
    "implemented-requirements": "uuid! control-id! description! props links set-parameters responsible-roles "
    "statements remarks",
    "import-ap": "href! remarks",
    "results": "uuid! title! description! start! end props links local-definitions reviewed-controls! attestations "
    "assessment-log observations risks findings remarks",
    "reviewed-controls": "description props links control-selections! control-objective-selections remarks",
    "control-selections": "description props links include-all include-controls exclude-controls remarks",
    "observations": "uuid! title description! props links methods! types origins subjects relevant-evidence "
    "collected! expires remarks",
    "findings": "uuid! title! description! props links origins target! implementation-statement-uuid "
    "related-observations related-risks remarks",
    "target": "type! target-id! title description props links status! implementation-status remarks",
    "status": "state! reason remarks",
    "related-observations": "observation-uuid!",
}
# Under one key a profile means another object than an assessment does.
SELECTED = {"profile": "with-child-controls with-ids matching", "assessment-results": "control-id! statement-ids"}
TOKEN = r"[A-Za-z_][A-Za-z0-9_.\-]*"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
VALUES = {
    "uuid": UUID, "observation-uuid": UUID, "id": TOKEN, "control-id": TOKEN, "target-id": TOKEN, "with-ids": TOKEN,
    "last-modified": INSTANT, "start": INSTANT, "collected": INSTANT, "expires": INSTANT, "ns": r"[a-zA-Z][\w+.-]*:.+",
    "methods": "EXAMINE|INTERVIEW|TEST|UNKNOWN", "state": "satisfied|not-satisfied", "oscal-version": r"1\.1\.2",
    "reason": TOKEN,
}  # fmt: skip
NAMES = {"label"}  # of properties that OSCAL itself gives; any other needs a namespace


def faults(told: dict[str, Any]) -> list[str]:
    """What is wrong with an export, each with its place."""
    (model, body), *others = told.items()
    return [*(f"{key} stands beside {model}" for key, _ in others), *_object(model, model, body, model)]


def _object(key: str, place: str, said: Any, model: str) -> Iterator[str]:
    shape = SELECTED[model] if key == "include-controls" else OBJECTS.get(key)
    if shape is None:
        yield from _value(key, place, said)
        return
    if not isinstance(said, dict):
        yield f"{place} is no object"
        return
    known = {each.rstrip("!"): each.endswith("!") for each in shape.split()}
    yield from (f"{place} lacks {each}" for each, must in known.items() if must and each not in said)
    yield from (f"{place} has {each}, which nobody knows" for each in said if each not in known)
    if key == "props" and said.get("name") not in NAMES and not said.get("ns"):
        yield f"{place} has the name {said.get('name')} of its own and no namespace"
    for each, value in said.items():
        inside = value if isinstance(value, list) else [value]
        if not inside:
            yield f"{place}.{each} is an empty list"
        for at, one in enumerate(inside):
            yield from _object(each, f"{place}.{each}[{at}]", one, model)


def _value(key: str, place: str, said: Any) -> Iterator[str]:
    if not isinstance(said, str) or not said.strip() or said != said.strip():
        yield f"{place} holds no words: {said!r}"
    elif key in VALUES and not re.fullmatch(VALUES[key], said):
        yield f"{place} cannot be {said!r}"

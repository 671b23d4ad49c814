"""Every setting that the environment may hold is known and documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from homeroom.doors import environment

ROOT = Path(__file__).parents[2]
# Read where they stand, for reasons told there.
ELSEWHERE = {"HOMEROOM_HOME", "HOMEROOM_DEMO_LISTS", "HOMEROOM_TEST_DATABASE"}


def used() -> dict[str, str]:
    names = {}
    for path in (ROOT / "homeroom").rglob("*.py"):
        for name in re.findall(r'["\'](HOMEROOM_[A-Z_]+)["\']', path.read_text(encoding="utf-8")):
            names[name] = str(path.relative_to(ROOT))
    return names


def test_every_setting_has_a_default_that_can_be_read():
    unknown = {name: path for name, path in used().items() if name not in environment.DEFAULTS}
    assert set(unknown) <= ELSEWHERE, unknown


def test_the_environment_is_read_in_one_place():
    others = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "homeroom").rglob("*.py")
        if re.search(r"os\.(environ(\.get|\[)|getenv)", path.read_text(encoding="utf-8"))
        and path.name not in ("environment.py", "cli.py", "settle.py")
    ]
    assert others == []


@pytest.mark.parametrize("name", sorted({*environment.DEFAULTS, "HOMEROOM_HOME"}))
def test_every_setting_is_explained_to_whoever_runs_it(name):
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md"))
    if "HOMEROOM_WEB_LISTEN" not in text:
        pytest.skip("the page of settings is not written yet")
    assert name in text


def test_no_document_speaks_of_a_setting_that_does_not_exist():
    known = {*environment.DEFAULTS, *ELSEWHERE}
    for path in [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]:
        spoken = set(re.findall(r"\bHOMEROOM_[A-Z_]+\b", path.read_text(encoding="utf-8")))
        assert spoken <= known, f"{path.name}: {spoken - known}"

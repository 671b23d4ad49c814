"""What is refused is refused in the reader's language: each sentence is there in Spanish.

Read from the code: the words of each `Refused` of these apps, and those of the kernel that they pass on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from homeroom.site import messages

ROOT = Path(messages.HERE)
APPS = (
    "access", "activity", "agreements", "base", "board", "devices", "filtering", "ledger", "nodes", "notices", "people",
    "providers", "requests", "site",
)  # fmt: skip
NOT_FOR_PEOPLE = ("doors", "journal", "kernel")  # a door's Refused closes a tunnel; the others refuse nothing
TRANSLATES = ("_", "gettext", "ngettext")
# Sentences that are put together elsewhere: where they come from is read below, or they are translated there.
PASSED_ON = {
    "homeroom/access/actions/accounts.py": {"' '.join(error.messages)"},
    "homeroom/access/actions/leases.py": {"_several(where)"},
    "homeroom/board/actions/adopting.py": {"_(CHANGED)"},
    "homeroom/board/actions/texts.py": {"_(CHANGED)"},
    "homeroom/board/pdf_lines.py": {"_why(error)"},
    "homeroom/devices/actions/gate.py": {"titles.lacks(lacks)", "why_not"},
    "homeroom/devices/actions/programmes.py": {"' '.join(lacks)"},
    "homeroom/devices/actions/suspicion.py": {"' '.join(missing)"},
    "homeroom/devices/actions/telling.py": {"titles.lacks(lacks)"},
    "homeroom/filtering/actions/updating.py": {"sentence"},  # of a list's file, kept as the list's trouble
    "homeroom/filtering/fetching.py": {
        "_too_large(expected, limits)", "_too_large(size, limits)", "_too_large(archive.offset + info.size, limits)",
    },
    "homeroom/notices/actions/clocks.py": {"said % {'title': row.title, "
        "'when': people.local(row.due_at).strftime('%Y-%m-%d %H:%M %Z')}", "_(str(error))"},
    "homeroom/notices/actions/templates.py": {"wrong[0].sentence"},
    "homeroom/people/actions.py": {"_sentence(model, error)"},
    "homeroom/providers/actions/contracts.py": {"' '.join(lacking)", "_(str(error))"},
    "homeroom/providers/actions/registering.py": {"' '.join((_(each) for each in wrong))"},
}  # fmt: skip
# Of these functions and classes of the kernel every sentence reaches somebody; files by what they call with it.
KERNEL = {
    "devices/gate.py": ("Lack",),
    "devices/telling.py": ("Lack",),
    "devices/using.py": ("return",),
    "providers/classification.py": ("append", "Duty"),
    "providers/terms.py": ("Incomplete",),
    "deadlines/clock.py": ("NoDueDay",),
}


@pytest.fixture(scope="module")
def spanish() -> set[str]:
    files = ROOT.glob("*/locale/es/LC_MESSAGES/django.po")
    return {said for file in files for said in messages.read(file.read_text(encoding="utf-8"))}


def refusals(app: str) -> Iterator[tuple[str, ast.expr]]:
    """Where each Refused of an app is raised, and what it says."""
    for path in sorted((ROOT / app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Refused":
                yield str(path.relative_to(ROOT.parent)), node.args[0]


def words(said: ast.expr) -> str | None:
    """The English of a sentence that is translated where it is raised."""
    while isinstance(said, ast.BinOp) and isinstance(said.op, ast.Mod):
        said = said.left
    if not (isinstance(said, ast.Call) and ast.unparse(said.func) in TRANSLATES):
        return None
    text = [each.value for each in said.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return "\0".join(text) or None


@pytest.mark.parametrize("app", APPS)
def test_what_an_app_refuses_is_said_in_spanish_too(app, spanish):
    found = [(where, said, words(said)) for where, said in refusals(app)]
    assert len(found) > 2, "else the reading has stopped to find them"
    plain = [f"{where}:{said.lineno} {ast.unparse(said)}" for where, said, text in found
             if text is None and ast.unparse(said) not in PASSED_ON.get(where, ())]  # fmt: skip
    assert not plain, f"Say these with _(), so that they can be translated: {plain}"
    lacking = [f"{where}: {text}" for where, _said, text in found if text and text not in spanish]
    assert not lacking, f"Add the Spanish to homeroom/{app}/locale/es: {lacking}"


def test_every_app_is_read():
    apps = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert apps == {*APPS, *NOT_FOR_PEOPLE}, "a new app belongs to one of the two"


def test_what_is_passed_on_is_still_there():
    known = {(where, ast.unparse(said)) for app in APPS for where, said in refusals(app)}
    gone = [(where, said) for where, those in PASSED_ON.items() for said in those if (where, said) not in known]
    assert not gone


def sentences(path: Path, names: tuple[str, ...]) -> set[str]:
    """The sentences that a file of the kernel hands to one of these, or returns."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        called = isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in names
        if called or (isinstance(node, ast.Return) and "return" in names) or isinstance(node, ast.Assign):
            built = {part for each in ast.walk(node) if isinstance(each, ast.JoinedStr) for part in ast.walk(each)}
            inside = {each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and each not in built}
            found |= {each for each in inside if isinstance(each, str) and " " in each and each.endswith(".")}
    return found


@pytest.mark.parametrize("file", KERNEL)
def test_what_the_kernel_says_is_said_in_spanish_too(file, spanish):
    found = sentences(ROOT / "kernel" / file, KERNEL[file])
    assert found, "else the reading has stopped to find them"
    lacking = found - spanish
    assert not lacking

"""XIV.B.3: a pseudonym in activity leads to nobody, and no code puts the two together again.

Exactly two modules know both a person and their pseudonym: access/roll.py, which makes it, and
activity/actions/opening.py, which reads one person's records in one window under a recorded ground (XIV.C.0).
Both go from the person to the pseudonym; no code goes back. Whoever adds a module here must say why it sees pseudonyms.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parents[2] / "homeroom"
MAKER = "access/roll.py"
OPENER = "activity/actions/opening.py"
DOORS = "doors/"  # they know who asks by id and by pseudonym from the roll, and reach no records
CARRIERS = {
    MAKER: "makes them for the roll",
    "kernel/decision/ask.py": "a door knows who asks by id and by pseudonym",
    "kernel/decision/roll.py": "reads the roll",
    "kernel/spoolline.py": "writes and reads lines with a pseudonym and no id",
    "activity/models.py": "keeps it with refused requests",
    "activity/actions/intake.py": "takes it in",
    "activity/partitions.py": "names its column where it divides the table into days",
    OPENER: "finds the records of one person under a recorded ground, gives them on without the pseudonym, "
    "and tells the purge which ones an open request waits for",
    "activity/queries/hosts.py": "counts different ones, tells none",
    "filtering/models/reviews.py": "keeps the ticket's pseudonym with a request for review",
    "filtering/actions/reviews.py": "slows down a flood from one pseudonym",
    "filtering/actions/purging.py": "removes it from requests that were answered long ago",
}
MAKERS = {"alias", "aliases"}  # what makes pseudonyms of persons
# What may be asked about people where pseudonyms are handled: the calendar, never a person.
HARMLESS = {"zone", "today", "district"}


@cache
def modules() -> dict[str, ast.Module]:
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if "/migrations/" not in name:
            found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def docstrings(tree: ast.Module) -> set[int]:
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def speaks_of_pseudonyms(tree: ast.Module) -> bool:
    """An attribute, keyword, field, function or text called alias; a mere local name is something else."""
    ignored = docstrings(tree)
    return any(_called_alias(node) for node in ast.walk(tree) if id(node) not in ignored)


def _called_alias(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(re.search(r"(^|[\s,(.'\"])alias($|[\s,).'\"])", node.value))
    targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    if isinstance(node, ast.Attribute | ast.keyword):
        names.add(node.attr if isinstance(node, ast.Attribute) else node.arg or "")
    if isinstance(node, ast.FunctionDef):
        names.add(node.name)
    return "alias" in names


@pytest.mark.clause("XIV.B.3")
def test_only_known_modules_handle_pseudonyms():
    handling = {name for name, tree in modules().items() if speaks_of_pseudonyms(tree)}
    assert {MAKER, "activity/models.py", "activity/queries/hosts.py", "doors/spool.py"} <= handling
    handling = {name for name in handling if not name.startswith(DOORS)}
    assert handling <= CARRIERS.keys(), "Say in CARRIERS why these handle pseudonyms, or call the variable otherwise."


def people_asked_about(tree: ast.Module) -> set[str]:
    """What a module takes from the apps that know people: imported names, and attributes of imported modules."""
    local, taken = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("homeroom.people", "homeroom.access")):
            for each in node.names:
                if node.module == "homeroom.people" and each.name == "queries":
                    local.add(each.asname or each.name)
                else:
                    taken.add(f"{node.module}.{each.name}")
        if isinstance(node, ast.Import):
            taken |= {each.name for each in node.names if each.name.startswith(("homeroom.people", "homeroom.access"))}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in local:
            taken.add(node.attr)
    return taken - HARMLESS


@pytest.mark.clause("XIV.B.3")
def test_no_module_puts_a_pseudonym_and_a_person_together():
    both = {
        name: sorted(people_asked_about(tree))
        for name, tree in modules().items()
        if name not in (MAKER, OPENER) and speaks_of_pseudonyms(tree) and people_asked_about(tree)
    }
    assert both == {}


@pytest.mark.clause("XIV.B.3")
def test_the_key_of_pseudonyms_is_used_in_one_place():
    users = {
        name
        for name, tree in modules().items()
        if any(isinstance(node, ast.Constant) and node.value == "pseudonym" for node in ast.walk(tree))
    }
    assert users == {MAKER}
    importers = {name for name, tree in modules().items() if any(_takes_the_maker(node) for node in ast.walk(tree))}
    assert importers == {OPENER}


@pytest.mark.clause("XIV.B.3", "XIV.C.0")
def test_the_opener_asks_the_gate_first_and_keeps_and_returns_no_pseudonym():
    """It writes no row, reads only after `gate.use`, and what it hands out has no field for a pseudonym."""
    tree = modules()[OPENER]
    opens = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "open_activity")
    calls = [ast.unparse(node.func) for node in ast.walk(opens) if isinstance(node, ast.Call)]
    order = sorted((n.lineno, ast.unparse(n.func)) for n in ast.walk(opens) if isinstance(n, ast.Call))
    names = [name for _, name in order if name in ("gate.use", "_read", "journal.record")]
    assert names == ["gate.use", "_read", "journal.record"] and calls.count("_read") == 1
    read = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "_read")
    given = [n.value for n in ast.walk(read) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    assert "host" in given and not any("alias" in text for text in given)
    writes = {"create", "save", "update", "bulk_create", "update_or_create", "get_or_create", "delete"}
    assert not writes & {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def _takes_the_maker(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "homeroom.access.roll" and any(each.name in MAKERS for each in node.names)
    return isinstance(node, ast.Attribute) and node.attr in MAKERS and ast.unparse(node.value).endswith("roll")


@pytest.mark.clause("XIV.B.3")
def test_no_page_shows_a_pseudonym():
    showing = [path.name for path in ROOT.rglob("templates/**/*") if path.is_file() and ".alias" in path.read_text()]
    assert showing == []


@pytest.mark.clause("XIV.B.3")
def test_no_table_holds_a_pseudonym_beside_a_person():
    tables = [model for model in apps.get_models() if any(field.name == "alias" for field in model._meta.get_fields())]
    assert {model._meta.label for model in tables} >= {"activity.BlockedRequest"}
    for model in tables:
        names = {field.name for field in model._meta.get_fields()}
        assert names.isdisjoint({"person", "person_id", "account", "student", "user", "email", "address"}), model
        leads_to = {field.related_model._meta.label for field in model._meta.get_fields() if field.is_relation}
        assert leads_to.isdisjoint({"people.Person", "access.Account"}), model


def test_the_watch_itself_sees_what_it_looks_for():
    wrong = ast.parse("from homeroom.people import queries as people\nrow = people.person(x)\nprint(row.alias)")
    assert speaks_of_pseudonyms(wrong) and people_asked_about(wrong) == {"person"}
    fine = ast.parse('"""alias"""\nfor alias in connections:\n    pending(alias)')
    assert not speaks_of_pseudonyms(fine)

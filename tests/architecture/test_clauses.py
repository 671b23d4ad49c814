"""Code, data and docstrings cite clauses that exist."""

from __future__ import annotations

import ast
import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from homeroom.kernel import clauses

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "homeroom"
OBLIGATIONS = ROOT.parent / "shared" / "spec" / "obligations.md"
CITED = re.compile(r"\A((?:I|II|III|IV|V|VI|VII|VIII|IX|X|XI|XII|XIII|XIV|XV|XVI|XVII)(?:\.[\w()-]+)*)[:,] ")


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(HOUSE.rglob("*.py")):
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def exists(id: str) -> bool:
    """Whether a clause, or an article or section above one, has this id."""
    return any(known == id or known.startswith(id) for known in clauses.TITLES)


def test_whatever_code_cites_as_its_clause_exists_and_is_no_coarser_than_a_duty():
    bad = []
    for path, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.keyword) or node.arg != "clause" or not isinstance(node.value, ast.Constant):
                continue
            if node.value.value and node.value.value not in clauses.TITLES:
                bad.append(f"{path}:{node.value.lineno} {node.value.value}")
    assert bad == []


def test_docstrings_never_cite_a_clause_that_does_not_exist():
    bad = []
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef, ast.Module)):
                found = CITED.match(ast.get_docstring(node) or "")
                if found and not exists(found[1]):
                    bad.append(f"{path} {getattr(node, 'name', '')}: {found[1]}")
    assert bad == []


def in_data(value: object) -> Iterator[str]:
    """Every value of a key "clause" in data."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key == "clause":
                yield str(each)
            else:
                yield from in_data(each)
    elif isinstance(value, list):
        for each in value:
            yield from in_data(each)


def test_data_cites_clauses_that_exist():
    cited = set()
    for path in HOUSE.rglob("data/**/*.json"):
        cited |= set(in_data(json.loads(path.read_text(encoding="utf-8"))))
    for path in HOUSE.rglob("data/**/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cited |= {row["clause"] for row in csv.DictReader(file) if row.get("clause")}
    assert cited, "the reviewed tables of filtering cite clauses"
    assert {id for id in cited if id not in clauses.TITLES} == set()


def test_the_list_of_clauses_is_that_of_the_obligations():
    if not OBLIGATIONS.exists():
        pytest.skip("the table of obligations is not beside this checkout")
    rows = re.findall(r"^\| ((?:524|REF|[IVX]+)[^|]*?) \|", OBLIGATIONS.read_text(encoding="utf-8"), re.MULTILINE)
    ids = {row.replace(" (optional)", "").replace(" verbs", ".verbs") for row in rows} - {"ID"}
    assert ids == set(clauses.TITLES)


def test_titles_are_short_and_our_own():
    assert all(0 < len(title) <= 60 for title in clauses.TITLES.values())


def test_a_test_that_cites_nonsense_is_refused(pytester_like_run):
    assert "too coarse" in pytester_like_run("XIV.C")
    assert "There is no clause" in pytester_like_run("XX.1")


@pytest.fixture
def pytester_like_run():
    """What the collection says of one test that cites an id."""
    from types import SimpleNamespace

    from tests import conftest

    def run(id: str) -> str:
        item = SimpleNamespace(nodeid="x", iter_markers=lambda name: [SimpleNamespace(args=(id,))])
        with pytest.raises(pytest.UsageError) as error:
            conftest.pytest_collection_modifyitems([item])
        return str(error.value)

    return run

"""Which tests show which clause, and of which commit: read from the markers in the tests, shipped as data.

`data/tests.json` is written whenever the markers change; `data/commit.txt` only when a release is made.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).with_name("data") / "tests.json"
COMMIT = SHIPPED.with_name("commit.txt")
CHECKOUT = Path(__file__).parents[2]
_HASH = re.compile(r"[0-9a-f]{40,64}")


@cache
def shipped() -> dict[str, list[str]]:
    """The tests of each clause, as this release knows them ("tests/policy/test_06_filter.py::test_…")."""
    told: dict[str, list[str]] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return told


@cache
def commit() -> str:
    """The commit of this release, or the one that a checkout stands at; "" where nobody knows."""
    if COMMIT.exists():
        return _hash(COMMIT.read_text(encoding="utf-8"))
    return of_checkout(CHECKOUT)


def of_checkout(root: Path) -> str:
    """The commit that a checkout stands at, read from its files; "" where it is none."""
    try:
        folder = root / ".git"
        if folder.is_file():  # a second worktree says where its own folder is
            folder = root / folder.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
        head = (folder / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref:"):
            return _hash(head)
        ref = head.removeprefix("ref:").strip()
        shared = folder / "commondir"
        base = folder / shared.read_text(encoding="utf-8").strip() if shared.exists() else folder
        if (base / ref).exists():
            return _hash((base / ref).read_text(encoding="utf-8"))
        packed = (base / "packed-refs").read_text(encoding="utf-8").splitlines()
        return next((_hash(line) for line in packed if line.endswith(f" {ref}")), "")
    except OSError:
        return ""


def _hash(line: str) -> str:
    found = _HASH.match(line.strip())
    return found[0] if found else ""


def scan(root: Path) -> dict[str, list[str]]:
    """The tests below `root`/tests that bear `@pytest.mark.clause(...)`, by clause; `root` is the repository's."""
    found: dict[str, set[str]] = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for id, test in _marked(tree, path.relative_to(root).as_posix(), _of_module(tree)):
            found.setdefault(id, set()).add(test)
    return {id: sorted(found[id]) for id in sorted(found)}


def written(tests: dict[str, list[str]]) -> str:
    """The manifest as the file holds it."""
    return json.dumps(tests, ensure_ascii=False, indent=1) + "\n"


def _of_module(tree: ast.Module) -> frozenset[str]:
    """What `pytestmark = ...` says for the whole file."""
    said = [node.value for node in tree.body if isinstance(node, ast.Assign) and _names(node) == ["pytestmark"]]
    return frozenset(id for value in said for id in _ids(value))


def _names(node: ast.Assign) -> list[str]:
    return [target.id for target in node.targets if isinstance(target, ast.Name)]


def _marked(node: ast.Module | ast.ClassDef, where: str, inherited: frozenset[str]) -> Iterator[tuple[str, str]]:
    for each in node.body:
        if isinstance(each, ast.ClassDef) and each.name.startswith("Test"):
            yield from _marked(each, f"{where}::{each.name}", inherited | _decorated(each))
        elif isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)) and each.name.startswith("test"):
            for id in inherited | _decorated(each):
                yield id, f"{where}::{each.name}"


def _decorated(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    return frozenset(id for decorator in node.decorator_list for id in _ids(decorator))


def _ids(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and ast.unparse(each.func) == "pytest.mark.clause":
            yield from (str(arg.value) for arg in each.args if isinstance(arg, ast.Constant))

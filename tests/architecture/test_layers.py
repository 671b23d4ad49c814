"""The house keeps its shape: layers, purity, the inside of every app."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from homeroom.site import settings as house

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "homeroom"
APPS = [HOUSE / name.partition(".")[2] for name in house.HOMEROOM_APPS if not name.endswith((".base", ".site"))]

# What an app may be made of; each may be a module or a package of the same name. Beside these an app has
# modules of its own named after what they know ("roll", "chain"), never after a technical kind.
SHAPE = {
    "actions", "admin", "apps", "clauses", "forms", "jobs", "migrations", "models", "queries", "templates",
    "static", "data", "urls", "views", "paper",
    "roster",  # of people: files opened, staged and compared
}  # fmt: skip
REFUSED = {
    "utils",
    "util",
    "helpers",
    "helper",
    "misc",
    "common",
    "services",
    "service",
    "managers",
    "signals",
    "tasks",
}


def modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "migrations" not in path.parts)


def test_the_layer_contracts_hold():
    answer = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stdout[-3000:]


@pytest.mark.parametrize("folder", ["kernel", "doors"])
def test_kernel_and_doors_start_without_django(folder):
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in modules(HOUSE / folder)]
    names = [name.removesuffix(".__init__") for name in names]
    program = f"import sys, importlib\nfor name in {names!r}: importlib.import_module(name)\n"
    program += "assert not [m for m in sys.modules if m == 'django' or m.startswith('django.')]"
    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr[-2000:]


def test_no_module_is_named_after_nothing():
    bad = [path for path in modules(HOUSE) if path.stem in REFUSED or path.parent.name in REFUSED]
    assert bad == []


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_every_app_has_the_same_inside(app):
    folders = {path.name for path in app.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders <= SHAPE | {"locale"}, "a folder of an app bears one of the shared names"
    assert (app / "apps.py").exists()
    assert (app / "__init__.py").read_text(encoding="utf-8").startswith('"""'), "an app says what it is for"


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_views_write_nothing_themselves(app):
    """A view translates in, calls one action or query, and translates out."""
    for path in modules(app):
        if path.stem == "views" or path.parent.name == "views":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute):
                    writes = node.attr in ("bulk_create", "bulk_update", "update_or_create", "get_or_create", "save")
                    assert not writes, f"{path.name}:{node.lineno} writes rows; let an action do it"


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_queries_never_write(app):
    for path in modules(app):
        if path.stem == "queries" or path.parent.name == "queries":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute):
                    assert node.attr not in ("bulk_create", "bulk_update", "save", "delete", "update_or_create"), (
                        f"{path}:{node.lineno}"
                    )


READS_THE_CLOCK = {"views", "jobs", "commands", "doors", "worker", "adapters", "middleware", "pages", "templatetags"}
# Beside the edge, with the reason.
MAY_READ_THE_CLOCK = {
    "homeroom/filtering/actions/builds.py": "a build lasts minutes; its end is another instant than its start",
    "homeroom/site/two_nodes.py": "the demonstration of two nodes is an edge",
    "homeroom/site/little_internet.py": "the demonstration's own Internet is an edge",
}
CLOCKS = {"timezone.now", "datetime.now", "datetime.utcnow", "date.today", "timezone.localdate", "time.time"}


def holds_views(tree: ast.Module) -> bool:
    """Whether a module declares views, whatever its name."""
    decorators = [each for node in tree.body if isinstance(node, ast.FunctionDef) for each in node.decorator_list]
    return any(ast.unparse(each).partition("(")[0] in ("needs", "public") for each in decorators)


def test_only_views_jobs_commands_and_doors_read_the_clock():
    """Time enters as an argument."""
    bad = []
    for path in modules(HOUSE):
        tree, name = ast.parse(path.read_text(encoding="utf-8")), str(path.relative_to(ROOT))
        at_the_edge = READS_THE_CLOCK & set(path.relative_to(HOUSE).with_suffix("").parts)
        if at_the_edge or name in MAY_READ_THE_CLOCK or holds_views(tree):
            continue
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        bad += [f"{name}:{call.lineno}" for call in calls if ast.unparse(call.func) in CLOCKS]
    assert bad == []


def test_no_file_grows_beyond_reading():
    long = {
        str(path.relative_to(ROOT)): count
        for path in modules(HOUSE)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}

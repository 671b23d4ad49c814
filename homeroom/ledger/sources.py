"""The code and the tests that the ledger names, to read: shown by the house itself, and linked to their repository.

Only what a claim or the manifest of tests names is ever shown; nothing that somebody typed becomes a path.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from homeroom import __version__
from homeroom.doors import environment
from homeroom.kernel.policytext.claims import name
from homeroom.ledger import catalogue, manifest


@dataclass(frozen=True, slots=True)
class Source:
    """A function or a test: its name, its file in the repository, its first line, its words."""

    name: str
    path: str
    line: int
    text: str

    @property
    def address(self) -> str:
        """Where the repository shows it; "" where this installation does not know one."""
        return link(self.path, self.line)


def find(named: str) -> Source | None:
    """The function or test of that name; None for what the ledger does not name, or what did not come along."""
    return _test(named) if "::" in named else _function(named)


def link(path: str, line: int = 0) -> str:
    """The address of a file in the repository at the commit of this release; "" without a repository."""
    base = environment.text("HOMEROOM_REPOSITORY").rstrip("/")
    if not base.startswith(("https://", "http://")):
        return ""
    at = manifest.commit() or f"v{__version__}"
    between = "-/blob" if "gitlab" in base else "blob"
    return f"{base}/{between}/{at}/{quote(path)}{f'#L{line}' if line else ''}"


def tests_came_along() -> bool:
    """Whether this is a checkout, in which the tests can be read."""
    return (manifest.CHECKOUT / "tests" / "policy").is_dir()


def _function(named: str) -> Source | None:
    function = _functions().get(named)
    if function is None:
        return None
    try:
        lines, line = inspect.getsourcelines(function)
    except (OSError, TypeError):
        return None
    module = function.__module__.replace(".", "/")
    package = inspect.getsourcefile(function) or ""
    path = f"{module}/__init__.py" if package.endswith("__init__.py") else f"{module}.py"
    return Source(named, path, line, "".join(lines))


@cache
def _functions() -> dict[str, Callable[..., Any]]:
    claims = catalogue.claims().values()
    return {name(each): inspect.unwrap(each) for claim in claims for each in (*claim.actions, *claim.probes)}


def _test(named: str) -> Source | None:
    if not any(named in tests for tests in manifest.shipped().values()):
        return None
    path, _, inside = named.partition("::")
    try:
        words = (manifest.CHECKOUT / path).read_text(encoding="utf-8")
    except OSError:
        return None
    node: Any = ast.parse(words)
    for part in inside.split("::"):
        node = next((each for each in node.body if getattr(each, "name", "") == part), None)
        if node is None:
            return None
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return Source(named, path, first, "\n".join(words.splitlines()[first - 1 : node.end_lineno]))

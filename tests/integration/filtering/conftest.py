"""A home of its own for each test, and what tests of filtering do all the time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from homeroom.base.actor import Actor
from homeroom.filtering import publishing
from homeroom.filtering.actions import builds, sources
from homeroom.filtering.models import BuildRun, ListVersion
from homeroom.filtering.queries import why

AT = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
DANA = Actor(id="dana", name="Dana Reyes", roles=frozenset({"technology_director"}))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """HOMEROOM_HOME for one test."""
    folder = tmp_path / "home"
    monkeypatch.setenv("HOMEROOM_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def published_at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test inside one transaction never commits, so there what an action publishes is published right away."""
    marks = list(request.node.iter_markers("django_db"))
    if not any(mark.kwargs.get("transaction") for mark in marks):
        monkeypatch.setattr(publishing, "after_commit", lambda at: publishing.publish(at, parts=publishing.SMALL))


class House:
    """Shorthand for what a technology director does with lists."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, *lines: str) -> Path:
        """A list file."""
        path = self.folder / name
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path

    def add(self, name: str, path: Path, category: str = "", format: str = "domains") -> ListVersion | None:
        """Add a list and read it."""
        sources.add_source(actor=DANA, name=name, format=format, category=category, location=str(path), at=AT)
        return sources.update_source(actor=DANA, name=name, at=AT)

    def build(self) -> BuildRun:
        """Compile and publish."""
        return builds.build(actor=DANA, at=AT)

    def ask(self, target: str, person: str = "") -> why.Why:
        """Why? By the bundle in force."""
        return why.explain(target, person=person, at=datetime.now(UTC))

    def verdict(self, target: str, person: str = "") -> tuple[str, str, str]:
        """(verdict, kind, clause) of the bundle in force."""
        decision = self.ask(target, person).explanation.decision
        return decision.verdict, str(decision.kind), decision.clause


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)

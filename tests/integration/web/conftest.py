"""A town with a small list in force, and browsers signed in as its people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from homeroom.base.actor import Actor
from homeroom.doors import environment, ticket
from homeroom.filtering import publishing
from homeroom.filtering.actions import builds, reviews, rules, sources
from homeroom.filtering.models import LocalRule, ReviewRequest
from tests.town import Town

DANA = Actor(id="dana", name="Dana Reyes", roles=frozenset({"technology_director"}))
LISTED = ("casino.test", "poker.test", "recovery-group.test")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings) -> Path:
    """HOMEROOM_HOME for one test."""
    folder = tmp_path / "home"
    monkeypatch.setenv("HOMEROOM_HOME", str(folder))
    settings.HOME = folder
    return environment.home()


@pytest.fixture(autouse=True)
def published_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test inside one transaction never commits, so what an action publishes is published right away.

    Nobody pulls the plug here, so nothing waits for the disk either.
    """
    monkeypatch.setattr("os.fsync", lambda _file: None)
    monkeypatch.setattr(publishing, "after_commit", lambda at: publishing.publish(at, parts=publishing.SMALL))


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def lists(town: Town, tmp_path: Path, now: datetime) -> Town:
    """The town with a gambling list and an explicit list in force."""
    for name, category, hosts in (("bets", "gambling", LISTED), ("explicit", "pornography", ("explicit.test",))):
        path = tmp_path / f"{name}.txt"
        path.write_text("".join(f"{host}\n" for host in hosts), encoding="utf-8")
        sources.add_source(
            actor=DANA, name=name, format="domains", category=category, location=str(path), licence="made up", at=now
        )
        sources.update_source(actor=DANA, name=name, at=now)
    assert builds.build(actor=DANA, at=now).outcome == "done"
    return town


def rule(
    now: datetime, target: str = "chess.test", scope: str = "everyone", effect: str = "allow", **more
) -> LocalRule:
    """A rule that Dana made."""
    return rules.add_rule(actor=DANA, effect=effect, target=target, scope=scope, reason="Chess club.", at=now, **more)


def facts(host: str = "recovery-group.test", **more: object) -> dict[str, object]:
    """What a ticket holds."""
    known = {
        "host": host, "path": "", "kind": "district", "clause": "V.A.3", "category": "gambling", "list": "bets",
        "version": "1", "line": 3, "text": host, "reason": "It is listed as gambling.", "profile": "student",
        "school": "birch", "alias": "a1b2", "bundle": "b", "at": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    return {**known, **more}


def sealed(now: datetime, **more: object) -> str:
    """A ticket as the block page links to it."""
    return ticket.seal(environment.key(environment.home(), "ticket"), facts(**more), now)


def asked(now: datetime, due: timedelta = timedelta(hours=5), **more: object) -> ReviewRequest:
    """Somebody asked for a review."""
    row = reviews.ask_review(ticket=facts(**more), words="", address="192.0.2.1", at=now)
    ReviewRequest.objects.filter(pk=row.pk).update(due_at=now + due)
    return ReviewRequest.objects.get(pk=row.pk)

"""A browser, and a town with something on every page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from homeroom.activity.models import HourCount
from homeroom.filtering import publishing
from homeroom.filtering.actions import builds, rules, sources, viewpoint
from homeroom.site import messages
from tests.integration.web.conftest import DANA, asked, sealed
from tests.town import STAFF, Town

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
expect.set_options(timeout=30_000)  # a machine with much to do takes its time


@pytest.fixture(scope="session", autouse=True)
def translations() -> None:
    messages.compile_all()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("HOMEROOM_HOME", str(folder))
    settings.HOME = folder
    return folder


@pytest.fixture
def house(transactional_db: None, home: Path, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """The town with lists, rules, requests, counts and a report. Everything is written before a browser starts."""
    monkeypatch.setattr(publishing, "after_commit", lambda at: None)
    return House(town, tmp_path)


class House:
    """What tests of pages need to know about the house: cookies of its people, and where things are."""

    def __init__(self, town: Town, folder: Path) -> None:
        now = datetime.now(UTC)
        self.folder = folder
        viewpoint.load_controls(actor=DANA, at=now, names=[("recovery-group.test", "help against gambling")])
        for name, category, lines in (
            ("bets", "gambling", ("casino.test", "recovery-group.test", "no name at all")),
            ("explicit", "pornography", ("explicit.test",)),
        ):
            (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
            sources.add_source(
                actor=DANA, name=name, format="domains", category=category, location=str(folder / name), at=now
            )
            sources.update_source(actor=DANA, name=name, at=now)
        builds.build(actor=DANA, at=now)
        (folder / "bets").write_text("casino.test\nrecovery-group.test\nnews.test\n", encoding="utf-8")
        viewpoint.load_controls(actor=DANA, at=now, names=[("news.test", "general reference")])
        self.held = sources.update_source(actor=DANA, name="bets", at=now + timedelta(minutes=1)).pk
        viewpoint.report(actor=DANA, at=now)
        self.rule = self._rule(now, "everyone").pk
        self.class_rule = self._rule(now, "class:7b").pk
        self.request = asked(now, timedelta(hours=-3)).pk
        self.law_request = asked(
            now, host="explicit.test", kind="statutory", category="pornography", list="explicit"
        ).pk
        for kind, category, n in (("district", "gambling", 40), ("statutory", "pornography", 7)):
            HourCount.objects.using("activity").create(
                hour=int(now.timestamp()) // 3600 * 3600, school="birch", profile="student", verdict="block", kind=kind,
                category=category, door="dns", n=n,
            )  # fmt: skip
        publishing.publish(now)
        self.ticket = sealed(now)
        self.cookies = {who: town.client(who).cookies["sessionid"].value for who in STAFF}

    def _rule(self, now: datetime, scope: str):
        return rules.add_rule(
            actor=DANA, effect="allow", target=f"chess-{scope[:5]}.test", scope=scope, reason="Chess club.", at=now
        )

    def cookie(self, who: str, url: str) -> list[dict[str, str]]:
        """The cookie by which somebody is signed in, for a browser."""
        return [{"name": "sessionid", "value": self.cookies[who], "url": url}]


@pytest.fixture
def browser(house: House) -> Iterator[Browser]:
    """Chromium as Debian brings it; nothing leaves the machine."""
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed: sudo apt-get install chromium")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()

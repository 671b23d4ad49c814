"""A worker killed again and again in the middle of a campaign: nobody is sent two notices, nobody is forgotten."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from homeroom.notices import mail_catcher
from tests import child

HERE = Path(__file__).parent
KILLS, READERS = 50, 500


def said(home: Path, *words: str, **more: str) -> str:
    """What a process of its own says."""
    done = subprocess.run(
        [sys.executable, str(HERE / "killed.py"), *words], capture_output=True, text=True, timeout=200,
        env=child.environment(home, PYTHONPATH=str(HERE.parents[2]), **more),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


@pytest.mark.timeout(300)
def test_a_worker_killed_fifty_times_leaves_no_double_and_no_gap(tmp_path):
    home, folder = tmp_path / "home", tmp_path / "mail"
    said(home, "prepare", str(READERS))
    taken: list[str] = []

    class Counted(mail_catcher.Folder):
        async def handle_DATA(self, server, session, envelope):  # noqa: N802
            taken.append(re.search(rb"letter-\d+", envelope.content)[0].decode())
            return await super().handle_DATA(server, session, envelope)

    controller = mail_catcher._Anywhere(Counted(folder), hostname="127.0.0.1", port=0)
    controller.start()
    try:
        url = f"smtp://127.0.0.1:{controller.server.sockets[0].getsockname()[1]}"
        said(home, "herd", str(KILLS), HOMEROOM_SMTP_URL=url)
        left = said(home, "finish", HOMEROOM_SMTP_URL=url)
    finally:
        controller.stop()
    letters, sent, tries = (int(each) for each in left.split())
    assert (letters, sent, tries) == (READERS, READERS, READERS), "one letter and one try for each reader"
    assert len(list(folder.glob("*.eml"))) == READERS, "each mailbox shows one"
    again = len(taken) - len(set(taken))
    # Only a kill between the server's yes and our note makes a letter go twice, under the same Message-ID.
    assert again <= KILLS and len(set(taken)) == READERS

"""What the command line writes is nobody else's to read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from homeroom.site import cli


def test_files_are_for_their_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tmp_path / "records"

    def run(arguments: list[str] | None) -> int:
        made.touch(0o666)
        return 0

    monkeypatch.setattr(cli, "run", run)
    before = os.umask(0o022)
    try:
        with pytest.raises(SystemExit):
            cli.main([])
    finally:
        os.umask(before)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600

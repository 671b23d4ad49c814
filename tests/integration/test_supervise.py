"""The process tree: it does not start where somebody else listens, and starts again what falls."""

from __future__ import annotations

import socket
import sys
import time

import pytest

from homeroom.site import supervise


def test_an_address_in_use_is_named_with_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        where = f"127.0.0.1:{held.getsockname()[1]}"
        monkeypatch.setenv("HOMEROOM_DNS_LISTEN", where)
        said = supervise.taken(["HOMEROOM_DNS_LISTEN"])
    assert where in said and "HOMEROOM_DNS_LISTEN" in said
    assert supervise.taken(["HOMEROOM_DNS_LISTEN"]) == ""


def test_what_falls_is_started_again_with_growing_pauses() -> None:
    part = supervise.Part("short", (sys.executable, "-c", "raise SystemExit(3)"))
    part.start(0.0)
    assert part.process is not None
    part.process.wait()
    assert part.look(1.0) == "short ended (exit code 3); it is started again in 0.2 s."
    assert part.look(1.1) == "" and part.process is None
    part.look(1.3)
    assert part.process is not None
    part.process.wait()
    assert "in 0.4 s" in part.look(2.0)


def test_a_part_that_stays_up_is_left_alone() -> None:
    part = supervise.Part("long", (sys.executable, "-c", "import time; time.sleep(60)"))
    part.start(time.monotonic())
    assert part.process is not None
    try:
        assert part.look(time.monotonic()) == ""
    finally:
        part.process.kill()
        part.process.wait()

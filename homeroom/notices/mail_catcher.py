"""The demonstration's mail server: it takes every letter and writes it as a file, and sends nothing anywhere."""

from __future__ import annotations

import hashlib
import logging
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

logging.getLogger("mail.log").setLevel(logging.WARNING)  # it says every line of every letter
UNSAFE = re.compile(r"[^A-Za-z0-9@._-]+")


class Folder:
    """Writes each message once, under its Message-ID, as mailboxes know it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take one message."""
        data = envelope.content
        name = str(BytesHeaderParser().parsebytes(data).get("Message-ID", "")).strip("<> ")
        name = UNSAFE.sub("_", name)[:120] or hashlib.sha256(data).hexdigest()[:32]
        path = self.folder / f"{name}.eml"
        aside = path.with_suffix(f".{threading.get_ident()}.new")
        aside.write_bytes(data)
        aside.replace(path)
        return "250 It is in the folder"


@contextmanager
def catching(folder: Path, address: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """A mail server while the block runs; its port."""
    controller = _Anywhere(Folder(folder), hostname=address, port=port)
    controller.start()
    try:
        yield int(controller.server.sockets[0].getsockname()[1])
    finally:
        controller.stop()


def run(folder: Path, address: str, port: int) -> int:
    """A mail server until SIGTERM or Ctrl-C."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with catching(folder, address, port):
        stop.wait()
    return 0


class _Anywhere(Controller):
    """Port 0 lets the system choose."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

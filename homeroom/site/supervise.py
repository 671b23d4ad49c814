"""One process tree: the web application, the worker and the doors, each started again when it falls."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from homeroom.doors import environment

PARTS: Mapping[str, tuple[str, ...]] = {
    "web": ("web",),
    "worker": ("worker",),
    "dns": ("door", "dns"),
    "proxy": ("door", "proxy"),
}
OPTIONAL: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "radius": ("HOMEROOM_RADIUS_LISTEN", ("door", "radius")),  # only where it is told to listen
}
EXTRA: Mapping[str, tuple[str, ...]] = {"internet": ("little-internet",), "post": ("mail-catcher",)}  # for the demo
LONGEST_PAUSE = 5.0  # seconds between two starts of a part that keeps falling
STEADY = 20.0  # seconds after which a part counts as well again
PATIENCE = 8.0  # seconds that a part gets to end by itself
PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Part:
    """One process of the tree."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.2
    due: float = field(default=0.0)

    def start(self, now: float) -> None:
        """Start the process; it ends with its parent, even where the parent is killed."""
        self.process = subprocess.Popen(self.command, preexec_fn=_end_with_parent)  # noqa: S603
        self.started = now

    def look(self, now: float) -> str:
        """Start again what fell, with growing pauses; a sentence when something happened, else ""."""
        if self.process is None:
            if now >= self.due:
                self.start(now)
            return ""
        code = self.process.poll()
        if code is None:
            if now - self.started > STEADY:
                self.pause = 0.2
            return ""
        self.process = None
        self.due = now + self.pause
        said = f"{self.name} ended ({_how(code)}); it is started again in {self.pause:.1f} s."
        self.pause = min(self.pause * 2, LONGEST_PAUSE)
        return said


def serve(names: Sequence[str] = tuple(PARTS), ready: Callable[[], None] | None = None) -> int:
    """Run the named parts until SIGTERM or Ctrl-C, then end them all; the exit code is 0."""
    homeroom = (sys.executable, "-m", "homeroom.site.cli")
    parts = [Part(name, (*homeroom, *(PARTS.get(name) or EXTRA[name]))) for name in names]
    parts += [
        Part(name, (*homeroom, *words)) for name, (listens, words) in OPTIONAL.items() if environment.text(listens)
    ]
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    if ready:
        threading.Thread(target=ready, daemon=True).start()
    while not stop.is_set():
        for part in parts:
            said = part.look(time.monotonic())
            if said:
                print(said, file=sys.stderr, flush=True)
        stop.wait(0.2)
    _end(parts)
    return 0


def taken(settings: Sequence[str]) -> str:
    """Which of these listening addresses somebody else holds already, as a sentence; "" where all are free."""
    for setting in settings:
        address, port = environment.listen(setting)
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((address, port))
            except OSError as error:
                why = f"{address}:{port} cannot be used ({error.strerror})."
                return f"{why} Is Homeroom running already? Else set {setting} to another address."
    return ""


def _end(parts: Sequence[Part]) -> None:
    running = [part.process for part in parts if part.process]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _end_with_parent() -> None:
    # Ctrl-C reaches the whole terminal group; only the parent should act on it, in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(signal.SIGTERM)


def end_with_parent(number: int, parent: int = 0) -> None:
    """Have this process get a signal when its parent ends; it ends at once where that has happened already."""
    try:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number)
    except (OSError, AttributeError):
        return
    if os.getppid() == 1 if not parent else os.getppid() != parent:
        os._exit(0)


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"

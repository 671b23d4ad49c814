"""Ports for what tests start, that nobody else takes in the moment between choosing and listening.

They lie below those that the system gives to whoever connects, and each process of a run has a thousand of its own.
"""

from __future__ import annotations

import itertools
import os
import random
import socket

FIRST, EACH, PROCESSES = 12_000, 1_000, 20
_process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw19").removeprefix("gw")) % PROCESSES
_start = random.randrange(EACH)  # another run on this machine begins elsewhere
_ports = (FIRST + EACH * _process + (_start + number) % EACH for number in itertools.count())


def free_port() -> int:
    """A port on which nobody listens, for UDP and TCP alike."""
    return next(port for port in itertools.islice(_ports, EACH) if _is_free(port))


def free_ports(count: int) -> list[int]:
    """So many of them, all different."""
    return [free_port() for _ in range(count)]


def _is_free(port: int) -> bool:
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        try:
            tcp.bind(("", port))
            udp.bind(("", port))
        except OSError:
            return False
    return True

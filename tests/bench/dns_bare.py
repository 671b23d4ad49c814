"""A loop that answers NXDOMAIN to every datagram without reading it: the limit that the sockets set in Python."""

from __future__ import annotations

import select
import socket
import sys

from homeroom.doors.dns.batch import batch
from homeroom.doors.dns.udp import bound


def main() -> None:
    """Serve on 127.0.0.1 and the port given."""
    sock = bound(("127.0.0.1", int(sys.argv[1])))
    many = batch(socket.AF_INET)
    while True:
        select.select([sock], [], [])
        questions, _ = many.take(sock)
        many.answer(sock, [b"\x81\x83" + question[2:] for question in questions])


if __name__ == "__main__":
    main()

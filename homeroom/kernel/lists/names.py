"""One spelling per name."""

from __future__ import annotations

from collections.abc import Iterator


def suffixes(host: str) -> Iterator[str]:
    """The host and every parent of it, longest first.

    >>> list(suffixes("a.b.test"))
    ['a.b.test', 'b.test', 'test']
    """
    while host:
        yield host
        host = host.partition(".")[2]

"""What one line of a list says: an entry for the table, or a line that cannot be carried out."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

LONGEST_TEXT = 500


class BadList(ValueError):
    """A list that cannot be read at all; the message says what is wrong, where, and what to do."""


class How(StrEnum):
    """How a pattern is compared with a request."""

    SUFFIX = "suffix"  # the name and everything under it
    EXACT = "exact"  # the name alone
    SUB = "sub"  # everything under the name, not the name itself
    URL = "url"  # host and path prefix, ending at a segment edge; "www." before the host counts as the host
    NET = "net"  # an address or a range of addresses
    REGEX = "regex"  # an RE2 expression searched in host + path


class Entry(NamedTuple):
    """One line of a list that the table can carry out.

    `pattern` is a canonical name for SUFFIX, EXACT and SUB, "host/path" for URL, a CIDR for NET, and
    RE2 source for REGEX. `line` counts from 1 in the file the line came from; `text` is the line as
    written, stripped and cut at 500 characters. A named tuple, since a build makes millions of them and a
    frozen dataclass takes four times as long to make.
    """

    pattern: str
    how: How
    line: int
    text: str
    allow: bool = False  # an exception of the list: cancels blocks of the same slot
    important: bool = False  # adblock $important: beats an exception
    cancel: bool = False  # adblock $badfilter: removes the same entry of the same slot
    unless: tuple[str, ...] = ()  # adblock $denyallow: names (with subdomains) this entry does not apply to
    qtypes: frozenset[str] = frozenset()  # adblock $dnstype: only these query types, upper case
    not_qtypes: frozenset[str] = frozenset()  # adblock $dnstype=~A: all query types but these


class Unsupported(NamedTuple):
    """One line of a list that is not carried out, and why; counted and shown, never dropped in silence."""

    line: int
    text: str
    why: str

"""One spelling per name, so that a list, a rule and a request that mean the same host also say the same.

A canonical host is lower-case ASCII without a trailing dot, at most 253 characters in labels of at
most 63; names outside ASCII are mapped by UTS 46 and written in Punycode. Letters, digits, hyphens
and underscores may stand anywhere in a label, since names in use do so. An address literal is a
dotted IPv4 address or the shortest IPv6 form without brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import bidirectional

import idna

from homeroom.kernel.lists import addresses, urls

LONGEST_NAME = 253
LONGEST_LABEL = 63

# The last label starts with a letter, so that it cannot be a number: such names need no second look.
_plain = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z][a-z0-9_-]{0,62}", re.ASCII).fullmatch
_ascii = re.compile(r"[a-z0-9_.-]+", re.ASCII).fullmatch
_LETTERS = b"abcdefghijklmnopqrstuvwxyz0123456789-_."
_DOTTED = b"\0" + b"." * 44 + b"-\0" + bytes(range(47, 65)) + bytes(range(97, 123)) + bytes(range(91, 256))


class BadName(ValueError):
    """Not a host name or address; the message is a sentence with the reason."""


def canonical(text: str) -> str:
    """A host name or address literal in its one spelling; raises BadName.

    >>> canonical("BÜCHER.example."), canonical("[::1]"), canonical("0x7f.1")
    ('xn--bcher-kva.example', '::1', '127.0.0.1')
    """
    if is_plain(text):
        return text
    if addresses.is_dotted(text):
        return text
    try:
        return _canonical(text.strip())
    except (ValueError, idna.IDNAError) as trouble:
        raise BadName(_refusal(text, str(trouble))) from trouble


def is_plain(text: str) -> bool:
    """Whether a text is a canonical name already, and no address: the case of nearly every line of a list.

    >>> is_plain("ex.test"), is_plain("Ex.test"), is_plain("10.0.0.1")
    (True, False, False)
    """
    return _plain(text) is not None and len(text) <= LONGEST_NAME


def from_wire(labels: bytes) -> str:
    """A name of the DNS wire (RFC 1035, 3.1; uncompressed, with its closing zero) as `canonical` says it.

    Raises BadName, also for the root and for bytes that no host name holds.

    >>> from_wire(b"\\x03wWw\\x02ex\\x04test\\x00")
    'www.ex.test'
    """
    try:
        return _from_wire(labels)
    except (ValueError, IndexError) as trouble:
        # No name for the exception here outlives this clause: it would hold the frames of whoever asked, in a circle.
        told = str(trouble) if isinstance(trouble, ValueError) else "its labels run past its end"
        raise BadName(_refusal(repr(labels[:80])[2:-1], told)) from trouble


def plain_from_wire(labels: bytes) -> str | None:
    """`from_wire` for the case of nearly every question; None where a closer look is needed.

    >>> plain_from_wire(b"\\x03wWw\\x02ex\\x04test\\x00"), plain_from_wire(b"\\x0210\\x00")
    ('www.ex.test', None)
    """
    at = last = dots = longest = 0
    try:
        while size := labels[at]:
            last, at, dots = at, at + size + 1, dots + 1
            if size > longest:
                longest = size
    except IndexError:
        return None
    # Lengths up to 44 are no letters of a name: one translation turns them all into dots, and any byte
    # like them inside a label shows as a dot too many.
    if not 0 < at < LONGEST_NAME or at + 1 != len(labels) or longest > 44 or labels[last + 1] < 65:
        return None
    name = labels[1:-1].translate(_DOTTED)
    if name.count(b".") + 1 != dots or name.translate(None, _LETTERS):
        return None
    return name.decode("ascii")


def split_url(text: str) -> tuple[str, str]:
    """A URL or a bare name as (canonical host, path); raises BadName.

    The path is "" for a bare name; otherwise it starts with "/", without dot segments or doubled
    slashes, percent-encoded in one way, with the query and without the fragment.

    >>> split_url("HTTP://Ex.com:80/a/../b%7e?q"), split_url("ex.com")
    (('ex.com', '/b~?q'), ('ex.com', ''))
    """
    try:
        host, path = urls.cut(text)
    except ValueError as trouble:
        raise BadName(_refusal(text, str(trouble))) from trouble
    return canonical(host), path


def suffixes(host: str) -> Iterator[str]:
    """The host and every parent of it, longest first.

    >>> list(suffixes("a.b.test"))
    ['a.b.test', 'b.test', 'test']
    """
    while host:
        yield host
        host = host.partition(".")[2]


def is_address(host: str) -> bool:
    """Whether a canonical host is an address literal.

    >>> is_address("10.0.0.1"), is_address("::1"), is_address("ex.test")
    (True, True, False)
    """
    return ":" in host or host[host.rfind(".") + 1 :].isdigit()


def _canonical(text: str) -> str:
    if text.startswith("["):
        if not text.endswith("]"):
            raise ValueError("its opening bracket is never closed")
        return addresses.ipv6(text[1:-1])
    if ":" in text:
        if text.count(":") == 1:
            raise ValueError("a port or a scheme does not belong to a name")
        return addresses.ipv6(text)
    name = text.lower() if text.isascii() else _mapped(text)
    return _checked(name[:-1] if name.endswith(".") else name)


def _checked(name: str) -> str:
    """A lower-case name after every mapping: its characters, its lengths, its last label."""
    if not name:
        raise ValueError("it is empty")
    if not _ascii(name):
        odd = next(char for char in name if not _ascii(char))
        raise ValueError(f"{odd!r} cannot stand in a host name")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"it is longer than {LONGEST_NAME} characters")
    labels = name.split(".")
    if not all(labels):
        raise ValueError("it has an empty label (two dots in a row, or a dot in front)")
    if any(len(label) > LONGEST_LABEL for label in labels):
        raise ValueError(f"one of its labels is longer than {LONGEST_LABEL} characters")
    return addresses.ipv4(name) if addresses.is_number(labels[-1]) else name


def _mapped(text: str) -> str:
    """UTS 46, non-transitional, as browsers do it: mapped, normalised, each label outside ASCII in Punycode."""
    labels = idna.uts46_remap(text, std3_rules=False).split(".")
    bidi = any(_is_right_to_left(label) for label in labels)
    return ".".join(label if label.isascii() else _punycoded(label, bidi=bidi) for label in labels)


def _punycoded(label: str, *, bidi: bool) -> str:
    if label.startswith("xn--"):
        raise ValueError("a label starts with xn-- but is not in Punycode")
    if len(label) > LONGEST_LABEL:
        raise ValueError(f"one of its labels is longer than {LONGEST_LABEL} characters")
    idna.check_initial_combiner(label)
    for position, char in enumerate(label):
        if char in "\u200c\u200d" and not idna.valid_contextj(label, position):
            raise ValueError("an invisible joiner stands where it joins nothing")
    if bidi:
        idna.check_bidi(label)
    return "xn--" + label.encode("punycode").decode("ascii")


def _is_right_to_left(label: str) -> bool:
    return not label.isascii() and any(bidirectional(char) in ("R", "AL", "AN") for char in label)


@lru_cache(maxsize=4_096)
def _from_wire(labels: bytes) -> str:
    name = plain_from_wire(labels)
    return _slowly_from_wire(labels) if name is None else name


def _slowly_from_wire(labels: bytes) -> str:
    parts = []
    at = 0
    while size := labels[at]:
        parts.append(labels[at + 1 : at + 1 + size])
        at += size + 1
    if at + 1 != len(labels) or not at:
        raise ValueError("bytes follow its end" if at else "it is the root of all names")
    if any(b"." in part for part in parts):
        raise ValueError("a label holds a dot")
    return _checked(b".".join(parts).decode("latin-1").lower())


def _refusal(text: str, reason: str) -> str:
    shown = text if len(text) <= 80 else text[:77] + "..."
    return f"{shown!r} is not a host name or address: {reason.rstrip('.')}."

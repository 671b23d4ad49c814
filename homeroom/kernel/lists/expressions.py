"""Expressions of lists as RE2 reads them: linear in the text they are searched in, whatever a list says."""

from __future__ import annotations

import re
from typing import Any

import re2

LONGEST = 4_096
LARGEST = 20_000  # instructions of the compiled program
_TOKEN = re.compile(r"\\Q.*?(?:\\E|\Z)|\\[pPxX]\{[^}]*\}|\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|.", re.DOTALL)
# Hosts and URLs that nobody lists; what matches all of them matches everything.
_PROBES = ("q7j.invalid", "wv0x.example/k?y=2", "192.0.2.77", "2001:db8::5/z")
_NARROW = {".": "[^/]", "$": "(?:/|$)", r"\z": "(?:/|$)", r"\D": r"[^\d/]", r"\W": r"[^\w/]", r"\S": r"[^\s/]"}


class BadExpression(ValueError):
    """An expression that is not carried out; the message says why."""


def accepted(source: str) -> str:
    """The same RE2 source, once RE2 has compiled it and it has been found to leave something out.

    Raises BadExpression.
    """
    if len(source) > LONGEST:
        raise BadExpression(f"The expression is longer than {LONGEST} characters.")
    try:
        compiled = re2.compile(source, _options())
    except (re2.error, UnicodeError) as trouble:
        raise BadExpression(f"RE2 does not read this expression: {_said(trouble)}.") from trouble
    if compiled.programsize > LARGEST:
        raise BadExpression("The expression is too large once compiled.")
    if all(compiled.search(probe) for probe in _PROBES):
        raise BadExpression("The expression matches every name.")
    return source


def from_posix(text: str) -> str:
    r"""A POSIX extended expression as squidGuard uses it, in RE2's words; case does not matter.

    >>> from_posix(r"\<adult\>|a\_b")
    '(?i)\\badult\\b|a_b'
    """
    words = {r"\<": r"\b", r"\>": r"\b", r"\_": "_"}
    return "(?i)" + "".join(words.get(token, token) for token in _TOKEN.findall(text))


def of_host(text: str) -> str:
    r"""An expression written for host names, in a form that searches only the host of host + path.

    >>> of_host(r"^ads?\..*[^0-9]x$")
    '(?i)^[^/]*(?:^ads?\\.[^/]*[^\\x2f0-9]x(?:/|$))'
    """
    return "(?i)^[^/]*(?:" + "".join(_narrow(token) for token in _TOKEN.findall(text)) + ")"


def of_wildcards(text: str, *, front: str, back: str) -> str:
    r"""Letters and stars as an expression between `front` and `back`; a star never leaves the host.

    >>> of_wildcards("ads*.ex", front="^", back="$")
    '^ads[^/]*\\.ex$'
    """
    return front + "[^/]*".join(re.escape(part).replace(r"\-", "-") for part in re.split(r"\*+", text)) + back


def _narrow(token: str) -> str:
    if token.startswith("[^"):
        rest = token[2:]
        return r"[^\x2f" + ("\\" + rest if rest[0] in "-]" else rest)
    return _NARROW.get(token, token)


def _options() -> Any:
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    return options


def _said(trouble: Exception) -> str:
    said = trouble.args[0] if trouble.args else trouble
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)

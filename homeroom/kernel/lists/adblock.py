"""Adblock syntax for DNS, as AdGuard documents it ("DNS filtering rules syntax", AdguardTeam/KnowledgeBaseDNS).

`||name^` is the name and all below it, `|name^` and a bare `name` the name alone, `*.name` all below
it; `@@` in front is an exception; `/…/` is an expression on the host. What speaks of pages, clients
or rewritten answers is not carried out, and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from homeroom.kernel.lists import expressions, hosts
from homeroom.kernel.lists.adblock_modifiers import NONE, Modifiers, NotCarriedOut, modifiers
from homeroom.kernel.lists.entry import LONGEST_TEXT, Entry, How, Unsupported
from homeroom.kernel.lists.names import BadName, is_plain
from homeroom.kernel.lists.patterns import target, unsupported

_common = re.compile(r"\|\|([a-z0-9_.-]+)\^", re.ASCII).fullmatch
_comment = re.compile(r"!(?!#(?:include|if)\b)|#(?![@?$%]{0,2}#[^\s#])|\[adblock", re.IGNORECASE).match
_cosmetic = re.compile(r"#@?[?$%]{0,2}#|\$@?\$").search
_hosts_line = re.compile(r"[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*\s+\S").match
_parts = re.compile(r"(\|\||\||://)?(.*?)(\^\|?|\|)?").fullmatch
_wild = re.compile(r"[a-z0-9_.*-]+", re.ASCII).fullmatch


def read(lines: Iterable[tuple[int, str]], how: How) -> Iterator[Entry | Unsupported]:
    """What each line says; lines in the form of a hosts file are read as such, as AdGuard does."""
    for number, line in lines:
        found = _common(line)
        if found and is_plain(found[1]):
            yield Entry(found[1], How.SUFFIX, number, line)
            continue
        text = line.strip()
        if not text or _comment(text):
            continue
        if _hosts_line(text):
            yield from hosts.one(number, text, How.EXACT)
        else:
            yield _one(number, text)


def _one(number: int, text: str) -> Entry | Unsupported:
    try:
        if text.startswith("!"):
            raise NotCarriedOut("Directives of a list's compiler are not carried out; give the compiled list.")
        allow = text.startswith("@@")
        pattern, marks = _split(text[2:] if allow else text)
        said, how = _pattern(pattern, allow=allow)
    except (BadName, NotCarriedOut, expressions.BadExpression) as trouble:
        return unsupported(number, text, str(trouble))
    return Entry(said, how, number, text[:LONGEST_TEXT], allow, *marks)


def _split(rule: str) -> tuple[str, Modifiers]:
    """A rule as its pattern and its modifiers; a dollar inside an expression is part of it."""
    if rule.startswith("/"):
        end = rule.rfind("/$")
        if end > 0 and not rule.endswith("/"):
            return rule[: end + 1], modifiers(rule[end + 2 :])
        return rule, NONE
    if _cosmetic(rule):
        raise NotCarriedOut("It hides or changes parts of pages, which a filter of names cannot do.")
    pattern, dollar, said = rule.partition("$")
    return pattern.split(" #", 1)[0].strip(), modifiers(said) if dollar else NONE


def _pattern(text: str, *, allow: bool) -> tuple[str, How]:
    if text.startswith("/") and text.endswith("/") and len(text) > 2:
        if allow:
            raise NotCarriedOut("An exception must be anchored at a label (@@||name^), not an expression.")
        return expressions.accepted(expressions.of_host(text[1:-1])), How.REGEX
    match = _parts(text)
    front, body, back = (part or "" for part in match.groups()) if match else ("", text, "")
    if not body.strip("*.^|"):
        raise NotCarriedOut("It speaks of every name at once.")
    whole = bool(back) or not body.endswith(".")
    if body.startswith("*.") and whole and "*" not in body[1:]:
        return target(body[2:], How.SUB)
    if body.startswith(".") and back and not front and "*" not in body:
        return target(body[1:], How.SUB)
    if "*" in body or not whole or (back and not front):
        return _wildcards(body.lower(), front, back, allow=allow), How.REGEX
    return target(body, How.SUFFIX if front == "||" else How.EXACT)


def _wildcards(body: str, front: str, back: str, *, allow: bool) -> str:
    if allow and not front:
        raise NotCarriedOut("An exception must be anchored at a label (@@||name^ or @@|name^).")
    if not _wild(body):
        raise NotCarriedOut("It holds more than a name and stars: a path, a port or a separator in its middle.")
    start = {"||": r"^(?:[^/]+\.)?", "": "^[^/]*"}.get(front, "^")
    return expressions.accepted(expressions.of_wildcards(body, front=start, back="(?:/|$)" if back else ""))

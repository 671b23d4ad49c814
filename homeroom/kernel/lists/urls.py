"""The parts of a URL that a list or a proxy speaks of, in one spelling."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*)://", re.ASCII)
_EDGE = re.compile(r"[/\\?#]")
_FRONT = re.compile(r"\A[/\\]{2}")
_PORT = re.compile(r":[0-9]*\Z", re.ASCII)
_GROUPS = re.compile(r"[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*", re.ASCII)
_ODD = re.compile(rb"%([0-9A-Fa-f]{2})|[^\x21-\x7e]|[%\"<>\\^`{|}]")
_SLASHES = re.compile(r"//+")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def cut(text: str) -> tuple[str, str]:
    """A URL, with or without its scheme, as (host as written, normal path); path is "" for a bare name.

    User, password, port and fragment are dropped. Raises ValueError when there is no host.

    >>> cut("http://me@Ex.test:80/a/../b%7e?q#top"), cut("ex.test:8080"), cut("2001:db8::1")
    (('Ex.test', '/b~?q'), ('ex.test', ''), ('2001:db8::1', ''))
    """
    text = text.strip("\t\n\r\f\v \0").replace("\t", "").replace("\n", "").replace("\r", "")
    if _GROUPS.fullmatch(text):  # an IPv6 address as people write it; its last group is no port
        return text, ""
    scheme = _SCHEME.match(text)
    rest = text[scheme.end() :] if scheme else _FRONT.sub("", text)
    edge = _EDGE.search(rest)
    authority, tail = (rest[: edge.start()], rest[edge.start() :]) if edge else (rest, "")
    path = normal_path(tail) if edge or scheme else ""
    return _host(authority), path


def normal_path(text: str) -> str:
    """Path and query in one spelling: no dot segments (RFC 3986, 5.2.4), one slash for several, one percent-encoding.

    A percent sign that encodes nothing is encoded itself, so that the result never changes when it is
    normalised again. The fragment is dropped.

    >>> normal_path("/a/./b//../%7Ec?x=%2f#y"), normal_path("."), normal_path("?q")
    ('/a/~c?x=%2F', '/', '/?q')
    """
    path, mark, query = text.partition("#")[0].partition("?")
    path = "/" + _encoded(path.replace("\\", "/"))  # WHATWG URL: browsers follow a backslash as a slash
    if "//" in path:
        path = _SLASHES.sub("/", path)
    if "/." in path:
        path = _without_dots(path)
    return path + mark + (_encoded(query) if query else "")


def _host(authority: str) -> str:
    host = authority.rpartition("@")[2]
    if host.startswith("["):
        host, bracket, _ = host.partition("]")
        host += bracket
    else:
        host = _PORT.sub("", host)
    if "%" in host and not host.startswith("["):
        host = unquote_to_bytes(host).decode("utf-8")
    if not host:
        raise ValueError("there is no host in it")
    return host


def _encoded(text: str) -> str:
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = text.encode("utf-8", "surrogatepass")
    return _ODD.sub(_respell, data).decode("ascii")


def _respell(match: re.Match[bytes]) -> bytes:
    pair = match.group(1)
    code = int(pair, 16) if pair else match.group()[0]
    return bytes((code,)) if code in _UNRESERVED else b"%%%02X" % code


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)

"""Anything at all given to names, readers and archives: an answer or a sentence, never another exception."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import pytest
import re2
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from homeroom.filtering.archive import open_list
from homeroom.filtering.unpack import Limits
from homeroom.kernel.lists.entry import BadList, Entry, How, Unsupported
from homeroom.kernel.lists.lines import split_lines
from homeroom.kernel.lists.names import BadName, canonical, from_wire, is_address, is_plain, split_url
from homeroom.kernel.lists.patterns import net
from homeroom.kernel.lists.read import FORMATS, read

few = settings(max_examples=150, deadline=None)
some = settings(max_examples=400, deadline=None)

# Text made of what names, URLs and lists are made of finds more than text made of anything.
PIECES = """
a b.c www. example com . .. * *. || | ^ ^| $ / // : :80 :// @ @@ # ## ? ?q= % %2e %2F %zz \\ [ ] ( ) { } + - _ ~ , ; ! =
0 0x7f 127.1 1.2.3.4 0.0.0.0 ::1 [::1] ::ffff: 10/8 é Ü ß ☕ 。 １ ℀ א xn-- xn--bcher-kva
$important ,badfilter $denyallow= $dnstype=~A $dnsrewrite= address=/ server=/ local=/
CNAME SOA IN rpz-passthru. rpz-ip zz $ORIGIN $TTL \\. \\b \\Q [^ (?i) a{2,3} .* " 3600
"""
ODD = [" ", "\t", "\n", "\r\n", "\0", "\x0b", "\ufeff", "\u200d", "\u0301", "\u00ad", "\ud800", "\udce9"]
pieces = st.sampled_from(PIECES.split() + ODD)
texts = st.one_of(st.lists(pieces, max_size=12).map("".join), st.text(max_size=40))
labels = st.from_regex(rb"[A-Za-z0-9_-]{1,63}", fullmatch=True)


@some
@given(texts)
@example("℀.example")
@example("１２７。１")
@example("xn--a\u0301.example")
def test_canonical_answers_or_refuses_and_never_changes_its_mind(text: str) -> None:
    try:
        name = canonical(text)
    except BadName as refused:
        assert str(refused).endswith(".")
        return
    assert canonical(name) == name
    assert name.isascii()
    assert name == name.lower()
    assert 0 < len(name) <= 253
    assert canonical(name.upper()) == name
    assert is_plain(name) <= (not is_address(name))
    if is_address(name):
        assert net(name).startswith(name)
    else:
        assert all(0 < len(label) <= 63 for label in name.split("."))
        assert canonical(name + ".") == name


@some
@given(texts)
@example("http://a.test/%%37e")
@example("a.test/%2e%2e/%2E./x/..")
def test_split_url_answers_or_refuses_and_never_changes_its_mind(text: str) -> None:
    try:
        host, path = split_url(text)
    except BadName:
        return
    assert canonical(host) == host
    again = f"[{host}]" if ":" in host else host
    assert split_url(again + path) == (host, path)
    assert path.isascii()
    assert path.isprintable()
    assert not path or path.startswith("/")
    assert " " not in path
    assert "#" not in path
    before = path.partition("?")[0]
    assert "//" not in before
    assert not {".", ".."} & set(before.split("/"))


@some
@given(st.lists(labels, min_size=1, max_size=8))
def test_wire_agrees_with_canonical(parts: list[bytes]) -> None:
    wire = b"".join(bytes([len(part)]) + part for part in parts) + b"\0"
    text = b".".join(parts).decode()
    try:
        expected = canonical(text)
    except BadName:
        with pytest.raises(BadName):
            from_wire(wire)
        return
    assert from_wire(wire) == expected


@some
@given(
    st.binary(max_size=80)
    | st.lists(st.binary(max_size=20).map(lambda b: bytes([len(b)]) + b), max_size=5).map(b"".join)
)
def test_wire_never_fails_otherwise(data: bytes) -> None:
    for wire in (data, data + b"\0"):
        try:
            name = from_wire(wire)
        except BadName:
            continue
        rebuilt = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"
        assert rebuilt == wire.lower() or is_address(name)


lists = st.lists(st.one_of(st.lists(pieces, max_size=8).map("".join), st.text(max_size=30)), max_size=12).map("\n".join)


def check(each: Entry | Unsupported, lines: list[bytes]) -> None:
    """What holds for everything that any reader gives."""
    assert 1 <= each.line <= len(lines)
    assert len(each.text) <= 500
    if isinstance(each, Unsupported):
        assert each.why.endswith(".")
        return
    if each.how is How.NET:
        assert net(each.pattern) == each.pattern
    elif each.how is How.REGEX:
        re2.compile(each.pattern)
    elif each.how is How.URL:
        host, slash, path = each.pattern.partition("/")
        assert canonical(host) == host
        assert split_url((f"[{host}]" if ":" in host else host) + slash + path) == (host, slash + path)
    else:
        assert canonical(each.pattern) == each.pattern
        assert not is_address(each.pattern)
    assert all(canonical(name) == name for name in each.unless)


@pytest.mark.parametrize("format", FORMATS)
@few
@given(text=lists)
def test_readers(format: str, text: str) -> None:
    lines = list(split_lines([text.encode("utf-8", "surrogatepass").replace(b"\0", b"")]))
    for covers in FORMATS[format].covers:
        try:
            for each in read(format, lines, covers=covers):
                check(each, lines)
        except BadList as refused:
            assert str(refused).endswith(".")


@pytest.mark.parametrize("format", FORMATS)
@few
@given(data=st.binary(max_size=300))
def test_readers_with_bytes(format: str, data: bytes) -> None:
    try:
        lines = list(split_lines([data[at : at + 7] for at in range(0, len(data), 7)], 64))
        for each in read(format, lines):
            check(each, lines)
    except BadList as refused:
        assert str(refused).endswith(".")


PLACES = "bl/a/domains a/urls ./a/usage a/b/c/expressions bl /a ../a a/../b a/domains.gz hosts README"
names = st.sampled_from(PLACES.split(" "))


@st.composite
def archives(draw: st.DrawFn) -> bytes:
    """Tar archives with members of every type, then hit in a few places."""
    out = io.BytesIO()
    with tarfile.open(
        fileobj=out, mode="w", format=draw(st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]))
    ) as archive:
        for _ in range(draw(st.integers(0, 5))):
            info = tarfile.TarInfo(draw(names) + draw(st.sampled_from(["", "", "x" * 150, "é"])))
            info.type = draw(st.sampled_from([b"0", b"0", b"0", b"0", b"5", b"2", b"1", b"3", b"Z"]))
            info.linkname = draw(names)
            data = draw(st.binary(max_size=600) | st.just(b"a.test\n" * 90) | st.just(gzip.compress(b"b.test\n")))
            info.size = len(data) if info.type == b"0" else 0
            archive.addfile(info, io.BytesIO(data))
    data = bytearray(out.getvalue())
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, min(len(data) - 1, 4000)))
        data[at : at + 1] = draw(st.binary(max_size=3))
    packed = gzip.compress(bytes(data)) if draw(st.booleans()) else bytes(data)
    return packed[: draw(st.integers(0, len(packed)))] if draw(st.integers(0, 3)) == 0 else packed


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=archives() | st.binary(max_size=2000) | st.binary(max_size=300).map(lambda b: b"\x1f\x8b\x08" + b))
def test_archives(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_bytes(data)
    try:
        for part in open_list(path, Limits(unpacked=1 << 22, line=4096)):
            for each in read(part.part if part.part != "file" else "domains", part.lines()):
                assert isinstance(each, (Entry, Unsupported))
    except BadList as refused:
        assert str(refused).endswith(".")

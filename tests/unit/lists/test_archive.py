"""Opening what was downloaded: shapes that are lists, and everything that only looks like one."""

from __future__ import annotations

import gzip
import io
import os
import re
import socket
import tarfile
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from homeroom.filtering.archive import Contents, open_list
from homeroom.filtering.unpack import DEFAULT, Limits
from homeroom.kernel.lists.entry import BadList

UT1 = {
    "blacklists/README": b"about",
    "blacklists/global_usage": b"NAME: adult",
    "blacklists/adult/domains": b"a.test\nb.test\n",
    "blacklists/adult/urls": b"c.test/d\n",
    "blacklists/adult/expressions": b"",
    "blacklists/adult/very_restrictive_expression": b"(sex)\n",
    "blacklists/adult/usage": b"black\nadult\n",
    "blacklists/adult/domains.db": b"\0\1",
    "blacklists/bank/domains": b"bank.test\n",
    "blacklists/bank/usage": b"# first word counts\nwhite\nblack\n",
    "blacklists/sects/domains.gz": gzip.compress(b"sect.test\n"),
    "blacklists/sects/usage": b"GRAY\n",
    "blacklists/odd/domains": b"odd.test\n",
    "blacklists/odd/usage": b"purple\n",
    "blacklists/mute/domains": b"mute.test\n",
}
LINKS = {"blacklists/porn": "adult", "blacklists/xxx": "porn", "blacklists/gone": "nowhere"}


def tar(files: dict[str, bytes], links: dict[str, str] | None = None, format: int = tarfile.GNU_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for name, target in (links or {}).items():
            archive.addfile(special(name, tarfile.SYMTYPE, target))
    return out.getvalue()


def special(name: str, type: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = type, target
    return info


def with_special(*infos: tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for info in infos:
            archive.addfile(info, io.BytesIO(b"x" * info.size))
    return out.getvalue()


def folder(at: Path, files: dict[str, bytes], links: dict[str, str]) -> Path:
    for name, data in files.items():
        (at / name).parent.mkdir(parents=True, exist_ok=True)
        (at / name).write_bytes(data)
    for name, target in links.items():
        (at / name).symlink_to(target)
    return at


def put(at: Path, data: bytes, name: str = "list.tar.gz") -> Path:
    (at / name).write_bytes(data)
    return at / name


def read_all(path: Path, limits: Limits = DEFAULT) -> tuple[Contents, list[tuple[str, str, str, list[bytes]]]]:
    opened = open_list(path, limits)
    return opened.contents, [(part.category, part.part, part.usage, list(part.lines())) for part in opened]


def refusal(path: Path, limits: Limits = DEFAULT) -> str:
    with pytest.raises(BadList) as refused:
        read_all(path, limits)
    said = str(refused.value)
    assert said.endswith(".")
    assert said.count(". ") >= 1, f"no next step in {said!r}"
    return said


SHAPES: dict[str, Callable[[Path], Path]] = {
    "tar": lambda at: put(at, tar(UT1, LINKS), "list.tar"),
    "tar.gz": lambda at: put(at, gzip.compress(tar(UT1, LINKS))),
    "pax": lambda at: put(at, tar(UT1, LINKS, tarfile.PAX_FORMAT), "list.tar"),
    "ustar": lambda at: put(at, tar(UT1, LINKS, tarfile.USTAR_FORMAT), "list.tar"),
    "dotted": lambda at: put(at, tar({f"./{k}": v for k, v in UT1.items()}, {f"./{k}": v for k, v in LINKS.items()})),
    "folder": lambda at: folder(at, UT1, LINKS),
    "folder inside": lambda at: folder(at, UT1, LINKS) / "blacklists",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_ut1(shape: str, tmp_path: Path) -> None:
    contents, parts = read_all(SHAPES[shape](tmp_path))
    assert sorted(parts) == [
        ("adult", "domains", "black", [b"a.test", b"b.test"]),
        ("adult", "expressions", "black", []),
        ("adult", "expressions", "black", [b"(sex)"]),
        ("adult", "urls", "black", [b"c.test/d"]),
        ("bank", "domains", "white", [b"bank.test"]),
        ("mute", "domains", "", [b"mute.test"]),
        ("odd", "domains", "", [b"odd.test"]),
        ("sects", "domains", "grey", [b"sect.test"]),
    ]
    assert contents.usages == {"adult": "black", "bank": "white", "mute": "", "odd": "", "sects": "grey"}
    assert contents.aliases == {"porn": "adult", "xxx": "adult"}
    assert {name.rpartition("/")[2] for name in contents.ignored} == {"README", "global_usage", "domains.db"}
    assert [("mute" in said, "purple" in said, "gone" in said) for said in contents.odd] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]


def test_categories_at_the_top_nested_and_alone(tmp_path: Path) -> None:
    _, parts = read_all(put(tmp_path, tar({"adult/domains": b"a.test", "adult/usage": b"black"})))
    assert parts == [("adult", "domains", "black", [b"a.test"])]
    _, parts = read_all(put(tmp_path, tar({"BL/hobby/games/domains": b"a.test", "BL/porn/domains": b"b.test"})))
    assert [category for category, *_ in parts] == ["hobby/games", "porn"]


@pytest.mark.parametrize("packed", [False, True])
def test_single_files(packed: bool, tmp_path: Path) -> None:
    data = b"0.0.0.0 a.test\n" * 2000
    path = put(tmp_path, gzip.compress(data) if packed else data, "hosts")
    contents, parts = read_all(path)
    assert contents == Contents()
    assert parts == [("", "file", "", [b"0.0.0.0 a.test"] * 2000)]
    short = put(tmp_path, b"a", "short")
    assert read_all(short)[1] == [("", "file", "", [b"a"])]


def test_one_list_among_its_papers(tmp_path: Path) -> None:
    contents, parts = read_all(
        put(tmp_path, tar({"x/README.md": b"-", "x/LICENSE": b"-", "x/hosts.txt": b"0.0.0.0 a.test"}))
    )
    assert parts == [("", "file", "", [b"0.0.0.0 a.test"])]
    assert contents.ignored == ("x/LICENSE", "x/README.md")
    assert "2 files" in refusal(put(tmp_path, tar({"a.txt": b"a.test", "b.txt": b"b.test"})))
    assert "no file" in refusal(put(tmp_path, tar({"README": b"a.test"})))


def test_packed_in_several_pieces_and_filled_with_zeros(tmp_path: Path) -> None:
    data = gzip.compress(b"a.test\n") + gzip.compress(b"b.test\n") + b"\0" * 700
    assert read_all(put(tmp_path, data, "a.gz"))[1][0][3] == [b"a.test", b"b.test"]


def test_long_names(tmp_path: Path) -> None:
    name = "b/" + "c" * 120 + "/domains"
    for format in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        data = tar({name: b"a.test", "b/d/domains": b"b.test"}, {"b/" + "e" * 120: "c" * 120}, format)
        contents, parts = read_all(put(tmp_path, data))
        assert [category for category, *_ in parts] == ["c" * 120, "d"]
        assert contents.aliases == {"e" * 120: "c" * 120}


BAD_ARCHIVES: dict[str, tuple[bytes, str]] = {
    "climbs": (tar({"adult/../../etc/domains": b"x"}), "out of it"),
    "absolute": (tar({"/adult/domains": b"x"}), "out of it"),
    "absolute in pax": (tar({"/" + "a" * 200 + "/domains": b"x"}, format=tarfile.PAX_FORMAT), "out of it"),
    "link out": (tar({}, {"bl/porn": "../../etc"}), "out of it"),
    "link out absolutely": (tar({}, {"bl/porn": "/etc"}), "out of it"),
    "device": (with_special(special("adult/domains", tarfile.CHRTYPE)), "a device"),
    "disk": (with_special(special("adult/domains", tarfile.BLKTYPE)), "a device"),
    "pipe": (with_special(special("adult/domains", tarfile.FIFOTYPE)), "a pipe"),
    "hard link": (with_special(special("adult/domains", tarfile.LNKTYPE, "a")), "hard link"),
    "sparse": (with_special(special("adult/domains", tarfile.GNUTYPE_SPARSE)), "sparse"),
    "unknown": (with_special(special("adult/domains", b"Z")), "unknown kind"),
    "twice": (tar({"a/domains": b"x"})[:1024] + tar({"a/domains": b"y"}), "twice"),
    "empty archive": (tar({}), "empty|no file|binary"),
    "cut in a file": (tar({"a/domains": b"x" * 5000})[:2000], "in the middle"),
    "cut in a header": (tar({"a/domains": b"x", "b/domains": b"y"})[:1200], "damaged"),
    "header hit": (tar({"a/domains": b"x"})[:1024] + b"garbage" * 200, "damaged"),
    "binary part": (tar({"a/domains": b"a\0b\n"}), "binary"),
    "long line": (tar({"a/domains": b"a" * 70_000}), "65536 bytes in line 1"),
    "claims much": (with_special(special("a/domains", tarfile.REGTYPE))[:124], "damaged|binary"),
}


@pytest.mark.parametrize("case", BAD_ARCHIVES)
def test_bad_archives(case: str, tmp_path: Path) -> None:
    data, said = BAD_ARCHIVES[case]
    for name, packed in (("list.tar", data), ("list.tar.gz", gzip.compress(data))):
        assert re.search(said, refusal(put(tmp_path, packed, name)))


def header(name: bytes, size: int, type: bytes) -> bytes:
    """A tar header with any size claimed."""
    info = tarfile.TarInfo(name.decode())
    info.type = type
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    block[124:136] = b"%011o\0" % size if size < 8**11 else b"\x80" + size.to_bytes(11)
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block[:512])
    return bytes(block)


@pytest.mark.parametrize("type", [b"L", b"K", b"x", b"g"])
def test_headers_that_claim_much_are_not_taken_into_memory(type: bytes, tmp_path: Path) -> None:
    path = put(tmp_path, header(b"a", 1 << 33, type) + b"\0" * 4096, "list.tar")
    assert "header" in refusal(path)
    path = put(tmp_path, header(b"a", 100, type) + b"12 path=\xff\n" + b"z" * 1024, "list.tar")
    refusal(path)


def test_sizes_that_lie(tmp_path: Path) -> None:
    for size in (1 << 40, 1 << 80):
        assert "in the middle" in refusal(put(tmp_path, header(b"a/domains", size, b"0") + b"a.test\n" * 200, "a.tar"))
    broken = header(b"a/domains", 0, b"0")
    block = bytearray(broken)
    block[124:136] = b"not a number"
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    assert "no number" in refusal(put(tmp_path, bytes(block), "a.tar"))


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    parts = [packer.compress(b"\n" * 65_536) for _ in range(size // 65_536)]
    return b"".join([*parts, packer.flush()])


def test_bombs(tmp_path: Path) -> None:
    path = put(tmp_path, bomb(40 << 20), "list.gz")
    tracemalloc.start()
    assert "gzip bomb" in refusal(path)
    assert tracemalloc.get_traced_memory()[1] < 4 << 20
    tracemalloc.stop()
    assert "gzip bomb" in refusal(put(tmp_path, tar({"a/domains.gz": bomb(40 << 20)})))
    assert "more than 1 MiB" in refusal(put(tmp_path, b"a.test\n" * 200_000), Limits(unpacked=1 << 20))
    assert "more than 3 files" in refusal(put(tmp_path, tar(UT1)), Limits(members=3))


def test_damaged_gzip(tmp_path: Path) -> None:
    data = gzip.compress(os.urandom(30_000).hex().encode() + b"\n")
    assert "middle" in refusal(put(tmp_path, data[:-9], "a.gz"))
    assert "middle" in refusal(put(tmp_path, data[:2000], "a.gz"))
    assert "damaged" in refusal(put(tmp_path, data[:-6] + b"\0\0" + data[-4:], "a.gz"))
    assert "damaged" in refusal(put(tmp_path, data[:900] + b"\xff" * 40 + data[940:], "a.gz"))
    assert "damaged" in refusal(put(tmp_path, data + b"behind", "a.gz"))
    assert "damaged" in refusal(put(tmp_path, gzip.compress(tar(UT1))[:-5] + b"\0\0\0\0\0", "a.gz"))


def test_what_is_not_there_or_not_readable(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "nothing")
    assert "empty" in refusal(put(tmp_path, b"", "empty"))
    assert "empty" in refusal(put(tmp_path, gzip.compress(b""), "empty.gz"))
    assert "no file" in refusal(folder(tmp_path / "hollow", {"a/README": b""}, {}))


def test_folders_with_ways_out(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret.test")
    assert "out of it" in refusal(folder(tmp_path / "a", {"bl/x/domains": b"x.test"}, {"bl/y": "../../secret"}))
    assert "out of it" in refusal(folder(tmp_path / "b", {"bl/x/domains": b"x.test"}, {"bl/x/urls": str(secret)}))
    odd = folder(tmp_path / "c", {"bl/x/domains": b"x.test"}, {})
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(odd / "bl/x/urls"))
        assert "no plain file" in refusal(odd)


def test_a_file_that_becomes_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret.test")
    path = folder(tmp_path / "a", {"bl/x/domains": b"x.test", "bl/x/urls": b"x.test/y"}, {})
    (part, _) = list(open_list(path))
    (path / "bl/x/domains").unlink()
    (path / "bl/x/domains").symlink_to(tmp_path / "secret")
    with pytest.raises(BadList, match="cannot be read"):
        list(part.lines())


def test_parts_of_an_archive_are_read_in_turn(tmp_path: Path) -> None:
    opened = open_list(put(tmp_path, gzip.compress(tar(UT1))))
    parts = list(opened)
    with pytest.raises(RuntimeError, match="passed"):
        list(parts[0].lines())
    assert len(list(opened)) == len(parts)  # but the list can be gone through again


def test_a_large_archive_is_read_in_little_memory(tmp_path: Path) -> None:
    lines = b"".join(b"%032x.example\n" % (number * 7919**6) for number in range(300_000))
    path = put(tmp_path, gzip.compress(tar({"a/domains": lines, "b/domains": b"b.test"}), 1))
    tracemalloc.start()
    opened = open_list(path)
    counts = [sum(1 for _ in part.lines()) for part in opened]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert counts == [300_000, 1]
    assert peak < 4 << 20

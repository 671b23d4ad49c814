"""The seal: ours and unchanged, changed, somebody else's; and what becomes of old seals when the key is lost."""

from __future__ import annotations

import io
import json
import random
import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from homeroom.base import paper, seal
from homeroom.base.seal import keys
from homeroom.site import cli

AT = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def plain() -> bytes:
    return paper.typeset("base/trial.typ", {"title": "Agreement of Ben"}, at=AT)


@pytest.fixture
def sealed(plain: bytes) -> bytes:
    return seal.seal(plain, reason="Agreement 12", at=AT)


def test_a_sealed_file_is_ours_and_says_when_and_what(sealed):
    said = seal.verify(sealed)
    assert (said.ok, said.ours, said.state) == (True, True, "ok")
    assert (said.signed_at, said.reason) == (AT, "Agreement 12")


def test_sealing_leaves_every_byte_of_the_paper_and_its_tags(plain, sealed):
    assert sealed.startswith(plain)
    with pikepdf.open(io.BytesIO(sealed)) as read:
        assert read.Root.MarkInfo.Marked and read.open_metadata()["pdfuaid:part"] == "1"
        field = read.Root.AcroForm.Fields[0]
        assert str(field.V.SubFilter) == "/ETSI.CAdES.detached"
        assert int(field.F) & 4 and not int(field.F) & 2, "printable, as PDF/A wants"
        assert float(field.Rect[0]) < 0 or float(field.Rect[2]) <= 0, "outside the page, as PDF/UA allows"


def test_the_key_is_p256_and_for_its_owner_only(sealed, home):
    assert keys.in_use(AT).private.curve.name == "secp256r1"
    assert (home / "keys/seal/0001.pem").stat().st_mode & 0o777 == 0o600


def test_one_changed_byte_is_seen_wherever_it_is(sealed):
    """Each byte of the seal's own gap is tried in the long run; here a fresh choice of all bytes each time."""
    chosen = random.Random().sample(range(len(sealed)), 60)
    for place in chosen:
        changed = bytearray(sealed)
        changed[place] ^= 1 << random.Random(place).randrange(8)
        said = seal.verify(bytes(changed))
        assert not said.ok, f"byte {place}"
        assert said.sentence.endswith(".")


@pytest.mark.parametrize("place", ["padding", "certificate", "before", "after"])
def test_nothing_can_be_hidden_where_no_signature_looks(sealed, place):
    gap_end = sealed.rindex(b"0>")
    gap_begin = sealed.index(b"/Contents <") + len(b"/Contents <")
    changed = bytearray(sealed)
    if place == "padding":
        changed[gap_end] = ord("1")
    elif place == "certificate":
        changed[gap_begin + 400] = ord("0") if changed[gap_begin + 400] != ord("0") else ord("1")
    elif place == "before":
        changed = bytearray(b"\n") + changed
    else:
        changed += b"\n"
    said = seal.verify(bytes(changed))
    assert (said.ok, said.state) == (False, "changed")


def test_lower_case_in_the_gap_is_a_change_too(sealed):
    begin = sealed.index(b"/Contents <") + len(b"/Contents <")
    changed = sealed[:begin] + sealed[begin : begin + 600].lower() + sealed[begin + 600 :]
    assert changed != sealed and not seal.verify(changed).ok


def test_an_appended_page_is_seen(sealed):
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.root["/Extra"] = writer.root["/Type"]
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(sealed)
    said = seal.verify(out.getvalue())
    assert (said.ok, said.ours, said.state) == (False, True, "changed")
    assert "changed after it was sealed" in said.sentence


def test_a_second_seal_over_the_first_is_a_change(sealed, settings, tmp_path):
    shutil.copytree(tmp_path / "keys", tmp_path / "theirs/keys")
    settings.HOME = tmp_path / "theirs"
    with pytest.raises(Exception, match=r"."):  # the first seal forbids it; pyHanko will not even try
        seal.seal(sealed, reason="more", at=AT)


def test_somebody_elses_seal_is_not_ours(plain, settings, tmp_path):
    settings.HOME = tmp_path / "theirs"
    theirs = seal.seal(plain, reason="Agreement 12", at=AT)
    assert seal.verify(theirs).ok
    settings.HOME = tmp_path
    said = seal.verify(theirs)
    assert (said.ok, said.ours, said.state) == (False, False, "unknown")
    assert "not ours" in said.sentence


def test_a_plain_pdf_and_what_is_no_pdf_get_a_sentence(plain):
    assert seal.verify(plain).state == "none"
    for data in (b"", b"hello", b"\x89PNG", b"%PDF-1.7\n", b"%PDF-1.7\n/ByteRange [0 1 2 3]"):
        said = seal.verify(data)
        assert not said.ok and said.sentence.endswith(".")


def test_random_bytes_never_break_the_look(sealed):
    dice = random.Random(524)
    for _ in range(60):
        data = bytearray(sealed)
        start = dice.randrange(len(data))
        data[start : start + dice.randrange(400)] = dice.randbytes(dice.randrange(400))
        assert not seal.verify(bytes(data)).ok or bytes(data) == sealed


def test_the_lost_key_is_renewed_and_old_seals_stay_good(plain, sealed, home):
    (home / "keys/seal/0001.pem").unlink()
    new = seal.seal(plain, reason="Agreement 13", at=AT + timedelta(days=1))
    assert keys.in_use(AT + timedelta(days=1)).number == 2
    assert seal.verify(sealed).ok and seal.verify(new).ok


def test_a_damaged_key_is_renewed(sealed, plain, home):
    (home / "keys/seal/0001.pem").write_bytes(b"-----BEGIN PRIVATE KEY-----\nxx\n")
    assert seal.verify(seal.seal(plain, reason="x", at=AT)).ok
    assert seal.verify(sealed).ok


def test_a_key_whose_time_is_nearly_over_is_renewed_the_day_before_is_not(sealed):
    over = AT + keys.GOOD_FOR - keys.RENEW_BEFORE
    assert keys.in_use(over - timedelta(days=1)).number == 1
    assert keys.in_use(over).number == 2
    assert seal.verify(sealed).ok, "what was sealed in its time stays good"


def test_where_all_keys_are_gone_old_seals_are_unknown_and_new_ones_good(plain, sealed, home):
    shutil.rmtree(home / "keys")
    assert seal.verify(sealed).state == "unknown"
    assert seal.verify(seal.seal(plain, reason="x", at=AT)).ok


def test_many_at_once_make_one_key():
    numbers: list[int] = []
    threads = [threading.Thread(target=lambda: numbers.append(keys.in_use(AT).number)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers == [1] * 8


def test_the_command_says_it_in_a_sentence_and_a_code(sealed, plain, tmp_path):
    def run(data: bytes, *more: str) -> tuple[int, str]:
        (tmp_path / "form.pdf").write_bytes(data)
        result = CliRunner().invoke(cli.homeroom, ["verify", str(tmp_path / "form.pdf"), *more], standalone_mode=False)
        return result.return_value, result.output

    code, said = run(sealed)
    assert code == 0 and "The seal is ours" in said and "Agreement 12" in said
    assert run(sealed[:-1])[0] == 1
    assert run(plain)[0] == 1
    assert run(b"no pdf")[0] == 2
    code, said = run(sealed, "--json")
    assert json.loads(said) | {"file": ""} == {
        "file": "", "ok": True, "state": "ok", "ours": True, "reason": "Agreement 12",
        "sentence": "The seal is ours, and not one byte was changed since.", "signed_at": "2026-11-26T17:00:00+00:00",
    }  # fmt: skip


def test_the_commands_of_the_seal(home):
    assert "no key yet" in CliRunner().invoke(cli.homeroom, ["seal", "list"]).output
    CliRunner().invoke(cli.homeroom, ["seal", "renew"])
    CliRunner().invoke(cli.homeroom, ["seal", "renew"])
    rows = json.loads(CliRunner().invoke(cli.homeroom, ["seal", "list", "--json"]).output)
    assert len(rows) == 2 and rows[0]["fingerprint"] != rows[1]["fingerprint"]

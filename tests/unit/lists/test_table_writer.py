"""Building a table: the same bytes from the same entries, little memory, nothing left behind."""

from __future__ import annotations

import io
import random
import subprocess
import sys
from pathlib import Path

import pytest

from homeroom.filtering.spill import FolderSpill
from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.table import Table
from homeroom.kernel.lists.table_writer import Writer
from tests.unit.lists.tables import Listed, Memory, compiled, slots

LISTED: list[Listed] = [
    (n % 4, Entry(f"{'www.' * (n % 3)}n{n // 2}.{top}", How.SUFFIX, n, f"{n}"))
    for n in range(500)
    for top in ("com", "info")
]


def test_files_and_memory_give_the_same_bytes(tmp_path: Path) -> None:
    out = io.BytesIO()
    with FolderSpill(tmp_path) as spill:
        writer = Writer(spill)
        for slot, entry in LISTED:
            writer.add(slot, entry)
        writer.finish(out, slots(4), {"made": None})
        assert list(tmp_path.iterdir())
    assert out.getvalue() == compiled(LISTED)
    assert list(tmp_path.iterdir()) == []


def test_a_build_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), FolderSpill(tmp_path) as spill:
        spill.partition(3).write(b"begun")
        raise RuntimeError("the list broke off")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_reported_and_nothing_looks_like_a_table() -> None:
    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            if self.tell() > 2_000:
                raise OSError(28, "No space left on device")
            return super().write(data)  # type: ignore[arg-type]

    out = Full()
    writer = Writer(Memory())
    for slot, entry in LISTED:
        writer.add(slot, entry)
    with pytest.raises(OSError, match="No space"):
        writer.finish(out, slots(4), {})
    with pytest.raises(ValueError, match="does not hold compiled lists"):
        Table(out.getvalue())


def test_records_in_many_small_portions_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = compiled(LISTED)
    monkeypatch.setattr("homeroom.kernel.lists.table_writer._MOST_HELD", 7)
    shuffled = random.Random(5).sample(LISTED, len(LISTED))
    assert compiled(shuffled) == whole


def test_memory_does_not_grow_with_the_number_of_entries(tmp_path: Path) -> None:
    """150,000 entries, each with a text of its own, in a process of its own: within 40 MB of an empty build."""
    assert _peak_mb(tmp_path, 150_000) < _peak_mb(tmp_path, 100) + 40


def _peak_mb(folder: Path, names: int) -> float:
    program = f"""
import io, pathlib
from homeroom.filtering.spill import FolderSpill
from homeroom.kernel.decision.bundle import Slot
from homeroom.kernel.lists.entry import Entry, How
from homeroom.kernel.lists.table_writer import Writer
folder = pathlib.Path({str(folder)!r})
with FolderSpill(folder) as spill, (folder / "table").open("w+b") as out:
    writer = Writer(spill)
    for n in range({names}):
        name = f"www.n{{n}}.example{{n % 97}}.com"
        writer.add(n % 3, Entry(name, How.SUFFIX, n, f"0.0.0.0 {{name}} # seen {{n}}"))
    writer.finish(out, [Slot(str(n), "1", "x") for n in range(3)], {{}})
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
    if not Path("/proc/self/status").exists():
        pytest.skip("The peak of a process's memory is read from /proc, which this machine has not.")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return int(done.stdout) / 1024

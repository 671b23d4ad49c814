"""Names: build, size, opening, memory and lookups of the compiled table beside marisa-trie, LMDB and a dict.

    python -m tests.bench.names                      the real lists
    python -m tests.bench.names --names 5000000      the same with made-up names up to that number
    python -m tests.bench.names --engines homeroom,marisa,lmdb,dict,open,buckets

Every engine builds and answers in a process of its own, holds the same names and is asked the same
questions; that all give the same masks is checked. Ratios are within the one run: the machine is shared.
"""

from __future__ import annotations

import argparse
import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from xxhash import xxh3_64_intdigest

from homeroom.filtering.spill import FolderSpill
from homeroom.kernel.decision.bundle import Slot
from homeroom.kernel.lists.entry import How
from homeroom.kernel.lists.table import Table
from homeroom.kernel.lists.table_writer import Writer
from tests.bench import generate
from tests.bench.engines import ENGINES, mapped, size_of

CHUNK = 10_000
QUESTIONS = 50_000
ROUNDS = 9
USUAL = "homeroom,marisa,lmdb,dict"


def main() -> None:
    """Measure and print; see the module."""
    options = argparse.ArgumentParser(description="Measure the compiled table of names.")
    options.add_argument("--names", type=int, default=0, help="grow the real lists with made-up names to this number")
    options.add_argument("--engines", default=USUAL, help=f"of {','.join(ENGINES)}; default {USUAL}")
    options.add_argument("--step", nargs=2, metavar=("STEP", "ENGINE"), help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help="where to put the files; default a temporary folder")
    chosen = options.parse_args()
    if chosen.step:
        step, engine = chosen.step
        print(json.dumps(STEPS[step](engine, chosen.folder)))
        return
    with tempfile.TemporaryDirectory(prefix="homeroom-names-") as folder:
        measure(chosen.folder or Path(folder), chosen.names, chosen.engines.split(","))


def measure(folder: Path, names: int, engines: list[str]) -> None:
    """Measure all engines and print one table."""
    _prepare(folder, names)
    results: dict[str, dict[str, Any]] = {}
    for engine in ["homeroom", *(each for each in engines if each != "homeroom")]:
        results[engine] = _child("build", engine, folder)
        if engine == "homeroom":
            _share_names(folder)
        results[engine] |= _child("ask", engine, folder)
        _print_row(engine, results)
    answers = {each["answers"] for each in results.values()}
    print("All engines gave the same masks." if len(answers) == 1 else f"The masks DIFFER: {answers}")


def _prepare(folder: Path, names: int) -> None:
    """Write entries and questions to files."""
    models = [(slot, entry) for slot, entry in generate.real() if entry.how is not How.REGEX]
    if not models:
        print(generate.ABSENT)
    known = {entry.pattern for _, entry in models if entry.how in _NAMES}
    more = max(0, names - len(known))
    slots = {slot: number for number, slot in enumerate(dict.fromkeys(slot for slot, _ in models))}
    with (folder / "entries").open("wb") as out:
        source = iter([*models])
        made = generate.like(models, more)
        for rows in (source, made):
            while chunk := list(islice(rows, CHUNK)):
                pickle.dump([(slots.setdefault(slot, len(slots)), entry) for slot, entry in chunk], out, protocol=5)
    (folder / "slots").write_bytes(pickle.dumps(list(slots)))
    sample = models + list(generate.like(models, min(more, 4 * len(models) or more)))
    hits = generate.listed(sample, QUESTIONS)
    misses = generate.unlisted(models, QUESTIONS)
    mix = [hits[place] if place % 10 == 0 else misses[place] for place in range(QUESTIONS)]
    (folder / "questions").write_bytes(pickle.dumps({"miss": misses, "hit": hits, "mix": mix}))
    print(
        f"{len(known):,} real names, {more:,} made-up ones, {len(slots)} slots, {QUESTIONS:,} questions of each kind.\n"
    )


_NAMES = (How.SUFFIX, How.EXACT, How.SUB)


def _share_names(folder: Path) -> None:
    """Give the other engines what the table holds: names and the masks of their classes."""
    table = Table(mapped(folder / "homeroom.table"))
    classes: dict[tuple[int, int], int] = {}
    with (folder / "names").open("w", encoding="ascii") as out:
        for name, rows in groupby(table.entries(), key=lambda row: row[1].pattern):
            own = below = 0
            for slot, entry in rows:
                own |= (entry.how in (How.SUFFIX, How.EXACT)) << slot
                below |= (entry.how in (How.SUFFIX, How.SUB)) << slot
            if own or below:
                out.write(f"{name}\t{classes.setdefault((own, below), len(classes))}\n")
    (folder / "classes").write_bytes(pickle.dumps(list(classes)))


def _build(engine: str, folder: Path) -> dict[str, Any]:
    return _build_table(folder) if engine == "homeroom" else _build_other(engine, folder)


def _build_table(folder: Path) -> dict[str, Any]:
    """Only the writer is timed, not the reading of entries from their file."""
    slots: list[Slot] = pickle.loads((folder / "slots").read_bytes())
    took = 0.0
    with FolderSpill(folder) as spill, (folder / "homeroom.table").open("w+b") as out:
        writer = Writer(spill)
        for chunk in _chunks(folder / "entries"):
            start = time.process_time()
            for slot, entry in chunk:
                writer.add(slot, entry)
            took += time.process_time() - start
        start = time.process_time()
        writer.finish(out, slots, {})
        took += time.process_time() - start
    return {"build_s": took, **_peak()}


def _build_other(engine: str, folder: Path) -> dict[str, Any]:
    def rows() -> Iterator[tuple[str, int]]:
        with (folder / "names").open(encoding="ascii") as lines:
            for line in lines:
                name, _, number = line.partition("\t")
                yield name, int(number)

    start = time.process_time()
    ENGINES[engine].build(folder, rows)
    return {"build_s": time.process_time() - start, **_peak()}


def _ask(engine: str, folder: Path) -> dict[str, Any]:
    questions: dict[str, list[str]] = pickle.loads((folder / "questions").read_bytes())
    masks = pickle.loads((folder / "classes").read_bytes())
    before, start = _private_mb(), time.process_time()
    mask = ENGINES[engine].open(folder, masks)
    mask(questions["miss"][0])
    result: dict[str, Any] = {"open_ms": (time.process_time() - start) * 1000}
    with (folder / "names").open(encoding="ascii") as lines:
        names = sum(1 for _ in lines)
    result |= {"names": names, "bytes": size_of(folder, ENGINES[engine].files)}
    for kind, hosts in questions.items():
        result[f"{kind}_ns"] = min(_round(mask, hosts) for _ in range(ROUNDS))
    result["private_mb"] = _private_mb() - before
    result["hits"] = sum(mask(host) > 0 for host in questions["miss"])
    answers = [mask(host) for hosts in questions.values() for host in hosts]
    result["answers"] = xxh3_64_intdigest(pickle.dumps(answers, protocol=5))
    return result


STEPS = {"build": _build, "ask": _ask}


def _round(mask: Any, hosts: list[str]) -> float:
    start = time.process_time()
    for host in hosts:
        mask(host)
    return (time.process_time() - start) / len(hosts) * 1e9


def _chunks(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        while True:
            try:
                yield pickle.load(file)
            except EOFError:
                return


def _child(step: str, engine: str, folder: Path) -> dict[str, Any]:
    """One step in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "tests.bench.names", "--step", step, engine, "--folder", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def _peak() -> dict[str, float]:
    return {"peak_mb": _status_mb("VmHWM")}


def _private_mb() -> float:
    return _status_mb("RssAnon")


def _status_mb(field: str) -> float:
    """One line of this process's memory as the kernel counts it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    return 0.0


COLUMNS = (
    ("build s", "build_s", 1), ("peak MB", "peak_mb", 0), ("bytes/name", "per_name", 1), ("open ms", "open_ms", 1),
    ("private MB", "private_mb", 1), ("miss ns", "miss_ns", 0), ("hit ns", "hit_ns", 0), ("mix ns", "mix_ns", 0),
)  # fmt: skip


def _print_row(engine: str, results: dict[str, dict[str, Any]]) -> None:
    here, ours = results[engine], results["homeroom"]
    here["per_name"] = here["bytes"] / here["names"]
    if engine == "homeroom":
        print(
            f"{here['names']:,} distinct names, {here['bytes'] / 1e6:.1f} MB, {1e9 / here['mix_ns']:,.0f} lookups/s\n"
        )
        print("| engine | " + " | ".join(title for title, _, _ in COLUMNS) + " | mix, homeroom = 1 |")
        print("|---" * (len(COLUMNS) + 2) + "|")
    cells = [f"{here[key]:,.{digits}f}" for _, key, digits in COLUMNS]
    print(f"| {engine} | " + " | ".join(cells) + f" | {here['mix_ns'] / ours['mix_ns']:.2f} |", flush=True)


if __name__ == "__main__":
    main()

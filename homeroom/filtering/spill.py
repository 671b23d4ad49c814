"""Scratch files for building a compiled table, in a folder that is gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self


class FolderSpill:
    """`kernel.lists.table_writer.Spill` in a temporary folder below `parent`; use it with `with`.

    The folder should lie on the disk that takes the table: it needs about twice the table's size.
    Raises OSError when the disk is full.
    """

    def __init__(self, parent: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="spill-", dir=parent))
        self._files: dict[int, BinaryIO] = {}

    def partition(self, number: int) -> BinaryIO:
        """The scratch file of that number, open for reading and writing; empty when first asked for."""
        file = self._files.get(number)
        if file is None:
            file = self._files[number] = (self._folder / str(number)).open("w+b")
        return file

    def close(self) -> None:
        """Close and delete the scratch files."""
        for file in self._files.values():
            file.close()
        self._files.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

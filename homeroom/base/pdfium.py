"""PDFium, the library that opens PDFs for us, may be used by one thread of a process only."""

from __future__ import annotations

from threading import Lock

one_at_a_time = Lock()

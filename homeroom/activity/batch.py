"""A piece of a spool file as rows to add. Pure: bytes in, values out."""

from __future__ import annotations

from dataclasses import dataclass, field

from homeroom.kernel import spoolline
from homeroom.kernel.spoolline import DAY, HOUR, Blocked, Count, Counts, Line, Lost, Tools

CHUNK = 2 * 1024 * 1024  # bytes of one transaction, some ten thousand lines
AHEAD = 24 * HOUR  # a time further ahead than this is a broken clock, not a time zone or a leap


@dataclass(slots=True)
class Batch:
    """What is to be added in one transaction, and how many bytes of the file that is.

    `counts` and `tools` are summed by everything but `n`, with the door; `damaged` holds lines as they were.
    """

    size: int = 0
    lines: int = 0
    counts: dict[tuple[int, str, str, str, str, str, str], int] = field(default_factory=dict)
    tools: dict[tuple[int, str, str, str], int] = field(default_factory=dict)
    blocked: list[Blocked] = field(default_factory=list)
    damaged: list[bytes] = field(default_factory=list)
    torn: int = 0
    lost_blocks: int = 0
    lost_answers: int = 0

    @property
    def answers(self) -> int:
        """How many answers the counts stand for."""
        return sum(self.counts.values())


def cut(data: bytes, *, ended: bool, now: int) -> Batch:
    """Read whole lines from the start of `data`.

    `ended` says that nobody will add to the file and `data` reaches its end: what is left without a
    newline is then a torn line. Otherwise it is left for the next time, unless it is longer than
    any line can be. `now` is the intake's clock; a line from far ahead of it is moved to it, else
    it would outlive its retention.
    """
    end = data.rfind(b"\n") + 1
    batch = Batch(size=end)
    for line in data[:end].split(b"\n")[:-1]:
        try:
            read = spoolline.read(line)
        except spoolline.BadLine:
            batch.damaged.append(line)
            continue
        batch.lines += 1
        if type(read) is Blocked and read.at <= now + AHEAD:
            batch.blocked.append(read)
        else:
            _take(batch, read, now)
    rest = data[end:]
    if rest and (ended or len(rest) > spoolline.LONGEST):
        batch.size = len(data)
        batch.torn += 1
        batch.damaged.append(rest)
    return batch


def _take(batch: Batch, line: Line, now: int) -> None:
    if isinstance(line, Blocked):
        batch.blocked.append(line._replace(at=min(line.at, now)))
    elif isinstance(line, Counts):
        for count in line.counts:
            _count(batch, count, line.door, now)
    elif isinstance(line, Tools):
        for tool in line.tools:
            day = tool.day if tool.day <= now + AHEAD else now - now % DAY
            key = (day, tool.profile, tool.domain, line.door)
            batch.tools[key] = batch.tools.get(key, 0) + tool.n
    elif isinstance(line, Lost):
        batch.lost_blocks += line.blocks
        batch.lost_answers += line.answers


def _count(batch: Batch, count: Count, door: str, now: int) -> None:
    hour = count.hour if count.hour <= now + AHEAD else now - now % HOUR
    key = (hour, *count[1:6], door)
    batch.counts[key] = batch.counts.get(key, 0) + count.n

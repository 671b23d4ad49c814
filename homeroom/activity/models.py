"""What the doors answered, in a database of its own (base.router).

By default nothing here ties an allowed request to anybody (XIV.B.3): allowed requests are only
counted. A refused request carries this month's pseudonym and no more; there is no column for a
person, an address or the path of a URL. Instants are whole seconds since 1970 (UTC), as in the
lines that doors write: they come by the million and are only ever compared.
"""

from __future__ import annotations

from django.db import models

from homeroom.kernel.spoolline import TEXT


def word(**options: object) -> models.CharField:
    """A text as a line can hold it; "" where nothing is known."""
    return models.CharField(max_length=TEXT, blank=True, **options)  # type: ignore[arg-type]


class HourCount(models.Model):
    """How often one kind of answer was given in the hour that starts at `hour`; never to whom.

    `verdict` is allow, block or rewrite; `kind` and `category` are those of the decision.
    """

    hour = models.PositiveBigIntegerField()
    school = word()
    profile = word()
    verdict = word()
    kind = word()
    category = word()
    door = word()
    n = models.PositiveBigIntegerField()

    class Meta:
        # Led by the hour, so that it also serves every question about a period.
        constraints = (
            models.UniqueConstraint(
                fields=("hour", "school", "profile", "verdict", "kind", "category", "door"), name="activity_one_count"
            ),
        )

    def __str__(self) -> str:
        return f"{self.hour} {self.school}/{self.profile} {self.verdict} {self.category}: {self.n}"


class ToolCount(models.Model):
    """XIII.A: how often answers led to a watched name on the day (UTC) that starts at `day`; never where or to whom."""

    day = models.PositiveBigIntegerField()
    profile = word()
    domain = word()
    door = word()
    n = models.PositiveBigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("day", "profile", "domain", "door"), name="activity_one_tool_count"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.profile} {self.domain}: {self.n}"


class BlockedRequest(models.Model):
    """A refused request: which line of which list refused which host, `n` times in the second `at`.

    `alias` is a pseudonym that changes every month; it is "" where nobody was known. `line` is 0
    where no list spoke.
    """

    at = models.PositiveBigIntegerField()
    n = models.PositiveBigIntegerField()
    alias = word()
    school = word()
    profile = word()
    host = word()
    kind = word()
    clause = word()
    category = word()
    list = word()
    version = word()
    line = models.PositiveBigIntegerField()
    bundle = word()
    door = word()

    class Meta:
        indexes = (
            models.Index(fields=("at",), name="activity_blocked_at"),
            models.Index(fields=("school", "at"), name="activity_blocked_school"),
        )

    def __str__(self) -> str:
        return f"{self.at} {self.host} refused under {self.clause}"


class SpoolFile(models.Model):
    """How far a door's file was taken in: the bytes before `taken` are in the tables, the rest is not.

    `finished` means the door gave the file up and all of it is taken in: it may be deleted, and its
    name never comes again. `torn` counts ends of files without a newline (the line that a crash or
    a full disk interrupted), `damaged` other lines that could not be believed, `lost_*` what the
    door says it could not write.
    """

    name = models.CharField(max_length=200, unique=True)
    door = word()
    seen = models.PositiveBigIntegerField()
    taken = models.PositiveBigIntegerField(default=0)
    finished = models.BooleanField(default=False)
    torn = models.PositiveBigIntegerField(default=0)
    damaged = models.PositiveBigIntegerField(default=0)
    lost_blocks = models.PositiveBigIntegerField(default=0)
    lost_answers = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=("seen",), name="activity_spool_seen"),)

    def __str__(self) -> str:
        return f"{self.name}, taken in up to byte {self.taken}"


class PurgeClock(models.Model):
    """When the purge last ran, so that a clock that jumps ahead does not delete what is not old. Always row 1.

    `held_since` is the first instant on the far side of a jump, None while the clock runs evenly.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    ran = models.PositiveBigIntegerField()
    held_since = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="activity_one_purge_clock"),)

    def __str__(self) -> str:
        return f"purged at {self.ran}"

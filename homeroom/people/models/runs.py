"""Rosters on their way in: uploaded or fetched, looked at, and taken in or not."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class RosterConnection(models.Model):
    """A student information system that gives its roster by OneRoster REST.

    `secret` is hidden (base.hidden). `since` is the instant, as text, from which the next delta asks; "" asks for
    everything. `next_at` is the next moment at which it is fetched by itself; None: only when asked.
    """

    class Version(models.TextChoices):
        """Which version of the interface it speaks."""

        V1_1 = "1.1", "OneRoster 1.1"
        V1_2 = "1.2", "OneRoster 1.2"

    name = models.SlugField(max_length=60, unique=True)
    url = models.URLField(max_length=500)
    token_url = models.URLField(max_length=500)
    version = models.CharField(max_length=3, choices=Version.choices)
    client_id = models.CharField(max_length=300)
    secret = models.TextField()
    every_hours = models.PositiveIntegerField(default=24)
    since = models.CharField(max_length=30, blank=True, default="")
    whole_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        indexes = (models.Index(fields=("next_at",), name="people_connection_next", condition=Q(ended=None)),)

    def __str__(self) -> str:
        return self.name


class RosterRun(models.Model):
    """One roster on its way in. Its files lie in HOMEROOM_HOME/rosters and go once it is taken in or let go of.

    `options` are those of a load (format, source, delta, mapped, accept_guesses, remove_anyway); `report` is what
    reading found (people.roster_actions.Report). Fetched rosters are taken in by themselves when `by_itself`.
    """

    class State(models.TextChoices):
        """How far it is."""

        ASKED = "asked"
        READING = "reading"
        SHOWN = "shown"
        CONFIRMED = "confirmed"
        LOADING = "loading"
        LOADED = "loaded"
        LET_GO = "let_go"
        FAILED = "failed"

    WAITING = (State.ASKED, State.CONFIRMED)
    WORKING = (State.READING, State.LOADING)
    OPEN = (*WAITING, *WORKING, State.SHOWN)

    title = models.CharField(max_length=200)
    connection = models.ForeignKey(
        RosterConnection, on_delete=models.PROTECT, null=True, blank=True, related_name="runs"
    )
    whole = models.BooleanField(default=True)
    by_itself = models.BooleanField(default=False)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    report = models.JSONField(null=True, blank=True)
    trouble = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("state", "id"), name="people_run_open", condition=Q(state__in=("asked", "confirmed"))),
        )

    def __str__(self) -> str:
        return f"Roster {self.pk}: {self.title}"

"""What goes to one person, and each try to bring it there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from homeroom.notices.models.notices import Content, Notice
from homeroom.notices.models.post import PrintRun
from homeroom.people.models import Person


class Channel(models.TextChoices):
    """By which way."""

    EMAIL = "email"
    PAPER = "paper"
    HAND = "hand"


class LetterState(models.TextChoices):
    """Where a letter is. Sent is not delivered; delivered may still come back."""

    QUEUED = "queued"  # waits for the next batch, or to be printed
    SENDING = "sending"  # claimed by a worker
    PRINTED = "printed"  # in a print file that nobody has said to be mailed yet
    SENT = "sent"  # taken by the mail server; nobody knows yet whether it arrived
    DELIVERED = "delivered"
    RETURNED = "returned"  # came back, and no other way is left
    HELD = "held"  # a person must look first
    UNREACHABLE = "unreachable"  # neither e-mail nor postal address
    STOPPED = "stopped"


class Letter(models.Model):
    """One notice for one reader. `next_at` is the next moment at which something is to be done with it.

    `number` is 2 and up where a reader is told again about a child who came later. `fields` fill the open places of
    the content, `sha256` covers content and fields: what was said to whom. `due_at` is the letter's own last moment.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=40)
    reader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="letters")
    number = models.PositiveSmallIntegerField(default=1)
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="letters")
    fields = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    state = models.CharField(max_length=12, choices=LetterState.choices, default=LetterState.QUEUED)
    why = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    claim = models.CharField(max_length=32, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    delivered_how = models.CharField(max_length=20, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("notice", "reader", "number"), name="notices_letter_once"),
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="notices_letter_state"),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(delivered_at__isnull=False), name="notices_delivered_when"
            ),
        )
        indexes = (
            # The sender's question: what is to be done now?
            models.Index(fields=("next_at", "id"), name="notices_letter_next", condition=Q(next_at__isnull=False)),
            models.Index(fields=("claim",), name="notices_letter_claim", condition=~Q(claim="")),
            models.Index(fields=("notice", "state"), name="notices_letter_states"),
            models.Index(fields=("kind", "delivered_at"), name="notices_letter_told"),
        )

    def __str__(self) -> str:
        return f"letter {self.pk} to {self.reader_id}"


class LetterChild(models.Model):
    """About whom a letter to a parent speaks; nobody is told twice about the same child in one notice."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="children")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="letters_about")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("notice", "reader", "child"), name="notices_child_once"),)

    def __str__(self) -> str:
        return f"{self.letter_id} about {self.child_id}"


class Attempt(models.Model):
    """One try by one way: unique by letter, way and number, so that a double click or a second worker adds nothing."""

    class State(models.TextChoices):
        """How the try went."""

        SENDING = "sending"
        SENT = "sent"
        DELIVERED = "delivered"
        DELAYED = "delayed"  # not taken for now (greylisting, a full mailbox, a server that is down)
        RETURNED = "returned"
        FAILED = "failed"  # refused at once
        VOID = "void"  # printed, never mailed

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="attempts")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENDING)
    address = models.CharField(max_length=600, blank=True)
    message_id = models.CharField(max_length=120, blank=True)
    run = models.ForeignKey(PrintRun, on_delete=models.PROTECT, null=True, blank=True, related_name="attempts")
    begun_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("letter", "channel", "number"), name="notices_attempt_once"),)
        indexes = (
            models.Index(fields=("message_id",), name="notices_by_message", condition=~Q(message_id="")),
            models.Index(fields=("address",), name="notices_by_address", condition=Q(channel="email")),
        )

    def __str__(self) -> str:
        return f"{self.channel} {self.number} of letter {self.letter_id}"


class Correction(models.Model):
    """Somebody said that a print file was mailed, or a letter handed over, and took it back: both words stay.

    `said` is what was said first, about `run` or about `letter`; `on` the day it named.
    """

    class Said(models.TextChoices):
        """What was said first."""

        MAILED = "mailed"
        HAND = "hand"

    said = models.CharField(max_length=10, choices=Said.choices)
    run = models.ForeignKey(PrintRun, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    on = models.DateField()
    said_at = models.DateTimeField()
    said_by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="notices_corrected_why"),
            models.CheckConstraint(
                condition=Q(said="mailed", run__isnull=False, letter__isnull=True)
                | Q(said="hand", run__isnull=True, letter__isnull=False),
                name="notices_corrected_what",
            ),
        )

    def __str__(self) -> str:
        return f"{self.said} taken back"

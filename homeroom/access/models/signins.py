"""What stays known of sign-ins: who somebody is at the district's own provider, and where they sit."""

from __future__ import annotations

from django.db import models

from homeroom.access.models.account import Account


class Identity(models.Model):
    """Who somebody is to the district's own sign-in: an issuer, and the id that never changes there.

    Tied at the first sign-in; from then on the e-mail address plays no part.
    """

    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="identities")
    created = models.DateTimeField()

    class Meta:
        verbose_name_plural = "identities"
        constraints = (
            models.UniqueConstraint(fields=("issuer", "subject"), name="access_identity_once"),
            models.UniqueConstraint(fields=("issuer", "account"), name="access_one_identity_each"),
        )

    def __str__(self) -> str:
        return f"{self.account_id} at {self.issuer}"


class Sitting(models.Model):
    """One session of one account: how it began and in which browser; never from where."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sittings")
    key = models.CharField(max_length=40, unique=True)
    way = models.CharField(max_length=60, blank=True)
    browser = models.CharField(max_length=60, blank=True)
    created = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("account", "ended"), name="access_sitting_of"),)

    def __str__(self) -> str:
        return f"{self.account_id} since {self.created:%Y-%m-%d %H:%M}"

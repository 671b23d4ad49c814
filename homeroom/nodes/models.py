"""The nodes of this district, the codes by which they come, the files they have shipped."""

from __future__ import annotations

from django.db import models


class Node(models.Model):
    """A machine that filters for this district. `key` is its public Ed25519 key in hex; `health` what it last said."""

    name = models.CharField(max_length=100)
    key = models.CharField(max_length=64, unique=True)
    enrolled = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)
    heard = models.DateTimeField(null=True, blank=True)
    health = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("name",), condition=models.Q(ended=None), name="nodes_one_of_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class Code(models.Model):
    """A one-time code for one node; only its SHA-256 is kept."""

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    made = models.DateTimeField()
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"a code for {self.name}"


class Shipped(models.Model):
    """A spool file that a node has handed over; its name never comes again."""

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="shipped")
    name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("node", "name"), name="nodes_each_file_once"),)

    def __str__(self) -> str:
        return self.name

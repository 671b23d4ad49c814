"""Who provides technology, and what was answered about it."""

from __future__ import annotations

from django.db import models

from homeroom.kernel.providers.classification import Answers


class Provider(models.Model):
    """XIII.A: somebody whose product is used, with the answers that classify it.

    `domains` are the host names of the product; `data` are ids of the vocabulary. Whether it is a provider in the
    policy's sense is computed from the answers, never stored.
    """

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    product = models.CharField(max_length=200)
    website = models.URLField(max_length=500, blank=True)
    domains = models.JSONField(default=list)
    purpose = models.TextField(blank=True)
    gives_device = models.BooleanField(default=False)
    holds_data = models.BooleanField(default=False)
    used_for = models.JSONField(default=list)
    data = models.JSONField(default=list)
    under_13 = models.BooleanField(default=False)
    advertising = models.BooleanField(default=False)
    exemption = models.CharField(max_length=200, blank=True)
    citation = models.CharField(max_length=300, blank=True)
    rationale = models.TextField(blank=True)
    subprocessors = models.TextField(blank=True)
    incident_contact = models.CharField(max_length=300, blank=True)
    rating = models.CharField(max_length=200, blank=True)  # somebody else's, with its link
    made_at = models.DateTimeField()
    classified_at = models.DateTimeField(null=True, blank=True)
    classified_by = models.CharField(max_length=100, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("name", "product")
        indexes = (models.Index(fields=("name", "product"), name="providers_by_name"),)

    @property
    def title(self) -> str:
        """As lists call it: the product, and whose it is where that is another name."""
        return self.product if self.product == self.name else f"{self.product} ({self.name})"

    @property
    def answers(self) -> Answers:
        """As the kernel reads them."""
        return Answers(
            self.gives_device, self.holds_data, frozenset(self.used_for), frozenset(self.data), self.under_13,
            self.advertising, self.exemption, self.citation,
        )  # fmt: skip

    def __str__(self) -> str:
        return self.title

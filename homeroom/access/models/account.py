"""Who may sign in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from homeroom.people.models import Person


class Accounts(BaseUserManager["Account"]):
    """Finds accounts by their e-mail address, whatever its case; the person, who is always asked for, comes along."""

    def get_queryset(self) -> models.QuerySet[Account]:
        """Accounts with their people."""
        return super().get_queryset().select_related("person")

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account that signs in with this address; raises Account.DoesNotExist."""
        return self.get(email=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """V.A.7: an account that is on file, assigned to one known person.

    It holds no role: what its person is on the day decides what it opens. `is_active` False
    closes it at once. `email` is in lower case; None for whoever signs in by a code only, since the
    adults of a household may share an address.
    """

    email = models.EmailField(unique=True, null=True, blank=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)
    created = models.DateTimeField()

    objects = Accounts()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    def __str__(self) -> str:
        return self.email or self.person.name

    def clean(self) -> None:
        """One spelling per address."""
        self.email = (self.email or "").strip().lower() or None

    def get_full_name(self) -> str:
        """The person's name."""
        return self.person.name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Nothing is permitted this way; roles decide (base.needs)."""
        return False

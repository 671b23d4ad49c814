"""The app."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Agreements and signatures."""

    name = "homeroom.agreements"
    label = "agreements"

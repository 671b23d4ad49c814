"""Questions about forms, agreements and what is still to be signed; they never write."""

from homeroom.agreements.queries.facts import Bearing, bearings, held, state_of
from homeroom.agreements.queries.signing import ToSign, class_to_sign, household, slot, to_sign, to_sign_for

__all__ = [
    "Bearing",
    "ToSign",
    "bearings",
    "class_to_sign",
    "held",
    "household",
    "slot",
    "state_of",
    "to_sign",
    "to_sign_for",
]

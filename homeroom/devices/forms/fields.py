"""Fields that several forms share."""

from homeroom.people.forms.fields import Day, Moment, OnePerson, Words

__all__ = ["Day", "Moment", "OnePerson", "Words"]

"""What the pages of requests share."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.urls import reverse

from homeroom.base import onething

DIRECTOR = "technology_director"
SUPERINTENDENT = "superintendent"
ADMINISTRATOR = "building_administrator"
OFFICIALS = (DIRECTOR, SUPERINTENDENT, ADMINISTRATOR)
FORM = onething.FORM
work = partial(onething.work, template="requests/form.html")


def page_of(title: str, back: str, back_title: str, button: str, *args: Any, lede: str = "") -> dict[str, Any]:
    """What a page with one form says around it: its title, the way back, its button."""
    return {"title": title, "lede": lede, "back": reverse(back, args=args), "back_title": back_title, "button": button}

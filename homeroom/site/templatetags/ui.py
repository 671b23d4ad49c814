"""The parts of the design system: `{% load ui %}`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms, template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Page
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import avoid_wrapping, format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.timesince import timeuntil as django_timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from homeroom.filtering import titles
from homeroom.people.models import Person
from homeroom.site.pages import acts, chart, navigation, words

register = template.Library()
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A small picture from icons.svg; decoration, unless it has a label."""
    where = static("site/icons.svg")
    if label:
        picture = '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>'
        return format_html(picture, label, where, name)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', where, name)


@register.simple_tag
def kind(value: str) -> SafeString:
    """Who stands behind an answer, as a badge: law, district, standing, safety."""
    title = words.kinds().get(str(value), str(value))
    picture = icon(str(value)) if str(value) in words.KINDS else ""
    return format_html('<span class="badge {}">{}{}</span>', value, picture, title)


@register.simple_tag
def kind_dot(value: str) -> SafeString:
    """The colour of a kind beside its name, as in a legend."""
    return format_html('<span class="dot {}"></span>{}', value, words.kinds().get(str(value), str(value)))


@register.simple_tag
def roles_in_words(roles: Iterable[str]) -> str:
    """Roles as people say them: "Teacher, Building administrator"."""
    known = words.roles()
    return ", ".join(sorted(known.get(role, role) for role in roles))


@register.simple_tag
def role_in_words(role: str) -> str:
    """One role as people say it."""
    return words.roles().get(role, role)


@register.simple_tag
def category(id: str) -> str:
    """A category of lists as people know it."""
    return titles.title(id)


@register.simple_tag
def audience(value: str) -> str:
    """For whom a filter profile is made."""
    return words.audiences().get(value, value)


@register.simple_tag
def youtube(value: str) -> str:
    """How video sites answer an audience."""
    return words.youtube().get(value, value)


@register.simple_tag
def effect(value: str) -> SafeString:
    """What a rule does, as a badge."""
    tone = {"block": "bad", "allow": "good", "correct": "info"}.get(value, "")
    return format_html('<span class="badge {}">{}</span>', tone, words.effects().get(value, value))


@register.simple_tag
def effect_in_words(value: str) -> str:
    """What a rule does."""
    return words.effects().get(value, value)


@register.simple_tag
def verdict(value: str) -> SafeString:
    """What somebody is answered, as a badge."""
    tone, picture = {"block": ("bad", "block"), "allow": ("good", "good")}.get(value, ("info", "rewrite"))
    title = words.verdicts().get(value, value)
    return format_html('<span class="badge {}">{}{}</span>', tone, icon(picture), title)


@register.simple_tag
def answer(value: str) -> str:
    """The answer to a review request."""
    return words.answers().get(value, value)


@register.simple_tag
def version_state(value: str) -> SafeString:
    """Where a version of a list stands, as a badge."""
    tone = {"live": "good", "held": "warn", "refused": "bad", "checked": "info"}.get(value, "")
    return format_html('<span class="badge {}">{}</span>', tone, words.version_states().get(value, value))


@register.simple_tag
def verb(value: str) -> str:
    """An act of the journal in words; its own name where no words are known."""
    return acts.said(value)


@register.simple_tag
def names_of(entries: Iterable[Any]) -> dict[str, str]:
    """The names of those who act in journal entries, by id; one query however many there are."""
    ids = {entry.actor for entry in entries}
    return {person.pk: person.name for person in Person.objects.filter(pk__in=ids)}


@register.simple_tag
def count(value: Any) -> str:
    """A number with its separators; "under 5" where it is too small to be told, "not told" where it would tell one."""
    n = getattr(value, "n", value)
    if n is None and not getattr(value, "small", True):
        return _("not told")
    if n is None:
        return _("under %(n)d") % {"n": value.floor}
    return intcomma(n)


@register.simple_tag
def querystring_of(**values: Any) -> str:
    """A query made of these values alone, empty ones left out: "?a=1&b=2"."""
    said = urlencode({key: value for key, value in values.items() if value not in (None, "")})
    return f"?{said}" if said else ""


@register.simple_tag
def when(at: datetime | date | None, empty: str = "") -> SafeString | str:
    """A moment in the district's time: the hour for today, the day for others, in one style; exact when pointed at."""
    if at is None:
        return empty
    if not isinstance(at, datetime):
        return format_html('<time datetime="{}">{}</time>', at.isoformat(), date_format(at, "SHORT_DATE_FORMAT"))
    local = timezone.localtime(at)
    today = local.date() == timezone.localtime().date()
    short = date_format(local, "TIME_FORMAT") if today else date_format(local, "SHORT_DATETIME_FORMAT")
    if today:
        short = _("today at %(time)s") % {"time": short}
    exact = local.isoformat(sep=" ", timespec="seconds")
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact, short)


@register.filter
def age(at: datetime | None) -> str:
    """How long ago, in words: "3 minutes ago"."""
    if at is None:
        return ""
    if (timezone.now() - at).total_seconds() < 60:
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(at, depth=1)}


@register.filter
def until(at: datetime | None) -> str:
    """How long from now, in words: "2 hours left", or "3 days late"."""
    if at is None:
        return ""
    if at < timezone.now():
        return _("%(time)s late") % {"time": timesince(at, depth=1)}
    left = at - timezone.now()
    if DAY <= left <= 3 * DAY:  # three days that have just begun are not two: hours tell more
        hours = (left + MINUTE) // HOUR
        said = ngettext("%(num)d hour", "%(num)d hours", hours) % {"num": hours}
        return _("%(time)s left") % {"time": avoid_wrapping(said)}
    return _("%(time)s left") % {"time": django_timeuntil(at, depth=1)}


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """`mapping[key]`, or nothing."""
    return mapping.get(key, "") if mapping else ""


@register.inclusion_tag("parts/field.html")
def field(bound: forms.BoundField, extra: str = "", bare: bool = False) -> dict[str, Any]:
    """One field with its label, hint and errors, tied together for screen readers."""
    widget = bound.field.widget
    many = isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple))
    described = [f"{bound.auto_id}_helptext"] if bound.help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    attrs: dict[str, Any] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {
        "field": bound,
        "many": many,
        "tick": isinstance(widget, forms.CheckboxInput),
        "described": " ".join(described),
        "extra": extra,
        "bare": bare,
        "widget": "" if many else bound.as_widget(attrs=attrs),
    }


@register.inclusion_tag("parts/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """What must be looked at again, each linked to its field."""
    return {"form": form}


@register.inclusion_tag("parts/pages.html", takes_context=True)
def pages(context: template.Context, page: Page) -> dict[str, Any]:
    """Which part of a long list this is, and the way to the others."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "numbers": list(numbers), "request": context.get("request")}


@register.inclusion_tag("parts/empty.html")
def empty(picture: str, title: str, text: str = "", url: str = "", button: str = "") -> dict[str, str]:
    """Nothing here yet, and what to do next."""
    return {"icon": picture, "title": title, "words": text, "url": url, "button": button}


@register.inclusion_tag("parts/navigation.html", takes_context=True)
def navigation_of(context: template.Context) -> dict[str, Any]:
    """The pages that this person's roles open."""
    return {"groups": navigation.groups(context["request"])}


register.tag("navigation", register.tags.pop("navigation_of"))


@register.inclusion_tag("parts/chart.html")
def columns(hours: Iterable[tuple[datetime, dict[str, int]]], caption: str) -> dict[str, Any]:
    """Blocks per hour by kind as stacked columns, with the figures in a table beside it."""
    return {"chart": chart.stacked(list(hours), words.KINDS), "caption": caption, "kinds": words.KINDS}

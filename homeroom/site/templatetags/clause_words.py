"""Words of the catalogue in templates."""

from __future__ import annotations

from django import template
from django.utils.html import format_html

from homeroom.base import speech
from homeroom.ledger import said

register = template.Library()


@register.simple_tag
def own(words: str) -> str:
    """XVII.C: words of the catalogue in the reader's language, marked where they are in another one than the page."""
    told, language = said.said(words)
    if language == speech.language():
        return format_html("{}", told)
    return format_html('<span lang="{}">{}</span>', language, told)


@register.simple_tag
def translated() -> bool:
    """Whether these words are a translation, so that the page says which words bind."""
    return said.elsewhere()

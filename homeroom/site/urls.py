"""The map of all pages: each app brings its own `urls`, found by name."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from homeroom.base.needs import public

urlpatterns: list[URLPattern | URLResolver] = [
    path("language", public("Everybody may read in their own language.")(set_language), name="set_language"),
]
# The topmost app comes first, so that the house's own pages win over an app's.
for _app in reversed(settings.HOMEROOM_APPS):
    _module = f"{_app}.pages.urls" if _app == "homeroom.site" else f"{_app}.urls"
    if find_spec(_module.rpartition(".")[0]) and find_spec(_module):
        import_module(_module)
        urlpatterns.append(path("", include(_module)))

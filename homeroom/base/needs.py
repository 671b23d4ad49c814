"""Every view says who may see it; a view that says nothing is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE = "homeroom_needs"


@dataclass(frozen=True, slots=True)
class Need:
    """What a view declared: the roles of which one suffices, or why it is public.

    `first` marks the few pages that must be reachable before a second factor is set up, `whole` those that an
    official who came in by a parent's code does not get.
    """

    roles: frozenset[str] = frozenset()
    public: str = ""
    first: bool = False
    whole: bool = False


def needs(*roles: str, first: bool = False, whole: bool = False) -> Callable[[View], View]:
    """Only for signed-in people who hold one of these roles today; with no role named, for any signed-in person."""
    return _declare(Need(roles=frozenset(roles), first=first, whole=whole))


def public(why: str) -> Callable[[View], View]:
    """For everybody, signed in or not; `why` is a sentence for the reviewer."""
    return _declare(Need(public=why, first=True))


def need_of(view: Any) -> Need | None:
    """What a view declared, or None for silence."""
    return getattr(view, ATTRIBUTE, None)


def _declare(need: Need) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, ATTRIBUTE, need)
        return view

    return mark


class Declared:
    """Middleware: lets a request through to its view only as the view declared. Reads `request.actor`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the judging happens when the view is known."""
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """None lets the view answer."""
        need = need_of(view)
        if need is None:
            raise PermissionDenied(_("This page does not say who may see it, so nobody may. Please report it."))
        if need.public:
            return None
        if not request.user.is_authenticated:
            return to_sign_in(request)
        if need.roles and not request.actor.holds(*need.roles):
            raise PermissionDenied(
                _("Your role today does not open this page. Ask the technology director for access.")
            )
        return None


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page and back again afterwards; a part of a page asks for the whole page to move."""
    back = request.get_full_path() if request.method == "GET" else "/"
    target = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": target})
    return redirect(target)

"""The pages on the left: those that the roles of whoever is signed in open, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from homeroom.access import queries as access
from homeroom.base.actor import Actor
from homeroom.base.needs import need_of
from homeroom.filtering import permits
from homeroom.filtering.queries import accidents, reviews
from homeroom.people import queries as people


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the name of its URL, how it is called, its picture.

    `only` narrows whom the view lets in; `also` says who else of those it lets in has something to read there.
    """

    name: str
    title: str | Promise
    icon: str
    only: tuple[str, ...] = ()
    also: Callable[[Actor, date], bool] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A page as one person sees it at one moment."""

    title: str | Promise
    url: str
    icon: str
    here: bool
    count: int = 0
    counted: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that belong together."""

    title: str | Promise
    items: tuple[Item, ...]


REVIEWS = "filtering:reviews"
DASHBOARD = ("technology_director", "building_administrator")  # the first page leads all others to their work
GROUPS: tuple[tuple[str | Promise, tuple[Page, ...]], ...] = (
    (
        "",
        (
            Page("home", _("Today"), "today", only=DASHBOARD),
            Page("filtering:why", _("Why?"), "why"),
            Page(REVIEWS, _("Review requests"), "reviews"),
            Page("filtering:accidents", _("Told accidents"), "info", only=DASHBOARD, also=accidents.supervises),
            Page("ledger:desk", _("Official’s desk"), "info"),
            Page("notices:clocks", _("Clocks"), "clock"),
        ),
    ),
    (
        _("My own"),
        (
            Page("agreements:children", _("My children"), "people", only=("guardian",)),
            Page("agreements:mine", _("My agreement"), "standing"),
            Page("agreements:sign", _("Sign"), "good"),
            Page("devices:mine", _("My devices"), "phone", only=("student", "guardian")),
            Page("notices:mine", _("My notices"), "info"),
            Page("providers:providers", _("Technology providers"), "district", only=("student", "guardian")),
            Page("requests:mine", _("What the school keeps"), "search", only=("student", "guardian")),
            Page("filtering:accident-tell", _("Tell an accident"), "info"),
            Page("access:devices", _("My ways in"), "key"),
        ),
    ),
    (
        _("Agreements and notices"),
        (
            Page("agreements:office", _("Who has not signed"), "standing"),
            Page("agreements:papers", _("Paper forms"), "print"),
            Page("agreements:classes", _("My classes"), "people"),
            Page("agreements:forms", _("Forms"), "rules"),
            Page("agreements:alternatives", _("Alternative activities"), "categories"),
            Page("agreements:terminations", _("Ended by parents"), "block"),
            Page("notices:notices", _("Notices"), "info"),
            Page("notices:templates", _("Templates"), "lists"),
        ),
    ),
    (
        _("Providers and devices"),
        (
            Page("providers:register", _("Providers"), "district"),
            Page("devices:devices", _("Devices"), "phone"),
            Page("devices:access", _("Access to devices"), "lock"),
            Page("requests:desk", _("Requests for records"), "search"),
        ),
    ),
    (
        _("Filter"),
        (
            Page("filtering:rules", _("Rules"), "rules"),
            Page("filtering:lists", _("Lists"), "lists"),
            Page("filtering:categories", _("Categories"), "categories"),
            Page("filtering:choices", _("Policy choices"), "district"),
            Page("filtering:viewpoint", _("Viewpoint report"), "viewpoint"),
            Page("nodes:nodes", _("Filter nodes"), "district"),
        ),
    ),
    (
        _("District"),
        (
            Page("people:people", _("People"), "people"),
            Page("people:roster", _("Roster"), "refresh"),
            Page("access:network", _("Network sign-in"), "key"),
            Page("board:texts", _("Policy texts"), "rules"),
            Page("board:addenda", _("Addenda"), "plus"),
            Page("board:parameters", _("Parameters"), "clock"),
            Page("board:review", _("Yearly review"), "today"),
            Page("ledger:lessons", _("Lessons"), "categories"),
            Page("ledger:binders", _("E-Rate binder"), "down"),
            Page("journal:journal", _("Journal"), "journal"),
            Page("ledger:ledger", _("Policy ledger"), "good"),
        ),
    ),
)


def groups(request: Any) -> tuple[Group, ...]:
    """What `request.actor` may open; nothing before a second factor is set up."""
    if not request.user.is_authenticated or access.second_factor_missing(request):
        return ()
    found = ((title, tuple(_items(request, pages))) for title, pages in GROUPS)
    return tuple(Group(title, items) for title, items in found if items)


def _items(request: Any, pages: tuple[Page, ...]) -> Iterator[Item]:
    for page in pages:
        url, roles = _where(page.name)
        if url and _leads(request.actor, page, roles):
            here = request.path == url or (url != "/" and request.path.startswith(url + "/"))
            yield Item(page.title, url, page.icon, here, *(_waiting(request) if page.name == REVIEWS else ()))


def _leads(actor: Actor, page: Page, roles: frozenset[str]) -> bool:
    if actor.holds(*(page.only or roles or actor.roles)):
        return True
    return page.also is not None and actor.holds(*roles) and page.also(actor, people.today(timezone.now()))


def exists(name: str) -> bool:
    """Whether this installation has a page of that name."""
    return bool(_where(name)[0])


@cache
def _where(name: str) -> tuple[str, frozenset[str]]:
    """The URL of a page and the roles its view declares; ("", …) where this installation has no such page."""
    try:
        url = reverse(name)
    except NoReverseMatch:
        return "", frozenset()
    need = need_of(resolve(url).func)
    return url, need.roles if need else frozenset()


def _waiting(request: Any) -> tuple[int, str, str]:
    now = timezone.now()
    due = list(
        permits.requests(permits.desk(request.actor, now), reviews.waiting()).values_list("due_at", flat=True)[:100]
    )
    late = any(each < now for each in due)
    return len(due), ngettext("waits", "wait", len(due)), "bad" if late else "warn"

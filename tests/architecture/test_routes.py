"""Every page says who may see it, and nobody else does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from homeroom.base.needs import Need, need_of
from homeroom.people.models import RoleName

EXAMPLES = {"int": "1", "str": "x", "slug": "x", "path": "x", "uuid": "00000000-0000-0000-0000-000000000000"}


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from routes(each, prefix + str(each.pattern))
        else:
            yield prefix + str(each.pattern), each


def example(route: str) -> str:
    """A path that a route matches."""
    for kind, value in EXAMPLES.items():
        while f"<{kind}:" in route:
            before, _, rest = route.partition(f"<{kind}:")
            route = before + value + rest.partition(">")[2]
    return "/" + route


ROUTES = sorted(routes(), key=lambda pair: pair[0])


@pytest.mark.parametrize(("route", "pattern"), ROUTES, ids=[route or "(first page)" for route, _ in ROUTES])
def test_no_page_is_silent_about_who_may_see_it(route, pattern):
    need = need_of(pattern.callback)
    assert isinstance(need, Need), f"/{route}: put @needs(...) or @public(why) on the view"
    assert need.public or need.roles <= set(RoleName.values), f"/{route} names a role that does not exist"
    if need.public:
        assert len(need.public) > 10, "say why in a sentence"


@pytest.mark.timeout(600)  # it opens every page there is, twice
@pytest.mark.django_db(databases=["default", "activity"])
def test_nobody_sees_a_page_that_is_not_public_without_signing_in():
    for route, pattern in ROUTES:
        if not need_of(pattern.callback).public:
            for method in ("get", "post"):
                answer = getattr(Client(), method)(example(route))
                assert answer.status_code == 302, f"{method} /{route}: {answer.status_code}"
                assert answer.url.startswith("/account/sign-in"), f"/{route}"


@pytest.mark.django_db(databases=["default", "activity"])
def test_a_role_that_is_not_named_is_turned_away(town):
    """A guardian's account opens none of the pages that name roles, except those that name guardians."""
    from allauth.mfa.models import Authenticator

    account = town.bare_account("rosa")
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})
    client = Client()
    client.force_login(account)
    for route, pattern in ROUTES:
        if need_of(pattern.callback).roles and "guardian" not in need_of(pattern.callback).roles:
            answer = client.get(example(route))
            assert answer.status_code == 403, f"/{route}: {answer.status_code}"


@pytest.mark.django_db(databases=["default", "activity"])
def test_without_a_second_factor_only_the_pages_that_set_it_up_open(town):
    client = Client()
    client.force_login(town.bare_account("dana"))
    for route, pattern in ROUTES:
        need = need_of(pattern.callback)
        if not need.public and not need.first:
            answer = client.get(example(route))
            assert answer.status_code == 302, f"/{route}: {answer.status_code}"
            assert answer.url == "/account/second-factor", f"/{route}"


def test_a_view_that_says_nothing_is_refused(rf):
    from django.core.exceptions import PermissionDenied

    from homeroom.base.needs import Declared

    with pytest.raises(PermissionDenied):
        Declared(lambda request: None).process_view(rf.get("/"), lambda request: None, (), {})

"""Local rules: block, allow, correct a list; in force at every door within a second."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.filtering import publishing, tables, titles, typed
from homeroom.filtering.models import Effect, LocalRule
from homeroom.filtering.queries import choices, listed, reached
from homeroom.journal import actions as journal
from homeroom.people import queries as people
from homeroom.people.models import RoleName


def add_rule(
    *,
    actor: Actor,
    effect: str,
    target: str,
    scope: str,
    reason: str,
    at: datetime,
    exact: bool = False,
    starts: datetime | None = None,
    until: datetime | None = None,
    review_on: date | None = None,
    asked_by_self: bool = False,
) -> LocalRule:
    """III.2: block or allow a name or URL for somebody.

    `effect` is "block" or "allow"; `target` a host or URL as people write it; `scope` "everyone",
    "school:ID", "role:ROLE", "class:ID" or "person:ID". Raises Refused with a sentence: not a name,
    nobody has that id, a whole public suffix ("co.uk"), an end before the start, or an allow that could
    have no effect because the law demands the block (then a correction is the way, if the list is wrong) or
    because what guards the network itself is for the technology director alone to open (V.A.4).
    """
    if effect not in (Effect.BLOCK, Effect.ALLOW):
        raise Refused(_("“%(effect)s” is not what a rule does; choose block or allow.") % {"effect": effect})
    host, path = typed.target(target)
    kind, id = typed.scope(scope)
    _check_reached(kind, id)
    if effect == Effect.ALLOW:
        typed.no_public_suffix(host, exact=exact)
        _check_not_law(host, path, kind, id, at)
        _check_not_guarded(host, path, limited=_limited(actor))
    return _save(
        actor, at, starts=starts, until=until, review_on=review_on, effect=effect, host=host, path=path, exact=exact,
        scope_kind=kind, scope_id=id, reason=reason, asked_by_self=asked_by_self,
        limited=effect == Effect.ALLOW and _limited(actor),
    )  # fmt: skip


def correct_listing(
    *,
    actor: Actor,
    target: str,
    categories: Iterable[str],
    reason: str,
    at: datetime,
    list: str = "",
    exact: bool = False,
    until: datetime | None = None,
    review_on: date | None = None,
) -> LocalRule:
    """VI.Alt3.C: an entry of a list is wrong; the named categories no longer count for this name.

    The only way past a statutory category, since it says that the law never spoke about this name. For
    everyone. The name itself (or a name above it) must be listed there, by the lists now live or by a version
    that waits: otherwise the correction would only reach names below, each of which was listed for itself.
    """
    host, path = typed.target(target)
    typed.no_public_suffix(host, exact=exact)
    named = _check_categories(categories)
    _check_listed(host, path, named, exact=exact)
    return _save(
        actor, at, until=until, review_on=review_on, effect=Effect.CORRECT, host=host, path=path, exact=exact,
        scope_kind="everyone", scope_id="", categories=named, list=list, reason=reason,
    )  # fmt: skip


def end_rule(*, actor: Actor, rule: int, reason: str, at: datetime) -> LocalRule:
    """III.2: end a rule or correction now; raises Refused where it has ended already."""
    why = typed.reason(reason)
    with journal.atomic():
        changed = LocalRule.objects.filter(pk=rule, ended_at=None).update(ended_at=at, ended_by=actor.id, ended_why=why)
        if changed != 1:
            raise Refused(_("Rule %(rule)s has ended already, or never was; see the list of rules.") % {"rule": rule})
        row = LocalRule.objects.get(pk=rule)
        journal.record(
            actor=actor, verb="filtering.rule.ended", subject=f"rule:{rule}", at=at, clause="III.2", reason=why,
            data={"what": str(row)},
        )  # fmt: skip
        publishing.after_commit(at)
    return row


def keep_rule(*, actor: Actor, rule: int, reason: str, review_on: date, at: datetime) -> LocalRule:
    """III.2: somebody looked at a rule whose review was due and keeps it until the next review."""
    why = typed.reason(reason)
    if review_on <= people.today(at):
        raise Refused(_("Give a day after today for the next review."))
    with journal.atomic():
        if LocalRule.objects.not_over(at).filter(pk=rule).update(review_on=review_on) != 1:
            raise Refused(_("Rule %(rule)s has ended already, or never was; see the list of rules.") % {"rule": rule})
        journal.record(
            actor=actor, verb="filtering.rule.kept", subject=f"rule:{rule}", at=at, clause="III.2", reason=why,
            data={"review_on": review_on.isoformat()},
        )  # fmt: skip
        publishing.after_commit(at)
    return LocalRule.objects.get(pk=rule)


def _save(
    actor: Actor,
    at: datetime,
    *,
    reason: str,
    starts: datetime | None = None,
    until: datetime | None = None,
    review_on: date | None = None,
    **values: Any,
) -> LocalRule:
    if until is not None and until <= (starts or at):
        raise Refused(_("The end lies before the start; give a later end, or none."))
    if review_on is None:
        review_on = people.today(at) + timedelta(days=choices.parameter("rule_review_days", people.today(at)))
    with journal.atomic():
        rule = LocalRule.objects.create(
            reason=typed.reason(reason), owner=actor.id, owner_name=actor.name or actor.id, made_at=at, starts=starts,
            until=until, review_on=review_on, **values,
        )  # fmt: skip
        correcting = rule.effect == Effect.CORRECT
        journal.record(
            actor=actor,
            verb="filtering.listing.corrected" if correcting else "filtering.rule.added",
            subject=f"rule:{rule.pk}",
            at=at,
            clause="VI.Alt3.C" if correcting else "III.2",
            reason=rule.reason,
            data=_plain(rule),
        )
        publishing.after_commit(at)
    return rule


def _plain(rule: LocalRule) -> dict[str, Any]:
    """A rule for the journal, which holds ids and no names."""
    row = publishing.as_row(rule).as_json()
    return {key: value for key, value in row.items() if key not in ("owner", "reason") and value not in ("", None)}


def _check_reached(kind: str, id: str) -> None:
    if reached.exists(kind, id):
        return
    if kind == "role":
        raise Refused(
            _("There is no role “%(id)s”; there are %(known)s.") % {"id": id, "known": ", ".join(reached.ROLES)}
        )
    raise Refused(
        _("There is no %(kind)s with the id “%(id)s”; look the id up and try again.") % {"kind": _(kind), "id": id}
    )


def _check_not_law(host: str, path: str, kind: str, id: str, at: datetime) -> None:
    locked = listed.law_for(host, path, kind, id, at)
    if locked:
        raise Refused(
            _(
                "The law demands that %(name)s is blocked: it is listed as “%(title)s”. No rule opens "
                "that (%(clause)s), so this one could have no effect. If the list is wrong about "
                "this name, correct the listing instead."
            )
            % {"name": f"{host}{path}", "title": titles.title(locked.category), "clause": locked.clause}
        )


def _limited(actor: Actor) -> bool:
    return actor.holds(RoleName.TEACHER, RoleName.BUILDING_ADMINISTRATOR) and not actor.holds(
        RoleName.TECHNOLOGY_DIRECTOR
    )


def _check_not_guarded(host: str, path: str, *, limited: bool) -> None:
    title = listed.guarded(host, path) if limited else ""
    if title:
        raise Refused(
            _(
                "%(name)s is listed as “%(title)s”, and only the technology director can allow such "
                "names, since one of them can open everything. Ask the director to look at it."
            )
            % {"name": f"{host}{path}", "title": title}
        )


def _check_categories(categories: Iterable[str]) -> list[str]:
    named = sorted(set(categories))
    if not named:
        raise Refused(_("Name the category under which the list is wrong, for instance --category drugs."))
    for name in named:
        if tables.category(name) is None:
            raise Refused(
                _("There is no category “%(name)s”; there are %(known)s.")
                % {"name": name, "known": ", ".join(tables.categories())}
            )
    return named


def _check_listed(host: str, path: str, categories: Iterable[str], *, exact: bool) -> None:
    if exact:
        return
    for category in categories:
        if not listed.under(host, path, category):
            raise Refused(
                _(
                    "No list has %(name)s itself under “%(category)s”, so there is nothing to correct. "
                    "“Why?” shows the very line that blocks; correct the name that it names."
                )
                % {"name": f"{host}{path}", "category": titles.title(category)}
            )

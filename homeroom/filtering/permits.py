"""Who may read, make and end which local rules, and see and answer which requests.

The technology director may do everything. A building administrator makes rules for their own
school, its classes and its people. A teacher makes rules for their own classes, with an end
within the term. Corrections of lists are for everybody in the district, so only the director makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.filtering.models import Effect, LocalRule, ReviewRequest, Scope
from homeroom.people import queries as people
from homeroom.people import reach
from homeroom.people.models import Class, RoleName
from homeroom.people.reach import Reach

LONGEST = timedelta(days=150)  # the end of a teacher's rule where the class itself has no last day


@dataclass(frozen=True, slots=True)
class Desk:
    """One official's field of work on one day."""

    actor: Actor
    on: date
    reach: Reach

    @property
    def director(self) -> bool:
        """Whether this is the technology director."""
        return self.actor.holds(RoleName.TECHNOLOGY_DIRECTOR)

    @property
    def administrator(self) -> bool:
        """Whether this is a building administrator (and not the director)."""
        return self.actor.holds(RoleName.BUILDING_ADMINISTRATOR) and not self.director


def desk(actor: Actor, at: datetime) -> Desk:
    """Somebody's field of work at an instant."""
    on = people.today(at)
    return Desk(actor, on, reach.of(actor, on))


def readable(at_desk: Desk, rules: QuerySet[LocalRule]) -> QuerySet[LocalRule]:
    """Those rules that reach somebody in this field of work, and those that reach everybody."""
    if at_desk.director:
        return rules
    return rules.filter(
        Q(scope_kind__in=(Scope.EVERYONE, Scope.ROLE))
        | Q(scope_kind=Scope.SCHOOL, scope_id__in=_schools(at_desk))
        | Q(scope_kind=Scope.CLASS, scope_id__in=reach.classes(at_desk.reach, at_desk.on).values("pk"))
        | Q(scope_kind=Scope.PERSON, scope_id__in=reach.persons(at_desk.reach, at_desk.on).values("pk"))
    )


def scopes(at_desk: Desk) -> tuple[str, ...]:
    """The kinds of scope for which this official may make a rule."""
    if at_desk.director:
        return tuple(Scope.values)
    if at_desk.administrator:
        return (Scope.SCHOOL, Scope.CLASS, Scope.PERSON)
    return (Scope.CLASS,) if at_desk.actor.holds(RoleName.TEACHER) else ()


def why_not_make(at_desk: Desk, *, effect: str, scope: str, until: datetime | None, at: datetime) -> str:
    """Why this official may not make this rule, as a sentence; "" where nothing speaks against it."""
    if at_desk.director:
        return ""
    if effect == Effect.CORRECT:
        return _("A correction counts for the whole district; ask the technology director to make it.")
    kind, _colon, id = scope.partition(":")
    if kind not in scopes(at_desk):
        return _("Your role cannot make a rule for that many people; choose a class, or ask the technology director.")
    if not _reaches(at_desk, kind, id):
        return _("That school, class or person is not yours; choose one of your own.")
    if not at_desk.administrator:
        return _within_term(at_desk, id, until, at)
    return ""


def may_end(at_desk: Desk, rule: LocalRule) -> bool:
    """Whether this official may end or keep a rule: their own, or one within the school they administer."""
    if at_desk.director:
        return True
    if rule.effect == Effect.CORRECT or rule.scope_kind not in scopes(at_desk):
        return False
    mine = rule.owner == at_desk.actor.id
    return (mine or at_desk.administrator) and _reaches(at_desk, rule.scope_kind, rule.scope_id)


def requests(at_desk: Desk, rows: QuerySet[ReviewRequest]) -> QuerySet[ReviewRequest]:
    """Those review requests that this official may see and answer: all, or those from their schools.

    A request knows its school and a pseudonym, never its class, so a teacher sees none.
    """
    if not (at_desk.director or at_desk.administrator):
        return rows.none()
    return rows if at_desk.reach.everybody else rows.filter(school__in=at_desk.reach.schools)


def _schools(at_desk: Desk) -> set[str]:
    own = Class.objects.filter(pk__in=at_desk.reach.classes).values_list("school_id", flat=True)
    return {*at_desk.reach.schools, *own}


def _reaches(at_desk: Desk, kind: str, id: str) -> bool:
    if kind == Scope.SCHOOL:
        return id in at_desk.reach.schools or at_desk.reach.everybody
    if kind == Scope.CLASS:
        return reach.classes(at_desk.reach, at_desk.on).filter(pk=id).exists()
    return reach.persons(at_desk.reach, at_desk.on).filter(pk=id).exists()


def _within_term(at_desk: Desk, id: str, until: datetime | None, at: datetime) -> str:
    last = Class.objects.values_list("last_day", flat=True).get(pk=id)
    latest = min(last or date.max, at_desk.on + LONGEST)
    if until is not None and until.astimezone(people.zone()).date() <= latest:
        return ""
    return _("A rule for a class ends within the term. Give an end on or before %(day)s.") % {"day": latest.isoformat()}

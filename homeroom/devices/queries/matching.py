"""XIV.C.0: which access or programme stands behind an act of a console."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from homeroom.devices.models import Access, ConsoleAct, IssuedResource, Loan, Programme
from homeroom.devices.queries import gate, told
from homeroom.kernel.devices import using
from homeroom.kernel.devices.consolelog import Act
from homeroom.kernel.devices.terms import Ground
from homeroom.people import queries as people

PART = 500


def known(source: str, externals: Sequence[str]) -> set[str]:
    """Those acts that are on record already."""
    found: set[str] = set()
    for start in range(0, len(externals), PART):
        part = externals[start : start + PART]
        found |= set(ConsoleAct.objects.filter(source=source, external__in=part).values_list("external", flat=True))
    return found


def findings() -> QuerySet[ConsoleAct]:
    """Acts without a ground that nobody has answered for."""
    return ConsoleAct.objects.filter(access__isnull=True, programme__isnull=True, answered_at__isnull=True)


def acts(words: str, *, open_only: bool) -> QuerySet[ConsoleAct]:
    """What the consoles say was done, with these words in the act, the device, or whoever did it."""
    rows = (findings() if open_only else ConsoleAct.objects).select_related("resource", "access", "programme")
    for word in words.split():
        rows = rows.filter(
            Q(act__icontains=word) | Q(who__icontains=word) | Q(device__icontains=word)
            | Q(resource__tag__icontains=word) | Q(resource__title__icontains=word)
        )  # fmt: skip
    return rows


class Book:
    """What is on record about the devices of one log: a fixed number of questions, however long the log is."""

    def __init__(self, devices: Sequence[str], at: datetime) -> None:
        names = set(devices) | {each.upper() for each in devices}
        rows = list(IssuedResource.objects.filter(Q(serial__in=names) | Q(external__in=names) | Q(tag__in=names)))
        self._resources = {name: row for row in rows for name in (row.tag, row.external, row.serial) if name}
        self._accesses: dict[int | None, list[Access]] = defaultdict(list)
        for access in Access.objects.filter(resource__in=rows, state="authorised").select_related("loss"):
            self._accesses[access.resource_id].append(access)
        self._loans: dict[int, list[Loan]] = defaultdict(list)
        for loan in Loan.objects.filter(resource__in=rows):
            self._loans[loan.resource_id].append(loan)
        self._programmes = list(Programme.objects.all())
        holders = {loan.person_id for loans in self._loans.values() for loan in loans}
        self._told = told.delivered(sorted(holders), people.today(at)) if holders else {}

    def resource(self, device: str) -> IssuedResource | None:
        """The resource that a console means."""
        return self._resources.get(device) or self._resources.get(device.upper())

    def ground(self, act: Act) -> tuple[Access | None, Programme | None]:
        """The access or the programme that covers an act; neither where nothing does."""
        row = self.resource(act.device)
        if row is None:
            return None, None
        for access in self._accesses[row.pk]:
            if not using.why_not(_as_then(access, act.at), [act.feature], act.at):
                return access, None
        holder = self._holder(row, act.at)
        return None, next((each for each in self._programmes if self._covers(each, act, holder)), None)

    def _holder(self, row: IssuedResource, at: datetime) -> str:
        held = (x for x in self._loans[row.pk] if x.lent_at <= at and (x.returned_at is None or at < x.returned_at))
        return next((loan.person_id for loan in held), "")

    def _covers(self, programme: Programme, act: Act, holder: str) -> bool:
        over = programme.ended_at is not None and programme.ended_at <= act.at
        if over or act.at < programme.authorised_at or act.feature not in programme.features:
            return False
        at = self._told.get(holder)
        return programme.ground != Ground.EDUCATION or (at is not None and at < act.at)


def _as_then(access: Access, at: datetime) -> using.Grant:
    """The grant as it stood at an instant: a device found later was still missing then."""
    found = access.loss is not None and access.loss.found_at is not None and access.loss.found_at <= at
    grant = gate.grant(access)
    return using.Grant(grant.ground, grant.features, grant.starts, grant.ends, grant.authorised, grant.ended_at, found)

"""XIV.D, XIII.C.0: what people owe families, on the first page: what is late first, then what will be soon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from homeroom.devices.queries import delivery, gate, register
from homeroom.filtering.permits import Desk
from homeroom.filtering.queries import accidents
from homeroom.notices.models import Letter
from homeroom.notices.queries import clocks, progress
from homeroom.providers.queries import contracts

SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong: what, and where the next step is taken (a sentence, and a link or "")."""

    sentence: str
    step: str
    url: str = ""
    bad: bool = True


def troubles(desk: Desk, at: datetime) -> Iterator[Trouble]:
    """What one official has to see before anything else; a fixed number of questions."""
    yield from _devices(desk, at)
    yield from _clocks(desk, at)
    yield from _letters(desk)
    yield from _accidents(desk)
    if desk.director:
        yield from _contracts(desk)


def _devices(desk: Desk, at: datetime) -> Iterator[Trouble]:
    mine = register.within(gate.accesses(), desk.reach, desk.on).values("pk")
    late = register.late(at, "")
    soon = Q(review_by__isnull=True, due_at__lt=at + SOON) | Q(review_by__lt=at + SOON / 6)
    waiting = register.waiting().filter(access__in=mine).order_by()
    asked = Q(put_off_asked_at__isnull=False) & ~Q(put_off_asked_by=desk.actor.id)
    told = waiting.aggregate(
        late=Count("pk", filter=late), soon=Count("pk", filter=soon & ~late), asked=Count("pk", filter=asked)
    )
    if (n := told["asked"]) and (desk.director or desk.administrator):
        said = ngettext(
            "%(n)d notice about a device shall wait, and needs your answer; its clock runs.",
            "%(n)d notices about devices shall wait, and need your answer; their clocks run.",
            n,
        ) % {"n": n}
        yield Trouble(said, _("Answer them"), reverse("devices:access") + "?clock=asked")
    yield from _asked(desk, at)
    if n := told["late"]:
        said = ngettext(
            "%(n)d family was not told in time of an emergency access to a device, or a look at a notice put off is "
            "late.",
            "%(n)d families were not told in time of an emergency access to a device, or looks at notices put off are "
            "late.",
            n,
        ) % {"n": n}
        yield Trouble(said, _("Tell them now"), reverse("devices:access") + "?clock=late")
    if n := told["soon"]:
        said = ngettext(
            "%(n)d notice after an emergency access is due within a day.",
            "%(n)d notices after an emergency access are due within a day.",
            n,
        ) % {"n": n}
        yield Trouble(said, _("See them"), reverse("devices:access") + "?clock=waiting", bad=False)


def _asked(desk: Desk, at: datetime) -> Iterator[Trouble]:
    """XIV.C.0: requests for an access that wait for a second person, while there is time to answer them."""
    rows = register.within(gate.accesses(), desk.reach, desk.on).filter(state="asked", ends__gt=at)
    if (n := rows.exclude(asked_by=desk.actor.id).count()) and (desk.director or desk.administrator):
        said = ngettext(
            "%(n)d request for an access to a device waits for your answer.",
            "%(n)d requests for an access to a device wait for your answer.",
            n,
        ) % {"n": n}
        yield Trouble(said, _("Answer them"), reverse("devices:access") + "?state=asked", bad=False)


def _clocks(desk: Desk, at: datetime) -> Iterator[Trouble]:
    """Clocks of devices are counted above."""
    rows = clocks.seen_by(desk.actor, clocks.late(at)).exclude(about__startswith="device-access:")
    if n := rows.count():
        said = ngettext("%(n)d clock is late.", "%(n)d clocks are late.", n) % {"n": n}
        yield Trouble(said, _("See the clocks"), reverse("notices:clocks"))


def _accidents(desk: Desk) -> Iterator[Trouble]:
    """V.C.1, V.C.2: what people came upon by accident and told."""
    if n := accidents.waiting(desk.actor, desk.on):
        said = ngettext(
            "%(n)d person told that they came upon something by accident.",
            "%(n)d times somebody told that they came upon something by accident.",
            n,
        ) % {"n": n}
        yield Trouble(said, _("Read it"), reverse("filtering:accidents"), bad=False)


def _contracts(desk: Desk) -> Iterator[Trouble]:
    """XIII.F: contracts that run out soon and about whose renewal nobody has decided."""
    undecided = contracts.ending(desk.on).exclude(renewal_expected=True)
    if n := undecided.count():
        said = ngettext(
            "%(n)d contract with a provider runs out within 90 days, and nobody has decided what comes then.",
            "%(n)d contracts with providers run out within 90 days, and nobody has decided what comes then.",
            n,
        ) % {"n": n}
        yield Trouble(said, _("Renew or end them"), reverse("providers:register") + "?state=ending", bad=False)


def _letters(desk: Desk) -> Iterator[Trouble]:
    ours = Letter.objects.filter(kind=delivery.KIND, notice__state="released")
    paper = ours.filter(state__in=("queued", "printed"), channel="paper")
    if (desk.director or desk.administrator) and (n := paper.count()):
        said = ngettext(
            "%(n)d notice about a device must be printed and mailed: its e-mail did not arrive.",
            "%(n)d notices about devices must be printed and mailed: their e-mails did not arrive.",
            n,
        ) % {"n": n}
        yield Trouble(said, _("Print them"), reverse("notices:notices") + f"?kind={delivery.KIND}")
    if n := progress.unreached(desk.actor, desk.on).exclude(kind="reminder").count():
        said = ngettext("%(n)d letter reaches nobody.", "%(n)d letters reach nobody.", n) % {"n": n}
        yield Trouble(said, _("Find a way"), reverse("notices:unreached"), bad=False)

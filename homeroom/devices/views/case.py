"""XIV.C, XIV.D: one access: its uses, its answer, and telling the family."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base.needs import needs
from homeroom.base.onething import FORM, page_of, work
from homeroom.devices import titles
from homeroom.devices.actions import duties, gate, telling, unsaying
from homeroom.devices.forms.access import (
    AnswerForm,
    DeferForm,
    EndForm,
    LookForm,
    NoticeForm,
    PutOffAnswerForm,
    SendForm,
    TakeBackForm,
    UnsayForm,
    UseForm,
)
from homeroom.devices.models import Access, DeviceNotice
from homeroom.devices.queries import delivery, register
from homeroom.devices.queries import gate as queries
from homeroom.devices.views.access import lines, opened_to
from homeroom.devices.views.shared import ACT, ADMINISTRATOR, CLERK, DIRECTOR, SUPERINTENDENT, TEACHER, Desk, desk
from homeroom.notices.queries import can_mail
from homeroom.people import queries as people


@needs(*ACT, SUPERINTENDENT)
@require_safe
def case(request: Any, pk: int) -> HttpResponse:
    """XIV.C.0: one access with all that happened; each look is written into the journal."""
    at_desk = desk(request)
    row = gate.look_at(actor=request.actor, access=_one(at_desk, pk).pk, at=at_desk.now)
    duty = getattr(row, "duty", None)
    notice = duty.notice if duty else None
    page = {
        "line": lines([row], at_desk.now)[0], "row": row, "uses": _uses(row), "duty": duty, "notice": notice,
        "purpose": titles.purposes()[row.purpose], "who": titles.actors()[row.actor_class],
        "usable": at_desk.actor.holds(*ACT) and not queries.why_not_use(row, row.features, at_desk.now),
        "may_answer": _may_answer(at_desk, row), "may_take_back": _may_take_back(at_desk, row),
        "unsaid": [(each, titles.ways().get(each.way, "")) for each in register.unsaid(notice)],
        "given": bool(duty and duty.told_at and notice and notice.way in unsaying.WAYS),
        "official": at_desk.actor.holds(DIRECTOR, ADMINISTRATOR),
        "told_features": titles.named(notice.features) if notice else "",
        "way": titles.ways().get(notice.way, "") if notice else "", "mail": delivery.letter_of(notice),
        "mail_state": _mail_state(notice), "asked_by_me": bool(duty and duty.put_off_asked_by == at_desk.actor.id),
    }  # fmt: skip
    return render(request, "devices/case.html", page)


@needs(DIRECTOR, ADMINISTRATOR)
@FORM
def answer(request: Any, pk: int) -> HttpResponse:
    """XIV.C.0: somebody else approves or refuses."""
    at_desk = desk(request)
    _one(at_desk, pk)
    return work(
        request, AnswerForm(request.POST or None),
        lambda said: gate.answer(
            actor=request.actor, access=pk, grant=said["grant"] == "yes", words=said["words"], at=at_desk.now
        ),
        done=_("Answered."), to=lambda _row: ("devices:case", pk), page=_page(_("Answer the request"), _("Answer"), pk),
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR, TEACHER)
@FORM
def take_back(request: Any, pk: int) -> HttpResponse:
    """XIV.C.0: whoever asked wants it no more."""
    at_desk = desk(request)
    _one(at_desk, pk)
    return work(
        request, TakeBackForm(request.POST or None),
        lambda said: gate.take_back(actor=request.actor, access=pk, at=at_desk.now, **said),
        done=_("Taken back."), to=lambda _row: ("devices:case", pk),
        page=_page(_("Take the request back"), _("Take it back"), pk),
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR, TEACHER, CLERK)
@FORM
def use(request: Any, pk: int) -> HttpResponse:
    """XIV.C.0: write down that something was looked at."""
    at_desk = desk(request)
    row = _one(at_desk, pk)
    return work(
        request, UseForm(request.POST or None, features=list(row.features)),
        lambda said: gate.use(
            actor=request.actor, access=pk, features=said["features"], seen=said["seen"], when=said["when"],
            at=at_desk.now,
        ),
        done=_("Written down."), to=lambda _use: ("devices:case", pk),
        page=_page(_("I looked"), _("Write it down"), pk),
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR, TEACHER, CLERK)
@FORM
def end(request: Any, pk: int) -> HttpResponse:
    """XIV.C.0: it is over before its time."""
    at_desk = desk(request)
    _one(at_desk, pk)
    return work(
        request, EndForm(request.POST or None),
        lambda said: gate.end(actor=request.actor, access=pk, at=at_desk.now, **said),
        done=_("The access has ended."), to=lambda _row: ("devices:case", pk),
        page=_page(_("End this access"), _("End it"), pk),
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR)
@FORM
def notice(request: Any, pk: int) -> HttpResponse:
    """XIV.D.2: write what the family is told."""
    at_desk = desk(request)
    row = _one(at_desk, pk)
    draft = row.duty.notice if hasattr(row, "duty") else None
    others = register.same_event(row, at_desk.now)
    form = NoticeForm(
        request.POST or None, family=_family(at_desk, row), initial=_initial(draft, row),
        others=[(str(duty.access_id), f"{duty.access_id}: {duty.access.why}") for duty in others],
    )  # fmt: skip

    def do(said: dict[str, Any]) -> DeviceNotice:
        more = [int(each) for each in said.pop("others", [])]
        return telling.write_notice(actor=request.actor, accesses=[pk, *more], at=at_desk.now, **said)

    page = _page(_("Notice to the family"), _("Save the notice"), pk)
    return work(request, form, do, done=_("The notice is saved. It is not sent yet."),
                to=lambda _row: ("devices:case", pk), page=page)  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR)
@FORM
def send(request: Any, pk: int) -> HttpResponse:
    """XIV.D.1: the notice went out."""
    at_desk = desk(request)
    row = _one(at_desk, pk)
    draft = row.duty.notice_id if hasattr(row, "duty") else None
    if draft is None:
        return redirect("devices:case", pk)
    return work(
        request, SendForm(request.POST or None, by_email=can_mail() and delivery.letter_of(row.duty.notice) is None),
        lambda said: telling.send_notice(actor=request.actor, notice=draft, at=at_desk.now, **said),
        done=_("Written down. A notice by e-mail stops the clock when it has arrived.")
        if request.POST.get("way") == DeviceNotice.Way.EMAIL else _("Written down: they are told."),
        to=lambda _row: ("devices:case", pk),
        page=_page(_("Send the notice"), _("Send it, or write down that it went out"), pk, lede=_to_whom(row)),
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR)
@FORM
def unsay(request: Any, pk: int) -> HttpResponse:
    """XIV.D.1: that the family was told was wrong."""
    at_desk = desk(request)
    row = _one(at_desk, pk)
    given = row.duty.notice_id if hasattr(row, "duty") else None
    if given is None:
        return redirect("devices:case", pk)
    return work(
        request, UnsayForm(request.POST or None),
        lambda said: unsaying.take_back(actor=request.actor, notice=given, at=at_desk.now, **said),
        done=_("Taken back. The family is not told, and the clock runs on."), to=lambda _row: ("devices:case", pk),
        page=_page(_("They were not told"), _("Take it back"), pk),
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR)
@FORM
def defer(request: Any, pk: int) -> HttpResponse:
    """XIV.D.3: telling would itself endanger somebody."""
    at_desk = desk(request)
    _one(at_desk, pk)
    return work(
        request, DeferForm(request.POST or None),
        lambda said: duties.ask_to_defer(actor=request.actor, access=pk, at=at_desk.now, **said),
        done=_("Asked. The clock runs until another administrator approves; tell one now."),
        to=lambda _row: ("devices:case", pk), page=_page(_("Put the notice off"), _("Ask for it"), pk),
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR)
@FORM
def put_off(request: Any, pk: int) -> HttpResponse:
    """XIV.D.3: the second person lets the notice wait, or not."""
    at_desk = desk(request)
    _one(at_desk, pk)
    return work(
        request, PutOffAnswerForm(request.POST or None),
        lambda said: duties.answer_deferral(
            actor=request.actor, access=pk, grant=said["grant"] == "yes", words=said["words"], at=at_desk.now
        ),
        done=_("Answered."), to=lambda _row: ("devices:case", pk),
        page=_page(_("May this notice wait?"), _("Answer"), pk),
    )  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR)
@FORM
def look(request: Any, pk: int) -> HttpResponse:
    """XIV.D.3, XIV.D.4: is telling still a danger?"""
    at_desk = desk(request)
    _one(at_desk, pk)

    def do(said: dict[str, Any]) -> Any:
        if said["still"] == "yes":
            return duties.look_again(actor=request.actor, access=pk, words=said["words"], at=at_desk.now)
        when = said["when"] or at_desk.now
        return duties.threat_ceased(actor=request.actor, access=pk, when=when, words=said["words"], at=at_desk.now)

    return work(
        request, LookForm(request.POST or None), do, done=_("Written down."), to=lambda _row: ("devices:case", pk),
        page=_page(_("Look again"), _("Write it down"), pk),
    )  # fmt: skip


def _one(at_desk: Desk, pk: int) -> Access:
    """An access that one may open."""
    row = opened_to(at_desk).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _may_answer(at_desk: Desk, row: Access) -> bool:
    mine = row.asked_by == at_desk.actor.id
    return row.state == Access.State.ASKED and not mine and at_desk.actor.holds(DIRECTOR, ADMINISTRATOR)


def _may_take_back(at_desk: Desk, row: Access) -> bool:
    return row.state == Access.State.ASKED and row.asked_by == at_desk.actor.id


def _mail_state(notice: DeviceNotice | None) -> tuple[str, str]:
    """How far the e-mail of a notice is, and its tone."""
    letter = delivery.letter_of(notice)
    return titles.mail()[f"{letter.state}-{letter.channel}"] if letter else ("", "")


def _uses(row: Access) -> list[tuple[Any, str]]:
    known = titles.features()
    return [(each, ", ".join(known.get(name, name) for name in each.features)) for each in row.uses.all()]


def _family(at_desk: Desk, row: Access) -> list[tuple[str, str]]:
    student = (row.student_id, _("%(name)s, the student") % {"name": row.student.name})
    parents = people.parents(row.student_id, at_desk.on)
    return [student, *((each.pk, _("%(name)s, a parent") % {"name": each.name}) for each in parents)]


def _initial(draft: DeviceNotice | None, row: Access) -> dict[str, Any]:
    if draft is None:
        return {"features": row.features, "threat": row.threat, "description": row.why}
    return {
        "recipient": draft.recipient_id, "recipient_why": draft.recipient_why, "features": draft.features,
        "only_recipient": draft.only_recipient, "description": draft.description, "threat": draft.threat,
    }  # fmt: skip


def _to_whom(row: Access) -> str:
    """XIV.D.2: whom the notice is for, so that nobody sends it without having seen that."""
    notice = row.duty.notice  # type: ignore[attr-defined]
    if notice.recipient is None:
        return _("Nobody is chosen yet. Write the notice and choose.")
    return _("It is for %(name)s. By e-mail Homeroom sends it; otherwise you give it and write that down here.") % {
        "name": notice.recipient.name
    }


def _page(title: str, button: str, pk: int, lede: str = "") -> dict[str, Any]:
    return page_of(title, "devices:case", _("The access"), button, pk, lede=lede)

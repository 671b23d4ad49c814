"""IX.C.3: a teacher signs for a whole class in one sitting; and lets a child agree who cannot write."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from homeroom.agreements import actions, queries, wordings
from homeroom.agreements.forms.signing import AssentForm, ClassForm
from homeroom.agreements.models import FormText, Method
from homeroom.agreements.queries.signing import ToSign, open_slots, to_sign
from homeroom.agreements.views import signing
from homeroom.agreements.views import visitor as visitors
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.base.paper import blocks
from homeroom.kernel.agreements.values import Part
from homeroom.people import queries as people
from homeroom.people import reach
from homeroom.people.models import Person


@needs("teacher")
@FORM
def sign_class(request: Any, group: str) -> HttpResponse:
    """IX.C.3: the words once, then one signature for each student that is ticked."""
    on = people.today(timezone.now())
    row = reach.classes(reach.of(request.actor, on), on).filter(pk=group).first()
    if row is None:
        raise Http404
    held = queries.class_to_sign(request.actor, on, group)
    waiting = [each for each in held if each.waits]
    if not waiting:
        return render(request, "agreements/signing/class.html", {"group": row, "held": held})
    text = waiting[0].text("en")
    students = [(str(each.slot.pk), each.slot.agreement.person.name) for each in waiting]
    first = {"text": text.pk, "sha256": text.sha256}
    form = ClassForm(request.POST if request.method == "POST" else None, initial=first, students=students)
    if form.is_bound and form.is_valid() and (count := _sign_all(request, form, waiting, text)):
        messages.success(
            request, ngettext("Signed for one student.", "Signed for %(count)d students.", count) % {"count": count}
        )
        return redirect("agreements:sign-class", row.pk)
    page = {"group": row, "held": held, "waiting": waiting, "text": text, "blocks": blocks.plain(text.body),
            "form": form}  # fmt: skip
    return render(request, "agreements/signing/class.html", page)


def _sign_all(request: Any, form: ClassForm, waiting: list[ToSign], text: FormText) -> int:
    visitor, said, now = visitors.signed_in(request), form.cleaned_data, timezone.now()
    chosen = [each for each in waiting if str(each.slot.pk) in said["students"]]
    try:
        sitting = actions.begin_sitting(
            actor=visitor.actor, at=now, person=visitor.person, language="en", method=visitor.method,
            detail=visitor.detail,
        )  # fmt: skip
        signings = [(each.slot, _evidence(visitor, form, each, text)) for each in chosen]
        actions.sign_in_sitting(actor=visitor.actor, at=now, sitting=sitting, signings=signings)
        actions.finish_sitting(actor=visitor.actor, at=now, sitting=sitting)
    except Refused as error:
        form.add_error(None, str(error))
        return 0
    return len(chosen)


def _evidence(visitor: visitors.Visitor, form: ClassForm, each: ToSign, text: FormText) -> actions.Evidence:
    said = form.cleaned_data
    return actions.Evidence(
        text=said["text"], sha256=said["sha256"], method=visitor.method, detail=visitor.detail,
        intent=wordings.intent(Part.TEACHER, each.slot.agreement.person.name, text.title), typed_name=said["name"],
        place=signing.place_name(), permits=said["permit"],
    )  # fmt: skip


@needs("teacher", "clerk", "building_administrator")
@FORM
def assent(request: Any, pk: int) -> HttpResponse:
    """IX.C.1: a child who cannot write agrees before an adult, who answers for it."""
    on = people.today(timezone.now())
    there = reach.persons(reach.of(request.actor, on), on)
    found = to_sign(on, open_slots(on).filter(pk=pk, part=Part.STUDENT, holder__in=there))
    if not found:
        raise Http404
    [one] = found
    child = one.slot.agreement.person
    text = one.text(child.home_language or "en")
    first = {"text": text.pk, "sha256": text.sha256}
    form = AssentForm(request.POST if request.method == "POST" else None, initial=first)
    if not one.signed and form.is_bound and form.is_valid() and _assent(request, form, one, child):
        messages.success(request, _("%s has agreed. It is on record with your name as witness.") % child.name)
        return redirect("agreements:assent", pk)
    page = {"one": one, "child": child, "text": text, "blocks": blocks.plain(text.body), "form": form}
    return render(request, "agreements/signing/assent.html", page)


def _assent(request: Any, form: AssentForm, one: ToSign, child: Person) -> bool:
    visitor, said = visitors.signed_in(request), form.cleaned_data
    how = dict(AssentForm.HOWS)[said["how"]]
    title = next((each.title for each in one.texts if each.pk == said["text"]), "")
    try:
        evidence = actions.Evidence(
            text=said["text"], sha256=said["sha256"], method=Method.IN_PERSON,
            detail=f"{how}. {_('Seen by %s.') % request.actor.name} {visitor.detail}",
            intent=wordings.assent(child.name, title), attested_by=request.actor.id,
            place=signing.place_name(),
        )  # fmt: skip
        actions.sign(actor=request.actor, at=timezone.now(), slot=one.slot, evidence=evidence)
    except Refused as error:
        form.add_error(None, str(error))
        return False
    return True

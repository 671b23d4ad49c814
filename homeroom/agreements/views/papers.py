"""IX.C.5: paper: blank forms to print, scans that come in, the second pair of eyes, sealed sheets and their check."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from homeroom.agreements import actions, approval, printing, scanning, sealing, wordings
from homeroom.agreements.actions.scans import OnPaper
from homeroom.agreements.forms.papers import (
    CodeForm,
    PrintForm,
    ReasonForm,
    RecordForm,
    ScanForm,
    SheetForm,
    VerifyForm,
)
from homeroom.agreements.models import Agreement, FormVersion, PaperRecord, Scan, Slot
from homeroom.agreements.queries import family
from homeroom.agreements.queries import papers as queries
from homeroom.agreements.views.signing import as_pdf
from homeroom.base import seal
from homeroom.base.errors import Refused
from homeroom.base.needs import needs, public
from homeroom.base.onething import FORM
from homeroom.kernel.agreements import papercode
from homeroom.kernel.agreements.values import Part
from homeroom.people import queries as people
from homeroom.people import reach
from homeroom.people.models import Enrolment, Person

OFFICE = ("clerk", "building_administrator", "technology_director")
RATES = {"verify": "60/10m/ip"}
LARGEST = 20 * 1024 * 1024  # bytes of a file to verify
AROUND = 64 * 1024  # bytes of a form around it


# Nothing is done here that a forged request could borrow anybody's name for; and so the body is not read before its
# length is known, as looking for a token in it would.
@public("Whoever was handed a sealed PDF may ask whether it is real; nothing of it is kept.")
@csrf_exempt
@FORM
def verify(request: Any) -> HttpResponse:
    """325L.12: is this file ours, and as it was sealed?"""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST + AROUND:
        sentence = _("This file is larger than %d MB; no paper of ours is.") % (LARGEST // 1024 // 1024)
        return render(request, "agreements/papers/refused.html", {"sentence": sentence}, status=413)
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    page: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        if not ratelimit.consume(request, app="agreements", action="verify", config=RATES):
            form.add_error(None, _("Too many files came from your network just now. Wait ten minutes and try again."))
        elif file.size > LARGEST:
            form.add_error(
                "file", _("This file is larger than %d MB; no paper of ours is.") % (LARGEST // 1024 // 1024)
            )
        else:
            data = file.read()
            digest = hashlib.sha256(data).hexdigest()
            page |= {"verdict": seal.verify(data), "name": file.name, "digest": digest,
                     "filed": queries.known_file(digest)}  # fmt: skip
    return render(request, "agreements/papers/verify.html", page)


def reached(request: Any) -> QuerySet[Person]:
    """The people whose paper an official of today handles."""
    on = people.today(timezone.now())
    return reach.persons(reach.of(request.actor, on), on)


@needs(*OFFICE)
@FORM
def desk(request: Any) -> HttpResponse:
    """IX.C.5: what came in, what waits to be typed in, what waits for a second pair of eyes."""
    form = ScanForm(request.POST, request.FILES) if request.method == "POST" else ScanForm()
    taken: list[actions.Taken] = []
    if form.is_bound and form.is_valid():
        taken = _take(request, form)
    there = reached(request)
    page = {
        "form": form, "taken": taken, "scans": queries.scans(there)[:200], "unchecked": queries.unchecked(there)[:200],
        "printing": _print_form(request), "code": CodeForm(auto_id="by_%s"),
    }  # fmt: skip
    return render(request, "agreements/papers/desk.html", page)


def _take(request: Any, form: ScanForm) -> list[actions.Taken]:
    try:
        sheets = scanning.read(form.cleaned_data["file"].read(scanning.MOST_BYTES + 1))
        if typed := form.cleaned_data["code"]:
            code = papercode.read(typed)
            for sheet in sheets:
                sheet.code = sheet.code or code
    except papercode.BadCode as error:
        form.add_error("code", str(error))
        return []
    except Refused as error:
        form.add_error("file", str(error))
        return []
    may = frozenset(reached(request).values_list("pk", flat=True))
    taken = actions.take_scan(actor=request.actor, at=timezone.now(), sheets=sheets, may=may)
    count = sum(each.scan is not None for each in taken)
    if count:
        said = ngettext("One sheet came in.", "%(count)d sheets came in.", count) % {"count": count}
        messages.success(request, said)
    return taken


def _print_form(request: Any) -> PrintForm:
    on = people.today(timezone.now())
    classes = reach.classes(reach.of(request.actor, on), on)
    named = [(row.pk, f"{row.school.name}: {row.title}") for row in classes]  # type: ignore[attr-defined]
    texts = {text.language for each in approval.in_effect(on).values() for text in each.version.texts.all()}
    return PrintForm(classes=named, languages=sorted(texts))


@needs(*OFFICE, "teacher")
@require_safe
def print_class(request: Any) -> HttpResponse:
    """IX.C: the forms of a whole class in one PDF."""
    now = timezone.now()
    on = people.today(now)
    group = reach.classes(reach.of(request.actor, on), on).filter(pk=request.GET.get("group", "")).first()
    if group is None:
        raise Http404
    there = Enrolment.objects.on(on).filter(group=group, role=Enrolment.As.STUDENT).values_list("person_id", flat=True)
    return _printed(request, queries.printable(list(there)), f"forms-{group.pk}")


@needs()
@require_safe
def print_one(request: Any, pk: int) -> HttpResponse:
    """IX.C: one blank form, for the office or for the family itself."""
    return _printed(request, [_readable(request, pk)], f"form-{pk}")


def _printed(request: Any, agreements: list[Agreement], name: str) -> HttpResponse:
    now = timezone.now()
    try:
        language = request.GET.get("language", "")[:35]
        pdf = printing.blank(agreements, on=people.today(now), at=now, language=language)
    except Refused as error:
        return render(request, "agreements/papers/refused.html", {"sentence": str(error)}, status=409)
    return as_pdf(pdf, name)


def _readable(request: Any, pk: int) -> Agreement:
    """An agreement that whoever asks may open: their own, their child's, or one that their role reaches."""
    row = Agreement.objects.select_related("person", "form").filter(pk=pk).first()
    on = people.today(timezone.now())
    if row is not None and (row.person_id == request.actor.id or _parent(request, row, on) or _reaches(request, row)):
        return row
    raise Http404


def _parent(request: Any, row: Agreement, on: Any) -> bool:
    return request.actor.holds("guardian") and family.child(request.actor, row.person_id, on) is not None


def _reaches(request: Any, row: Agreement) -> bool:
    return reached(request).filter(pk=row.person_id).exists()


@needs()
@require_safe
def sealed(request: Any, pk: int) -> HttpResponse:
    """IX.C.5: the sheets of one agreement, and whether it is on file."""
    row = _readable(request, pk)
    now = timezone.now()
    actions.look_at_paper(actor=request.actor, at=now, agreement=row, what="agreement")
    actions.seal_agreement(actor=request.actor, at=now, agreement=row.pk)
    signed = queries.signatures(row)
    page = {
        "agreement": row, "sheets": queries.sheets(row.pk), "signed": signed,
        "places": _open_places(row, {each.slot_id for each in signed}) if request.actor.holds(*OFFICE) else [],
        "permits": row.form_id == "student" and request.actor.holds("teacher", "building_administrator"),
    }  # fmt: skip
    return render(request, "agreements/papers/sealed.html", page)


def _open_places(row: Agreement, signed: set[int]) -> list[Slot]:
    """Whom the office may let sign at its screen: a student or parent who has not signed yet."""
    there = (Part.STUDENT, Part.PARENT)
    return [slot for slot in queries.places(row) if slot.pk not in signed and slot.part in there]


@needs()
@require_safe
def sealed_pdf(request: Any, pk: int, sheet: int) -> HttpResponse:
    """IX.C.5: one sealed sheet as it was filed; 0 is a sealed copy of how things stand before that."""
    row, now = _readable(request, pk), timezone.now()
    actions.look_at_paper(actor=request.actor, at=now, agreement=row, what="agreement")
    if sheet == 0:
        return as_pdf(sealing.original(row, queries.signatures(row), at=now), f"agreement-{pk}")
    paper = next((each for each in queries.sheets(row.pk) if each.pk == sheet), None)
    if paper is None:
        raise Http404
    data = sealing.kept(paper.sha256)
    if data is None:
        said = _("The sealed file is missing on this machine. Ask whoever runs Homeroom to restore it from the backup.")
        return render(request, "agreements/papers/refused.html", {"sentence": said}, status=409)
    return as_pdf(data, f"agreement-{pk}-{sheet}")


@needs(*OFFICE)
@require_safe
def by_code(request: Any, code: str) -> HttpResponse:
    """IX.C.5: where the code on a form leads: the scan that waits, else the agreement."""
    try:
        meant = papercode.read(code)
    except papercode.BadCode as error:
        return render(request, "agreements/papers/refused.html", {"sentence": str(error)}, status=404)
    row = _readable(request, meant.agreement)
    scan = queries.scans(reached(request)).filter(agreement=row).first()
    return redirect("agreements:scan", scan.pk) if scan else redirect("agreements:sealed", row.pk)


@needs(*OFFICE)
@FORM
def scan(request: Any, pk: int) -> HttpResponse:
    """IX.C.5: type in what stands on a scanned sheet, or set it aside."""
    row = _scan(request, pk)
    places = queries.places(row.agreement)
    aside = "aside" in request.POST
    form = RecordForm(
        request.POST if request.method == "POST" and not aside else None, places=places, version=row.version
    )
    reason = ReasonForm(request.POST if aside else None)
    try:
        if form.is_bound and form.is_valid():
            signed = [OnPaper(slot.pk, name, on) for slot, name, on in form.signed()]
            actions.record_scan(actor=request.actor, at=timezone.now(), scan=row,
                                language=form.cleaned_data["language"], signed=signed)  # fmt: skip
            messages.success(request, _("Typed in. It counts as soon as somebody else has looked at it."))
            return redirect("agreements:papers")
        if reason.is_bound and reason.is_valid():
            actions.set_aside(actor=request.actor, at=timezone.now(), scan=row, reason=reason.cleaned_data["reason"])
            messages.success(request, _("Set aside."))
            return redirect("agreements:papers")
    except Refused as error:
        (reason if aside else form).add_error(None, str(error))
    page = {"scan": row, "form": form, "reason": reason, "numbers": range(1, row.pages + 1)}
    return render(request, "agreements/papers/scan.html", page)


@needs(*OFFICE)
@FORM
def sheet(request: Any) -> HttpResponse:
    """IX.C.5: type in a sheet that nobody scanned, by the code at its foot."""
    try:
        meant = papercode.read(request.GET.get("code", ""))
    except papercode.BadCode as error:
        return render(request, "agreements/papers/refused.html", {"sentence": str(error)}, status=404)
    row = Agreement.objects.select_related("person").filter(pk=meant.agreement, person__in=reached(request)).first()
    version = FormVersion.objects.filter(form=row.form_id, number=meant.version).first() if row else None
    if row is None or version is None:
        said = _("The code belongs to nobody of your schools. Give the sheet to the office it belongs to.")
        return render(request, "agreements/papers/refused.html", {"sentence": said}, status=404)
    form = SheetForm(request.POST if request.method == "POST" else None, places=queries.places(row), version=version)
    if form.is_bound and form.is_valid():
        signed = [OnPaper(slot.pk, name, on) for slot, name, on in form.signed()]
        try:
            actions.record_sheet(
                actor=request.actor, at=timezone.now(), agreement=row, version=version,
                language=form.cleaned_data["language"], signed=signed, where=form.cleaned_data["where"],
            )  # fmt: skip
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Typed in. It counts as soon as somebody else has looked at it."))
            return redirect("agreements:papers")
    return render(request, "agreements/papers/sheet.html", {"agreement": row, "form": form})


def _scan(request: Any, pk: int) -> Scan:
    row = queries.scans(reached(request)).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@needs(*OFFICE)
@require_safe
def page_of(request: Any, digest: str, number: int) -> HttpResponse:
    """IX.C.5: one page of a scan, as a picture, for whoever types it in or looks at it."""
    row = Scan.objects.filter(sha256=digest, agreement__person__in=reached(request)).select_related("agreement").first()
    data = scanning.kept(digest) if row else None
    picture = scanning.page_png(data, number) if data else None
    if row is None or picture is None:
        raise Http404
    actions.look_at_paper(actor=request.actor, at=timezone.now(), agreement=row.agreement, what="scan")
    return HttpResponse(picture, content_type="image/png")


@needs(*OFFICE)
@FORM
def check(request: Any, pk: int) -> HttpResponse:
    """IX.C.5: the second pair of eyes: is what was typed in what stands on the sheet?"""
    row = queries.unchecked(reached(request)).filter(pk=pk).first()
    if row is None:
        raise Http404
    reason = ReasonForm(request.POST if "reject" in request.POST else None)
    try:
        if "confirm" in request.POST:
            actions.confirm_paper(actor=request.actor, at=timezone.now(), paper=row)
            messages.success(request, _("Confirmed. The signature counts from now on."))
            return redirect("agreements:papers")
        if reason.is_bound and reason.is_valid():
            actions.reject_paper(
                actor=request.actor, at=timezone.now(), paper=row, reason=reason.cleaned_data["reason"]
            )
            messages.success(request, _("Rejected. Whoever typed it in sees why."))
            return redirect("agreements:papers")
    except Refused as error:
        messages.error(request, str(error))
        return redirect("agreements:check", pk)
    return render(request, "agreements/papers/check.html", _check_page(request, row, reason))


def _check_page(request: Any, row: PaperRecord, reason: ReasonForm) -> dict[str, Any]:
    digest = queries.scan_of(row)
    known = Scan.objects.filter(sha256=digest).first() if digest else None
    return {
        "row": row, "reason": reason, "own": row.recorded_by == request.actor.id, "digest": digest,
        "lies": row.scan.removeprefix("sheet:"), "part": wordings.part(row.slot.part),
        "language": wordings.language(row.language), "numbers": range(1, (known.pages if known else 0) + 1),
    }  # fmt: skip

"""IX.C: signing, step by step: the language, the agreement to sign here or on paper, each form, the copy to keep.

Each step is one function of a visitor; `urls_signing` gives it two addresses, for whoever is signed in and for the
kiosk of the office (views.kiosk).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.agreements import actions, drawing, queries, sealing, wordings
from homeroom.agreements.forms.signing import DeclineForm, SignForm
from homeroom.agreements.models import Refusal, Sitting
from homeroom.agreements.queries import family, papers
from homeroom.agreements.queries.signing import ToSign
from homeroom.agreements.views import visitor as visitors
from homeroom.agreements.views.visitor import Visitor
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.base.paper import blocks
from homeroom.base.words import masked
from homeroom.kernel.agreements.values import Part
from homeroom.people import queries as people


@needs()
@FORM
def start(request: Any) -> HttpResponse:
    """IX.C: the language first."""
    return start_of(request, visitors.signed_in(request))


@needs()
@FORM
def consent(request: Any) -> HttpResponse:
    """325L.05: to sign here, or on paper."""
    return consent_of(request, visitors.signed_in(request))


@needs()
@require_safe
def on_paper(request: Any) -> HttpResponse:
    """325L.05(c): whoever wants paper gets it."""
    return paper_of(request, visitors.signed_in(request))


@needs()
@FORM
def place(request: Any, pk: int) -> HttpResponse:
    """IX.C: one form, its words whole, and the signature."""
    return place_of(request, visitors.signed_in(request), pk)


@needs()
@FORM
def decline(request: Any, pk: int) -> HttpResponse:
    """IX.C.2: no, with a reason."""
    return decline_of(request, visitors.signed_in(request), pk)


@needs()
@require_safe
def done(request: Any, pk: UUID) -> HttpResponse:
    """325L.08: the copy to keep."""
    return done_of(request, visitors.signed_in(request), pk)


@needs()
@require_safe
def receipt(request: Any, pk: UUID) -> HttpResponse:
    """325L.08: the copy as a PDF."""
    return receipt_of(request, visitors.signed_in(request), pk)


def mine(visitor: Visitor, *, words: bool = True) -> list[ToSign]:
    """What a visitor holds in a part of their own, with the words where they are shown; a class is signed elsewhere.

    Of children whose portal is closed to a parent they sign in the office or on paper.
    """
    on = people.today(timezone.now())
    held = [
        each for each in queries.to_sign_for(Actor(id=visitor.id), on, words=words) if each.slot.part != Part.TEACHER
    ]
    if all(each.slot.part != Part.PARENT for each in held):
        return held
    may = family.signs_for(visitor.id, on, here=visitor.visit is None)
    return [each for each in held if each.slot.part != Part.PARENT or each.slot.agreement.person_id in may]


def start_of(request: Any, visitor: Visitor) -> HttpResponse:
    """The language, in its own letters; then on to what waits."""
    if request.method == "POST":
        chosen = request.POST.get("language", "")[:35]
        request.session[visitors.LANGUAGE] = chosen or "en"
        answer = redirect(visitor.url("sign-consent"))
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, wordings.spoken(chosen), samesite="Lax",
                          secure=settings.SESSION_COOKIE_SECURE)  # fmt: skip
        return answer
    held = mine(visitor)
    home = visitor.person.home_language or "en"
    texts = {text.language for each in held for text in each.texts}
    codes = [*wordings.LANGUAGES, *sorted(texts - set(wordings.LANGUAGES))]
    ordered = sorted(codes, key=lambda code: (code.partition("-")[0] != home.partition("-")[0], codes.index(code)))
    page = {
        "visitor": visitor, "held": held, "waiting": [each for each in held if each.waits],
        "languages": [(code, wordings.language(code), wordings.spoken(code)) for code in ordered], "home": home,
        "sittings": [] if visitor.visit else list(Sitting.objects.filter(person=visitor.id).exclude(signatures=[])[:5]),
    }  # fmt: skip
    return render(request, "agreements/signing/start.html", page)


def consent_of(request: Any, visitor: Visitor) -> HttpResponse:
    """What signing here means, and that paper is as good."""
    held = [each for each in mine(visitor, words=False) if not each.signed]
    if not held:
        return redirect(visitor.url("sign"))
    if request.method == "POST":
        sitting = actions.begin_sitting(
            actor=visitor.actor, at=timezone.now(), person=visitor.person, language=_language(request),
            method=visitor.method, detail=visitor.detail,
        )  # fmt: skip
        request.session[visitors.SITTING] = str(sitting.pk)
        return redirect(_next(visitor, held, sitting))
    return render(request, "agreements/signing/consent.html", {"visitor": visitor, "held": held})


def paper_of(request: Any, visitor: Visitor) -> HttpResponse:
    """How to sign on paper."""
    return render(request, "agreements/signing/paper.html", {"visitor": visitor, "held": mine(visitor)})


def place_of(request: Any, visitor: Visitor, pk: int) -> HttpResponse:
    """One form: the words whole, then the signature."""
    held = mine(visitor)
    one = _one(held, pk)
    sitting = visitors.sitting(request)
    if sitting is None or sitting.person_id != visitor.id:
        return redirect(visitor.url("sign-consent"))
    if one.signed:
        return redirect(_next(visitor, held, sitting))
    text = one.text(_language(request))
    student = one.slot.agreement.person.name
    intent = wordings.intent(one.slot.part, student, text.title)
    first = {"name": request.session.get(visitors.NAME, ""), "text": text.pk, "sha256": text.sha256}
    form = SignForm(request.POST if request.method == "POST" else None, initial=first, intent=intent)
    if form.is_bound and form.is_valid() and _sign(visitor, sitting, one, form, intent):
        request.session[visitors.NAME] = form.cleaned_data["name"]
        request.session[visitors.READ] = text.sha256
        messages.success(request, _("Signed for %s.") % student)
        return redirect(_next(visitor, [each for each in held if each is not one], sitting))
    page = {
        "visitor": visitor, "one": one, "text": text, "blocks": blocks.plain(text.body), "form": form,
        "student": student, "part": wordings.part(one.slot.part), "of": len(held),
        "number": next(n for n, each in enumerate(held, 1) if each is one),
        "was_read": request.session.get(visitors.READ) == text.sha256,
        "wanted": wordings.language(_language(request)), "english_only": not _has(one, _language(request)),
    }  # fmt: skip
    return render(request, "agreements/signing/place.html", page)


def _sign(visitor: Visitor, sitting: Sitting, one: ToSign, form: SignForm, intent: str) -> bool:
    said = form.cleaned_data
    try:
        evidence = actions.Evidence(
            text=said["text"], sha256=said["sha256"], method=visitor.method, detail=visitor.detail, intent=intent,
            typed_name=said["name"], drawing=drawing.svg(said["drawn"]), place=place_name(),
        )  # fmt: skip
        actions.sign_in_sitting(
            actor=visitor.actor, at=timezone.now(), sitting=sitting, signings=[(one.slot, evidence)]
        )
    except Refused as error:
        form.add_error(None, str(error))
        return False
    return True


def decline_of(request: Any, visitor: Visitor, pk: int) -> HttpResponse:
    """No, with a reason; nobody has to say yes."""
    held = mine(visitor)
    one = _one(held, pk)
    if request.method == "POST" and "back" in request.POST:
        return _take_back(request, visitor, one)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.refuse(actor=visitor.actor, at=timezone.now(), slot=one.slot, reason=form.cleaned_data["reason"])
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Declined for %s. The school was told.") % one.slot.agreement.person.name)
            sitting, others = visitors.sitting(request), [each for each in held if each is not one]
            return redirect(_next(visitor, others, sitting) if sitting else visitor.url("sign"))
    page = {"visitor": visitor, "one": one, "form": form, "student": one.slot.agreement.person.name}
    return render(request, "agreements/signing/decline.html", page)


def _take_back(request: Any, visitor: Visitor, one: ToSign) -> HttpResponse:
    """IX.C.2: whoever declined thinks again, without signing yet."""
    refusal = Refusal.objects.filter(slot=one.slot, taken_back_on=None).first()
    try:
        actions.take_back_refusal(actor=Actor(id=visitor.id), at=timezone.now(), refusal=refusal.pk if refusal else 0)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Taken back. The form waits for you as before."))
    return redirect(visitor.url("sign"))


def done_of(request: Any, visitor: Visitor, pk: UUID) -> HttpResponse:
    """What was signed, to keep or print; the receipt goes out."""
    sitting = _sitting(visitor, pk)
    actions.finish_sitting(actor=visitor.actor, at=timezone.now(), sitting=sitting)
    waiting = [each for each in mine(visitor, words=False) if each.waits]
    page = {
        "visitor": visitor, "sitting": sitting, "signed": papers.signed_in(sitting), "waiting": waiting,
        "email": masked(sitting.person.email) if sitting.signatures else "", "public": settings.PUBLIC_URL,
    }  # fmt: skip
    return render(request, "agreements/signing/done.html", page)


def receipt_of(request: Any, visitor: Visitor, pk: UUID) -> HttpResponse:
    """The same as a sealed PDF."""
    sitting = _sitting(visitor, pk)
    if not sitting.signatures:
        raise Http404
    try:
        pdf = sealing.receipt(sitting.person, papers.signed_in(sitting), sitting.language, at=timezone.now())
    except Refused as error:
        messages.error(request, str(error))
        return redirect(visitor.url("sign-done", pk))
    return as_pdf(pdf, "receipt")


def as_pdf(pdf: bytes, name: str) -> HttpResponse:
    """A PDF to keep."""
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def place_name() -> str:
    """325L.15: where a signature is received: the district, by the name and address of its installation."""
    return f"{settings.ORGANISATION}, {settings.PUBLIC_URL}"


def _next(visitor: Visitor, held: list[ToSign], sitting: Sitting) -> str:
    """The next form that waits, or the end."""
    waiting = next((each for each in held if each.waits), None)
    return visitor.url("sign-place", waiting.slot.pk) if waiting else visitor.url("sign-done", sitting.pk)


def _one(held: list[ToSign], pk: int) -> ToSign:
    found = next((each for each in held if each.slot.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _sitting(visitor: Visitor, pk: UUID) -> Sitting:
    row = Sitting.objects.select_related("person").filter(pk=pk, person=visitor.id).first()
    if row is None or (visitor.visit and row.consented_at < visitor.visit.opened_at):
        raise Http404
    return row


def _language(request: Any) -> str:
    return str(request.session.get(visitors.LANGUAGE) or translation.get_language() or "en")


def _has(one: ToSign, language: str) -> bool:
    there = {each.language for each in one.texts}
    return language in there or language.partition("-")[0] in there

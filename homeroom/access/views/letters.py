"""Code letters for homes: the office says for whom, and prints them then and there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from homeroom.access import actions, codeletters
from homeroom.access.forms.codes import LettersForm
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.people import queries as people
from homeroom.people import reach
from homeroom.people.models import Guardianship, Person

OFFICE = ("technology_director", "building_administrator", "clerk")


@needs(*OFFICE)
@FORM
def letters(request: Any) -> HttpResponse:
    """V.A.7.4: codes on paper for parents and students of one's schools; each can be printed this once."""
    now = timezone.now()
    initial = {"people": request.GET.get("for", "")}
    form = LettersForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            chosen = _chosen(request.actor, form.cleaned_data["people"], now)
            made = actions.make_letters(actor=request.actor, people_ids=chosen, at=now)
        except (Refused, forms.ValidationError) as error:
            form.add_error("people", getattr(error, "messages", None) or str(error))
        else:
            headers = {"Content-Disposition": 'inline; filename="code-letters.pdf"', "Cache-Control": "no-store"}
            return HttpResponse(codeletters.pdf(made, at=now), content_type="application/pdf", headers=headers)
    return render(request, "access/letters.html", {"form": form})


def _chosen(actor: Any, text: str, at: Any) -> list[str]:
    """The people whom the lines name, among those one reaches, and their parents."""
    on = people.today(at)
    mine = reach.persons(reach.of(actor, on), on)
    tied = Guardianship.objects.on(on).filter(child__in=mine).values("guardian")
    reached = mine | Person.objects.filter(pk__in=tied)
    return [_one(line.strip(), reached) for line in text.splitlines() if line.strip()]


def _one(words: str, reached: Any) -> str:
    exact = reached.filter(pk=words).first()
    found = [exact] if exact else list(reach.find(reached, words)[:6])
    if len(found) == 1:
        return str(found[0].pk)
    if not found:
        raise Refused(_("Nobody of yours is called “%s”. Give a name or an id.") % words)
    names = ", ".join(f"{each.name} ({each.pk})" for each in found)
    raise Refused(_("“%(words)s” could be several: %(names)s. Give the id.") % {"words": words, "names": names})

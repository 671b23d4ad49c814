"""Local rules and corrections: see, add with a preview, end, keep."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeroom.base import listing
from homeroom.base.errors import Refused
from homeroom.base.needs import needs
from homeroom.base.onething import FORM
from homeroom.filtering import permits, tables, titles
from homeroom.filtering.actions import rules as actions
from homeroom.filtering.forms.rules import SCOPES, CorrectionForm, EndForm, KeepForm, RuleForm
from homeroom.filtering.models import Effect, LocalRule, Scope
from homeroom.filtering.queries import pages, preview
from homeroom.filtering.queries import rules as queries
from homeroom.filtering.views.shared import ADMINISTRATOR, DIRECTOR, TEACHER, desk, refuse
from homeroom.journal import queries as journal
from homeroom.kernel.decision.overlay import Rule

COLUMNS = (
    "effect", "host", "path", "exact", "scope", "categories", "list", "owner_name", "reason", "made_at",
    "starts", "until", "review_on", "ended_at", "ended_why",
)  # fmt: skip


@needs(DIRECTOR, ADMINISTRATOR, TEACHER)
@require_safe
def rules(request: Any) -> HttpResponse | StreamingHttpResponse:
    """III.2: all rules one may read, with search and filters; corrections counted apart."""
    now, at_desk = timezone.now(), desk(request)
    counting = permits.readable(at_desk, queries.rules(now))
    shown = permits.readable(at_desk, queries.over(now)) if request.GET.get("state") == "over" else counting
    found = _filtered(shown, request.GET, at_desk)
    if listing.wants_csv(request):
        rows = ([getattr(each, column) for column in COLUMNS] for each in found.iterator())
        return listing.csv("rules", COLUMNS, rows)
    part = listing.page(request, found)
    names = pages.titles(each.scope for each in part)
    page = {
        "page": part,
        "rows": [(each, names[each.scope]) for each in part],
        "counts": _counts(counting, at_desk),
        "effects": Effect.choices,
        "scopes": SCOPES.items(),
        "may_add": bool(permits.scopes(at_desk)),
        "director": at_desk.director,
        "on": at_desk.on,
        "filtered": any(request.GET.get(key) for key in ("q", "effect", "scope", "mine", "due")),
    }
    return render(request, "filtering/rules.html", page)


def _filtered(rows: QuerySet[LocalRule], asked: Any, at_desk: permits.Desk) -> QuerySet[LocalRule]:
    if words := asked.get("q", "").strip():
        rows = rows.filter(Q(host__icontains=words) | Q(reason__icontains=words) | Q(owner_name__icontains=words))
    if asked.get("effect") in Effect.values:
        rows = rows.filter(effect=asked["effect"])
    if asked.get("scope") in Scope.values:
        rows = rows.filter(scope_kind=asked["scope"])
    if asked.get("mine"):
        rows = rows.filter(owner=at_desk.actor.id)
    if asked.get("due"):
        rows = rows.filter(review_on__lte=at_desk.on)
    return rows


def _counts(rows: QuerySet[LocalRule], at_desk: permits.Desk) -> dict[str, int]:
    corrections = rows.filter(effect=Effect.CORRECT).count()
    return {
        "rules": rows.exclude(effect=Effect.CORRECT).count(),
        "corrections": corrections,
        "due": rows.filter(review_on__lte=at_desk.on).count(),
    }


@needs(DIRECTOR, ADMINISTRATOR, TEACHER)
@FORM
def add(request: Any) -> HttpResponse:
    """III.2: make a rule; a preview says first whom it would reach and what it would change."""
    now, at_desk = timezone.now(), desk(request)
    if not permits.scopes(at_desk):
        raise PermissionDenied(_("Your role makes no rules."))
    if request.method != "POST":
        initial = {
            key: request.GET[key] for key in ("target", "effect", "kind", "person", "group") if key in request.GET
        }
        return render(request, "filtering/rule_add.html", {"form": RuleForm(desk=at_desk, at=now, initial=initial)})
    form = RuleForm(request.POST, desk=at_desk, at=now)
    page: dict[str, Any] = {"form": form}
    if form.is_valid():
        if "save" in request.POST:
            return _save(request, form) or render(request, "filtering/rule_add.html", page)
        page["preview"] = preview.preview(_draft(form), now)
        page["scope"] = pages.titles([form.cleaned_data["scope"]])[form.cleaned_data["scope"]]
    return render(request, "filtering/rule_add.html", page)


def _draft(form: RuleForm) -> Rule:
    said = form.cleaned_data
    host, slash, path = said["target"].partition("/")
    return Rule(
        id="preview", effect=said["effect"], host=host, path=slash + path, exact=said["exact"], scope=said["scope"],
        reason=said["reason"], until=said["until"],
    )  # fmt: skip


def _save(request: Any, form: RuleForm) -> HttpResponse | None:
    said = {
        key: form.cleaned_data[key] for key in ("effect", "target", "scope", "exact", "reason", "until", "review_on")
    }
    try:
        rule = actions.add_rule(actor=request.actor, at=timezone.now(), **said)
    except Refused as error:
        return refuse(form, error)
    messages.success(request, _("The rule is saved. It is in force at every door within a second."))
    return redirect("filtering:rule", rule.pk)


@needs(DIRECTOR)
@FORM
def correct(request: Any) -> HttpResponse:
    """VI.Alt3.C: say that a list is wrong about a name."""
    target = (request.POST or request.GET).get("target", "").strip()
    lines = pages.lines(target) if target else ()
    offered = tuple(dict.fromkeys(line.category for line in lines))
    asked = request.GET.get("category")
    if asked in tables.categories() and asked not in offered:
        offered = (asked, *offered)
    initial = {
        "target": target,
        "categories": [asked] if asked else [*offered][:1],
        "list": request.GET.get("list", ""),
    }
    form = CorrectionForm(request.POST or None, categories=offered, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            rule = actions.correct_listing(actor=request.actor, at=timezone.now(), **form.cleaned_data)
        except Refused as error:
            refuse(form, error)
        else:
            messages.success(request, _("The correction is saved. It is in force at every door within a second."))
            return redirect("filtering:rule", rule.pk)
    return render(request, "filtering/correct.html", {"form": form, "lines": lines, "target": target})


@needs(DIRECTOR, ADMINISTRATOR, TEACHER)
@require_safe
def rule(request: Any, pk: int) -> HttpResponse:
    """III.2: one rule with its history."""
    at_desk = desk(request)
    row = _readable(at_desk, pk)
    page = {
        "rule": row,
        "scope": pages.titles([row.scope])[row.scope],
        "categories": [titles.title(each) for each in row.categories],
        "in_force": row.in_force(timezone.now()),
        "over": not queries.rules(timezone.now()).filter(pk=pk).exists(),
        "may_end": permits.may_end(at_desk, row),
        "due": row.review_on is not None and row.review_on <= at_desk.on,
        "history": journal.about(f"rule:{pk}")[:100],
    }
    return render(request, "filtering/rule.html", page)


@needs(DIRECTOR, ADMINISTRATOR, TEACHER)
@FORM
def end(request: Any, pk: int) -> HttpResponse:
    """III.2: end a rule, after asking."""
    row = _endable(desk(request), pk)
    form = EndForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.end_rule(actor=request.actor, rule=pk, at=timezone.now(), **form.cleaned_data)
        except Refused as error:
            refuse(form, error)
        else:
            messages.success(request, _("The rule has ended. The doors know within a second."))
            return redirect("filtering:rule", pk)
    return render(request, "filtering/rule_end.html", {"form": form, "rule": row})


@needs(DIRECTOR, ADMINISTRATOR, TEACHER)
@FORM
def keep(request: Any, pk: int) -> HttpResponse:
    """III.2: keep a rule whose review is due."""
    row = _endable(desk(request), pk)
    form = KeepForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.keep_rule(actor=request.actor, rule=pk, at=timezone.now(), **form.cleaned_data)
        except Refused as error:
            refuse(form, error)
        else:
            messages.success(request, _("The rule stays until its next review."))
            return redirect("filtering:rule", pk)
    return render(request, "filtering/rule_keep.html", {"form": form, "rule": row})


def _readable(at_desk: permits.Desk, pk: int) -> LocalRule:
    row = permits.readable(at_desk, LocalRule.objects.all()).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _endable(at_desk: permits.Desk, pk: int) -> LocalRule:
    row = _readable(at_desk, pk)
    if not permits.may_end(at_desk, row):
        raise PermissionDenied(
            _("This rule is not yours to change; ask the one who made it, or the technology director.")
        )
    return row

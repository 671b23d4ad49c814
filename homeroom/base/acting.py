"""Show a form, act when it is filled in rightly, say a refusal in it: the same wherever a page changes one thing.

return acting.act(request, ReasonForm(request.POST or None), lambda said: actions.end(actor=…, **said),
                  title=_("End it?"), back=reverse("board:addenda"), said=_("It is ended."))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from homeroom.base.errors import Refused

Do = Callable[[dict[str, Any]], object]


def act(
    request: Any, form: forms.Form, do: Do, *, title: str, back: str, said: str = "", hint: str = "", button: str = "",
    where: str = "", template: str = "base/form.html", more: Mapping[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """Show `form` under `title`; do with what was said, then go on.

    `do` may return the address to go to (any other result goes `back`). A `Refused` stands in the form: beside the
    field `where`, or above all of them. `said` is what the next page says.
    """
    if form.is_bound and form.is_valid():
        try:
            to = do(form.cleaned_data)
        except Refused as error:
            form.add_error(where or None, str(error))
        else:
            if said:
                messages.success(request, said)
            return redirect(to if isinstance(to, str) else back)
    page = {"form": form, "heading": title, "hint": hint, "button": button, "back": back, **(more or {})}
    return render(request, template, page)

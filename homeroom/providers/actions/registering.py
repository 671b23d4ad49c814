"""Providers come on file and are classified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.journal import actions as journal
from homeroom.kernel.providers import classification
from homeroom.providers import vocabulary
from homeroom.providers.models import Provider

ANSWERS = (
    "gives_device", "holds_data", "used_for", "data", "under_13", "advertising", "exemption", "citation", "rationale",
    "subprocessors", "incident_contact", "purpose",
)  # fmt: skip


def add_provider(
    *, actor: Actor, at: datetime, name: str, product: str = "", website: str = "", domains: Iterable[str] = (),
    purpose: str = "",
) -> Provider:  # fmt: skip
    """XIII.A.2: put somebody on file; the classification follows. Raises Refused for one who is there already."""
    name, product = name.strip(), product.strip() or name.strip()
    if not name:
        raise Refused(_("Give the provider a name."))
    with journal.atomic():
        if Provider.objects.filter(name__iexact=name, product__iexact=product).exists():
            raise Refused(
                _("%(product)s of %(name)s is on file already. Open it instead.") % {"product": product, "name": name}
            )
        row = Provider.objects.create(
            slug=_slug(product), name=name, product=product, website=website, purpose=purpose, made_at=at,
            domains=sorted({each.strip().casefold().rstrip(".") for each in domains if each.strip()}),
        )  # fmt: skip
        journal.record(actor=actor, verb="providers.provider.added", subject=f"provider:{row.pk}", at=at,
                       clause="XIII.A.2", data={"name": name, "product": product})  # fmt: skip
    return row


def classify_provider(*, actor: Actor, at: datetime, provider: Provider, answers: Mapping[str, Any]) -> Provider:
    """XIII.A.1, XIII.A.2: answer what the product does; a person decides, both limbs are asked. Raises Refused."""
    said = {name: answers[name] for name in ANSWERS if name in answers}
    unknown = set(said.get("data", ())) - set(vocabulary.titles())
    if unknown:
        raise Refused(
            _("There is no kind of data called %(unknown)s. Choose from the list.")
            % {"unknown": ", ".join(sorted(unknown))}
        )
    before = {name: getattr(provider, name) for name in said}
    for name, value in said.items():
        setattr(provider, name, sorted(value) if isinstance(value, (list, set, tuple, frozenset)) else value)
    wrong = classification.problems(provider.answers)
    if wrong:
        provider.refresh_from_db()
        raise Refused(" ".join(_(each) for each in wrong))
    changed = sorted(name for name, value in before.items() if value != getattr(provider, name))
    provider.classified_at, provider.classified_by = at, actor.id
    with journal.atomic():
        provider.save(update_fields=[*said, "classified_at", "classified_by"])
        journal.record(
            actor=actor, verb="providers.provider.classified", subject=f"provider:{provider.pk}", at=at,
            clause="XIII.A.2", reason=provider.rationale,
            data={"changed": changed, "provider": classification.is_provider(provider.answers)},
        )  # fmt: skip
    return provider


def load_register(*, actor: Actor, at: datetime, rows: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
    """Take in a register read from a file: (added, changed), all or nothing; the same rows twice change nothing."""
    added = changed = 0
    with journal.atomic():
        for row in rows:
            known = Provider.objects.filter(name__iexact=row["name"], product__iexact=row["product"]).first()
            if known is None:
                base = {name: row[name] for name in ("name", "product", "website", "domains", "purpose")}
                known = add_provider(actor=actor, at=at, **base)
                added += 1
            elif _same(known, row):
                continue
            else:
                changed += 1
            classify_provider(actor=actor, at=at, provider=known, answers=row)
    return added, changed


def _same(known: Provider, row: Mapping[str, Any]) -> bool:
    return all(getattr(known, name) == row[name] for name in ANSWERS if name in row)


def _slug(text: str) -> str:
    base = slugify(text)[:70] or "provider"
    taken = set(Provider.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return base if base not in taken else next(f"{base}-{n}" for n in range(2, 10_000) if f"{base}-{n}" not in taken)

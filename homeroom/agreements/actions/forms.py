"""How a form gets a new version: its words put down once and for all, then handed to the board."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import rfc8785
from django.utils.translation import gettext as _

from homeroom.agreements.models import Form, FormText, FormVersion, Kind, Term
from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.board import actions as board
from homeroom.board.models import Addendum
from homeroom.journal import actions as journal

TITLES = {Kind.STUDENT: "Internet use agreement for students", Kind.EMPLOYEE: "Internet use agreement for employees"}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a version in one language ("en", "es", "hmn", ...)."""

    language: str
    title: str
    body: str

    @property
    def sha256(self) -> str:
        """The hash of what is shown before a signature."""
        return hashlib.sha256(f"{self.title}\n\n{self.body}".encode()).hexdigest()


def add_version(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    words: Sequence[Words],
    material: bool = True,
    term: str = Term.SCHOOL_YEAR,
    changes: str = "",
) -> FormVersion:
    """IX.C: put a new version of a form on file. English is always among its languages. Raises Refused.

    A version is never edited: another wording is another version, with its own approval.
    """
    clean = _clean(words)
    if kind not in Kind.values:
        raise Refused(_("There is no such form; choose one of: %(known)s.") % {"known": ", ".join(Kind.values)})
    if term not in Term.values:
        raise Refused(_("A term is one of: %(known)s.") % {"known": ", ".join(Term.values)})
    with journal.atomic():
        form, _new = Form.objects.get_or_create(kind=kind, defaults={"title": TITLES[Kind(kind)]})
        last = form.versions.order_by("-number").values_list("number", flat=True).first() or 0
        version = FormVersion.objects.create(
            form=form, number=last + 1, material=material or last == 0, term=term, changes=changes.strip(), made_at=at,
            by=actor.id, by_name=actor.name, sha256=_digest(kind, last + 1, material or last == 0, term, clean),
        )  # fmt: skip
        texts = [FormText(version=version, sha256=each.sha256, **_fields(each)) for each in clean]
        FormText.objects.bulk_create(texts)
        journal.record(
            actor=actor, verb="agreements.form.added", subject=f"form:{kind}:{version.number}", at=at, clause="IX.C.1",
            reason=version.changes, data={"sha256": version.sha256, "languages": [each.language for each in clean]},
        )  # fmt: skip
    return version


def submit_version(*, actor: Actor, at: datetime, version: FormVersion) -> Addendum:
    """XVII.A.1: hand a version to the board as an addendum; until that is effective nobody can sign it."""
    with journal.atomic():
        title = f"{version.form.title}, version {version.number}"
        addendum = board.draft_addendum(
            actor=actor, at=at, subject=version.subject, kind="form", title=title, sha256=version.sha256
        )
        if addendum.state == "drafted":
            addendum = board.submit_addendum(actor=actor, at=at, addendum=addendum)
        journal.record(
            actor=actor, verb="agreements.form.submitted", subject=f"form:{version.form_id}:{version.number}", at=at,
            clause="XVII.A.1", data={"addendum": addendum.pk, "sha256": version.sha256},
        )  # fmt: skip
    return addendum


def _clean(words: Sequence[Words]) -> list[Words]:
    clean = [Words(each.language.strip(), each.title.strip(), _lines(each.body)) for each in words]
    languages = [each.language for each in clean]
    if "en" not in languages:
        raise Refused(_("Give the English words too; they are kept beside every other language."))
    if len(set(languages)) != len(languages):
        raise Refused(_("Give each language once."))
    empty = next((each.language for each in clean if not each.title or not each.body), None)
    if empty is not None:
        raise Refused(_("The words in “%(empty)s” lack a title or a body.") % {"empty": empty})
    return clean


def _lines(body: str) -> str:
    return "\n".join(line.rstrip() for line in body.replace("\r\n", "\n").strip().split("\n"))


def _fields(words: Words) -> dict[str, str]:
    return {"language": words.language, "title": words.title, "body": words.body}


def _digest(kind: str, number: int, material: bool, term: str, words: Sequence[Words]) -> str:
    """One changed word, language or rule of a version is another hash."""
    content = {"form": kind, "number": number, "material": material, "term": str(term),
               "texts": [_fields(each) for each in words]}  # fmt: skip
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()

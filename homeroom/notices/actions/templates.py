"""XVII.A.1: the words of notices are written, checked, translated, submitted to the board."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.board import actions as board
from homeroom.board.models import Addendum
from homeroom.journal import actions as journal
from homeroom.notices import elements, shipped, wording
from homeroom.notices.kinds import KINDS, Kind
from homeroom.notices.models import Template, Text

ENGLISH = "en"


def new_template(*, actor: Actor, at: datetime, kind: str, title: str = "", copy: Template | None = None) -> Template:
    """XVII.A.1: begin the next version of a kind's words: as a copy of another, or with the drafts shipped with us.

    What is copied has to be checked anew by somebody who reads the language. Raises Refused.
    """
    found = _kind(kind)
    with journal.atomic():
        last = Template.objects.filter(kind=kind).order_by("-number").first()
        row = Template.objects.create(
            kind=kind, number=last.number + 1 if last else 1, title=(title or str(found.title))[:200], made_at=at,
            by=actor.id, by_name=actor.name,
        )  # fmt: skip
        texts = (
            [(each.language, each.subject, each.blocks) for each in copy.texts.all()] if copy else shipped.texts(kind)
        )
        Text.objects.bulk_create(
            Text(template=row, language=language, subject=subject, blocks=blocks, changed_at=at)
            for language, subject, blocks in texts
        )
        _record(actor, "begun", row, at, data={"languages": [language for language, _, _ in texts]})
    return row


def write_text(
    *, actor: Actor, at: datetime, template: Template, language: str, subject: str, blocks: Mapping[str, str]
) -> Text:
    """XVII.A.1: set the words in one language. Whoever vouched for them before has to look again. Raises Refused."""
    _open(template)
    if not subject.strip():
        raise Refused(_("Give the notice a subject line."))
    kept = {name: words.strip() for name, words in blocks.items() if words.strip()}
    with journal.atomic():
        text, _new = Text.objects.update_or_create(
            template=template, language=language,
            defaults={"subject": subject.strip()[:200], "blocks": kept, "changed_at": at, "checked_at": None,
                      "checked_by": "", "checked_by_name": ""},
        )  # fmt: skip
        _record(actor, "written", template, at, data={"language": language, "sha256": wording.digest(kept)})
    return text


def check_text(*, actor: Actor, at: datetime, text: Text) -> Text:
    """Somebody who reads the language vouches for a translation: it says what the English says. Raises Refused."""
    _open(text.template)
    wrong = elements.faults(KINDS[text.template.kind], text.blocks)
    if wrong:
        raise Refused(wrong[0].sentence)
    with journal.atomic():
        Text.objects.filter(pk=text.pk).update(checked_at=at, checked_by=actor.id, checked_by_name=actor.name)
        text.refresh_from_db()
        _record(actor, "checked", text.template, at, data={"language": text.language})
    return text


def submit_template(*, actor: Actor, at: datetime, template: Template) -> Addendum:
    """XI.B, XII.B, XIII.C, XIV.D.2: hand the words to the board, after which not one of them changes.

    Raises Refused, naming the first element that is missing in English or in a translation somebody vouched for.
    """
    kind = KINDS[template.kind]
    used = {text.language: text for text in template.texts.all() if text.language == ENGLISH or text.checked_at}
    if ENGLISH not in used:
        raise Refused(_("Write the English words first."))
    for language, text in used.items():
        wrong = elements.faults(kind, text.blocks)
        if wrong:
            raise Refused(
                _("%(sentence)s (in the words for “%(language)s”)")
                % {"sentence": wrong[0].sentence, "language": language}
            )
    sha = words_hash(template, used)
    with journal.atomic():
        changed = Template.objects.filter(pk=template.pk, sealed_at__isnull=True).update(sealed_at=at, sha256=sha)
        if changed != 1:
            raise Refused(_("This version went to the board already; begin a new one to change it."))
        template.refresh_from_db()
        row = board.draft_addendum(
            actor=actor, at=at, subject=template.subject, kind="notice", title=f"{template.title}, {template.number}",
            sha256=sha,
        )  # fmt: skip
        board.submit_addendum(actor=actor, at=at, addendum=row)
        _record(actor, "submitted", template, at, data={"sha256": sha, "languages": sorted(used)})
    return row


def approve_template(
    *, actor: Actor, at: datetime, template: Template, approved_on: date, minutes: str, effective_on: date
) -> Addendum:
    """XVII.A.2: write down that the board approved the words. Raises Refused."""
    row = Addendum.objects.filter(subject=template.subject, sha256=template.sha256).order_by("-id").first()
    if row is None:
        raise Refused(_("These words were not submitted to the board yet."))
    return board.approve_addendum(
        actor=actor, at=at, addendum=row, approved_on=approved_on, minutes=minutes, effective_on=effective_on
    )


def words_hash(template: Template, used: Mapping[str, Text]) -> str:
    """The hash of everything the board approves."""
    said: list[Any] = [[language, used[language].subject, used[language].blocks] for language in sorted(used)]
    return wording.digest([template.kind, said])


def _kind(id: str) -> Kind:
    if id not in KINDS or not KINDS[id].addendum:
        raise Refused(_("There are no templates for “%(id)s”.") % {"id": id})
    return KINDS[id]


def _open(template: Template) -> None:
    if template.sealed_at:
        raise Refused(
            _("This version went to the board, so its words stay as they are. Begin a new version to change it.")
        )


def _record(actor: Actor, done: str, row: Template, at: datetime, data: Mapping[str, Any]) -> None:
    journal.record(
        actor=actor, verb=f"notices.template.{done}", subject=f"template:{row.pk}", at=at, clause="XVII.A.1",
        data={"kind": row.kind, "number": row.number, **data},
    )  # fmt: skip

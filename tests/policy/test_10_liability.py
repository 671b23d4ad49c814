"""Article X: what the district does not answer for is said to everybody, in plain words."""

from __future__ import annotations

import pytest

from homeroom.base.errors import Refused
from homeroom.notices import elements, shipped
from homeroom.notices.actions import templates
from homeroom.notices.kinds import KINDS
from tests.integration.notices.conftest import DANA, NOON

ENGLISH = next(blocks for language, _, blocks in shipped.texts("users") if language == "en")
POLICY_WORDS = ("diskettes", "foolproof means", "as is, as available")
LIMITS = {"X.1": "own risk", "X.2": "damage", "X.3": "correct", "X.4": "nobody allowed"}


@pytest.mark.clause("X.1", "X.2", "X.3", "X.4")
@pytest.mark.parametrize(("id", "said"), LIMITS.items())
def test_the_notice_to_users_says_each_limit(id, said):
    assert said in ENGLISH[id]


@pytest.mark.clause("X.1", "X.2", "X.3", "X.4")
@pytest.mark.parametrize("id", LIMITS)
def test_words_without_one_of_them_never_reach_the_board(town, id):
    template = templates.new_template(actor=DANA, at=NOON, kind="users")
    left = {name: words for name, words in ENGLISH.items() if name != id}
    templates.write_text(actor=DANA, at=NOON, template=template, language="en", subject="Hello", blocks=left)
    with pytest.raises(Refused, match=f"^{id} is missing"):
        templates.submit_template(actor=DANA, at=NOON, template=template)


@pytest.mark.parametrize("kind", [kind.id for kind in KINDS.values() if kind.addendum])
def test_every_draft_in_every_language_is_whole(kind):
    found = shipped.texts(kind)
    assert [language for language, _, _ in found] == list(shipped.LANGUAGES)
    for language, subject, blocks in found:
        assert subject and elements.faults(KINDS[kind], blocks) == [], language


def test_the_drafts_are_in_our_own_words():
    words = " ".join(ENGLISH.values())
    assert not [each for each in POLICY_WORDS if each in words]

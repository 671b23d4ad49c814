"""Article XI: everybody who uses the network is told, and told all of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.mail import get_connection

from homeroom.base.actor import Actor
from homeroom.base.errors import Refused
from homeroom.notices import clauses, queries
from homeroom.notices.actions import building, letters, notices, reconciling, sending, templates
from homeroom.notices.kinds import KINDS
from homeroom.notices.models import Letter, Notice
from homeroom.people import actions as people
from homeroom.people.models import Person
from tests.integration.notices.conftest import DANA, NOON, TODAY, approve, hours

USERS = KINDS["users"]
ELEVEN = [element.id for element in USERS.elements if not element.ours]
OURS = [element.id for element in USERS.elements if element.ours]


def release(town, **more: object) -> Notice:
    row = notices.draft_notice(actor=DANA, at=NOON, kind="users", title="Yearly", who={}, **more)
    row = notices.release_notice(actor=DANA, at=NOON, notice=row)
    building.build(at=NOON, notice=row)
    return row


def send(at=NOON) -> None:
    sending.send_batch(at=at, connection=get_connection("django.core.mail.backends.locmem.EmailBackend"))


def told(person: str, on=TODAY) -> bool:
    return person in queries.delivered("users", on)


def missing(town, id: str) -> str:
    """What is said when one element is left out."""
    template = templates.new_template(actor=DANA, at=NOON, kind="users")
    english = template.texts.get(language="en")
    left = {name: words for name, words in english.blocks.items() if name != id}
    templates.write_text(actor=DANA, at=NOON, template=template, language="en", subject="Hello", blocks=left)
    with pytest.raises(Refused) as refused:
        templates.submit_template(actor=DANA, at=NOON, template=template)
    return str(refused.value)


@pytest.mark.clause(
    "XI.B.1", "XI.B.2.a", "XI.B.2.b", "XI.B.2.c", "XI.B.2.d", "XI.B.3", "XI.B.4", "XI.B.5", "XI.B.6", "XI.B.7", "XI.B.8"
)
@pytest.mark.parametrize("id", ELEVEN)
def test_words_without_one_of_the_eleven_never_reach_the_board(town, id):
    assert missing(town, id).startswith(f"{id} is missing")


def test_there_are_eleven():
    assert len(ELEVEN) == 11


@pytest.mark.clause("III.1", "III.3", "VIII.A.1", "VIII.A.2", "VIII.E.2")
@pytest.mark.parametrize("id", OURS)
def test_what_other_articles_want_known_is_said_too(town, id):
    assert missing(town, id).startswith(f"{id} is missing")


@pytest.mark.clause("XI.B.4")
def test_a_block_that_says_next_to_nothing_does_not_count(town):
    template = templates.new_template(actor=DANA, at=NOON, kind="users")
    english = template.texts.get(language="en")
    templates.write_text(
        actor=DANA,
        at=NOON,
        template=template,
        language="en",
        subject="Hello",
        blocks={**english.blocks, "XI.B.4": "…  ok"},
    )
    with pytest.raises(Refused, match=r"XI\.B\.4 says too little"):
        templates.submit_template(actor=DANA, at=NOON, template=template)


@pytest.mark.clause("XI.A")
def test_students_and_staff_are_told_and_nobody_who_has_left(town):
    approve("users")
    release(town)
    readers = {letter.reader_id for letter in Letter.objects.all()}
    assert readers == {"ben", "leah", "ana", "tou", "olsen", "lind", "okafor", "dana", "kim", "moua"}


@pytest.mark.clause("XI.A")
def test_sent_is_not_yet_told_and_what_came_back_was_never_told(town):
    approve("users")
    release(town)
    send()
    assert not told("ben")
    letters.settle(at=hours(24))
    assert told("ben") and not told("ben", TODAY - timedelta(days=1))
    attempt = Letter.objects.get(reader="ben").attempts.get()
    letters.failed(attempt=attempt, why="5.1.1", at=hours(30), returned=True)
    assert not told("ben") and told("leah")


@pytest.mark.clause("XI.A")
def test_who_confirms_reading_was_told_at_once_and_only_the_reader_can(town):
    approve("users")
    release(town)
    letter = Letter.objects.get(reader="ben")
    with pytest.raises(Refused, match="Only the person"):
        letters.confirm_read(actor=Actor("leah", "Leah"), letter=letter, at=NOON)
    letters.confirm_read(actor=Actor("ben", "Ben"), letter=letter, at=NOON)
    assert told("ben") and not told("leah")


@pytest.mark.clause("XI.A")
def test_who_comes_on_day_forty_gets_an_own_notice(town):
    approve("users")
    release(town, follow_until=TODAY + timedelta(days=200))
    before = Letter.objects.count()
    later = NOON + timedelta(days=40)
    people.add_people(actor=DANA, people=[Person(id="nora", given_name="Nora", email="nora@lake.test")], at=later)
    people.give_role(
        actor=DANA, person="nora", role="student", school="birch", first_day=later.date(), at=later, grade="7"
    )
    assert reconciling.reconcile(at=later - timedelta(days=1)).missing == 0, "the day before"
    assert reconciling.reconcile(at=later).missing == 1 and reconciling.reconcile(at=later).missing == 0
    assert Letter.objects.count() == before + 1 and Letter.objects.filter(reader="nora").count() == 1


@pytest.mark.clause("XI.A")
def test_the_probe_finds_whoever_was_not_told(town):
    assert clauses.users_not_told(NOON).looked_at == 0
    approve("users")
    assert (clauses.users_not_told(NOON).looked_at, clauses.users_not_told(NOON).broken) == (10, 10)
    release(town)
    send()
    letters.settle(at=hours(24))
    assert clauses.users_not_told(hours(24)).broken == 0
    Letter.objects.filter(reader="ben").update(state="returned", delivered_at=None)
    assert clauses.users_not_told(hours(24)).broken == 1


@pytest.mark.clause("XI.B.1")
def test_the_probe_looks_at_what_was_said_and_not_at_what_stands_in_a_template(town):
    from homeroom.notices.models import Content

    approve("users")
    release(town)
    assert clauses.contents_without_an_element(NOON).broken == 0
    content = Content.objects.get()
    content.blocks = [each for each in content.blocks if each[0] != "XI.B.5"]
    content.save()
    assert clauses.contents_without_an_element(NOON).broken == 1


@pytest.mark.clause("XVII.B")
def test_a_changed_word_is_a_new_version_and_needs_the_board_again(town):
    first = approve("users")
    with pytest.raises(Refused, match="went to the board"):
        templates.write_text(actor=DANA, at=NOON, template=first, language="en", subject="New", blocks={})
    second = templates.new_template(actor=DANA, at=NOON, kind="users", copy=first)
    assert (second.number, second.sealed_at) == (2, None)
    assert {text.language for text in second.texts.filter(checked_at__isnull=False)} == set(), (
        "translations are read anew"
    )
    release(town)
    assert Notice.objects.get().template == first

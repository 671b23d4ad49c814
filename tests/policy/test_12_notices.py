"""Article XII: parents are told, each of them, about each child."""

from __future__ import annotations

import pytest
from django.core.mail import get_connection

from homeroom.base.errors import Refused
from homeroom.notices import clauses, queries, wording
from homeroom.notices.actions import building, letters, notices, sending, templates
from homeroom.notices.kinds import KINDS
from homeroom.notices.models import Letter, LetterChild, Notice
from homeroom.people.models import Guardianship
from tests.integration.notices.conftest import DANA, FACTS, NOON, TODAY, approve, hours, lives_at, parent

FIVE = [element.id for element in KINDS["parents"].elements if element.id.startswith("XII.B.") and not element.ours]


@pytest.fixture
def parents(town):
    """Rosa is Ben's and Leah's parent, Kim is Ana's; Tou's are not on record."""
    Guardianship.objects.all().delete()
    for child, guardian in (("ben", "rosa"), ("leah", "rosa"), ("ana", "kim")):
        parent(child, guardian)
    approve("users", ("es",))
    approve("parents", ("es",))
    return town


def release(at=NOON, **who: object) -> Notice:
    row = notices.draft_notice(actor=DANA, at=at, kind="parents", title="Yearly", who=who, facts=FACTS["parents"])
    row = notices.release_notice(actor=DANA, at=at, notice=row)
    building.build(at=at, notice=row)
    return row


def send(at=NOON) -> None:
    sending.send_batch(at=at, connection=get_connection("django.core.mail.backends.locmem.EmailBackend"))


@pytest.mark.clause("XII.B.0a")
def test_one_letter_to_each_parent_names_each_child(parents):
    release()
    told = {(row.reader_id, row.child_id) for row in LetterChild.objects.all()}
    assert told == {("rosa", "ben"), ("rosa", "leah"), ("kim", "ana")}
    rosa = Letter.objects.get(reader="rosa")
    assert "Ben Haugen, Leah Farah" in wording.text(rosa.content, rosa.fields)


@pytest.mark.clause("XII.B.0a")
def test_a_student_counts_once_one_parent_was_told_and_not_before(parents):
    release()
    send()
    assert queries.delivered("parents", TODAY, ["ben"]) == {}
    letters.settle(at=hours(24))
    assert set(queries.delivered("parents", TODAY)) == {"ben", "leah", "ana"}


@pytest.mark.clause("XII.B.0a")
def test_a_student_without_a_parent_on_record_is_counted_and_not_forgotten(parents):
    from homeroom.notices.queries import progress

    row = release()
    assert [person.pk for person in progress.without_parent(DANA, row, TODAY)] == ["tou"]
    send()
    letters.settle(at=hours(24))
    found = clauses.students_whose_parents_were_not_told(hours(24))
    assert (found.looked_at, found.broken) == (4, 1)


@pytest.mark.clause("XII.B.0a")
def test_a_sibling_who_comes_later_is_told_about_once_and_alone(parents):
    row = release()
    parent("tou", "rosa")
    assert building.build(at=hours(1), notice=row) == 1
    assert building.build(at=hours(2), notice=row) == 0
    second = Letter.objects.get(reader="rosa", number=2)
    assert second.fields["children"] == ["Tou Xiong"]


@pytest.mark.clause("XII.B.0a")
def test_a_parent_without_e_mail_gets_paper_and_one_without_either_a_place_on_the_list(parents):
    from homeroom.people.models import Person

    Person.objects.filter(pk__in=["rosa", "kim"]).update(email="", home_language="")
    lives_at("rosa")
    release()
    rosa, kim = Letter.objects.get(reader="rosa"), Letter.objects.get(reader="kim")
    assert (rosa.channel, rosa.state, rosa.content.language) == ("paper", "queued", "en")
    assert kim.state == "unreachable"


@pytest.mark.clause("XII.B.1")
def test_the_very_notice_of_the_student_goes_along(parents):
    notices_to_ben = notices.open_notice(actor=DANA, at=NOON, kind="users", about="b", recipients=["ben"], facts={})
    release()
    ben = Letter.objects.get(notice=notices_to_ben)
    rosa = Letter.objects.get(reader="rosa")
    assert rosa.content.enclosed == ben.content, "one row, one hash"
    assert "no filter catches everything" in wording.text(rosa.content, rosa.fields)
    assert clauses.parents_without_the_students_notice(NOON).broken == 0


@pytest.mark.clause("XII.B.2", "XII.B.3", "XII.B.4", "XII.B.5", "XII.A.1", "XII.A.2", "XII.B.1")
@pytest.mark.parametrize("id", [*FIVE, "XII.B.0a", "XII.A.1", "XII.A.2"])
def test_words_without_one_of_the_elements_never_reach_the_board(town, id):
    template = templates.new_template(actor=DANA, at=NOON, kind="parents")
    english = template.texts.get(language="en")
    left = {name: words for name, words in english.blocks.items() if name != id}
    templates.write_text(actor=DANA, at=NOON, template=template, language="en", subject="Hello", blocks=left)
    with pytest.raises(Refused, match=f"^{id} is missing"):
        templates.submit_template(actor=DANA, at=NOON, template=template)


def test_there_are_five():
    assert FIVE == ["XII.B.1", "XII.B.2", "XII.B.3", "XII.B.4", "XII.B.5"]


@pytest.mark.clause("XII.B.5")
def test_the_place_of_the_policy_must_stand_in_its_block(town):
    template = templates.new_template(actor=DANA, at=NOON, kind="parents")
    english = template.texts.get(language="en")
    blocks = {**english.blocks, "XII.B.5": "You can read the policy somewhere in the office."}
    templates.write_text(actor=DANA, at=NOON, template=template, language="en", subject="Hello", blocks=blocks)
    with pytest.raises(Refused, match=r"must hold \{policy_url\}"):
        templates.submit_template(actor=DANA, at=NOON, template=template)


@pytest.mark.clause("XII.B.2")
def test_a_translation_is_used_only_once_somebody_vouched_for_it(town):
    Guardianship.objects.all().delete()
    parent("ana", "kim")
    from homeroom.people.models import Person

    Person.objects.filter(pk="kim").update(home_language="so")
    approve("users")
    approve("parents")
    release()
    assert Letter.objects.get().content.language == "en"
    approve("parents", ("so",))
    release()
    latest = Letter.objects.latest("id")
    assert latest.content.language == "so" and latest.content.beneath.language == "en"

"""`homeroom policy choose`: what the board chooses of a draft, from the command line."""

from __future__ import annotations

import json

import pytest

from homeroom.base.actor import SYSTEM
from homeroom.board import actions
from homeroom.board.models import AdoptedText
from homeroom.journal.models import Entry
from homeroom.site import cli
from tests.integration.board.files import SMALL
from tests.town import NOON

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
OFFERING = """
504 A POLICY OF A MADE-UP TOWN

V. USES

- A. Users shall not:

6. post what is private.

[NOTE: districts may wish to add one or more of these paragraphs.]

- a. Office numbers are fine.
- b. Own numbers are fine.
- c. Nothing on social networks.

VI. FILTER

ALTERNATIVE NO. 1

Block some.

ALTERNATIVE NO. 3

Block most.
"""
WHY = ("--reason", "Families asked for it at the hearing.")


def draft(words: str = OFFERING) -> AdoptedText:
    return actions.import_text(actor=SYSTEM, file="policy.md", data=words.encode(), at=NOON)[0]


def choose(text: AdoptedText, *more: str) -> int:
    return cli.run(["policy", "choose", str(text.pk), *more, *WHY])


@pytest.mark.clause("V.A.6.note")
def test_options_and_alternative_are_chosen_by_letter_and_number(town, capsys):
    text = draft()
    assert choose(text, "--alternative", "3", "--option", "c", "--option", "V.A.6.a", "--by", "dana", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["alternative"] == "VI.Alt3" and told["options"] == ["V.A.6.a", "V.A.6.c"] and told["watch_adults"]
    assert any(each["clause"] == "VI.Alt3.A.1" for each in told["know"])
    text.refresh_from_db()
    assert text.options == ["V.A.6.a", "V.A.6.c"] and text.alternative == "VI.Alt3"
    entry = Entry.objects.get(verb="board.text.chosen")
    assert entry.actor == "dana" and entry.clause == "VI.note1.c" and entry.reason == WHY[1]


def test_a_choice_said_anew_keeps_the_alternative_and_whether_adults_are_watched(town):
    text = draft()
    assert choose(text, "--alternative", "3", "--option", "a", "--no-watch-adults") == 0
    assert choose(text, "--no-options") == 0
    text.refresh_from_db()
    assert text.alternative == "VI.Alt3" and text.options == [] and not text.adult_monitoring


def test_what_needs_no_choice_of_options_asks_for_none(town, capsys):
    assert choose(draft(SMALL), "--alternative", "2") == 0
    assert "will be adopted with III.Alt2." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--alternative", "3"), "say which of them the board takes up (--option a --option b --option c), or --no-"),
        (("--alternative", "3", "--option", "a", "--no-options"), "Say either which paragraphs"),
        (("--alternative", "3", "--option", "d"), "The text does not offer d to choose; it offers V.A.6.a, V.A.6.b"),
        (("--alternative", "2", "--option", "a"), "say which one the board chose: --alternative 1, 2 or 3"),
        (("--option", "a"), "say which one the board chose: --alternative 1, 2 or 3"),
        (("--alternative", "3", "--option", "a", "--by", "ben"), "does not work here"),
    ],
)
def test_a_choice_that_is_none_is_refused_in_a_sentence(town, capsys, more, sentence):
    text = draft()
    assert choose(text, *more) == 2
    assert sentence in capsys.readouterr().err
    text.refresh_from_db()
    assert text.alternative == "" and not Entry.objects.filter(verb="board.text.chosen").exists()


def test_what_is_no_draft_cannot_be_chosen_for(town, capsys):
    assert cli.run(["policy", "choose", "99", "--no-options", *WHY]) == 2
    assert "There is no text 99; see “homeroom policy list”." in capsys.readouterr().err
    text = draft(SMALL)
    day = NOON.date().isoformat()
    assert cli.run(["policy", "in-force", str(text.pk), "--from", day, "--alternative", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["alternative"] == "III.Alt1"
    assert choose(text, "--alternative", "2") == 2
    assert "only a draft can still be changed" in capsys.readouterr().err


@pytest.mark.parametrize("data", [b"Dear parents,\nit was a fine summer.\n", b"", b"\x00\x01\x02"])
def test_a_file_without_a_policy_is_not_compared_as_if_all_were_gone(town, capsys, tmp_path, data):
    letter = tmp_path / "letter.txt"
    letter.write_bytes(data)
    for pair in ((str(draft().pk), str(letter)), (str(letter), str(draft().pk))):
        assert cli.run(["policy", "diff", *pair]) == 2
        out = capsys.readouterr()
        assert out.out == "" and ("no article" in out.err or "no words" in out.err or "neither text" in out.err)


def test_the_list_of_texts_names_their_files(town, capsys):
    draft()
    assert cli.run(["policy", "list"]) == 0
    assert capsys.readouterr().out.endswith("(draft; policy.md)\n")


def test_a_first_day_that_has_not_come_is_taken_back(town, capsys):
    text = draft(SMALL)
    begin = ["policy", "in-force", str(text.pk), "--from", "2099-12-01", "--alternative", "2"]
    assert cli.run(begin) == 0
    assert cli.run(["policy", "take-back", str(text.pk), "--reason", "A slip in the year.", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.partition("\n")[2])
    assert (told["state"], told["from"]) == ("draft", None)
    assert cli.run(["policy", "take-back", str(text.pk), "--reason", "Once more."]) == 2

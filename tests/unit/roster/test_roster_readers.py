"""The readers of rosters: patient with spellings, exact about places, and never surprised."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeroom.kernel.roster import decoding, names, table
from homeroom.kernel.roster.formats import FORMATS, detect
from homeroom.kernel.roster.records import Guess, Kind, Problem, Record
from homeroom.kernel.roster.table import Layout, Row

LAYOUT = Layout({"sourcedId": (), "givenName": ("first name",), "birthDate": ("dob",)}, ("sourcedId",), ("sex",))
FILES = [(format.name, file) for format in FORMATS.values() for file in format.layouts]


def read(data: bytes, layout: Layout = LAYOUT) -> tuple[list[Row], list[Problem], list[Guess]]:
    guesses: list[Guess] = []
    found = list(table.read("f.csv", decoding.lines([data]), layout, guessed=guesses.append))
    return (
        [each for each in found if isinstance(each, Row)],
        [each for each in found if isinstance(each, Problem)],
        guesses,
    )


@pytest.mark.parametrize(
    "data",
    [
        b"sourcedId,givenName\n1,Zo\xc3\xab\n",
        b"\xef\xbb\xbfSOURCEDID,First Name\r\n1,Zo\xc3\xab\r\n",
        b"Sourced_Id;givenname\r1;Zo\xeb",
        b"sourcedId\tgivenName\n\n 1 \t Zo\xc3\xab \n",
        "sourcedId,givenName\n1,Zoë\n".encode("utf-16"),
        b'"sourcedId","givenName"\n"1","Zo\xc3\xab"\n',
    ],
)
def test_the_same_row_in_the_spellings_of_vendors(data):
    rows, problems, guesses = read(data)
    assert ([row.values for row in rows], problems, guesses) == ([{"sourcedId": "1", "givenName": "Zoë"}], [], [])


def test_problems_have_the_line_where_the_row_begins():
    rows, problems, _ = read(b'sourcedId,givenName\n1,"two\nlines"\n2,B,extra\n3,C\n')
    assert [(row.line, row.values["givenName"]) for row in rows] == [(2, "two lines"), (5, "C")]
    assert [(each.line, each.left_out) for each in problems] == [(4, True)]


def test_a_quotation_mark_that_never_closes_swallows_no_rows_in_silence():
    data = b'sourcedId,givenName\n1,"A\n' + b"".join(b"%d,x\n" % n for n in range(2, 40))
    rows, problems, _ = read(data)
    assert rows == []
    assert problems[0].line == 2
    assert "quotation mark" in problems[0].sentence


def test_cells_that_have_moved_are_not_looked_at():
    """With a comma too many a password could stand under any column."""
    rows, (problem,), _ = read(b"sourcedId,givenName\n1,A,hunter2\n")
    assert rows == []
    assert "hunter2" not in problem.sentence


@pytest.mark.parametrize("title", ["password", "PASSWORD", "Pass Word", "pasword", "user_password", "ssn"])
def test_secret_columns_leave_nothing_behind(title):
    (row,), (problem,), _ = read(f"sourcedId,{title},shoe\n1,hunter2,42\n".encode())
    assert row.extras == {"shoe": "42"}
    assert "hunter2" not in f"{row}{problem}"


def test_columns_that_are_known_and_not_needed_are_not_kept():
    (row,), _, _ = read(b"sourcedId,sex,shoe\n1,f,42\n")
    assert row.extras == {"shoe": "42"}


def test_a_close_name_is_a_guess_and_a_far_one_an_extra():
    (row,), _, guesses = read(b"sourcedId,givenNam,favourite\n1,A,x\n")
    assert guesses == [Guess("f.csv", "givenNam", "givenName")]
    assert (row.values["givenName"], row.extras) == ("A", {"favourite": "x"})


def test_without_a_column_that_is_needed_the_file_is_left_out():
    rows, (problem,), _ = read(b"givenName\nA\n")
    assert (rows, problem.left_out, problem.column) == ([], True, "sourcedId")


def test_a_line_without_end_is_refused():
    with pytest.raises(decoding.TooLong):
        list(decoding.lines(b"x" * 100_000 for _ in range(20)))


def test_files_cut_anywhere_give_the_same_lines():
    data = "a,é\r\nb\rc\n".encode()
    whole = list(decoding.lines([data]))
    assert whole == ["a,é\n", "b\n", "c\n"]
    for cut in range(len(data)):
        assert list(decoding.lines([data[:cut], data[cut:]])) == whole


def test_formats_are_told_apart():
    assert detect(["users", "orgs"], "1.2") == "oneroster-1.2"
    assert detect(["users", "roles"]) == "sds-2.1"
    assert detect(["users"], "", {"users": frozenset({"role"})}) == "oneroster-1.1"
    assert detect(["relationships"]) == "supplement"


def take(format: str, file: str, data: bytes) -> list[Record | Problem]:
    found: list[Record | Problem] = []
    chosen = FORMATS[format]
    for row in table.read(file, decoding.lines([data]), chosen.layouts[file]):
        if isinstance(row, Problem):
            found.append(row)
        else:
            found += chosen.read(file, row)
            found += row.problems
    return found


WORDS = st.sampled_from(
    ["", "student", "teacher", "tobedeleted", "2026-09-01", "13/13/2026", "0000-00-00", "9999-12-31", "a,b", "KG",
     "true", "maybe", "\x00", "٣", "²",
     "-1", "x" * 300, '"', "2026-09-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "|", "\u202e"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_whatever_stands_under_the_right_columns_becomes_records_or_problems(which, data):
    format, file = which
    columns = list(FORMATS[format].layouts[file].columns)
    rows = data.draw(st.lists(st.lists(WORDS | st.text(max_size=8), max_size=len(columns) + 2), max_size=4))
    lines = [",".join(columns), *(",".join(f'"{cell}"' for cell in row) for row in rows)]
    for each in take(format, file, "\n".join(lines).encode("utf-8", "surrogatepass")):
        if isinstance(each, Record):
            assert isinstance(each.kind, Kind)
        else:
            assert each.file == file
            assert each.sentence.endswith((".", "?"))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(FILES), st.binary(max_size=300))
def test_any_bytes_at_all_become_problems_never_an_exception(which, data):
    for each in take(*which, data):
        assert isinstance(each, Record | Problem)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_header_can_be_matched(titles):
    surely, perhaps = names.match(titles, LAYOUT.columns)
    assert not set(surely) & set(perhaps)
    assert len({*surely.values(), *perhaps.values()}) == len(surely) + len(perhaps)

"""Policies come as text, Markdown, DOCX and PDF, with all that people do to them."""

from __future__ import annotations

import io
import re
from html import escape
from pathlib import Path
from textwrap import wrap
from zipfile import ZipFile

import pikepdf
import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from homeroom.base.errors import Refused
from homeroom.board import docx as docx_of
from homeroom.board.reading import read_file
from homeroom.kernel.clauses import TITLES
from homeroom.kernel.policytext.clauses import PolicyText
from homeroom.kernel.policytext.compare import compare
from homeroom.kernel.policytext.read import read_policy
from homeroom.kernel.policytext.rows import rows
from tests.integration.board.files import NUMBERING, W, docx, numbered, paragraph, pdf, pdf_pages, run, typeset


def read(data: bytes) -> PolicyText:
    return read_policy(read_file(data).lines)


def said(text: PolicyText, id: str) -> str:
    found = text.find(id)
    assert found is not None
    return found.words


def test_numbers_that_a_word_processor_counts_become_ids():
    text = read(
        docx(
            paragraph("Purpose", 0), paragraph("To be short."),
            paragraph("Uses", 0), paragraph("Users shall not:", 1), paragraph("shout;", 2), paragraph("in halls", 3),
            paragraph("run.", 2), paragraph("Users may sing.", 1),
        )
    )  # fmt: skip
    assert [clause.id for clause in text] == ["I", "II", "II.A", "II.A.1", "II.A.1(a)", "II.A.2", "II.B"]
    assert text.articles[1].title == "USES"


def test_tracked_deletions_are_left_out_and_counted_and_insertions_kept():
    words = run("Users ") + "<w:del><w:r><w:delText>never </w:delText></w:r></w:del>"
    words += "<w:ins>" + run("always ") + "</w:ins>" + run("sing ") + run("badly", strike=True) + run(".")
    answer = read_file(docx(paragraph("Purpose", 0), paragraph(words, 1)))
    text = read_policy(answer.lines)
    assert said(text, "I.A") == "Users always sing ."
    assert text.find("I.A").struck == ("badly",)
    assert "Tracked deletions in the file, which this reading leaves out: 1." in answer.remarks[0].sentence
    assert "Tracked insertions in the file, which this reading keeps: 1." in answer.remarks[1].sentence


def test_moved_words_count_where_they_went():
    words = "<w:moveFrom><w:r><w:t>here</w:t></w:r></w:moveFrom>" + run("there")
    assert "there" in read_file(docx(paragraph(words))).lines


GONE = "<w:rPr><w:del/></w:rPr>"  # the end of a paragraph, deleted while changes are tracked


def test_an_item_deleted_while_tracking_takes_its_number_along():
    gone = numbered("<w:del><w:r><w:delText>run;</w:delText></w:r></w:del>", 1, GONE)
    answer = read_file(docx(paragraph("Purpose", 0), paragraph("shout;", 1), gone, paragraph("sing.", 1)))
    text = read_policy(answer.lines)
    assert [clause.id for clause in text] == ["I", "I.A", "I.B"] and said(text, "I.B") == "sing."
    assert text.findings == [] and "leaves out: 1." in answer.remarks[0].sentence


def test_paragraphs_joined_while_tracking_are_one_clause():
    answer = read_file(docx(paragraph("Purpose", 0), numbered(run("Users sing "), 1, GONE), paragraph("and run.", 1)))
    assert said(read_policy(answer.lines), "I.A") == "Users sing and run."
    assert "leaves out: 1." in answer.remarks[0].sentence


def test_numbers_that_a_style_brings_are_counted_and_a_list_begun_again_begins_again():
    numbering = NUMBERING.replace('<w:lvl w:ilvl="1">', '<w:lvl w:ilvl="1"><w:pStyle w:val="Paragraph"/>').replace(
        "</w:numbering>",
        '<w:num w:numId="4"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="2"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num></w:numbering>",
    )
    styles = f"""<w:styles {W}>
    <w:style w:styleId="Heading1"><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
    <w:style w:styleId="Paragraph"><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
    <w:style w:styleId="Bold"><w:basedOn w:val="Paragraph"/></w:style></w:styles>"""

    def styled(words: str, style: str, inner: str = "") -> str:
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{inner}</w:pPr>{run(words)}</w:p>'

    again = paragraph("walk.", 2).replace('w:numId w:val="3"', 'w:numId w:val="4"')
    file = docx(
        styled("Purpose", "Heading1"), styled("Users may", "Paragraph"), paragraph("sing;", 2),
        styled("Users may not", "Bold"), paragraph("shout;", 2), again,
        styled("No number", "Paragraph", '<w:numPr><w:numId w:val="0"/></w:numPr>'),
        numbering=numbering, styles=styles,
    )  # fmt: skip
    assert [line for line in read_file(file).lines if line] == [
        "I. PURPOSE", "A. Users may", "1. sing;", "B. Users may not", "1. shout;", "1. walk.", "No number",
    ]  # fmt: skip


def test_a_file_saved_as_strict_open_xml_is_read():
    with ZipFile(io.BytesIO(docx(paragraph("Purpose", 0)))) as file:
        parts = {name: file.read(name).decode().replace(docx_of.W[1:-1], docx_of.STRICT) for name in file.namelist()}
    out = io.BytesIO()
    with ZipFile(out, "w") as file:
        for name, words in parts.items():
            file.writestr(name, words)
    assert "I. PURPOSE" in read_file(out.getvalue()).lines


def test_a_pdf_with_text_is_read_and_a_scanned_one_refused_with_the_way_out():
    text = read(pdf("I. PURPOSE", "To be short.", "II. USES", "A. Sing."))
    assert [clause.id for clause in text] == ["I", "II", "II.A"]
    with pytest.raises(Refused, match=r"pictures of pages and no text.*text recognition"):
        read_file(pdf())


def test_what_only_the_pages_of_a_pdf_bring_is_left_out_and_said():
    body = ["I. PURPOSE", "To guard infor-", "mation on school-", "issued tools.", "II. USES", "A. Keep information",
            "issued by school.", "B. Sing in the halls.", "C. Run."]  # fmt: skip
    pages = [
        ["Town schools, policy 504", *body[3 * number : 3 * number + 3], f"{number + 1} of 3"] for number in range(3)
    ]
    answer = read_file(pdf_pages(*pages))
    text = read_policy(answer.lines)
    assert [clause.id for clause in text] == ["I", "II", "II.A", "II.B", "II.C"]
    assert said(text, "I") == "To guard information on school-issued tools."
    assert said(text, "II.B") == "Sing in the halls."
    assert any("“Town schools, policy 504”; “1 of 3”" in each.sentence for each in answer.remarks)
    assert any(
        "made whole, 2; look at the hyphens: “school-issued”; “information”" in each.sentence for each in answer.remarks
    )


LIST = (
    "504 THE POLICY OF A MADE-UP TOWN", "I. USES", "A. Users shall not:", "1. shout in any of the halls; or",
    "2. run.", "Whoever does it all the same is told to stop, and is asked to walk, slowly, from there on.",
    "B. Users may sing.",
)  # fmt: skip


@pytest.mark.parametrize("look", ["", "#set par(spacing: 0.65em)", "#set page(columns: 2)\n#set par(spacing: 0.65em)"])
def test_a_paragraph_below_a_list_in_a_pdf_is_no_part_of_its_last_item(look):
    answer = read_file(typeset(*LIST, look=look))
    text = read_policy(answer.lines)
    assert said(text, "I.A.2") == "run." and text.find("I.A").closing == LIST[5]
    assert answer.remarks == ()


def test_where_a_pdf_gives_no_hint_of_a_paragraph_the_line_is_named_and_nothing_guessed():
    lines = ["I. USES", "A. Users shall not:", "1. shout; and", "2. run.", "B. Users may sing as long as they want."]
    below = "Whoeverdoesitallthesameistoldtostopit."  # as long as the last line has room for it nowhere
    full = [*lines[:3], "2. run in the halls, nor in the class.", below, lines[4]]
    answer = read_file(pdf(*full))
    assert said(read_policy(answer.lines), "I.A.2") == f"run in the halls, nor in the class. {below}"
    assert tuple(each.sentence for each in answer.remarks) == (
        "A PDF has no empty lines. Whether a new paragraph begins below these lines cannot be seen, so none was taken "
        "to: “2. run in the halls, nor in the class.”.",
    )


REDLINED = """
I. USES

A. Users shall #strike[never] #underline[always] sing, and may walk in every hall of the school, whoever they are and
whatever they carry; #strike[this goes on so long that it is broken into two lines of the page, and goes as a whole].

#strike[B. Users may run.]

C. Users may read.

#table(columns: 2, [Day], [Vote], [1 May], [6 to 1])
"""


def test_what_a_pdf_shows_struck_out_is_no_part_of_the_text_and_is_said():
    answer = read_file(typst.compile(REDLINED.encode()))
    text = read_policy(answer.lines)
    assert said(text, "I.A").startswith("Users shall always sing,") and said(text, "I.A").endswith("they carry; .")
    assert text.find("I.A").struck[0] == "never" and " ".join(text.find("I.A").struck[1:]).endswith("goes as a whole")
    assert said(text, "I.B") == "" and text.find("I.B").struck == ("Users may run.",)
    assert said(text, "I.C") == "Users may read." and "1 May 6 to 1" in answer.lines
    assert "a line drawn through them, which were taken for struck out, 4: “never”;" in answer.remarks[0].sentence


def test_a_heading_of_two_lines_is_one_title():
    text = read(pdf("504 THE POLICY OF A", "MADE-UP TOWN", "I. NOTICE TO PARENTS AND", "STUDENTS", "To be short."))
    assert text.title == "504 THE POLICY OF A MADE-UP TOWN"
    assert text.articles[0].title == "NOTICE TO PARENTS AND STUDENTS" and said(text, "I") == "To be short."


def test_a_locked_pdf_is_refused_with_the_way_out():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf("I. PURPOSE"))) as file:
        file.save(out, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    with pytest.raises(Refused, match=r"locked with a password\. Save it without one"):
        read_file(out.getvalue())


def test_a_line_that_few_pages_bear_is_no_head_and_a_page_without_text_is_named():
    answer = read_file(pdf_pages(["I. PURPOSE", "Be short."], [], ["II. USES", "Be short."], ["III. END", "Stop."]))
    assert answer.lines.count("Be short.") == 2
    assert any("Page 2 of the PDF holds no text" in each.sentence for each in answer.remarks)


def test_marks_of_emphasis_are_no_part_of_a_reference():
    text = read(
        b"# 504 A POLICY\n\n## I. PURPOSE\n\nBe.\n\n**Legal References:** 15 U.S.C. 6501 *et seq.*\n*A* v. **B**\n"
    )
    assert [words for _, words in text.references] == ["15 U.S.C. 6501 et seq.", "A v. B"]


def test_markdown_with_headings_and_bold_marks_is_read():
    text = read(b"# 504 A MADE-UP POLICY\n\n## I. PURPOSE\n\nBe short.\n\n- **A.** Sing.\n")
    assert [clause.id for clause in text] == ["I", "I.A"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_of_any_usual_encoding_is_read(encoding):
    assert said(read("I. PURPOSE\n\nDon’t run.\n".encode(encoding)), "I") == "Don’t run."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "holds no words"),
        (b"\x89PNG\x00\x00", "neither text nor Markdown"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word file .*save it as DOCX"),
        (b"{\\rtf1 I. PURPOSE}", "This is RTF"),
        (b"\n<!DOCTYPE html><p>I. PURPOSE", "a web page"),
        (b"PK\x03\x04 and nonsense", "damaged"),
        (b"%PDF-1.7 and nonsense", "damaged"),
        (b"x" * 20_000_001, "more than 20 MB"),
        (b"a\n" * 20_001, "more than 20000 lines"),
        (docx(head='<!DOCTYPE x [<!ENTITY a "aaaa">]>'), "DOCTYPE"),
        (docx(paragraph("x" * 30_000_001)), "unpacks to more than 30 MB"),
        (docx("<w:p>"), "cannot be read"),
        (docx(numbering="<!DOCTYPE x>"), "DOCTYPE"),
        (pdf_pages(*[["x"]] * 501), "more than 500 pages"),
        (pdf(*["x" * 1000] * 101), "more than 100000 letters"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(data, sentence):
    with pytest.raises(Refused, match=sentence):
        read_file(data)


@given(st.binary(max_size=300), st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04"]))
def test_any_bytes_are_read_or_refused(data, start):
    try:
        read_file(start + data)
    except Refused as refused:
        assert str(refused).endswith(".")


LOOKS = {
    "spaced": "",
    "without space": "#set par(spacing: 0.65em)",
    "justified": "#set par(justify: true)",
    "columns": "#set text(size: 9pt)\n#set page(columns: 2)",
}


class TestTheRealText:
    """The model policy gives the same clauses whatever kind of file a district holds it in."""

    @pytest.fixture
    def words(self) -> str:
        path = Path(__file__).resolve().parents[4] / "shared" / "policy" / "msba-524.txt"
        if not path.exists():
            pytest.skip("The model policy's text is not beside this checkout.")
        return path.read_text(encoding="utf-8")

    def test_as_docx(self, words: str):
        data = docx(*(paragraph(escape(line)) for line in words.splitlines() if line.strip()))
        found = compare(rows(read(words.encode())), rows(read(data)), TITLES)
        assert found.changes == () and found.same == 117

    @pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
    def test_as_pdf(self, words: str, look: str):
        """Set in lines by a typesetter, as an office's programs do it."""
        paragraphs = [re.sub(r"^- ", "", line.strip()).replace("~~", "") for line in words.splitlines() if line.strip()]
        answer = read_file(typeset(*paragraphs, look=look))
        text = read_policy(answer.lines)
        found = compare(rows(read(words.encode())), rows(text), TITLES)
        assert found.changes == () and found.same == 117 and text.unplaced == []

    def test_as_pdf_of_bare_lines(self, words: str):
        plain = words.translate(str.maketrans("“”’–", '""\'-'))
        lines = [part for line in plain.splitlines() if line.strip() for part in wrap(line.strip(), 85)]
        pages = [lines[at : at + 60] for at in range(0, len(lines), 60)]
        found = compare(rows(read(plain.encode())), rows(read(pdf_pages(*pages))), TITLES)
        assert found.changes == () and found.same == 117

    def test_as_text_broken_into_lines(self, words: str):
        """As a mail program or an editor breaks it: a paragraph is several lines, with an empty one below."""
        lines = [part for line in words.splitlines() for part in wrap(line, 72, break_on_hyphens=False) or [""]]
        found = compare(rows(read(words.encode())), rows(read("\n".join(lines).encode())), TITLES)
        assert found.changes == () and found.same == 117

"""`homeroom policy`: the adopted text, clause by clause."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from homeroom.base.words import counted
from homeroom.site.django_ready import with_records

if TYPE_CHECKING:
    from homeroom.board.queries.choices import Point
    from homeroom.kernel.policytext.compare import Comparison
    from homeroom.kernel.policytext.rows import Row

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def policy() -> None:
    """The text of the policy as the board adopted it."""


@policy.command("import")
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with every clause.")
@click.option("--by", "person", default="", metavar="PERSON_ID", help="Who imports it; left out: the operator.")
@with_records
def import_(file: Path, as_json: bool, person: str) -> None:
    """Read FILE (text, Markdown, DOCX or PDF) and keep it as a draft; says what found no place."""
    from homeroom.board import actions, queries
    from homeroom.people import queries as people
    from homeroom.site.commands import typed

    at = typed.moment(None)
    row, new = actions.import_text(actor=typed.operator(person), file=file.name, data=file.read_bytes(), at=at)
    told = queries.as_json(row, people.today(at), queries.rows(row))
    click.echo(json.dumps(told | {"new": new}, ensure_ascii=False, indent=2) if as_json else _told(told, new))


def _told(text: dict[str, Any], new: bool) -> str:
    head = f"Text {text['id']}, {text['title'] or text['file']}: {counted(len(text['clauses']), 'clause')}"
    lines = [f"{head}, {counted(len(text['notes']), 'note')}; {text['state']}{'' if new else ', known already'}."]
    lines += [f"  Choose one: {', '.join(offered)}" for offered in text["alternatives"].values()]
    optional = [each["id"] for each in text["clauses"] if each["optional"]]
    lines += [f"  Take up or leave out: {', '.join(optional)}"] if optional else []
    lines += [f"  Line {each['line']} found no place: {each['text']}" for each in text["unplaced"]]
    lines += [f"  {_where(each['line'])}{each['sentence']}" for each in text["findings"]]
    return "\n".join(lines)


def _where(line: int) -> str:
    return f"Line {line}: " if line else ""


@policy.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@with_records
def list_(as_json: bool) -> None:
    """All texts, and which was in force when."""
    from homeroom.board import queries
    from homeroom.people import queries as people
    from homeroom.site.commands import typed

    on = people.today(typed.moment(None))
    texts = [queries.as_json(text, on) for text in queries.texts()]
    if as_json:
        click.echo(json.dumps(texts, ensure_ascii=False, indent=2))
        return
    for text in texts:
        days = f" {text['from']} to {text['until'] or 'now on'}" if text["from"] else ""
        click.echo(f"{text['id']}: {text['title'] or text['file']} ({text['state']}{days}; {text['file']})")
    if not texts:
        click.echo("There is no text yet; “homeroom policy import FILE” reads one.")


@policy.command()
@click.argument("text", type=int, metavar="TEXT_ID")
@click.option("--alternative", default="", help="Which one of Article VI the board chose: 1, 2 or 3.")
@click.option(
    "--option", "options", multiple=True, metavar="LETTER", help="A paragraph of V.A.6 to take up: a, b or c."
)
@click.option("--no-options", is_flag=True, help="Take up none of the paragraphs that V.A.6 offers.")
@click.option("--watch-adults/--no-watch-adults", default=None, help="Under Alternative 3; left out: as it was.")
@click.option("--reason", required=True, help="Why, and how it serves the district's mission.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--by", "person", default="", metavar="PERSON_ID", help="Who writes it down; left out: the operator.")
@with_records
def choose(
    text: int,
    alternative: str,
    options: tuple[str, ...],
    no_options: bool,
    watch_adults: bool | None,
    reason: str,
    as_json: bool,
    person: str,
) -> None:
    """What the board chooses of a draft: the one alternative of Article VI, and the paragraphs of V.A.6."""
    from homeroom.board import actions, queries
    from homeroom.people import queries as people
    from homeroom.site.commands import typed

    draft, at = queries.text(text), typed.moment(None)
    if draft is None:
        raise click.BadParameter(f"There is no text {text}; see “homeroom policy list”.")
    row = actions.choose(
        actor=typed.operator(person), at=at, text=text, alternative=alternative or draft.alternative, reason=reason,
        options=_options(queries.offered_options(draft), options, no_options),
        adult_monitoring=draft.adult_monitoring if watch_adults is None else watch_adults,
    )  # fmt: skip
    points = queries.points(row, people.today(at))
    if as_json:
        know = [{"clause": each.clause, "sentence": each.sentence} for each in points]
        click.echo(json.dumps(queries.as_json(row, people.today(at)) | {"know": know}, ensure_ascii=False, indent=2))
        return
    taken = ", ".join((row.alternative, *row.options)).strip(", ")
    click.echo("\n".join([f"{row} will be adopted with {taken or 'nothing to choose'}.", *_known(points)]))


def _options(offered: list[str], letters: tuple[str, ...], none: bool) -> list[str]:
    """The paragraphs meant by "a" or "V.A.6.a"; where a text offers some, nobody leaves them out without saying so."""
    if letters and none:
        raise click.BadParameter("Say either which paragraphs the board takes up (--option), or --no-options.")
    if offered and not letters and not none:
        said = " ".join(f"--option {each.rpartition('.')[2]}" for each in offered)
        raise click.BadParameter(
            f"The text offers {', '.join(offered)}; say which of them the board takes up ({said}), or --no-options."
        )
    short = {each.rpartition(".")[2]: each for each in offered}
    return sorted({short.get(each, each) for each in (letter.strip() for letter in letters)})


def _known(points: Iterable[Point]) -> list[str]:
    return [f"  {each.clause}: {each.sentence}" for each in points]


@policy.command("in-force")
@click.argument("text", type=int, metavar="TEXT_ID")
@click.option("--from", "from_day", type=DAY, required=True, help="The first day, such as 2026-12-01.")
@click.option("--alternative", default="", help="Which one of Article VI the board chose: 1, 2 or 3.")
@click.option("--noticed", type=DAY, help="The day of the public notice; Alternative 3 needs it.")
@click.option("--hearing", type=DAY, help="The day of the hearing; Alternative 3 needs it.")
@click.option("--minutes", default="", help="Where the board's minutes are.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--by", "person", default="", metavar="PERSON_ID", help="Who puts it in force; left out: the operator.")
@with_records
def in_force(
    text: int,
    from_day: datetime,
    alternative: str,
    noticed: datetime | None,
    hearing: datetime | None,
    minutes: str,
    as_json: bool,
    person: str,
) -> None:
    """Put a draft in force from a day on; the text before it ends the day before."""
    from homeroom.board import actions, queries
    from homeroom.people import queries as people
    from homeroom.site.commands import typed

    at = typed.moment(None)
    row = actions.put_in_force(
        actor=typed.operator(person), text=text, from_day=from_day.date(), at=at,
        alternative=alternative, noticed_on=_day(noticed), hearing_on=_day(hearing), minutes=minutes,
    )  # fmt: skip
    if as_json:
        click.echo(json.dumps(queries.as_json(row, people.today(at)), ensure_ascii=False, indent=2))
        return
    click.echo(f"{row} is in force from {row.from_day} on{f', with {row.alternative}' if row.alternative else ''}.")


@policy.command("take-back")
@click.argument("text", type=int, metavar="TEXT_ID")
@click.option("--reason", required=True, help="Why it shall not begin on its first day.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--by", "person", default="", metavar="PERSON_ID", help="Who takes it back; left out: the operator.")
@with_records
def take_back(text: int, reason: str, as_json: bool, person: str) -> None:
    """Make a text that has not begun a draft again; the text before it goes on."""
    from homeroom.board import actions, queries
    from homeroom.people import queries as people
    from homeroom.site.commands import typed

    at = typed.moment(None)
    row = actions.take_day_back(actor=typed.operator(person), at=at, text=text, reason=reason)
    if as_json:
        click.echo(json.dumps(queries.as_json(row, people.today(at)), ensure_ascii=False, indent=2))
        return
    click.echo(f"{row} is a draft again.")


@policy.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_records
def diff(before: str, after: str, as_json: bool) -> int:
    """What differs between two texts (files, or numbers of texts), and which claims, forms, notices and numbers to
    reread because of it; exit code 1 if anything differs.
    """
    from homeroom.kernel.clauses import TITLES
    from homeroom.kernel.policytext.compare import compare

    found = compare(_rows(before), _rows(after), TITLES)
    told = _as_json(found)
    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else _compared(found, told))
    return 1 if found.changes else 0


def _rows(what: str) -> list[Row]:
    from homeroom.board import queries, reading
    from homeroom.kernel.policytext.read import read_policy
    from homeroom.kernel.policytext.rows import rows

    path = Path(what)
    if path.is_file():
        read = read_policy(reading.read_file(path.read_bytes()).lines)
        if not read.articles:
            raise reading.no_policy(path.name)
        return rows(read)
    text = queries.text(int(what)) if what.isdigit() else None
    if text is None:
        raise click.BadParameter(f"“{what}” is neither a file nor the number of a text; see “homeroom policy list”.")
    return queries.rows(text)


def _as_json(found: Comparison) -> dict[str, Any]:
    from homeroom.board import queries
    from homeroom.people import queries as people
    from homeroom.site.commands import typed

    changes = [
        {
            "id": each.id,
            "kind": each.kind,
            "was": each.before.id if each.before else None,
            "before": _whole(each.before),
            "after": _whole(each.after),
        }
        for each in found.changes
    ]
    touched = queries.touched(found.reread, people.today(typed.moment(None)))
    return {
        "changes": changes,
        "reread": list(found.reread),
        "addenda": [{"number": each.number, "kind": each.kind, "title": each.title} for each in touched.addenda],
        "parameters": [{"name": each.name, "about": each.about} for each in touched.parameters],
        "same": found.same,
    }


def _whole(row: Row | None) -> str | None:
    return " ".join(part for part in (row.title, row.words, row.closing) if part) if row else None


def _compared(found: Comparison, told: dict[str, Any]) -> str:
    from homeroom.kernel.clauses import TITLES

    lines = []
    for each in found.changes:
        if each.kind == "lead-in":
            lines.append(f"{each.id}: only the words above it changed")
            continue
        if each.kind == "moved" and each.before:
            lines.append(f"{each.id}: was {each.before.id}, with the same words")
            continue
        lines.append(f"{each.id}: {'words changed' if each.kind == 'words' else each.kind}")
        lines += [f"  - {_whole(each.before)}"] if each.before else []
        lines += [f"  + {_whole(each.after)}"] if each.after else []
    lines += [f"Reread {duty}: {TITLES[duty]}" for duty in found.reread]
    lines += [f"Reread the {each['kind']} “{each['title']}”, addendum {each['number']}" for each in told["addenda"]]
    lines += [f"Reread the number “{each['about']}” ({each['name']})" for each in told["parameters"]]
    differ = counted(len(found.changes), "clause differs", "clauses differ")
    same = counted(found.same, "is the same", "are the same")
    lines.append(f"{differ}, {same}; {counted(len(found.reread), 'claim')} to reread.")
    return "\n".join(lines)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


COMMANDS = (policy,)

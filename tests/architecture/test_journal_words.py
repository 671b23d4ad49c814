"""Every act the code can record is said in plain words on the journal's page, in English and in Spanish."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

from homeroom.requests.models import AuthorityRequest, DataRequest, Part
from homeroom.site import messages
from homeroom.site.pages import acts

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef

# What a variable part of an act can be where the code around it does not say so by itself: (file, variable).
KNOWN = {
    ("homeroom/agreements/actions/termination.py", "row.state"): ("requested", "executed"),
    ("homeroom/requests/actions/authority.py", "outcome"): tuple(AuthorityRequest.Outcome.values),
    ("homeroom/requests/actions/data.py", "outcome"): tuple(DataRequest.Outcome.values),
    ("homeroom/requests/actions/data.py", "state"): tuple(Part.State.values),
}


class Unknown(Exception):
    """What a variable part can be cannot be read from the code."""


@cache
def texts() -> dict[str, str]:
    files = (path for path in (ROOT / "homeroom").rglob("*.py") if "migrations" not in path.parts)
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files}


@cache
def calls(file: str) -> list[tuple[Function, ast.Call]]:
    """Every call in a file, with the innermost function around it."""
    found: list[tuple[Function, ast.Call]] = []

    def look(node: ast.AST, around: Function | None) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call) and around is not None:
                found.append((around, child))
            look(child, child if isinstance(child, Function) else around)

    look(ast.parse(texts()[file]), None)
    return found


def called(call: ast.Call) -> str:
    """The last part of the name of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def importers(file: str, name: str) -> list[str]:
    """A file, and those that take one of its functions in by its name."""
    module = file.removesuffix(".py").replace("/", ".")
    taken = re.compile(rf"^from {re.escape(module)} import (?:\([^)]*|.*)\b{name}\b", re.MULTILINE)
    return [file, *(where for where, text in texts().items() if module in text and taken.search(text))]


def parameters(function: Function) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def assigned(function: Function, name: str) -> Iterator[ast.expr]:
    """What a name is set to inside a function, also as one of several names."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = (
                    zip(target.elts, node.value.elts, strict=True)
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                    else [(target, node.value)]
                )
                yield from (value for each, value in pairs if ast.unparse(each) == name)


def given(file: str, function: Function, name: str) -> Iterator[tuple[str, Function, ast.expr]]:
    """What the callers of a function hand to one of its parameters: in its own file, or where it is imported."""
    place = [each.arg for each in parameters(function)].index(name)
    for where in importers(file, function.name):
        for caller, call in calls(where):
            if called(call) == function.name:
                by_name = {each.arg: each.value for each in call.keywords}
                value = by_name.get(name) or (call.args[place] if place < len(call.args) else None)
                if value is None:
                    raise Unknown(f"{where}:{call.lineno} leaves “{name}” to its default")
                yield where, caller, value


def values(file: str, function: Function, expression: ast.expr) -> set[str]:
    """Every text that an expression can be, or Unknown."""
    match expression:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp(body=body, orelse=orelse):
            return values(file, function, body) | values(file, function, orelse)
        case ast.JoinedStr(values=parts):
            return {"".join(each) for each in product(*(values(file, function, part) for part in parts))}
        case ast.FormattedValue(value=value):
            return values(file, function, value)
    return variable(file, function, ast.unparse(expression), expression.lineno)


def variable(file: str, function: Function, name: str, line: int) -> set[str]:
    if (file, name) in KNOWN:
        return set(KNOWN[file, name])
    found = set()
    for value in assigned(function, name):
        found |= values(file, function, value)
    if not found and name in (each.arg for each in parameters(function)):
        for where, caller, value in given(file, function, name):
            found |= values(where, caller, value)
    if not found:
        raise Unknown(f"{file}:{line}: what “{name}” can be is not to be read from the code; add it to KNOWN")
    return found


def written(call: ast.Call) -> ast.expr | None:
    """The act that a call records, if it records one: journal.record(verb=…), journal.Act(verb=…) or Act("…")."""
    if called(call) not in ("record", "Act"):
        return None
    by_name = next((each.value for each in call.keywords if each.arg == "verb"), None)
    of_journal = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "journal"
    return by_name or (call.args[0] if of_journal and call.args else None)


@cache
def recorded() -> dict[str, str]:
    """Every act that the code can record, and where one of the places is."""
    found = {}
    for file in (file for file, text in texts().items() if "journal" in text):
        for function, call in calls(file):
            act = written(call)
            if act is not None:
                found |= dict.fromkeys(values(file, function, act), f"{file}:{call.lineno}")
    return found


def test_the_reading_finds_acts_however_they_are_written():
    """One written out, one of two, one that callers complete, one chosen before, one among many, one by a table."""
    some = {
        "board.reread", "filtering.listing.corrected", "notices.letter.kept-back", "notices.clock.late",
        "access.lease.seen", "requests.authority.answered-counsel", "agreements.alternative.disputed",
        "people.classes.added", "devices.suspicion.approved", "providers.inspection.denied", "journal.list.taken",
    }  # fmt: skip
    assert some <= recorded().keys(), sorted(some - recorded().keys())


def test_every_act_has_words():
    lacking = {act: where for act, where in recorded().items() if act not in acts.verbs()}
    assert not lacking, f"Say in homeroom/site/pages/acts what these acts are, and in Spanish: {lacking}"


def test_every_word_has_spanish():
    files = (ROOT / "homeroom").glob("*/locale/es/LC_MESSAGES/django.po")
    spanish = {english for file in files for english in messages.read(file.read_text(encoding="utf-8"))}
    lacking = {act: english for act, english in acts.verbs().items() if english not in spanish}
    assert not lacking, f"Add the Spanish to homeroom/site/locale/es: {lacking}"


def test_words_are_parts_of_a_sentence():
    """What stands on the page follows a name: no act’s own name, no capital, no full stop, and no two acts alike."""
    said = acts.verbs()
    odd = {act: text for act, text in said.items() if text == act or text.endswith(".") or not text[0].islower()}
    assert not odd
    assert len(set(said.values())) == len(said)

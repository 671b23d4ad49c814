"""Every action says who acts and when, is called by keywords, and writes the journal."""

from __future__ import annotations

import ast
import inspect
import textwrap
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import FunctionType, ModuleType

import pytest

from homeroom.site import settings as house


def modules() -> list[ModuleType]:
    found = []
    for app in house.HOMEROOM_APPS:
        try:
            module = import_module(f"{app}.actions")
        except ModuleNotFoundError:
            continue
        found.append(module)
        if hasattr(module, "__path__"):
            found += [import_module(f"{module.__name__}.{each.name}") for each in iter_modules(module.__path__)]
    return found


def actions() -> list[FunctionType]:
    return [
        value
        for module in modules()
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    ]


WRITES = {"save", "create", "bulk_create", "update", "delete", "update_or_create"}
# Verbs behind which no known person stands, with the reason.
NO_ACTOR = {
    "access.codes.ask_code": "whoever asks is known only once the code is right",
    "access.codes.try_code": "whoever tries is known only once the code is right",
    "access.codes.send_codes": "the clock does it",
    "access.codes.forget_codes": "the clock does it",
    "access.signins.match_identity": "who comes is known only once the token is read",
    "access.leases.begin": "a page or a switch says for whom; each caller records or excuses it",
    "access.leases.end_tied": "what hangs on a session ends with it",
    "access.leases.end_due": "the clock does it",
    "access.leases.forget_leases": "the clock does it",
    "access.radius.take_in": "switches act, not people",
    "access.letters.use_letter": "whoever comes is known only once the code is read",
    "access.accounts.use_demo_link": "who comes is known only once the link is read",
    "agreements.kiosk.start_visit": "whoever types a code in is known only once it is looked up",
    "filtering.builds.publish": "derives what was decided; the decisions are recorded",
    "filtering.purging.purge": "the clock does it",
    "filtering.reviews.ask_review": "whoever met a block page is not known by name",
    "filtering.reviews.record_accident": "whoever met a block page is not known by name",
    "activity": "doors and the clock act, not people",
    "nodes.traffic": "machines act, not people",
}
# Modules that write rows and record nothing, with the reason.
NO_ENTRY = {
    "journal": "it is the journal",
    "activity": "high volume; what doors saw never enters the journal",
    "nodes.traffic": "high volume; what doors saw never enters the journal",
    "filtering.purging": "only files go; the records they belong to stay, and say so",
}


def name_of(action: FunctionType) -> str:
    return f"{action.__module__.removeprefix('homeroom.').replace('.actions', '')}.{action.__name__}"


def excused(name: str, table: dict[str, str]) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in table)


def is_verb(action: FunctionType) -> bool:
    """Whether a function acts, rather than helping one that does."""
    parameters = inspect.signature(action).parameters
    tree = ast.parse(textwrap.dedent(inspect.getsource(action)))
    writes = WRITES & {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return bool({"at", "actor"} & set(parameters) or writes)


VERBS = [action for action in actions() if is_verb(action)]


@pytest.mark.parametrize("action", VERBS, ids=[name_of(action) for action in VERBS])
def test_arguments_are_given_by_keyword_and_name_who_and_when(action):
    parameters = inspect.signature(action).parameters
    kinds = {each.kind for each in parameters.values()}
    assert kinds <= {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}, "put * before the first argument"
    assert "at" in parameters, "an action takes the instant; it never reads the clock"
    assert "actor" in parameters or excused(name_of(action), NO_ACTOR), "an action names who acts"


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__)
def test_whatever_writes_rows_writes_the_journal(module):
    """A module of actions that saves, changes or removes rows also records what was done."""
    name = module.__name__.removeprefix("homeroom.").replace(".actions", "")
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    if names & WRITES and not excused(name, NO_ENTRY):
        assert names & {"record", "record_all"}, f"{module.__name__} writes rows but records nothing"


@pytest.mark.parametrize("name", [*NO_ACTOR, *NO_ENTRY])
def test_whoever_is_excused_still_exists(name):
    known = {name_of(action) for action in actions()} | {name_of(action).partition(".")[0] for action in actions()}
    known |= {name_of(action).rpartition(".")[0] for action in actions()}
    assert name in known


def test_there_are_actions_to_look_at():
    assert len(VERBS) > 20

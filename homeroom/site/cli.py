"""The command line: every module in `commands` brings its own; what goes wrong is said in a sentence.

Exit codes: 0 all is well, 1 something was found wrong, 2 what was asked cannot be done.
"""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module
from pkgutil import iter_modules

import click

from homeroom import __version__
from homeroom.site import commands


class Homeroom(click.Group):
    """Finds commands in `homeroom/site/commands/*.py`, each with `COMMANDS: tuple[click.Command, ...]`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in order."""
        return sorted(command.name or "" for module in _modules() for command in _commands(module))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """A command by name; the module of the same name is looked into first, so that it starts fast."""
        modules = sorted(_modules(), key=lambda module: module != name)
        for module in modules:
            for command in _commands(module):
                if command.name == name:
                    return command
        return None


@click.group(cls=Homeroom, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="homeroom")
def homeroom() -> None:
    """Carries out a school district's acceptable use and safety policy, clause by clause."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit code.

    Whatever it or a process of its own writes is for its owner only, also where HOMEROOM_HOME was made by
    somebody else with room for others.
    """
    os.umask(0o077)
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run one command; what Homeroom itself refuses becomes a sentence and code 2, never a traceback."""
    try:
        result = homeroom.main(arguments, prog_name="homeroom", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return 130
    except BrokenPipeError:
        return _nobody_reads()
    except Exception as error:
        return _fail(error)
    return result if isinstance(result, int) else 0


def _fail(error: Exception) -> int:
    sentence = explain(error)
    if sentence is None or os.environ.get("HOMEROOM_DEBUG") == "1":
        traceback.print_exception(error)
    if sentence is None:
        sentence = f"This should not happen ({type(error).__name__}). Please report it with the lines above."
    click.echo(sentence, err=True)
    return 2


def explain(error: Exception) -> str | None:
    """An expected error as a sentence with a next step; None for what nobody expected.

    An exception that Homeroom itself defines carries such a sentence already.
    """
    if type(error).__module__.startswith("homeroom."):
        return str(error)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}. Check that it is there, free and yours to use."
    if type(error).__module__.startswith("django.db") and "no such table" in str(error):
        return "The databases are not set up yet. Run: homeroom check --mend, or start homeroom web once."
    if type(error).__module__.startswith("django.db") and "is locked" in str(error):
        return "The database is busy with another long task. Try again in a moment."
    if type(error).__module__.startswith("django.db") and "connection" in str(error):
        return (
            f"The database cannot be reached: {str(error).splitlines()[0].rstrip('.')}. "
            "Start PostgreSQL, or mend the address in DATABASE_URL."
        )
    return None


def _nobody_reads() -> int:
    # The reader of a pipe left ("| head"); keep Python from complaining while it closes the pipe.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _modules() -> list[str]:
    return [module.name for module in iter_modules(commands.__path__)]


def _commands(module: str) -> tuple[click.Command, ...]:
    # A module beside the commands that only helps them brings none.
    return getattr(import_module(f"{commands.__name__}.{module}"), "COMMANDS", ())


if __name__ == "__main__":
    main()

"""Every command is found, says what it does, and doors start without Django."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules

import click
import pytest
from click.testing import CliRunner

from homeroom.site import cli, commands

MODULES = [
    module.name
    for module in iter_modules(commands.__path__)
    if getattr(import_module(f"homeroom.site.commands.{module.name}"), "COMMANDS", ())
]


@pytest.mark.parametrize("module", MODULES)
def test_every_module_brings_commands_that_the_help_shows(module):
    brought = import_module(f"homeroom.site.commands.{module}").COMMANDS
    help = CliRunner().invoke(cli.homeroom, ["--help"]).output
    for command in brought:
        assert isinstance(command, click.Command)
        assert f"  {command.name} " in help or command.hidden


def every(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    found = [((*path, command.name or ""), command)]
    if isinstance(command, click.Group) and command is not cli.homeroom:
        for each in command.commands.values():
            found += every(each, (*path, command.name or ""))
    return found


ALL = [
    pair
    for module in MODULES
    for command in import_module(f"homeroom.site.commands.{module}").COMMANDS
    for pair in every(command)
]


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(path) for path, _ in ALL])
def test_every_command_and_option_says_what_it_does(path, command):
    assert command.help, f"homeroom {' '.join(path)} has no docstring"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"homeroom {' '.join(path)} {parameter.opts[0]} has no help"


def test_two_commands_never_share_a_name():
    names = [path for path, _ in ALL]
    assert len(names) == len(set(names))


def test_help_and_doors_do_not_wake_django():
    program = (
        "import sys\nfrom homeroom.site import cli\n"
        "for words in (['--help'], ['door', '--help'], ['door', 'dns', '--help']):\n"
        "    assert cli.run(words) == 0\n"
        "assert 'django.apps' not in sys.modules, 'a command module imports Django at its top'\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr[-2000:]

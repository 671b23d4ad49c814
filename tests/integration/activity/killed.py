"""An intake that dies by SIGKILL, in a process of its own; run as a script by test_killed.py.

For each death it starts from the same spool and empty tables, lets a child take in until it dies,
then takes in what is left, and prints what the tables hold.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from functools import partial
from pathlib import Path

HOME = Path(os.environ["HOMEROOM_HOME"])
SAVED = HOME.parent / "saved"


def prepare() -> None:
    """Make the tables of the activity database and a spool once; keep copies."""
    from django.core.management import call_command
    from django.db import connections

    from homeroom.activity.actions import intake
    from tests.integration.activity.writing import write

    call_command("migrate", "activity", database="activity", verbosity=0, interactive=False)
    write(HOME, door="dns", files=1, requests=60)
    write(HOME, door="proxy", files=1, requests=60)
    intake.CHUNK = 2500  # several transactions for each file
    connections.close_all()
    shutil.copytree(HOME, SAVED)


def restore() -> None:
    """Start afresh."""
    shutil.rmtree(HOME)
    shutil.copytree(SAVED, HOME)


def in_child(act) -> int:
    """Run something in a forked process; returns its id."""
    child = os.fork()
    if child:
        return child
    try:
        act()
    finally:
        os._exit(0)
    raise AssertionError


def take_in() -> None:
    """The intake as the worker runs it."""
    from homeroom.activity import actions
    from tests.integration.activity.writing import AT

    actions.take_in(home=HOME, at=AT)


def die_at_step(step: int) -> None:
    """Take in and die just before the step-th time that anything leaves the process."""
    from django.db import connections

    steps = [0]

    def count() -> None:
        steps[0] += 1
        if steps[0] == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(execute, *arguments):
        count()
        result = execute(*arguments)
        count()
        return result

    def before(function):
        def counted(*arguments, **options):
            count()
            result = function(*arguments, **options)
            count()
            return result

        return counted

    connection = connections["activity"]
    connection.ensure_connection()
    Path.unlink = before(Path.unlink)
    connection._commit = before(connection._commit)
    with connection.execute_wrapper(around):
        take_in()
    (HOME / "whole").touch()


def holds() -> dict:
    """What the tables hold now, and what is left of the spool."""
    from django.db import connections

    from tests.integration.activity.writing import tables

    connections.close_all()
    counts, blocked = tables()
    connections.close_all()
    return {
        "counts": sorted([*key, n] for key, n in counts.items()),
        "blocked": sorted(blocked.items()),
        "left": len(list((HOME / "spool").glob("*.log"))),
    }


def expected() -> dict:
    from tests.integration.activity.writing import expected as plain

    counts, blocked = plain(SAVED)
    return {"counts": sorted([*key, n] for key, n in counts.items()), "blocked": sorted(blocked.items()), "left": 0}


def main() -> None:
    from homeroom.site.django_ready import wake

    wake()
    prepare()
    wanted = json.loads(json.dumps(expected()))
    step, died, wrong = 0, 0, []
    while True:
        step += 1
        restore()
        child = in_child(partial(die_at_step, step))
        os.waitpid(child, 0)
        if (HOME / "whole").exists():
            break
        died += 1
        os.waitpid(in_child(take_in), 0)
        if json.loads(json.dumps(holds())) != wanted:
            wrong.append(f"step {step}")
    chance = random.Random(524)
    for number in range(15):
        restore()
        child = in_child(take_in)
        time.sleep(chance.uniform(0.0005, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.waitpid(in_child(take_in), 0)
        if json.loads(json.dumps(holds())) != wanted:
            wrong.append(f"chance {number}")
    print(json.dumps({"died": died, "wrong": wrong}))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[3]))
    main()

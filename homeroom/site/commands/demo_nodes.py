"""`homeroom demo-nodes`: a made-up district with two filter nodes on this machine, and what they survive."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import click

from homeroom.site import two_nodes
from homeroom.site.django_ready import wake


@click.command("demo-nodes")
@click.option("--students", default=40, show_default=True, type=click.IntRange(2, 50_000), help="How many to make up.")
@click.option("--stay", is_flag=True, help="Keep both nodes running until Ctrl-C.")
def demo_nodes(students: int, stay: bool) -> int:
    """Start a centre and two nodes (dnsdist, Squid) in networks of their own, change a rule, kill the centre, go on."""
    said = two_nodes.refusal() or two_nodes.left_over()
    if said:
        raise click.UsageError(said)
    home = Path(os.environ.setdefault("HOMEROOM_HOME", str(Path.cwd() / ".demo-nodes")))
    os.environ.setdefault("HOMEROOM_DEMO", "1")
    os.environ.setdefault("HOMEROOM_DEMO_LISTS", "/nonexistent")  # the small lists will do
    wake()
    from homeroom.site import migrate

    migrate.bring_up_to_date()
    return _run(home, students, stay, click.echo)


def _run(home: Path, students: int, stay: bool, say: Callable[[str], None]) -> int:
    from homeroom.site import settle

    if not settle.settled():
        settle.settle(students=students, at=datetime.now(UTC), say=say)
    # However it is ended, its networks and its processes, which are root's, end with it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    log = home / "demo-nodes.log"
    centre = two_nodes.Centre(home, log)
    nodes: list[two_nodes.Node] = []
    try:
        centre.start()
        codes = [_code(number) for number in (1, 2)]
        nodes += [two_nodes.Node(number, _root(home, number), log) for number in (1, 2)]
        for node, code in zip(nodes, codes, strict=True):
            node.enrol(code, centre.certificate)
        with ThreadPoolExecutor() as both:
            # Both at once: a node waits for its own processes most of the time.
            list(both.map(two_nodes.Node.start, nodes))
        say("Both nodes answer: names by dnsdist, pages by Squid.")
        _show(centre, nodes, say)
        if stay:
            say("Try: dig @10.98.1.2 games.test; curl -x http://10.98.2.2:3128 http://games.test:8526/ (Ctrl-C ends)")
            two_nodes.wait(lambda: False, 10**9, str)
    except KeyboardInterrupt:
        say("Stopping.")
    except RuntimeError as error:
        raise click.ClickException(str(error)) from error
    finally:
        for node in nodes:
            node.end()
        centre.end()
    return 0


def _code(number: int) -> str:
    """A code for a node, at whose cable Ben sits, and beside him a student who has yet to sign."""
    from homeroom.access import actions as access
    from homeroom.access.models import AddressRange
    from homeroom.agreements import made_up
    from homeroom.nodes import actions
    from homeroom.nodes.models import Node as Enrolled
    from homeroom.site import settle

    at, name = datetime.now(UTC), f"node-{number}"
    slot = made_up.left_to_sign(at)
    for client, person in ((two_nodes.CLIENTS, "ben"), (two_nodes.SECONDS, slot.holder_id if slot else "")):
        address = client.format(node=number)
        if person and not AddressRange.objects.filter(cidr__startswith=address, ended=None).exists():
            access.add_address(actor=settle.DANA, cidr=address, person=person, place="A client of a node", at=at)
    if Enrolled.objects.filter(name=name, ended=None).exists():
        actions.end_node(actor=settle.DANA, name=name, reason="The demonstration starts anew.", at=at)
    return actions.make_code(actor=settle.DANA, name=name, at=at)


def _root(home: Path, number: int) -> Path:
    root = home / "nodes" / f"node-{number}-{datetime.now(UTC):%H%M%S}"
    root.mkdir(mode=0o700, parents=True)
    return root


def _show(centre: object, nodes: list, say: Callable[[str], None]) -> None:  # type: ignore[type-arg]
    """A rule and a signature, in force at both; the centre killed; a refusal at each; all there when it is back."""
    from homeroom.activity.models import BlockedRequest
    from homeroom.base.router import ACTIVITY

    _rule(nodes, say)
    _signature(nodes, say)
    centre.kill()  # type: ignore[attr-defined]
    say("The centre is killed.")
    before = BlockedRequest.objects.using(ACTIVITY).count()
    for node in nodes:
        goes_on = node.name_opens("library.test") and node.page_opens("library.test")
        refuses = not node.name_opens("adult.test") and not node.page_opens("adult.test")
        say(f"Node {node.number} goes on: {'yes' if goes_on and refuses else 'NO'}.")
    centre.start()  # type: ignore[attr-defined]
    say("The centre is back. Doors close their spool files after a few seconds, then these are sent ...")
    two_nodes.wait(
        lambda: BlockedRequest.objects.using(ACTIVITY).count() >= before + 2 * len(nodes), 150.0,
        lambda: "not everything arrived",
    )  # fmt: skip
    say("Everything that was refused meanwhile has arrived.")


def _rule(nodes: list, say: Callable[[str], None]) -> None:  # type: ignore[type-arg]
    from homeroom.filtering.actions import rules
    from homeroom.site import settle

    closed = [node for node in nodes if not node.name_opens("games.test") and not node.page_opens("games.test")]
    say(f"games.test is closed for Ben at {len(closed)} nodes.")
    at = datetime.now(UTC)
    rules.add_rule(
        actor=settle.DANA, effect="allow", target="games.test", scope="person:ben", reason="Shown at two nodes.", at=at,
    )  # fmt: skip
    _opens(nodes, "games.test", two_nodes.CLIENTS, at, "The rule opens it", say)


def _signature(nodes: list, say: Callable[[str], None]) -> None:  # type: ignore[type-arg]
    """IX.C.1: the student's signature is the last that lacks; it opens the network at every node."""
    from homeroom.agreements import made_up

    slot = made_up.left_to_sign(datetime.now(UTC))
    if slot is None:
        say("Everybody has signed here; remove the home to see a signature open the network.")
        return
    host, client, student = "library.test", two_nodes.SECONDS, slot.holder.name
    closed = [node for node in nodes if not node.name_opens(host, client) and not node.page_opens(host, client)]
    say(f"{student} has not signed yet: {host} is closed at {len(closed)} nodes.")
    at = datetime.now(UTC)
    made_up.sign_now(slot, at=at)
    _opens(nodes, host, client, at, f"{student} signs; it opens", say)


def _opens(nodes: list, host: str, client: str, at: datetime, what: str, say: Callable[[str], None]) -> None:  # type: ignore[type-arg]
    """Look at both nodes at once, by dnsdist and by Squid, and say how long each took."""

    def took(node: two_nodes.Node) -> float:
        both = lambda: node.name_opens(host, client) and node.page_opens(host, client)  # noqa: E731
        two_nodes.wait(both, 20.0, lambda: f"the change did not arrive at node {node.number}")
        return (datetime.now(UTC) - at).total_seconds()

    with ThreadPoolExecutor() as each:
        for node, seconds in zip(nodes, each.map(took, nodes), strict=True):
            say(f"{what} at node {node.number} after {seconds:.2f} s, by dnsdist and by Squid.")


COMMANDS = (demo_nodes,)

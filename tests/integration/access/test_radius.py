"""RADIUS accounting from a switch to the doors: real packets, a real door, and the rules of who is where."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from itertools import permutations

import pytest
from pyrad.client import Client, Timeout
from pyrad.dictionary import Dictionary

from homeroom.access import actions, jobs, leases
from homeroom.access.models import Lease, RadiusClient, RadiusSession
from homeroom.base.actor import SYSTEM
from homeroom.base.errors import Refused
from homeroom.doors.radius import handover
from homeroom.doors.status import read_statuses
from homeroom.kernel.radius import Status, Told
from homeroom.people.models import Person
from tests import lease_rows
from tests.ports import free_ports
from tests.town import NOON
from tests.unit.radius.words import dictionary

pytestmark = pytest.mark.django_db
SECRET = "a shared secret of the switch"
ADDRESS, MAC = "10.1.2.3", "0010a42319c0"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch, settings):
    monkeypatch.setenv("HOMEROOM_HOME", str(tmp_path))
    settings.HOME = tmp_path
    return tmp_path


def told(status: Status, *, at: int = 0, session: str = "s1", nas: str = "ap-1", **values: str):
    return NOON + timedelta(seconds=at), Told(status, session=session, nas=nas, **values)


def start(
    user: str = "ben@lake.test", *, at: int = 0, session: str = "s1", address: str = ADDRESS, mac: str = MAC, **more
):
    return told(Status.START, at=at, session=session, user=user, address=address, mac=mac, **more)


def take(*records) -> dict[str, str | None]:
    actions.take_in(told=records)
    return {row.address: row.person_id for row in Lease.objects.filter(ended=None)}


@pytest.mark.clause("V.A.7.4")
def test_who_signs_in_to_the_network_has_the_address_until_they_leave(town):
    assert take(start()) == {ADDRESS: "ben"}
    assert take(told(Status.STOP, at=60)) == {}
    lease = Lease.objects.get()
    assert (lease.by, lease.ended) == ("radius", NOON + timedelta(seconds=60))


def test_the_address_often_comes_later_than_the_name(town):
    assert take(start(address="")) == {}
    assert take(told(Status.INTERIM, at=5, address=ADDRESS)) == {ADDRESS: "ben"}


def test_an_interim_record_makes_the_lease_longer_and_moves_it_with_the_address(town):
    take(start())
    take(told(Status.INTERIM, at=3600, address=ADDRESS))
    assert Lease.objects.get().until == NOON + timedelta(hours=1) + leases.TOLD
    assert take(told(Status.INTERIM, at=7200, address="10.1.2.4")) == {"10.1.2.4": "ben"}


def test_a_new_beginning_on_the_same_address_ends_the_old(town):
    assert take(start(), start("leah@lake.test", at=9, session="s2", mac="0010a4000002")) == {ADDRESS: "leah"}
    assert take(told(Status.STOP, at=20)) == {ADDRESS: "leah"}, "the old session's end is not the new one's"


def test_a_machine_account_never_takes_the_address_from_a_person(town):
    for machine in ("host/lab-12.lake.test", "LAKE\\LAB-12$"):
        assert take(start(), start(machine, at=5, session=machine)) == {ADDRESS: "ben"}
        Lease.objects.all().delete()
        RadiusSession.objects.all().delete()
    assert take(start("host/lab-12.lake.test")) == {}, "nor does it name anybody"


def test_another_machine_that_took_the_address_over_ends_the_person_there(town):
    assert take(start(), start("host/lab-13", at=5, session="m", mac="0010a4000003")) == {}


@pytest.mark.clause("V.A.7.2")
@pytest.mark.parametrize("user", ["nobody", "ben@elsewhere.test", "", "Ben Haugen", "kim.v"])
def test_whoever_is_not_known_is_a_stranger_there(town, user):
    Person.objects.filter(pk__in=("kim", "lind")).update(username="kim.v")
    take(start())
    assert take(start(user, at=5, session="s2")) == {ADDRESS: None}
    assert lease_rows.at(NOON) == [[ADDRESS, "radius", {}]]


@pytest.mark.parametrize("user", ["ben@lake.test", "BEN@Lake.Test", "LAKE\\ben.h", "ben.h"])
def test_names_are_found_as_networks_spell_them(town, user):
    Person.objects.filter(pk="ben").update(username="Ben.H")
    assert take(start(user)) == {ADDRESS: "ben"}


def test_a_restart_of_a_switch_ends_its_sessions_and_no_others(town):
    take(start(), start("leah@lake.test", session="s1", nas="ap-2", address="10.1.2.9"))
    assert take(told(Status.ON, at=60, session="")) == {"10.1.2.9": "leah"}
    assert take(told(Status.OFF, at=60, session="", nas="ap-2")) == {}


def test_after_a_restart_a_switch_may_count_anew(town):
    take(start(), told(Status.ON, at=60, session=""))
    assert take(start("leah@lake.test", at=200)) == {ADDRESS: "leah"}


def test_records_that_come_twice_change_nothing(town):
    records = [start(), told(Status.INTERIM, at=5, address=ADDRESS), told(Status.STOP, at=60)]
    once = take(*records[:2])
    assert take(*records[:2]) == once
    take(records[2])
    assert take(*records) == {}
    assert Lease.objects.count() == 1


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_in_whatever_order_records_come_the_one_who_is_there_last_has_the_address(town, order):
    records = [
        start(),
        told(Status.STOP, at=10),
        start("leah@lake.test", at=20, session="s2", mac="0010a4000002"),
        told(Status.INTERIM, at=30, session="s2", address=ADDRESS),
    ]
    assert take(*(records[each] for each in order)) == {ADDRESS: "leah"}


def test_a_session_that_nobody_speaks_of_any_more_ages_out(town):
    take(start())
    assert actions.end_due(at=NOON + leases.TOLD) == 1


def test_what_a_switch_says_of_staff_counts_wherever_they_are(town):
    take(start("olsen@lake.test"))
    assert lease_rows.at(NOON) == [[ADDRESS, "radius", {"person": "olsen"}]]


@pytest.mark.parametrize(
    ("values", "why"),
    [({"cidr": "10.0.0"}, "not an address"), ({"secret": "short"}, "at least 16"), ({"name": " "}, "a name")],
)
def test_a_switch_is_set_up_in_sentences(town, values, why):
    with pytest.raises(Refused, match=why):
        actions.add_radius_client(
            **{"actor": SYSTEM, "name": "x", "cidr": "10.0.0.9", "secret": SECRET, "at": NOON, **values}
        )


# The door


@pytest.fixture
def switch(home, town):
    """The door as a process, and pyrad's client as the switch that tells it."""
    actions.add_radius_client(actor=SYSTEM, name="ap-1", cidr="127.0.0.1", secret=SECRET, at=NOON)
    assert SECRET not in str(list(RadiusClient.objects.values()))
    assert jobs.radius_clients(NOON) == "1 RADIUS client told to the door."
    (port,) = free_ports(1)
    environment = {**os.environ, "HOMEROOM_RADIUS_LISTEN": f"127.0.0.1:{port}"}
    command = [sys.executable, "-m", "homeroom.site.cli", "door", "radius"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
    from datetime import UTC, datetime

    for _ in range(1200):
        if "radius" in read_statuses(home, datetime.now(UTC)):
            break
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.05)
    client = Client("127.0.0.1", acctport=port, secret=SECRET.encode(), dict=Dictionary(dictionary()))
    client.timeout, client.retries, client.port = 5, 3, port
    yield client
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    process.stderr.close()


def tell(client: Client, status: str, **values: object) -> int:
    made = client.CreateAcctPacket(**{"Acct_Status_Type": status, "Acct_Session_Id": "s1", **values})
    return client.SendPacket(made).code


@pytest.mark.clause("V.A.7.4")
def test_a_switch_tells_and_the_lease_is_there(switch, home):
    values = {"User_Name": "ben@lake.test", "Framed_IP_Address": ADDRESS, "Calling_Station_Id": "00-10-A4-23-19-C0"}
    assert tell(switch, "Start", **values) == 5
    assert len(handover.waiting(home)) == 1, "it is on the disk before it is acknowledged"
    assert jobs.leases(NOON) == "1 record of switches taken in."
    assert Lease.objects.get(ended=None).person_id == "ben"
    assert handover.waiting(home) == []
    assert tell(switch, "Stop") == 5
    jobs.leases(NOON)
    assert not Lease.objects.filter(ended=None).exists()


def test_a_stranger_and_a_wrong_secret_get_no_answer_and_random_bytes_do_no_harm(switch, home):
    switch.timeout = 0.3
    switch.retries = 1
    switch.secret = b"not the shared secret"
    with pytest.raises(Timeout):
        tell(switch, "Start")
    switch.secret, switch.timeout, switch.retries = SECRET.encode(), 5, 3
    random_ = random.Random(524)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.2", 0))
        other.sendto(b"\x04", ("127.0.0.1", switch.port))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as same:
            for _ in range(300):
                same.sendto(random_.randbytes(random_.randrange(90)), ("127.0.0.1", switch.port))
    assert tell(switch, "Start", User_Name="ben@lake.test", Framed_IP_Address=ADDRESS) == 5
    jobs.leases(NOON)
    assert Lease.objects.get().person_id == "ben"


def test_the_same_packet_again_is_acknowledged_and_told_once(switch, home):
    made = switch.CreateAcctPacket(Acct_Status_Type="Start", Acct_Session_Id="s1", User_Name="ben@lake.test")
    data = made.RequestPacket()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(5)
        sock.connect(("127.0.0.1", switch.port))
        answers = []
        for _ in range(3):
            sock.send(data)
            answers.append(sock.recv(4096))
    assert len(set(answers)) == 1
    assert sum(len(list(handover.read(path))) for path in handover.waiting(home)) == 1


def test_a_line_that_cannot_be_read_is_left_out(home, town):
    handover.write(home, [start()], 1)
    path = handover.waiting(home)[0]
    path.write_text("nonsense\n" + path.read_text() + '{"at": "2026-01-01", "status": 99}\n')
    assert jobs.leases(NOON) == "1 record of switches taken in."


def test_nothing_more_is_acknowledged_while_too_much_waits(home, monkeypatch):
    monkeypatch.setattr(handover, "MOST", 2)
    for number in range(3):
        handover.write(home, [start()], number)
    with pytest.raises(handover.Full):
        handover.write(home, [start()], 9)


def test_a_door_without_a_place_to_listen_says_what_to_set():
    command = [sys.executable, "-m", "homeroom.site.cli", "door", "radius"]
    answer = subprocess.run(command, capture_output=True, text=True)
    assert answer.returncode == 2 and "HOMEROOM_RADIUS_LISTEN" in answer.stderr

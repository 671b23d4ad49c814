"""The director's pages of identity at the network, and what is handed out."""

from __future__ import annotations

import json
import plistlib
import re
import shutil
import subprocess
import uuid
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from homeroom.access import actions, handout, network, roll
from homeroom.access.models import AddressRange, ChromeosSalt, DohToken, Lease, RadiusClient
from homeroom.base.actor import SYSTEM, Actor
from homeroom.doors.dns import identity as door
from homeroom.doors.proxy.login import compare
from homeroom.journal.models import Entry
from homeroom.kernel.decision import roll as kernel
from homeroom.kernel.decision.identity import chromeos_hash
from homeroom.site import cli
from tests.town import AT, NOON

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
PAGES = ("", "/ranges", "/tokens", "/logins", "/salts", "/radius", "/configs")


@pytest.fixture
def dana(town):
    actions.add_address(actor=SYSTEM, cidr="10.1.0.0/16", audience="student", school="birch", place="Birch", at=AT)
    return town.client("dana")


def words(answer) -> str:
    return re.sub(r"<[^>]*>|\s+", " ", answer.content.decode())


def csv(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("ranges.csv", text.encode())


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_are_the_directors_alone(dana, town, page):
    assert dana.get(f"/network/desk{page}").status_code == 200
    for other in ("okafor", "olsen", "kim"):
        assert town.client(other).get(f"/network/desk{page}").status_code == 403


@pytest.mark.clause("V.A.7.4")
def test_who_is_where_is_searched_ended_and_the_look_is_written_down(dana):
    for who, address in (("ben", "10.1.2.3"), ("leah", "10.1.2.4")):
        actions.sign_in_here(actor=Actor(id=who), address=address, shared=True, session=who, at=datetime.now(UTC))
    page = words(dana.get("/network/desk", {"q": "haugen"}))
    assert "10.1.2.3" in page and "10.1.2.4" not in page
    assert [each.subject for each in Entry.objects.filter(verb="access.lease.seen")] == ["person:ben"]
    lease = Lease.objects.get(person_id="ben")
    assert "becomes a stranger" in words(dana.get(f"/network/desk/end/lease/{lease.pk}"))
    assert dana.post(f"/network/desk/end/lease/{lease.pk}", {"reason": "A mistake"}).url == "/network/desk"
    assert Lease.objects.get(pk=lease.pk).ended
    assert dana.post(f"/network/desk/end/lease/{lease.pk}").status_code == 404, "ended is ended"
    assert dana.get("/network/desk/end/people/1").status_code == 404


def test_the_number_of_leases_does_not_change_the_number_of_queries(dana, town):
    counts = []
    for number in (2, 40):
        Lease.objects.all().delete()
        for each in range(number):
            Lease.objects.create(address=f"10.1.3.{each}", person_id="ben", by="radius", created=NOON, until=NOON)
        with CaptureQueriesContext(connection) as seen:
            dana.get("/network/desk")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_ranges_are_added_found_and_ended(dana):
    assert (
        dana.post("/network/desk/ranges", {"act": "one", "cidr": "10.2.0.0/24", "audience": "adult"}).status_code == 302
    )
    assert "assigned already" in words(
        dana.post("/network/desk/ranges", {"act": "one", "cidr": "10.2.0.0/24", "audience": "adult"})
    )
    assert "is not an address range" in words(
        dana.post("/network/desk/ranges", {"act": "one", "cidr": "10.2.0.1/24", "audience": "adult"})
    )
    assert "10.2.0.0/24" not in words(dana.get("/network/desk/ranges", {"q": "Birch"}))
    row = AddressRange.objects.get(cidr="10.2.0.0/24")
    dana.post(f"/network/desk/end/range/{row.pk}")
    assert AddressRange.objects.get(pk=row.pk).ended


def test_a_file_of_ranges_goes_out_and_comes_in_again(dana):
    text = "\ufeffCIDR,Place,School,Audience,Person\n10.3.0.0/24,Lab,birch,student,\n10.3.1.7,Desk,,,ben\n"
    assert dana.post("/network/desk/ranges", {"act": "many", "file": csv(text)}).status_code == 302
    out = b"".join(dana.get("/network/desk/ranges", {"format": "csv"}).streaming_content).decode()
    assert "10.3.0.0/24,Lab,birch,student," in out and "10.3.1.7/32,Desk,,,ben" in out
    AddressRange.objects.update(ended=NOON)
    rows, problems = network.read_ranges(out.encode())
    assert (len(rows), problems) == (3, [])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("place\nx\n", "must name the columns"),
        ("cidr,audience\n10.9.0.0/24,student\n10.9.1.0/24,children\n", "Line 3: “children” is no audience"),
        ("cidr,audience,school\n10.9.0.0/24,student,elm\n", "Line 2: No school has the id “elm”"),
        ("cidr,audience\n10.9.0.0/24,\n", "Line 2: Give either an audience or a person"),
        ("cidr,audience\n,student\n", "Line 2: The range is missing"),
        ("cidr,person\n10.9.0.1,zoe\n", "Nobody has the id “zoe”"),
        ("cidr,audience\n10.9.0.0/24,student\n10.9.0.0/24,adult\n", "is given twice"),
        ("cidr,audience\n", "The file holds no range"),
    ],
)
def test_a_file_with_a_fault_saves_nothing_and_says_where(dana, text, sentence):
    before = AddressRange.objects.count()
    assert sentence in words(dana.post("/network/desk/ranges", {"act": "many", "file": csv(text)}))
    assert AddressRange.objects.count() == before


@pytest.mark.clause("V.A.7.4")
def test_a_token_is_shown_once_and_opens_the_doors_for_its_person(dana):
    page = dana.post("/network/desk/tokens", {"person": "Ben Haugen", "label": "iPad"})
    token = page.context["token"]
    assert token in page.content.decode() and token not in dana.get("/network/desk/tokens").content.decode()
    said = door.claim(f"/dns-query/{token}", b"\x0a\x01\x02\x03")
    read = kernel.Roll(json.loads(json.dumps(roll.build(NOON))), strictest="unknown")
    assert read.by_token(said.digest).person == "ben"
    assert "could be several" in words(dana.post("/network/desk/tokens", {"person": "Haugen"}))
    row = DohToken.objects.get(person_id="ben")
    dana.post(f"/network/desk/end/token/{row.pk}")
    assert DohToken.objects.get(pk=row.pk).ended


@pytest.mark.clause("V.A.7.4")
def test_a_proxy_password_is_shown_once_and_tells_who_asks(dana):
    page = dana.post("/network/desk/logins", {"person": "olsen", "name": "Olsen"})
    made = page.context["password"]
    assert len(made) >= 12 and made in page.content.decode()
    assert made not in dana.get("/network/desk/logins").content.decode()
    read = kernel.Roll(json.loads(json.dumps(roll.build(NOON))), strictest="unknown")
    found = compare(read, "OLSEN", made)
    assert found is not None and found[0] == "olsen" and compare(read, "olsen", "another word") is None
    chosen = dana.post("/network/desk/logins", {"person": "ben", "name": "ben", "password": "correct horse"})
    assert not chosen.context["password"] and "correct horse" not in chosen.content.decode()
    assert "belongs to somebody else" in words(dana.post("/network/desk/logins", {"person": "ben", "name": "olsen"}))
    short = dana.post("/network/desk/logins", {"person": "ben", "name": "ben2", "password": "short"})
    assert "at least 8 characters" in words(short)
    row = network.logins("olsen").get()
    dana.post(f"/network/desk/end/login/{row.pk}")
    assert [each.name for each in network.logins()] == ["ben"]


def test_a_salt_is_changed_over(dana):
    for _ in range(2):
        dana.post("/network/desk/salts")
    first, second = ChromeosSalt.objects.order_by("pk")
    assert network.newest_salt() == second.salt != first.salt
    dana.post(f"/network/desk/end/salt/{first.pk}")
    assert [each.salt for each in network.salts()] == [second.salt]


def test_a_switch_gets_a_secret_that_is_shown_once(dana):
    page = dana.post("/network/desk/radius", {"name": "ap-1", "cidr": "10.0.0.9"})
    secret = page.context["secret"]
    assert len(secret) >= 16 and secret not in dana.get("/network/desk/radius").content.decode()
    assert "at least 16" in words(
        dana.post("/network/desk/radius", {"name": "ap-2", "cidr": "10.0.0.8", "secret": "short"})
    )
    row = RadiusClient.objects.get()
    dana.post(f"/network/desk/end/radius/{row.pk}")
    assert not network.switches().exists()


# What is handed out

WHERE = handout.Where(
    district="Lake's “District”\n$(evil)", doh_host="dns.lake.test", doh_port=443, dns=("10.1.0.5", 53),
    proxy=("10.1.0.5", 3129), web="home.lake.test", salt="saltsalt1",
)  # fmt: skip


@pytest.mark.clause("V.A.7.4")
def test_a_chromebook_with_the_policy_is_known_at_the_door(town):
    policy = json.loads(handout.chromeos(WHERE))
    assert policy["DnsOverHttpsMode"] == "secure" and policy["DnsOverHttpsSalt"] == "saltsalt1"
    template = policy["DnsOverHttpsTemplatesWithIdentifiers"]
    assert template.startswith("https://dns.lake.test/") and template.endswith("{?dns}")
    path = template.split("dns.lake.test")[1].removesuffix("{?dns}")
    path = path.replace("${USER_EMAIL}", chromeos_hash("saltsalt1", "ben@lake.test")).replace(
        "${DEVICE_DIRECTORY_ID}", chromeos_hash("saltsalt1", "85729104-ef7a-5718d62e72ca")
    )
    actions.add_salt(actor=SYSTEM, salt="saltsalt1", at=AT)
    said = door.claim(path, b"\x0a\x01\x02\x03")
    read = kernel.Roll(json.loads(json.dumps(roll.build(NOON))), strictest="unknown")
    assert read.by_chromeos(said.digest).person == "ben"
    assert door.knows_device(said.device, read.chromeos_salts)


def test_an_apple_profile_is_one_that_apple_describes():
    from dataclasses import replace

    profile = plistlib.loads(handout.apple(replace(WHERE, token="t0ken")))
    assert profile["PayloadType"] == "Configuration" and profile["PayloadVersion"] == 1
    (inner,) = profile["PayloadContent"]
    assert inner["PayloadType"] == "com.apple.dnsSettings.managed" and inner["ProhibitDisablement"] is True
    assert inner["DNSSettings"] == {"DNSProtocol": "HTTPS", "ServerURL": "https://dns.lake.test/dns-query/t0ken"}
    assert len({uuid.UUID(each["PayloadUUID"]) for each in (profile, inner)}) == 2
    again = plistlib.loads(handout.apple(replace(WHERE, token="t0ken")))
    assert again == profile, "the same profile replaces itself"
    assert plistlib.loads(handout.apple(WHERE))["PayloadUUID"] != profile["PayloadUUID"]


def test_the_windows_script_keeps_its_quotes_and_has_no_way_back():
    from dataclasses import replace

    text = handout.windows(replace(WHERE, doh_host="dns.lake'; evil; '.test")).decode("utf-8-sig")
    assert "\r\n" in text and "\n" not in text.replace("\r\n", "")
    lines = [line for line in text.split("\r\n") if line and not line.startswith("#")]
    assert "$template = 'https://dns.lake''; evil; ''.test/dns-query'" in lines
    assert all(line.count("'") % 2 == 0 for line in lines)
    assert text.count("{") == text.count("}") and text.count("(") == text.count(")")
    assert "-AllowFallbackToUdp $false" in text and "$(evil)" not in "".join(lines)
    commands = set(re.findall(r"\b[A-Z][A-Za-z]+-[A-Z]\w+", "\n".join(lines)))
    assert commands == {
        "Get-DnsClientDohServerAddress", "Where-Object", "Remove-DnsClientDohServerAddress", "ForEach-Object",
        "Add-DnsClientDohServerAddress", "Get-NetAdapter", "Set-DnsClientServerAddress", "Clear-DnsClientCache",
    }  # fmt: skip


def test_the_proxy_file_keeps_the_sign_in_page_reachable():
    text = handout.proxy_pac(WHERE).decode()
    assert "PROXY 10.1.0.5:3129" in text and '"home.lake.test"' in text and "DIRECT'; }" in text


@pytest.mark.skipif(not shutil.which("unbound-checkconf"), reason="unbound is not installed")
def test_unbound_takes_its_file(tmp_path):
    (tmp_path / "u.conf").write_bytes(handout.unbound(WHERE))
    answer = subprocess.run(["unbound-checkconf", tmp_path / "u.conf"], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.skipif(not shutil.which("squid"), reason="squid is not installed")
def test_squid_takes_its_file(tmp_path):
    extra = f"http_port 127.0.0.1:3128\ncoredump_dir {tmp_path}\npid_filename none\naccess_log none\n"
    (tmp_path / "s.conf").write_bytes(extra.encode() + handout.squid(WHERE))
    answer = subprocess.run(["squid", "-k", "parse", "-f", tmp_path / "s.conf"], capture_output=True, text=True)
    assert answer.returncode == 0 and "FATAL" not in answer.stderr and "ERROR" not in answer.stderr, answer.stderr


@pytest.mark.parametrize("name", list(handout.HANDOUTS))
def test_each_file_is_downloaded(dana, name):
    answer = dana.get(f"/network/desk/configs/{name}")
    assert answer.status_code == 200 and handout.HANDOUTS[name].file in answer["Content-Disposition"]
    assert dana.get("/network/desk/configs/x").status_code == 404


def test_a_personal_file_takes_the_token_by_post_only(dana):
    posted = dana.post("/network/desk/configs/apple", {"token": "t0ken-of-ben"})
    assert b"/dns-query/t0ken-of-ben" in posted.content
    assert b"t0ken" not in dana.get("/network/desk/configs/apple?token=t0ken-of-ben").content
    assert b"t0ken" not in dana.post("/network/desk/configs/squid", {"token": "t0ken-of-ben"}).content


def test_the_command_line_writes_them(town, tmp_path):
    run = CliRunner().invoke
    answer = run(cli.homeroom, ["configs", "all", "--write", str(tmp_path / "out"), "--json"])
    assert answer.exit_code == 0, answer.output
    assert {path.rpartition("/")[2] for path in json.loads(answer.output)} == {
        each.file for each in handout.HANDOUTS.values()
    }
    assert json.loads((tmp_path / "out" / "chromeos-policy.json").read_text())["DnsOverHttpsMode"] == "secure"
    printed = run(cli.homeroom, ["configs", "apple", "--token", "t0ken"])
    assert b"/dns-query/t0ken" in printed.output.encode()
    assert cli.run(["configs", "telephone"]) == 2

"""An inventory comes in whole or not at all, from three kinds of file, and twice it changes nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from homeroom.base.actor import SYSTEM
from homeroom.devices.actions import inventory, resources
from homeroom.devices.models import IssuedResource, Loan
from homeroom.journal.models import Entry
from homeroom.site import cli, migrate

pytestmark = pytest.mark.django_db(databases=["default", "activity"])
NOW = datetime(2026, 9, 14, 17, 0, tzinfo=UTC)
CSV = (
    "Type,Model,Asset Tag,Serial Number,Building,Student\n"
    "device,Chromebook 11,LB-1,5cd001,birch,ben\n"
    "device,Chromebook 11,LB-2,5cd002,Birch School,leah@lake.test\n"
    "software,Drawing app,APP-1,,,ana\n"
    "device,Chromebook 11,LB-3,5cd003,,olsen\n"
)
# As the Admin SDK's Directory API answers chromeosdevices.list (projection FULL), shortened.
GOOGLE = json.dumps(
    {
        "kind": "admin#directory#chromeosdevices",
        "chromeosdevices": [
            {
                "kind": "admin#directory#chromeosdevice", "deviceId": "a-1", "serialNumber": "5CD001",
                "status": "ACTIVE", "lastSync": "2026-09-12T13:02:11.000Z", "annotatedUser": "ben@lake.test",
                "annotatedLocation": "Room 12", "annotatedAssetId": "LB-1", "model": "HP Chromebook 11 G9",
                "orgUnitPath": "/Students/Birch", "notes": "",
            },
            {"deviceId": "a-2", "serialNumber": "5CD009", "status": "DEPROVISIONED", "model": "HP Chromebook 11 G5"},
        ],
    },
    indent=1,
)  # fmt: skip
# As Microsoft Graph answers deviceManagement/managedDevices, shortened.
INTUNE = json.dumps(
    {
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#deviceManagement/managedDevices",
        "value": [
            {
                "id": "705c034c", "deviceName": "BIRCH-01", "managedDeviceOwnerType": "company",
                "lastSyncDateTime": "2026-09-12T13:02:11Z", "operatingSystem": "Windows", "managementState": "managed",
                "userPrincipalName": "ana@lake.test", "model": "Surface Go 4", "manufacturer": "Microsoft",
                "serialNumber": "0F33",
            }
        ],
    },
    indent=1,
)  # fmt: skip


def take_in(text: str, **more) -> inventory.Report:
    return inventory.take_in_inventory(actor=SYSTEM, data=text.encode(), file="inventory", at=NOW, **more)


def test_a_csv_file_brings_devices_and_lends_them_to_the_students_named(town):
    report = take_in(CSV)
    assert (report.format, report.added, report.lent, report.unknown_people) == ("csv", 4, 3, ["olsen"])
    assert set(Loan.objects.values_list("resource__tag", "person_id")) == {
        ("LB-1", "ben"), ("LB-2", "leah"), ("APP-1", "ana"),
    }  # fmt: skip
    assert IssuedResource.objects.get(tag="LB-2").school_id == "birch"


def test_the_same_file_twice_changes_nothing(town):
    take_in(CSV)
    before = Entry.objects.count()
    report = take_in(CSV)
    assert (report.added, report.changed, report.lent, report.same) == (0, 0, 0, 4)
    assert (IssuedResource.objects.count(), Loan.objects.count(), Entry.objects.count()) == (4, 3, before)


def test_a_look_changes_nothing(town):
    assert take_in(CSV, load=False).added == 4
    assert not IssuedResource.objects.exists()


def test_one_bad_line_and_nothing_is_taken_in(town):
    bad = f"{CSV}thing,Chromebook 11,LB-9,5cd009,,\ndevice,,LB-10,5cd001,Elm School,\n"
    report = take_in(bad)
    assert not report.loaded and not IssuedResource.objects.exists()
    assert [(each.line, each.column) for each in report.problems] == [(6, "kind"), (7, "title")]
    report = take_in(CSV + "device,Chromebook 11,LB-10,5CD001,Elm School,\n")
    assert {(each.line, each.column) for each in report.problems} == {(6, "serial"), (6, "school")}


def test_google_admin_says_the_same_device_and_a_retired_one_is_not_new(town):
    take_in(CSV)
    report = take_in(GOOGLE)
    assert (report.format, report.added, report.changed, report.retired) == ("google", 0, 1, 0)
    row = IssuedResource.objects.get(serial="5CD001")
    assert (row.title, row.external, row.school_id) == ("HP Chromebook 11 G9", "a-1", "birch")
    assert take_in(GOOGLE).same == 1


def test_what_the_console_retired_and_brings_back_is_used_again_and_what_we_retired_is_not(town):
    take_in(CSV.replace(",birch,ben", ",birch,"))
    take_in(GOOGLE.replace("ACTIVE", "DEPROVISIONED"))
    row = IssuedResource.objects.get(serial="5CD001")
    assert row.retired_at is not None
    assert (take_in(GOOGLE).changed, Loan.objects.filter(resource=row).count()) == (1, 1)
    row.refresh_from_db()
    assert row.retired_at is None
    Loan.objects.update(returned_at=NOW)
    resources.retire_resource(actor=SYSTEM, resource=row.pk, why="The screen is broken.", at=NOW)
    report = take_in(GOOGLE)
    assert (report.same, report.lent) == (1, 0), "a broken one is lent to nobody by a file"
    row.refresh_from_db()
    assert row.retired_at is not None


def test_a_device_with_another_holder_in_the_console_is_told_not_moved(town):
    take_in(CSV)
    report = take_in(GOOGLE.replace("ben@lake.test", "leah@lake.test"))
    assert report.differs == ["HP Chromebook 11 G9 (LB-1)"]
    assert Loan.objects.get(resource__tag="LB-1").person_id == "ben"


def test_intune_brings_its_devices(town):
    report = take_in(INTUNE)
    assert (report.format, report.added, report.lent) == ("intune", 1, 1)
    assert IssuedResource.objects.get().title == "Microsoft Surface Go 4"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (GOOGLE[:-3], 1, "no whole JSON"),
        ('{"devices": []}', 1, "no list called"),
        ("Colour,Weight\nred,2\n", 1, "names no column"),
        ("\0\1\2\3", 1, "no text file"),
    ],
)
def test_what_is_no_inventory_is_refused_in_a_sentence(town, text, line, said):
    problem = take_in(text).problems[0]
    assert said in problem.sentence and problem.line >= line


def test_a_problem_in_json_names_its_line(town):
    broken = GOOGLE.replace('"serialNumber": "5CD001"', '"serialNumber": ""').replace('"LB-1"', '""')
    assert [(each.line, each.column) for each in take_in(broken).problems] == [(4, "serial")]


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setattr(migrate, "bring_up_to_date", lambda: None)

    def run(*words: str) -> tuple[int, str]:
        with CliRunner().isolation() as (out, _, _):
            code = cli.run(list(words))
            return code, out.getvalue().decode()

    return run


def test_the_command_shows_first_and_loads_with_yes(town, run, tmp_path):
    path = tmp_path / "inventory.csv"
    path.write_text(CSV, encoding="utf-8")
    code, out = run("devices", "import", str(path))
    assert code == 0 and "Nothing was changed" in out and not IssuedResource.objects.exists()
    code, out = run("devices", "import", str(path), "--yes", "--json")
    assert code == 0 and json.loads(out)["loaded"] is True
    code, out = run("devices", "list", "--state", "lent", "--json")
    assert {row["person"] for row in json.loads(out)} == {"ben", "leah", "ana"}
    assert run("devices", "list", "--state", "gone")[0] == 2
    path.write_text("Serial,Model\n,Chromebook\n", encoding="utf-8")
    code, out = run("devices", "import", str(path), "--yes")
    assert code == 1 and "inventory.csv, line 2, serial" in out

"""Files of consoles: the documented shapes, and whatever else somebody may choose by mistake."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from homeroom.kernel.devices import consolelog, inventory

# As Microsoft Graph answers deviceManagement/auditEvents, shortened.
INTUNE = json.dumps(
    {
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#deviceManagement/auditEvents",
        "value": [
            {
                "id": "a7f1", "displayName": "locateDevice ManagedDevice", "componentName": "ManagedDevices",
                "activityType": "locateDevice ManagedDevice", "activityOperationType": "Action",
                "activityDateTime": "2026-11-06T23:01:00Z", "activityResult": "Success", "category": "Device",
                "actor": {"auditActorType": "ItPro", "userPrincipalName": "kim@lake.test"},
                "resources": [
                    {"displayName": "BIRCH-01", "auditResourceType": "ManagedDevice", "resourceId": "705c"},
                    {"displayName": "BIRCH-02", "auditResourceType": "ManagedDevice", "resourceId": "705d"},
                ],
            },
            {
                "id": "a7f2", "activityType": "syncDevice ManagedDevice", "activityDateTime": "2026-11-06T23:02:00Z",
                "actor": {"userPrincipalName": "kim@lake.test"}, "resources": [{"resourceId": "705c"}],
            },
        ],
    },
    indent=1,
)  # fmt: skip


def test_intune_names_one_act_for_each_device_and_maintenance_is_none():
    log = consolelog.read(INTUNE.encode())
    assert [(act.device, act.feature, act.who) for act in log.acts] == [
        ("705c", "location", "kim@lake.test"), ("705d", "location", "kim@lake.test"),
    ]  # fmt: skip
    assert (log.source, log.others, log.problems) == ("intune", 1, [])


def test_csv_from_a_console_is_read_in_its_own_titles():
    data = b"Event Name,User,Date,Device serial number\nScreenshot taken,a@b.test,2026-11-06T10:00:00-06:00,5CD1\n"
    act = consolelog.read(data).acts[0]
    assert (act.feature, act.device, act.at.isoformat()) == ("video", "5CD1", "2026-11-06T10:00:00-06:00")


def test_a_line_that_cannot_be_read_is_named():
    log = consolelog.read(b"time,user,event,serial\nyesterday,a@b.test,locate,5CD1\n2026-11-06,a@b.test,locate,\n")
    assert [(each.line, each.column) for each in log.problems] == [(2, "at"), (3, "device")]


@pytest.mark.parametrize(
    ("act", "feature"),
    [
        ("DEVICE_START_CRD_SESSION", "video"), ("Remote view", "video"), ("captureLogs", "other"),
        ("enableLostMode ManagedDevice", "location"), ("remoteLock ManagedDevice", "lock"),
        ("Turned microphone on", "audio"), ("Keystroke log opened", "keystrokes"),
        ("View browsing history", "browsing"), ("rebootNow ManagedDevice", ""), ("wipe ManagedDevice", ""),
    ],
)  # fmt: skip
def test_what_an_act_reaches(act, feature):
    assert consolelog.feature_of(act) == feature


anything = st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode))
shapes = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["value", "items", "chromeosdevices", "events", "actor", "id", "resources", "parameters",
                         "name", "serialNumber", "activityDateTime"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(anything)
def test_whatever_bytes_come_there_is_a_sentence_and_no_crash(data):
    for found in (inventory.read(data), consolelog.read(data)):
        assert all(each.sentence.endswith(".") for each in found.problems)


@example({"items": [{"value": None, "events": True}]}, "google")
@example([{"chromeosdevices": None}, {"chromeosdevices": []}], "google")
@given(shapes, st.sampled_from(["google", "intune"]))
def test_json_of_any_shape_never_crashes(value, format):
    data = json.dumps(value).encode()
    inventory.read(data, format)
    consolelog.read(data, format)

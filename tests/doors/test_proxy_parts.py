"""The parts of the proxy door by themselves: reach, logins, the set-up file, settings, names."""

from __future__ import annotations

import asyncio
import ipaddress
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import dns.name
import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from homeroom.doors import environment
from homeroom.doors.environment import BadSetting
from homeroom.doors.proxy import troubles
from homeroom.doors.proxy.acts import Found
from homeroom.doors.proxy.login import REMEMBERED, WITHIN, WRONG, Logins, compare, read_basic
from homeroom.doors.proxy.names import Names, _names
from homeroom.doors.proxy.pac import pac
from homeroom.doors.proxy.reach import METADATA, Reach
from homeroom.doors.proxy.settings import read_settings
from homeroom.doors.proxy.world import View
from homeroom.kernel.decision.roll import Roll
from tests.doors.proxy_kit import Resolver

# What a name leads to.


def test_an_alias_with_odd_bytes_is_judged_by_the_name_above_it() -> None:
    target = dns.name.from_text(r"a\032b.tracker.test.")
    record = SimpleNamespace(target=target)
    answer = SimpleNamespace(chaining_result=SimpleNamespace(cnames=[[record]]))
    assert _names([answer], "innocent.test") == ("tracker.test",)  # type: ignore[list-item]


# Reach.

INSIDE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.1.1",
    "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.251", "239.255.255.250", "255.255.255.255", "240.0.0.1",
    "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
    "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2001:db8::1",
    "2001:0:7f00:1::", "fec0::1", "4000::1", *sorted(map(str, METADATA)),
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_inside_addresses_are_out_of_reach(address: str) -> None:
    assert not Reach().allows(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::93.184.216.34", "216.239.38.120"])
def test_public_addresses_are_within_reach(address: str) -> None:
    assert Reach().allows(address)


def test_what_the_district_lists_is_within_reach_but_never_a_clouds_secrets() -> None:
    reach = Reach([ipaddress.ip_network(net) for net in ("10.0.0.0/8", "127.0.0.1/32", "169.254.0.0/16", "fd00::/8")])
    assert reach.among(["10.1.2.3", "127.0.0.1", "127.0.0.2", "11.0.0.1"]) == ("10.1.2.3", "127.0.0.1", "11.0.0.1")
    assert reach.allows("169.254.7.7") and not reach.allows("169.254.169.254") and not reach.allows("fd00:ec2::254")
    assert Reach([ipaddress.ip_network("169.254.169.254/32")]).allows("169.254.169.254")


def test_the_districts_own_pages_may_be_private_but_never_this_machine() -> None:
    for address, within in (("10.1.2.3", True), ("fd12::1", True), ("127.0.0.1", False), ("169.254.169.254", False),
                            ("fe80::1", False), ("::1", False), ("fd00:ec2::254", False)):  # fmt: skip
        assert bool(Reach().among([address], own=True)) == within
        assert not Reach().among([address])


@given(st.ip_addresses())
def test_no_private_address_is_ever_within_reach(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert not Reach().allows(str(address))


def test_what_is_no_address_is_out_of_reach() -> None:
    assert not Reach().allows("library.test")


# Logins.

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def roll(**logins: str) -> Roll:
    persons = {key: {"profile": "student"} for key in logins}
    return Roll(
        {"persons": persons, "logins": {key: [key, value] for key, value in logins.items()}}, strictest="unknown"
    )


def test_a_password_is_compared_with_argon2_with_and_without_djangos_name_before_it() -> None:
    for stored in (QUICK.hash("right"), "argon2" + QUICK.hash("right")):
        assert compare(roll(ana=stored), "Ana", "right") == ("ana", stored)
        assert compare(roll(ana=stored), "ana", "wrong") is None
    assert compare(roll(ana="no hash"), "ana", "no hash") is None
    assert compare(roll(), "nobody", "right") is None


def test_a_right_pair_is_remembered_for_a_while_and_forgotten_with_the_password() -> None:
    logins, before, after = Logins(), roll(ana="one"), roll(ana="two")
    assert logins.remembered(before, "ana", "right", 0) is None
    logins.right("ana", "right", ("ana", "one"), 0)
    assert logins.remembered(before, "ANA", "right", REMEMBERED - 1) == "ana"
    assert logins.remembered(before, "ana", "Right", 1) is None
    assert logins.remembered(after, "ana", "right", 1) is None
    assert logins.remembered(roll(), "ana", "right", 1) is None
    assert logins.remembered(before, "ana", "right", REMEMBERED + 1) is None


def test_what_is_remembered_holds_no_password() -> None:
    logins = Logins()
    logins.right("ana", "a very secret word", ("ana", "stored"), 0)
    assert b"secret" not in repr(logins.__dict__).encode()


def test_an_address_with_too_many_wrong_passwords_is_barred_for_a_time() -> None:
    logins = Logins()
    for second in range(WRONG):
        assert not logins.barred(b"\x7f\0\0\1", second)
        logins.wrong(b"\x7f\0\0\1", second)
    assert logins.barred(b"\x7f\0\0\1", WRONG)
    assert not logins.barred(b"\x7f\0\0\2", WRONG)
    assert not logins.barred(b"\x7f\0\0\1", WRONG + WITHIN)


def test_wrong_passwords_far_apart_bar_nobody() -> None:
    logins = Logins()
    for number in range(50):
        logins.wrong(b"\x7f\0\0\1", number * WITHIN)
    assert not logins.barred(b"\x7f\0\0\1", 50 * WITHIN)


@given(st.binary(max_size=80))
def test_odd_credentials_are_none(data: bytes) -> None:
    pair = read_basic(data)
    assert pair is None or pair[0]


# The set-up file.


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("library.test", "PROXY 10.0.0.5:3129"),
        ("homeroom.test", "DIRECT"),
        ("printer", "DIRECT"),
        ("localhost", "DIRECT"),
    ],
)
def test_a_browser_would_read_it_so(host: str, said: str) -> None:
    text = (
        "function isPlainHostName(h) { return h.indexOf('.') < 0; }\n"
        + pac(("10.0.0.5", 3129), ["homeroom.test"]).decode()
    )
    done = subprocess.run(
        ["node", "-e", f"{text}; console.log(FindProxyForURL('x', {host!r}))"], capture_output=True, text=True
    )
    assert done.stdout.strip() == said


def test_the_set_up_file_has_no_way_around_and_holds_no_code_of_others() -> None:
    text = pac(("::1", 3129), ["x'); alert('1", '"</script>']).decode()
    assert '"PROXY [::1]:3129"' in text and "PROXY [::1]:3129; DIRECT" not in text
    assert "\"x'); alert('1\"" in text and '"\\"</script>"' in text


# Settings.


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {
        "HOME": str(tmp_path), "PROXY_LISTEN": "0.0.0.0:3128", "PROXY_MAY_REACH": "10.0.0.0/8", "PROXY_AUTH": "ask",
        "PROXY_CONNECT_PORTS": "443, 563", "PUBLIC_URL": "https://filter.lake.test/",
        "PAGE_ADDRESS": "10.0.0.7,fd00::7",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"HOMEROOM_{name}", value)
    settings = read_settings()
    assert settings.listen == ("0.0.0.0", 3128) and settings.asks_login
    assert settings.connect_ports == {443, 563} and settings.public_url == "https://filter.lake.test"
    assert settings.direct == ("filter.lake.test", "10.0.0.7")
    for bad in ("filter.lake.test", "ftp://x", "http://", "http://x:99999"):
        monkeypatch.setenv("HOMEROOM_PUBLIC_URL", bad)
        with pytest.raises(BadSetting, match="give an address such as"):
            read_settings()
    monkeypatch.delenv("HOMEROOM_PUBLIC_URL")
    for bad in ("443,", "", "70000", "https"):
        monkeypatch.setenv("HOMEROOM_PROXY_CONNECT_PORTS", bad or ",")
        with pytest.raises(BadSetting, match="give ports"):
            read_settings()


def test_the_proxy_of_a_demonstration_reaches_its_sites_and_pages_and_nothing_else_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOMEROOM_HOME", str(tmp_path))
    monkeypatch.setenv("HOMEROOM_DEMO_HTTP", "127.0.0.1:18526")
    monkeypatch.setenv("HOMEROOM_DEMO_HTTPS", "127.0.0.1:18443")
    assert not read_settings().little_internet
    monkeypatch.setenv("HOMEROOM_DEMO", "1")
    settings = read_settings()
    assert settings.connect_ports == {443, 8443, 18443}
    view = View(SimpleNamespace(settings=settings, reach=Reach(settings.may_reach)), b"", "")  # type: ignore[arg-type]
    assert view.reachable("library.test", 18526, ("127.0.0.1",)) == ("127.0.0.1",)
    assert view.reachable("127.0.0.1", 8524, ("127.0.0.1",)), "where block pages lead"
    assert not view.reachable("127.0.0.1", 8527, ("127.0.0.1",))


def test_without_a_public_address_links_lead_to_where_the_web_application_listens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HOMEROOM_PUBLIC_URL", raising=False)
    for listen, url in {
        "": "http://127.0.0.1:8524", "127.0.0.1:18524": "http://127.0.0.1:18524", "[::1]:80": "http://[::1]:80",
        "0.0.0.0:8524": "http://127.0.0.1:8524", "nonsense": "http://127.0.0.1:8524",
    }.items():  # fmt: skip
        monkeypatch.setenv("HOMEROOM_WEB_LISTEN", listen)
        assert environment.text("HOMEROOM_PUBLIC_URL") == url
    monkeypatch.setenv("HOMEROOM_PUBLIC_URL", "https://homeroom.lake.test")
    assert environment.text("HOMEROOM_PUBLIC_URL") == "https://homeroom.lake.test"


# Names.


async def with_resolver(work: object) -> object:
    resolver = Resolver()
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: resolver, local_addr=("127.0.0.1", 0)
    )
    dead, _ = await asyncio.get_running_loop().create_datagram_endpoint(Silent, local_addr=("127.0.0.1", 0))
    try:
        good, bad = transport.get_extra_info("sockname"), dead.get_extra_info("sockname")
        return await work(resolver, good, bad)  # type: ignore[operator]
    finally:
        transport.close()
        dead.close()


class Silent(asyncio.DatagramProtocol):
    pass


def test_names_are_looked_up_once_and_kept() -> None:
    async def work(resolver: Resolver, good: tuple[str, int], _: object) -> None:
        names = Names([good])
        answers = await asyncio.gather(*(names.look("innocent.test") for _ in range(20)))
        assert set(answers) == {Found(("127.0.0.1",), ("cdn.adult.test",))}
        assert resolver.asked == 2 and names.known("innocent.test") == answers[0]
        assert await names.look("nowhere.test") is troubles.NO_SUCH_NAME
        assert names.known("nowhere.test") is None and names.known("::1") == Found(("::1",))

    asyncio.run(with_resolver(work))


def test_a_dead_resolver_is_passed_over_and_none_is_a_trouble() -> None:
    async def work(_: Resolver, good: tuple[str, int], dead: tuple[str, int]) -> None:
        names = Names([dead, good])
        names._resolver.timeout = 0.1
        assert isinstance(await names.look("library.test"), Found)
        names = Names([dead])
        names._resolver.lifetime = 0.2
        assert await names.look("library.test") is troubles.NO_RESOLVER
        assert await Names([]).look("library.test") is troubles.NO_RESOLVER

    asyncio.run(with_resolver(work))


def test_one_who_goes_away_does_not_take_the_answer_from_others() -> None:
    async def work(_: Resolver, good: tuple[str, int], __: object) -> None:
        names = Names([good])
        first, second = asyncio.ensure_future(names.look("a.test")), asyncio.ensure_future(names.look("a.test"))
        await asyncio.sleep(0)
        first.cancel()
        assert isinstance(await second, Found)

    asyncio.run(with_resolver(work))

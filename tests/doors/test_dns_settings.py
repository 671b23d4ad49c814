"""The environment and the certificate of the DNS door."""

from __future__ import annotations

import ssl
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from homeroom.doors.dns import settings as dns_settings
from homeroom.doors.dns import tls as dns_tls
from homeroom.doors.environment import BadSetting

AT = datetime(2026, 11, 3, tzinfo=UTC)


def test_by_default_blocked_names_do_not_exist_and_test_names_may_be_private(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in ("HOMEROOM_DNS_BLOCKED", "HOMEROOM_DNS_PRIVATE_OK", "HOMEROOM_DOH_NAME", "HOMEROOM_DNS_RATE"):
        monkeypatch.delenv(each, raising=False)
    settings = dns_settings.settings()
    assert not settings.page
    assert settings.rate == 500
    assert settings.private_ok == (b"\4test\0", b"\x08internal\0", b"\5local\0")
    assert settings.designated.name == ""


def test_the_block_page_may_have_an_address_of_each_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMEROOM_DNS_BLOCKED", "page")
    monkeypatch.setenv("HOMEROOM_PAGE_ADDRESS", "10.1.0.5, fd00::5")
    page = dns_settings.settings().page
    assert page.ipv4 == bytes([10, 1, 0, 5])
    assert page.ipv6 is not None
    assert page.ipv6[0] == 0xFD


def test_our_doh_is_designated_once_it_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMEROOM_DOH_NAME", "dns.lake.test")
    monkeypatch.setenv("HOMEROOM_DOH_LISTEN", "10.1.0.5:443")
    designated = dns_settings.settings().designated
    assert (designated.name, designated.port, designated.addresses) == ("dns.lake.test", 443, ("10.1.0.5",))
    assert dns_settings.doh_names()[:2] == ("dns.lake.test", "10.1.0.5")


@pytest.mark.parametrize(("name", "value"), [
    ("HOMEROOM_DNS_PRIVATE_OK", "test,a..b"), ("HOMEROOM_DOH_NAME", "bücher.test"), ("HOMEROOM_DNS_RATE", "many"),
])  # fmt: skip
def test_an_odd_value_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=name):
        dns_settings.settings()


def test_a_certificate_is_made_at_the_first_start_and_kept(tmp_path: Path) -> None:
    dns_tls.context(tmp_path, ["dns.lake.test", "127.0.0.1"], AT)
    certificate, key = tmp_path / "tls" / "cert.pem", tmp_path / "tls" / "key.pem"
    made = certificate.read_bytes()
    names = x509.load_pem_x509_certificate(made).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["dns.lake.test"]
    assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    dns_tls.context(tmp_path, ["other.test"], AT)
    assert certificate.read_bytes() == made


def test_what_cannot_be_a_certificate_is_refused_with_a_sentence(tmp_path: Path) -> None:
    dns_tls.context(tmp_path, ["dns.lake.test"], AT)
    (tmp_path / "tls" / "key.pem").write_text("nonsense")
    with pytest.raises(dns_tls.BadCertificate, match="remove both files"):
        dns_tls.context(tmp_path, ["dns.lake.test"], AT)
    assert isinstance(dns_tls.context(_fresh(tmp_path), ["a.test"], AT), ssl.SSLContext)


def _fresh(folder: Path) -> Path:
    other = folder / "other"
    other.mkdir()
    return other

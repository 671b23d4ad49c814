"""A little Internet for the demo: an upstream resolver for `.test` and an origin site behind every name.

Names under `.test` are reserved for tests (RFC 6761), so nothing here can be mistaken for
a real site. Other names are passed to the machine's own resolvers where these can be
reached; the addresses of the locked search engines are known without them.
"""

from __future__ import annotations

import asyncio
import html
import os
import signal
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from homeroom.doors.environment import Endpoint

HERE = "127.0.0.1"
ALIASES = {
    "harmless-looking.test": "cdn.adult.test",  # cloaking: an innocent name that leads to a listed one
    "www.library.test": "library.test",
}
ABSENT = ("nowhere.test",)
LOCKED = {
    "forcesafesearch.google.com": "216.239.38.120",
    "restrict.youtube.com": "216.239.38.120",
    "restrictmoderate.youtube.com": "216.239.38.119",
    "strict.bing.com": "204.79.197.220",
}
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{host}</title>
<style>body{{font:1.2rem/1.5 system-ui;margin:4rem auto;max-width:40rem;padding:0 1rem}}</style></head>
<body><h1>{host}</h1><p>This page is part of the demo's little Internet. You reached <code>{path}</code>,
so the filter let you through.</p></body></html>"""


class Resolver(asyncio.DatagramProtocol):
    """Answers `.test` itself and hands everything else on."""

    def __init__(self, beyond: Sequence[Endpoint]) -> None:
        self.beyond = beyond
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket for the answers."""
        self.transport = transport  # type: ignore[assignment]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer one question."""
        asyncio.ensure_future(self._reply(data, addr))  # noqa: RUF006

    async def _reply(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = await self.answer(data)
        if answer and self.transport:
            self.transport.sendto(answer, addr)

    async def answer(self, data: bytes) -> bytes:
        """The answer to one message, or b"" for what is no question."""
        try:
            question = dns.message.from_wire(data)
        except dns.exception.DNSException:
            return b""
        if not question.question:
            return b""
        name = question.question[0].name.to_text(omit_final_dot=True).lower()
        if name in LOCKED or name == "test" or name.endswith(".test"):
            return _local(question, name).to_wire()
        return (await self._ask_beyond(question)).to_wire()

    async def _ask_beyond(self, question: dns.message.Message) -> dns.message.Message:
        for address, port in self.beyond:
            try:
                return await dns.asyncquery.udp(question, address, port=port, timeout=2, ignore_unexpected=True)
            except (dns.exception.DNSException, OSError):
                continue
        failed = dns.message.make_response(question)
        failed.set_rcode(dns.rcode.SERVFAIL)
        return failed


def _local(question: dns.message.Message, name: str) -> dns.message.Message:
    answer = dns.message.make_response(question, recursion_available=True)
    owner, kind = question.question[0].name, question.question[0].rdtype
    if name in ABSENT:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    elif name in ALIASES:
        answer.answer.append(dns.rrset.from_text(owner, 60, "IN", "CNAME", ALIASES[name] + "."))
        owner = dns.rrset.from_text(owner, 60, "IN", "CNAME", ALIASES[name] + ".")[0].target
    if name not in ABSENT and kind == dns.rdatatype.A:
        answer.answer.append(dns.rrset.from_text(owner, 60, "IN", "A", LOCKED.get(name, HERE)))
    return answer


async def _tcp_resolver(resolver: Resolver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            size = int.from_bytes(await reader.readexactly(2), "big")
            answer = await resolver.answer(await reader.readexactly(size))
            writer.write(len(answer).to_bytes(2, "big") + answer)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _origin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.split("\r\n")
            path = first.split(" ")[1] if first.count(" ") >= 2 else "/"
            names = {key.strip().lower(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
            body = PAGE.format(host=html.escape(names.get("host", "")), path=html.escape(path)).encode()
            kind = "Content-Type: text/html; charset=utf-8"
            writer.write(f"HTTP/1.1 200 OK\r\n{kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        writer.close()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for *.test, made at first use; (certificate, key) files."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    cert_path, key_path = folder / "origin.crt", folder / "origin.key"
    if cert_path.exists() and key_path.exists():
        return cert_path, key_path
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Homeroom demo origin")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("*.test")]), critical=False)
        .sign(secret, hashes.SHA256())
    )
    unsealed = serialization.NoEncryption()
    key_path.write_bytes(secret.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unsealed))
    key_path.chmod(0o600)
    cert_path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return cert_path, key_path


async def run(*, resolver: Endpoint, http: Endpoint, https: Endpoint, beyond: Sequence[Endpoint], tls: Path) -> None:
    """Serve until SIGTERM."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    talk = Resolver(beyond)
    await loop.create_datagram_endpoint(lambda: talk, local_addr=resolver)
    await asyncio.start_server(lambda r, w: _tcp_resolver(talk, r, w), *resolver)
    await asyncio.start_server(_origin, *http)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*(os.fspath(path) for path in certificate(tls)))
    await asyncio.start_server(_origin, *https, ssl=context)
    await stop.wait()

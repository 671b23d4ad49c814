"""Fetching a list: over loopback from a server that behaves well, badly, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from homeroom.base.errors import Refused
from homeroom.filtering import fetching
from homeroom.filtering.actions import sources
from homeroom.filtering.models import ListSource

from .conftest import AT, DANA

LIMITS = fetching.Limits(size=15_000, seconds=5)
ETAG = '"v1"'


class Handler(BaseHTTPRequestHandler):
    """Answers as the path says."""

    asked: list[tuple[str, str | None]] = []

    def do_GET(self) -> None:
        Handler.asked.append((self.path, self.headers.get("If-None-Match")))
        getattr(self, f"_{self.path.strip('/')}")()

    def _list(self) -> None:
        if self.headers.get("If-None-Match") == ETAG:
            self._head(304, 0)
            return
        self._body(b"bets.test\npoker.test\n", ETag=ETAG)

    def _large(self) -> None:
        self._body(b"x" * 20_000)

    def _endless(self) -> None:
        self._head(200)
        try:
            while True:
                self.wfile.write(b"x" * 1000)
        except OSError:
            pass

    def _short(self) -> None:
        self._head(200, 500)
        self.wfile.write(b"bets.test\n")

    def _missing(self) -> None:
        self._head(404, 0)

    def _away(self) -> None:
        self._head(302, 0, Location="http://lists.example.org/list")

    def _file(self) -> None:
        self._head(302, 0, Location="file:///etc/passwd")

    def _inside(self) -> None:
        self._head(302, 0, Location=f"http://localhost:{self.server.server_address[1]}/list")

    def _round(self) -> None:
        self._head(302, 0, Location="/round")

    def _body(self, body: bytes, **headers: str) -> None:
        self._head(200, len(body), **headers)
        self.wfile.write(body)

    def _head(self, code: int, length: int | None = None, **headers: str) -> None:
        self.send_response(code)
        if length is not None:
            headers["Content-Length"] = str(length)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Handler.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


def test_a_file_is_kept_under_its_hash_with_what_the_server_said(server, tmp_path):
    got = fetching.fetch(f"{server}/list", tmp_path, LIMITS)
    assert got.path.read_bytes() == b"bets.test\npoker.test\n" and got.path.name == got.hash and got.etag == ETAG
    assert fetching.fetch(f"{server}/list", tmp_path, LIMITS, etag=got.etag) is None


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("large", "largest taken"),
        ("endless", "largest taken"),
        ("short", "broke off"),
        ("missing", "answered 404"),
        ("away", "without encryption"),
        ("file", "not allowed"),
        ("inside", "not an address on the Internet"),
        ("round", "could not be fetched|answered 302"),
    ],
)
def test_what_goes_wrong_is_said_and_nothing_is_left_behind(server, tmp_path, page, said):
    with pytest.raises(Refused, match=said):
        fetching.fetch(f"{server}/{page}", tmp_path, LIMITS)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("http://lists.example.org/list", "without encryption"),
        ("ftp://lists.example.org/list", "no address"),
        ("file:///etc/passwd", "no address"),
        ("/no/such/file", "There is no file"),
        ("https://", "no address"),
    ],
)
def test_where_a_list_cannot_come_from(tmp_path, location, said):
    with pytest.raises(Refused, match=said):
        fetching.fetch(location, tmp_path, LIMITS)


def test_nobody_answers(tmp_path):
    with pytest.raises(Refused, match="could not be fetched"):
        fetching.fetch("http://127.0.0.1:9/list", tmp_path, LIMITS)


def test_a_folder_is_one_file_with_one_hash(tmp_path):
    folder = tmp_path / "ut1"
    (folder / "games").mkdir(parents=True)
    (folder / "games" / "domains").write_text("games.test\n")
    first = fetching.fetch(str(folder), tmp_path / "kept", LIMITS)
    assert fetching.fetch(str(folder), tmp_path / "kept", LIMITS).hash == first.hash


@pytest.mark.django_db
def test_an_update_over_the_network_asks_whether_anything_changed(town, house, server):
    sources.add_source(actor=DANA, name="net", format="domains", category="gambling", location=f"{server}/list", at=AT)
    assert sources.update_source(actor=DANA, name="net", at=AT).entries == 2
    assert sources.update_source(actor=DANA, name="net", at=AT) is None
    assert Handler.asked == [("/list", None), ("/list", ETAG)]
    source = ListSource.objects.get()
    assert source.trouble == "" and source.looked_at == AT

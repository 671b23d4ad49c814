"""Fetches a roster by OneRoster REST into files of OneRoster CSV, page by page, so that it is read as files are.

OAuth 2 client credentials (RFC 6749, 4.4). Nothing is taken in here; a fetch that fails leaves nothing behind.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from django.utils.translation import gettext as _
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from homeroom.base.errors import Refused
from homeroom.kernel.roster import rest

PATIENCE = (10, 60)  # seconds to connect, and between two pieces of an answer
LARGEST = 64 << 20  # bytes of one page
MOST_PAGES = 20_000
AGAIN = Retry(
    total=4, backoff_factor=0.5, status_forcelist=(429, 502, 503, 504), allowed_methods=None, raise_on_status=False
)
LOCAL = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Server:
    """Where a roster is fetched, and as whom."""

    url: str
    token_url: str
    version: str
    client_id: str
    secret: str = field(repr=False)


def check_address(url: str) -> None:
    """Refuses an address that would carry the secret unencrypted over a network."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL):
        raise Refused(
            _("%(url)s does not begin with https://, so the secret could be read on its way. Give the https one.")
            % {"url": url}
        )


def pull(
    server: Server, folder: Path, *, since: str = "", progress: Callable[[str, int], None] = lambda name, count: None
) -> dict[str, int]:
    """Fetch everything, or what changed since an instant, into `folder`; returns the rows of each file.

    Raises Refused with a sentence where the server cannot be reached, does not let us in, or answers with
    something that is no roster.
    """
    for url in (server.url, server.token_url):
        check_address(url)
    interface = rest.INTERFACES[server.version]
    try:
        with requests.Session() as session, _Files(folder, interface) as files:
            session.mount("https://", HTTPAdapter(max_retries=AGAIN))
            session.mount("http://", HTTPAdapter(max_retries=AGAIN))
            visitor = _Visitor(session, server, interface)
            for endpoint in interface.endpoints:
                for item in visitor.all(endpoint, since, progress):
                    for file, row in endpoint.rows(item):
                        files.put(file, row)
    except requests.RequestException as error:
        raise Refused(
            _("%(url)s could not be read (%(error)s). Nothing was changed; try again.")
            % {"url": server.url, "error": _short(error)}
        ) from None
    except rest.BadAnswer as error:
        raise Refused(
            _("%(error)s Nothing was changed. Check the address and the version.") % {"error": error}
        ) from None
    _manifest(folder, interface, bool(since))
    return files.counts


class _Visitor:
    """One visit to a server: signs in, asks page by page, signs in again where a token ran out."""

    def __init__(self, session: requests.Session, server: Server, interface: rest.Interface) -> None:
        self.session, self.server, self.interface = session, server, interface
        self._sign_in()

    def all(self, endpoint: rest.Endpoint, since: str, progress: Callable[[str, int], None]) -> Iterator[rest.Item]:
        """Every item of a collection."""
        url = f"{self.server.url.rstrip('/')}{self.interface.base}/{endpoint.name}"
        seen, before = 0, ""
        for _page in range(MOST_PAGES):
            answer = self._ask(url, rest.query(seen, since))
            if answer.status_code in (403, 404) and endpoint.optional and not seen:
                return
            page = rest.items(endpoint, _json(answer, endpoint.name))
            if page and str(page[0]["sourcedId"]) == before:
                raise rest.BadAnswer(f"The server sends the same page of {endpoint.name} again and again.")
            yield from page
            seen += len(page)
            progress(endpoint.name, seen)
            if not page or seen >= _total(answer, seen, len(page)):
                return
            before = str(page[0]["sourcedId"])
        raise rest.BadAnswer(f"The server never comes to the end of {endpoint.name}.")

    def _ask(self, url: str, query: dict[str, str]) -> requests.Response:
        answer = self._get(url, query)
        if answer.status_code == 401:
            self._sign_in()
            answer = self._get(url, query)
        return answer

    def _get(self, url: str, query: dict[str, str]) -> requests.Response:
        # A redirect could lead the token to somebody else.
        return self.session.get(url, params=query, timeout=PATIENCE, allow_redirects=False, stream=True)

    def _sign_in(self) -> None:
        asked = {"grant_type": "client_credentials", "scope": " ".join(self.interface.scopes)}
        self.session.headers.pop("Authorization", None)
        answer = self.session.post(
            self.server.token_url, data=asked, auth=(self.server.client_id, self.server.secret), timeout=PATIENCE,
            allow_redirects=False, stream=True,
        )  # fmt: skip
        if answer.status_code in (400, 401, 403):
            raise Refused(
                _("The server does not know this client id and secret. Enter them again. Nothing was changed.")
            )
        said = _json(answer, "the token")
        token = said.get("access_token") if isinstance(said, dict) else None
        if not isinstance(token, str) or not token:
            raise rest.BadAnswer("The server gave no token.")
        self.session.headers["Authorization"] = f"Bearer {token}"


def _json(answer: requests.Response, what: str) -> Any:
    if answer.status_code != 200:
        raise rest.BadAnswer(f"Asked for {what}, the server answered {answer.status_code}.")
    body = b""
    for piece in answer.iter_content(1 << 16):
        body += piece
        if len(body) > LARGEST:
            raise rest.BadAnswer(f"The answer for {what} is larger than {LARGEST >> 20} MB.")
    answer._content = body
    try:
        return answer.json()
    except ValueError:
        raise rest.BadAnswer(f"The answer for {what} is no JSON.") from None


def _total(answer: requests.Response, seen: int, got: int) -> float:
    """How many there are; where the server does not say, a full page means that more may come."""
    said = answer.headers.get("X-Total-Count", "")
    if said.isascii() and said.isdigit():
        return int(said)
    return seen if got < rest.LIMIT else float("inf")


def _short(error: Exception) -> str:
    return type(error).__name__ if len(str(error)) > 120 else str(error)


class _Files:
    """The CSV files of one fetch, with a header each."""

    def __init__(self, folder: Path, interface: rest.Interface) -> None:
        self.folder, self.interface = folder, interface
        self.counts = dict.fromkeys(interface.files, 0)
        self._stack = ExitStack()
        self._writers: dict[str, csv.DictWriter[str]] = {}

    def __enter__(self) -> _Files:
        for name, columns in self.interface.files.items():
            file = self._stack.enter_context((self.folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            self._writers[name] = csv.DictWriter(file, columns, extrasaction="ignore", restval="")
            self._writers[name].writeheader()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def put(self, file: str, row: dict[str, str]) -> None:
        """One more row."""
        self._writers[file].writerow(row)
        self.counts[file] += 1


def _manifest(folder: Path, interface: rest.Interface, delta: bool) -> None:
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rest.manifest(interface, delta))

"""A student information system that speaks OneRoster REST, as a real server on this machine, with its bad days."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

CLIENT, SECRET = "homeroom", "a made-up secret"


class System:
    """What the server holds, and how it behaves. `asked` are the paths and questions it got."""

    def __init__(self, version: str, collections: dict[str, list[dict]]) -> None:
        self.version, self.collections = version, collections
        self.base = {"1.1": "/ims/oneroster/v1p1", "1.2": "/ims/oneroster/rostering/v1p2"}[version]
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.tokens = 0
        self.busy = 0  # so many questions are answered 503 first
        self.token_lasts = 10**9  # questions
        self.page_limit = 10**9
        self.ignores_offset = False
        self.body: bytes | None = None
        self.hides: set[str] = set()
        self.url = ""

    def page(self, name: str, query: dict[str, str]) -> tuple[list[dict], int]:
        rows = sorted(self.collections.get(name, []), key=lambda row: row["sourcedId"])
        if "filter" in query:
            field, _, instant = query["filter"].partition(">")
            assert field == "dateLastModified"
            rows = [row for row in rows if row.get("dateLastModified", "") > instant.strip("'")]
        start = 0 if self.ignores_offset else int(query["offset"])
        return rows[start : start + min(int(query["limit"]), self.page_limit)], len(rows)


class _Handler(BaseHTTPRequestHandler):
    system: System

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        """The token endpoint."""
        self.rfile.read(int(self.headers["Content-Length"]))
        right = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if self.headers.get("Authorization") != right:
            self._answer(401, {"error": "invalid_client"})
            return
        self.system.tokens += 1
        self.system.left = self.system.token_lasts
        self._answer(200, {"access_token": f"token-{self.system.tokens}", "token_type": "bearer", "expires_in": 3600})

    def do_GET(self) -> None:
        """One page of a collection."""
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        system = self.system
        if system.busy:
            system.busy -= 1
            self._answer(503, {}, {"Retry-After": "0"})
            return
        system.left -= 1
        if self.headers.get("Authorization") != f"Bearer token-{system.tokens}" or system.left < 0:
            self._answer(401, {})
            return
        system.asked.append((parts.path, query))
        name = parts.path.removeprefix(system.base + "/")
        if name in system.hides or name not in system.collections:
            self._answer(404, {})
        elif system.body is not None:
            self._raw(200, system.body, {})
        else:
            rows, total = system.page(name, query)
            self._answer(200, {name: rows}, {"X-Total-Count": str(total)})

    def _answer(self, status: int, said: object, headers: dict[str, str] | None = None) -> None:
        self._raw(status, json.dumps(said).encode(), headers or {})

    def _raw(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Type": "application/json", "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(system: System) -> Iterator[System]:
    """The system at an address of its own, `system.url`."""
    handler = type("Handler", (_Handler,), {"system": system})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    system.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield system
    finally:
        server.shutdown()
        server.server_close()


def reference(id: str, kind: str) -> dict[str, str]:
    return {"href": f"https://sis.test/{kind}/{id}", "sourcedId": id, "type": kind}


def district(version: str, students: int = 3, modified: str = "2026-09-01T08:00:00.000Z") -> dict[str, list[dict]]:
    """One school, one class, a teacher and some students with a guardian, as that version's JSON."""
    head = {"status": "active", "dateLastModified": modified}

    def user(id: str, role: str, **more: object) -> dict:
        said = {"sourcedId": id, **head, "username": id, "givenName": id.title(), "familyName": "Made",
                "email": f"{id}@x.test", "enabledUser": True, "password": "hunter2",
                "agents": [], "grades": [], **more}  # fmt: skip
        if version == "1.1":
            return {**said, "role": role, "orgs": [reference("north", "org")]}
        roles = [{"roleType": "primary", "role": role, "org": reference("north", "org"), "beginDate": "2026-09-01"}]
        return {**said, "primaryOrg": reference("north", "org"), "roles": roles}

    pupils = [user(f"s{n}", "student", grades=["07"], agents=[reference("g1", "user")]) for n in range(1, students + 1)]
    places = [("t1", "teacher", True), *((f"s{n}", "student", False) for n in range(1, students + 1))]
    return {
        "orgs": [
            {"sourcedId": "d", **head, "name": "District", "type": "district"},
            {"sourcedId": "north", **head, "name": "North School", "type": "school", "parent": reference("d", "org")},
        ],
        "academicSessions": [
            {"sourcedId": "y", **head, "title": "2026-27", "type": "schoolYear", "startDate": "2026-09-01",
             "endDate": "2027-06-04", "schoolYear": 2027},
        ],
        "users": [user("t1", "teacher"), user("g1", "parent" if version == "1.1" else "guardian"), *pupils],
        "classes": [
            {"sourcedId": "c1", **head, "title": "Homeroom 7", "school": reference("north", "org"),
             "terms": [reference("y", "academicSession")]},
        ],
        "enrollments": [
            {"sourcedId": f"e-{who}", **head, "role": role, "primary": first, "user": reference(who, "user"),
             "class": reference("c1", "class"), "school": reference("north", "org")}
            for who, role, first in places
        ],
        "demographics": [{"sourcedId": "s1", **head, "birthDate": "2014-02-28", "sex": "female"}],
    }  # fmt: skip

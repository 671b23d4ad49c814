"""A small mailbox by IMAP4rev1 (RFC 3501): what a reader of returns says to one, and what it answers."""

from __future__ import annotations

import re
import socketserver
import ssl
import threading

LINE = re.compile(rb"(\S+) (UID )?([A-Z]+) ?(.*)", re.DOTALL)


class _Talk(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        self.say(b"* OK [CAPABILITY IMAP4rev1] ready")
        self.signed_in = self.folder = False
        for line in self.rfile:
            tag, _, verb, rest = LINE.match(line.rstrip(b"\r\n")).groups()
            self.server.heard.append(verb.decode())
            if verb == b"LOGOUT":
                self.say(b"* BYE see you", tag + b" OK done")
                return
            if not getattr(self, f"do_{verb.decode().lower()}", self.unknown)(tag, rest):
                return

    def say(self, *lines: bytes) -> bool:
        self.wfile.write(b"".join(line + b"\r\n" for line in lines))
        return True

    def unknown(self, tag: bytes, rest: bytes) -> bool:
        return self.say(tag + b" BAD what?")

    def do_capability(self, tag: bytes, rest: bytes) -> bool:
        return self.say(b"* CAPABILITY IMAP4rev1", tag + b" OK done")

    def do_login(self, tag: bytes, rest: bytes) -> bool:
        self.signed_in = rest == b'returns "p@ss word"'
        return self.say(tag + (b" OK done" if self.signed_in else b" NO [AUTHENTICATIONFAILED] wrong password"))

    def do_select(self, tag: bytes, rest: bytes) -> bool:
        self.folder = self.signed_in and rest == b'"Returned mail"'
        if not self.folder:
            return self.say(tag + b" NO no such folder")
        return self.say(b"* %d EXISTS" % len(self.server.messages), tag + b" OK [READ-WRITE] done")

    def do_search(self, tag: bytes, rest: bytes) -> bool:
        assert self.folder and rest == b"UNDELETED"
        numbers = [b"%d" % n for n, _ in enumerate(self.server.messages, 1) if n not in self.server.deleted]
        return self.say(b" ".join([b"* SEARCH", *numbers]), tag + b" OK done")

    def do_fetch(self, tag: bytes, rest: bytes) -> bool:
        number, what = rest.split(b" ", 1)
        assert self.folder and what == b"(BODY.PEEK[])"
        if self.server.cut_at == int(number):
            self.wfile.write(b"* %s FETCH (BODY[] {9999}\r\nhalf" % number)
            return False  # the connection ends in the middle of a message
        data = self.server.messages[int(number) - 1]
        self.wfile.write(b"* %s FETCH (BODY[] {%d}\r\n%b)\r\n" % (number, len(data), data))
        return self.say(tag + b" OK done")

    def do_store(self, tag: bytes, rest: bytes) -> bool:
        number, what = rest.split(b" ", 1)
        assert what == b"+FLAGS (\\Deleted)"
        self.server.deleted.add(int(number))
        return self.say(b"* %s FETCH (FLAGS (\\Deleted))" % number, tag + b" OK done")

    def do_expunge(self, tag: bytes, rest: bytes) -> bool:
        gone = self.server.deleted
        self.server.messages = [each for n, each in enumerate(self.server.messages, 1) if n not in gone]
        self.server.deleted = set()
        return self.say(*[b"* %d EXPUNGE" % (n - i) for i, n in enumerate(sorted(gone))], tag + b" OK done")


class Mailbox(socketserver.ThreadingTCPServer):
    """The folder "Returned mail" of user "returns"; `cut_at` ends the connection within that message."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, *messages: bytes, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.messages, self.deleted, self.heard, self.cut_at = list(messages), set(), [], 0
        self.scheme = "imap"
        if tls is not None:
            self.scheme, self.socket = "imaps", tls.wrap_socket(self.socket, server_side=True)

    def where(self, password: str = "p%40ss%20word", folder: str = "Returned%20mail") -> str:
        return f"{self.scheme}://returns:{password}@127.0.0.1:{self.server_address[1]}/{folder}"

    def __enter__(self) -> Mailbox:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

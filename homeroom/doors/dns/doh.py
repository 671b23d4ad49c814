"""DNS over HTTPS by HTTP/2, without sockets: bytes in, questions to the talk, bytes out."""

from __future__ import annotations

from collections.abc import Callable

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, Event, RequestReceived, StreamEnded, StreamReset, WindowUpdated
from h2.exceptions import H2Error
from h2.settings import SettingCodes, Settings

from homeroom.doors.dns.flight import Waiting
from homeroom.doors.dns.http import LONGEST_BODY, BadRequest, Request, Response, question_of, response_of, too_large
from homeroom.doors.dns.talk import Talk

LIMITS = {
    SettingCodes.MAX_CONCURRENT_STREAMS: 100,
    SettingCodes.MAX_HEADER_LIST_SIZE: 16_384,
    SettingCodes.INITIAL_WINDOW_SIZE: 65_535,
}
MOST_RESETS = 500  # requests a client may take back on one connection (CVE-2023-44487)

Answer = Callable[[Response], None]


class Asking:
    """From a request to a response: reads the question, asks the talk, and words what comes back."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def ask(self, request: Request, address: bytes, answer: Answer) -> None:
        """Ask; `answer` is called once, now or later."""
        talk = self._talk
        talk.counts["by_https"] += 1
        try:
            packet, claim = question_of(request, address)
        except BadRequest as trouble:
            answer(trouble.response())
            return
        reply = talk.stream(packet, talk.client(claim))
        if isinstance(reply, Waiting):
            reply.send = lambda late: answer(response_of(late))
        elif reply is None:
            answer(BadRequest(503, "Too many wait for this answer; ask again in a moment.").response())
        else:
            answer(response_of(reply))


class Http2:
    """One HTTP/2 connection without its socket: `receive` bytes, then `take` what is to be sent."""

    def __init__(self, ask: Callable[[Request, Answer], None]) -> None:
        self._ask = ask
        self._h2 = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self._h2.local_settings = Settings(client=False, initial_values=LIMITS)
        self._h2.initiate_connection()
        self._heads: dict[int, dict[str, str]] = {}
        self._bodies: dict[int, bytearray] = {}
        self._unsent: dict[int, bytes] = {}
        self._resets = 0
        self.under_way: set[int] = set()
        self.broken = False

    def receive(self, data: bytes) -> None:
        """Some bytes of the client. Never raises; `broken` says that the connection is to be closed."""
        try:
            for event in self._h2.receive_data(data):
                self._on(event)
        except (H2Error, UnicodeDecodeError, KeyError, ValueError):
            self.broken = True

    def take(self) -> bytes:
        """What is to be sent now; nothing once the connection is gone."""
        return self._h2.data_to_send() if self._ask is not nobody else b""

    def _on(self, event: Event) -> None:
        match event:
            case RequestReceived(stream_id=int(stream), headers=list(headers)):
                self._heads[stream] = {str(name): str(value) for name, value in headers}
                self._bodies[stream] = bytearray()
            case DataReceived(stream_id=int(stream), data=bytes(data), flow_controlled_length=int(length)):
                self._h2.acknowledge_received_data(length, stream)
                self._more(stream, data)
            case StreamEnded(stream_id=int(stream)):
                self._whole(stream)
            case StreamReset(stream_id=int(stream)):
                self._forget(stream)
                self._resets += 1
                self.broken = self._resets > MOST_RESETS
            case WindowUpdated():
                for stream in list(self._unsent):
                    self._push(stream)

    def _more(self, stream: int, data: bytes) -> None:
        body = self._bodies.get(stream)
        if body is None:
            return
        body += data
        if len(body) > LONGEST_BODY:
            self._heads.pop(stream, None)
            self._bodies.pop(stream, None)
            self._send(stream, too_large().response())

    def _whole(self, stream: int) -> None:
        head, body = self._heads.pop(stream, None), self._bodies.pop(stream, b"")
        if head is None:
            return
        request = Request(head.get(":method", ""), head.get(":path", ""), head.get("content-type", ""), bytes(body))
        self.under_way.add(stream)
        self._ask(request, lambda response: self._send(stream, response))

    def _send(self, stream: int, response: Response) -> None:
        self.under_way.discard(stream)
        if self.broken:
            return
        try:
            self._h2.send_headers(stream, [(":status", str(response.status)), *response.headers])
            self._unsent[stream] = response.body
            self._push(stream)
        except H2Error:
            self._forget(stream)  # the client took its request back

    def _push(self, stream: int) -> None:
        """Send as much of a body as the client's window takes."""
        try:
            while body := self._unsent[stream]:
                room = min(self._h2.local_flow_control_window(stream), self._h2.max_outbound_frame_size)
                if room <= 0:
                    return
                self._unsent[stream] = body[room:]
                self._h2.send_data(stream, body[:room], end_stream=len(body) <= room)
            del self._unsent[stream]
        except H2Error:
            self._forget(stream)

    def _forget(self, stream: int) -> None:
        self.under_way.discard(stream)
        self._heads.pop(stream, None)
        self._bodies.pop(stream, None)
        self._unsent.pop(stream, None)

    def part(self) -> None:
        """The connection is gone: let go of everything, so that nothing holds itself in a circle."""
        self.broken, self._ask = True, nobody
        # h2 keeps its own methods in a table: a circle that only the collector would find.
        vars(self._h2).clear()

    def goodbye(self) -> None:
        """Say that the connection ends here."""
        try:
            self._h2.close_connection(ErrorCodes.PROTOCOL_ERROR if self.broken else ErrorCodes.NO_ERROR)
        except H2Error:
            self.broken = True


def nobody(request: Request, answer: Answer) -> None:
    """Asks nothing, for a connection that is gone."""

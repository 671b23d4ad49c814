"""HTTP/1.1 messages as values: what the readers make of bytes, and the relay makes into bytes again."""

from __future__ import annotations

from dataclasses import dataclass, field

from homeroom.doors.proxy.headers import BadMessage, Framing, Header


@dataclass(slots=True)
class Request:
    """The head of a request; `target` as sent, `version` "1.0" or "1.1"."""

    method: bytes
    target: bytes
    version: str
    headers: list[Header]
    framing: Framing
    keep_alive: bool


@dataclass(slots=True)
class Answer:
    """The head of an answer; `interim` for a 1xx that another answer follows."""

    status: int
    reason: bytes
    version: str
    headers: list[Header]
    framing: Framing
    keep_alive: bool

    @property
    def interim(self) -> bool:
        """Whether the real answer is still to come."""
        return self.status < 200


@dataclass(slots=True)
class End:
    """The end of a body, with what followed it."""

    trailers: list[Header] = field(default_factory=list)


RequestEvent = Request | bytes | End | BadMessage
AnswerEvent = Answer | bytes | End

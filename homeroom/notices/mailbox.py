"""Where reports about our mail come in: a Maildir, an mbox file, or a mailbox by IMAP."""

from __future__ import annotations

import imaplib
import mailbox
import ssl
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.utils.translation import gettext as _

from homeroom.base.errors import Refused

PATIENCE = 30  # seconds that a mail server gets


def messages(where: str) -> Iterator[bytes]:
    """Every message that waits, each taken out once it was dealt with (when the next one is asked for).

    `where` is a folder (Maildir), a file (mbox) or imaps://user:password@host/folder. Raises Refused.
    """
    if where.startswith(("imap://", "imaps://")):
        yield from _imap(where)
        return
    path = Path(where)
    if not path.exists():
        raise Refused(
            _("There is no mailbox at %(where)s; set HOMEROOM_MAIL_RETURNS to a Maildir, an mbox file or imaps://")
            % {"where": where}
        )
    box: mailbox.Mailbox = mailbox.Maildir(path, create=False) if path.is_dir() else mailbox.mbox(path, create=False)
    box.lock()
    try:
        for key in list(box.keys()):
            yield box.get_bytes(key)
            box.discard(key)
    finally:
        box.flush()
        box.unlock()
        box.close()


def _imap(where: str) -> Iterator[bytes]:
    said = urlsplit(where)
    try:
        server = _connect(said)
    except (imaplib.IMAP4.error, OSError) as error:
        raise Refused(
            _("The mailbox at %(hostname)s cannot be opened: %(error)s.") % {"hostname": said.hostname, "error": error}
        ) from error
    try:
        server.login(unquote(said.username or ""), unquote(said.password or ""))
        answer, found = server.select(_quoted(unquote(said.path.strip("/")) or "INBOX"))
        if answer != "OK":
            raise Refused(
                _("The mailbox at %(hostname)s has no such folder: %(found)s.")
                % {"hostname": said.hostname, "found": _said(found)}
            )
        for number in server.search(None, "UNDELETED")[1][0].split():
            yield from _message(server, number)
            server.store(number, "+FLAGS", "\\Deleted")
        server.expunge()
    except (imaplib.IMAP4.error, OSError) as error:
        raise Refused(
            _("The mailbox at %(hostname)s says: %(value)s. It is read again later.")
            % {"hostname": said.hostname, "value": _said([error])}
        ) from error
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            server.logout()


def _connect(said: SplitResult) -> imaplib.IMAP4:
    """Over TLS the server's certificate is checked; without, the password goes in clear, which is for this machine."""
    where = said.hostname or ""
    if said.scheme == "imaps":
        return imaplib.IMAP4_SSL(where, said.port or 993, ssl_context=ssl.create_default_context(), timeout=PATIENCE)
    return imaplib.IMAP4(where, said.port or 143, timeout=PATIENCE)


def _message(server: imaplib.IMAP4, number: bytes) -> Iterator[bytes]:
    """One message; nothing where another reader took it away meanwhile."""
    for part in server.fetch(number.decode(), "(BODY.PEEK[])")[1]:
        if isinstance(part, tuple):
            yield part[1]


def _quoted(folder: str) -> str:
    """A folder's name as IMAP wants it, which may hold spaces."""
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _said(answer: list[Any]) -> str:
    """What a server said, as words."""
    said = answer[0] if answer else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said).strip("b'")

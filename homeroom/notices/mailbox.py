"""Where reports about our mail come in: a Maildir, an mbox file, or a mailbox by IMAP."""

from __future__ import annotations

import imaplib
import mailbox
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

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
            f"There is no mailbox at {where}; set HOMEROOM_MAIL_RETURNS to a Maildir, an mbox file or imaps://"
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
    kind = imaplib.IMAP4_SSL if said.scheme == "imaps" else imaplib.IMAP4
    try:
        server = kind(said.hostname or "", said.port or (993 if said.scheme == "imaps" else 143), timeout=PATIENCE)
    except OSError as error:
        raise Refused(f"The mailbox at {said.hostname} cannot be opened: {error}.") from error
    try:
        server.login(unquote(said.username or ""), unquote(said.password or ""))
        server.select(unquote(said.path.strip("/")) or "INBOX")
        _, found = server.search(None, "ALL")
        for number in found[0].split():
            _, parts = server.fetch(number, "(RFC822)")
            yield parts[0][1]
            server.store(number, "+FLAGS", "\\Deleted")
        server.expunge()
    except imaplib.IMAP4.error as error:
        raise Refused(f"The mailbox at {said.hostname} says: {error}.") from error
    finally:
        server.logout()

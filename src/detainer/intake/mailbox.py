"""A mailbox that forms are sent to: what is attached to each message is taken in, then the message is moved.

Messages go to the folder `Detainer Desk taken`; one with no paper in it is a paper itself, so that a person sees it.
A message that was read and could not be moved is read again and adds nothing: the same bytes are the same paper.
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from detainer.errors import UserError
from detainer.intake import papers
from detainer.intake.paper.reading import LARGEST

TAKEN = "Detainer Desk taken"
_TIMEOUT = 30
_AT_ONCE = 50  # messages of one round
_MOST_PARTS = 60
_PAPERS = ("application/pdf", "application/octet-stream", "image/png", "image/jpeg", "image/tiff")
_ENDINGS = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff")
_LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Mailbox:
    """Where the mail lies: imaps://user:password@host:port/FOLDER."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    secure: bool

    @classmethod
    def read(cls, address: str) -> Mailbox:
        """The mailbox that an address names; UserError where it is none. Unencrypted only on this machine."""
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        host, secure = parts.hostname or "", parts.scheme == "imaps"
        if parts.scheme not in ("imap", "imaps") or not host or not parts.username or parts.password is None:
            raise UserError("is no mailbox", where="DETAINER_MAILBOX", fix="Write imaps://user:password@host/INBOX.")
        return cls(
            host,
            port or (993 if secure else 143),
            unquote(parts.username),
            unquote(parts.password),
            unquote(parts.path.strip("/")) or "INBOX",
            secure,
        )


def turn(mailbox: Mailbox, agency: str, *, author: str, told: Callable[[str], None]) -> int:
    """Take in what waits in the mailbox; how many messages. UserError where it cannot be reached or opened."""
    done = 0
    try:
        with _open(mailbox) as server:
            knows = _done(server.capability(), "it does not say what it can")[0].decode().upper().split()
            for uid in _waiting(server):
                done += 1
                for line in _take(server, uid, agency, author):
                    told(line)
                _move(server, uid, knows)
    except imaplib.IMAP4.error as error:
        raise UserError(f"the mail server refused: {_words(error)}", where=mailbox.host) from None
    except (OSError, ssl.SSLError) as error:
        raise UserError(f"cannot be reached: {getattr(error, 'strerror', None) or error}", where=mailbox.host) from None
    return done


@contextlib.contextmanager
def _open(mailbox: Mailbox) -> Iterator[imaplib.IMAP4]:
    context = ssl.create_default_context()
    server: imaplib.IMAP4
    if mailbox.secure:
        server = imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=_TIMEOUT)
    else:
        server = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=_TIMEOUT)
    try:
        if not mailbox.secure and mailbox.host not in _LOCAL:
            server.starttls(context)
        server.login(mailbox.user, mailbox.password)
        _done(server.select(_quoted(mailbox.folder)), f"there is no folder {mailbox.folder!r}")
        server.create(_quoted(TAKEN))  # refused where it is there already
        yield server
    finally:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            server.logout()


def _waiting(server: imaplib.IMAP4) -> list[str]:
    found = _done(server.uid("SEARCH", "UNDELETED"), "the folder cannot be searched")
    return [one.decode() for one in (found[0] or b"").split()][:_AT_ONCE]


def _take(server: imaplib.IMAP4, uid: str, agency: str, author: str) -> list[str]:
    size = re.search(rb"RFC822\.SIZE (\d+)", _flat(server.uid("FETCH", uid, "(RFC822.SIZE)")[1]))
    if size and int(size[1]) > 2 * LARGEST:
        raw = _flat(server.uid("FETCH", uid, "(BODY.PEEK[HEADER])")[1])
        attached = [("message.eml", raw)]
        lines = [f"message {uid}: is larger than {2 * LARGEST // 1024**2} MB; its head alone waits to be looked at"]
    else:
        raw = _flat(server.uid("FETCH", uid, "(BODY.PEEK[])")[1])
        attached, lines = list(_attached(raw)) or [("message.eml", raw)], []
    for name, data in attached:
        _, already = papers.come(data, name, agency, "mailbox", author=author)
        lines.append(f"message {uid}: {'came before' if already else 'is kept and being read'}")
    return lines


def _attached(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """The papers in a message, those of messages inside it too; none where it cannot be taken apart."""
    try:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        parts = list(message.walk())[:_MOST_PARTS]
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError):
        return
    for part in parts:
        try:
            name = part.get_filename() or ""
            wanted = part.get_content_type() in _PAPERS or name.lower().endswith(_ENDINGS)
            data = part.get_payload(decode=True) if wanted and not part.is_multipart() else None
        except (ValueError, LookupError, AttributeError, TypeError):
            continue
        if isinstance(data, bytes) and data:
            yield re.sub(r"[^\w.\- ]", "", name)[:80] or "attachment", data


def _move(server: imaplib.IMAP4, uid: str, knows: list[str]) -> None:
    if "MOVE" in knows:
        _done(server.uid("MOVE", uid, _quoted(TAKEN)), "a message cannot be moved")
        return
    _done(server.uid("COPY", uid, _quoted(TAKEN)), "a message cannot be copied")
    _done(server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"), "a message cannot be marked")
    if "UIDPLUS" in knows:
        server.uid("EXPUNGE", uid)


def _done(answer: tuple[str, Any], otherwise: str) -> list[bytes]:
    status, said = answer
    if status != "OK":
        raise imaplib.IMAP4.error(otherwise)
    return cast("list[bytes]", said)


def _flat(said: list[object]) -> bytes:
    """What a FETCH brought: the literal where there is one, else its line."""
    for one in said or ():
        if isinstance(one, tuple):
            return cast("bytes", one[1])
    return next((one for one in said or () if isinstance(one, bytes)), b"")


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _words(error: imaplib.IMAP4.error) -> str:
    """What the server said, in one short line without what was sent to it."""
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return re.sub(r"[^\x20-\x7e]", " ", text)[:120] or "no reason"

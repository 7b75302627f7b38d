"""A mailbox on a real server: what is attached is taken in once, the message is moved, nothing is lost."""

from __future__ import annotations

import imaplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import imap_server
import paper_forms as forms
import pytest
from command import free_port

from detainer.errors import UserError
from detainer.intake import background, mailbox
from detainer.intake.mailbox import TAKEN, Mailbox
from detainer.intake.models import Draft, Paper

POLICE = "us-ny-nyc-police"
PAPER = forms.draw(forms.person(1), forms.Look())
needs_server = pytest.mark.skipif(not imap_server.there_is_one(), reason="no Dovecot on this machine")


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    with imap_server.running() as port:
        yield port


def send(port: int, *attached: tuple[str, bytes], words: str = "See the paper.") -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "A paper", "a@example.org", "b@example.org"
    message.set_content(words)
    for name, data in attached:
        message.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    with imap_server.client(port) as client:
        client.append("INBOX", "", None, message.as_bytes())  # type: ignore[arg-type]  # as it comes


def count(port: int, folder: str) -> int:
    with imap_server.client(port) as client:
        status, said = client.select(f'"{folder}"')
        return int(said[0] or 0) if status == "OK" else 0


def turn(port: int) -> list[str]:
    told: list[str] = []
    mailbox.turn(Mailbox.read(imap_server.address(port)), POLICE, author="system:intake", told=told.append)
    return told


@needs_server
@pytest.mark.django_db
def test_what_is_attached_is_taken_in_once_and_the_message_is_moved(server: int) -> None:
    send(server, ("one.pdf", PAPER))
    send(server, ("again.pdf", PAPER), ("rubbish.pdf", b"%PDF-1.7 rubbish"))
    send(server, words="No paper here.")
    before = count(server, TAKEN)
    told = turn(server)
    assert [line.partition(": ")[2] for line in told] == [
        "is kept and being read",
        "came before",
        "is kept and being read",
        "is kept and being read",
    ]
    assert {(paper.way, paper.name) for paper in Paper.objects.all()} == {
        ("mailbox", "one.pdf"),
        ("mailbox", "rubbish.pdf"),
        ("mailbox", "message.eml"),
    }
    assert Draft.objects.filter(state=Draft.READING).count() == 3
    assert background.drain() == 3
    assert sorted(Draft.objects.filter(state=Draft.WAITING).values_list("form", flat=True)) == ["", "", "I-247A"]
    assert (count(server, "INBOX"), count(server, TAKEN) - before) == (0, 3)
    assert turn(server) == []


@needs_server
@pytest.mark.django_db
def test_a_message_that_could_not_be_moved_adds_nothing_when_it_is_read_again(
    server: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(server, ("one.pdf", PAPER))
    with monkeypatch.context() as patched:
        patched.setattr(mailbox, "_move", lambda *_: (_ for _ in ()).throw(OSError("the line broke")))
        with pytest.raises(UserError, match="cannot be reached"):
            turn(server)
    assert (Paper.objects.count(), count(server, "INBOX")) == (1, 1)
    assert turn(server)[0].endswith("came before")
    assert (Paper.objects.count(), count(server, "INBOX")) == (1, 0)


@needs_server
def test_a_wrong_password_and_a_missing_folder_are_one_line_without_the_password(server: int) -> None:
    good = imap_server.address(server)
    for wrong, words in (
        (good.replace(imap_server.USER + ":", imap_server.USER + ":x"), "refused"),
        (good + "/nowhere", "no folder"),
    ):
        with pytest.raises(UserError) as told:
            mailbox.turn(Mailbox.read(wrong), POLICE, author="system:intake", told=lambda _: None)
        assert words in told.value.line()
        assert "made-up" not in told.value.line()


def test_a_server_that_is_not_there_is_one_line() -> None:
    with pytest.raises(UserError, match=r"^127\.0\.0\.1: cannot be reached"):
        mailbox.turn(Mailbox.read("imap://a:b@127.0.0.1:1/INBOX"), POLICE, author="x", told=lambda _: None)


@pytest.mark.parametrize("address", ["", "pop://a:b@c", "imap://host", "imaps://user@host", "imap://a:b@h:99999"])
def test_what_is_no_mailbox_is_told(address: str) -> None:
    with pytest.raises(UserError, match="is no mailbox"):
        Mailbox.read(address)


def test_an_encrypted_mailbox_is_read_whole() -> None:
    found = Mailbox.read("imaps://a%40b:p%2Fw@mail.example.org/Papers%20in")
    assert (found.user, found.password, found.port, found.folder, found.secure) == (
        "a@b",
        "p/w",
        993,
        "Papers in",
        True,
    )


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return imap_server.certificate_of("localhost", tmp_path_factory.mktemp("tls") / "localhost.pem")


@pytest.fixture(scope="module")
def secured(certificate: Path) -> Iterator[dict[str, int]]:
    """The ports of a server with a certificate for localhost, by the scheme that is spoken there."""
    secure = free_port()
    with imap_server.running(certificate, secure) as port:
        yield {"imaps": secure, "imap": port}


@pytest.fixture
def nothing_is_local(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine is like any other here: no password goes there in the clear."""
    monkeypatch.setattr(mailbox, "_LOCAL", frozenset())


@needs_server
@pytest.mark.django_db
@pytest.mark.parametrize("scheme", ["imaps", "imap"])
def test_mail_is_fetched_under_a_certificate_that_is_trusted_and_names_the_host(
    secured: dict[str, int], certificate: Path, nothing_is_local: None, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    send(secured["imap"], (f"{scheme}.pdf", PAPER))
    told: list[str] = []
    box = Mailbox.read(imap_server.address(secured[scheme], scheme, "localhost"))
    mailbox.turn(box, POLICE, author="system:intake", told=told.append)
    assert [line.partition(": ")[2] for line in told] == ["is kept and being read"]
    assert count(secured["imap"], "INBOX") == 0


@needs_server
@pytest.mark.django_db
@pytest.mark.attack
@pytest.mark.parametrize("scheme", ["imaps", "imap"])
@pytest.mark.parametrize(("host", "trusted"), [("localhost", False), ("127.0.0.1", True)])
def test_a_server_that_cannot_prove_its_name_gets_no_password(
    secured: dict[str, int],
    certificate: Path,
    nothing_is_local: None,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    host: str,
    *,
    trusted: bool,
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr(imaplib.IMAP4, "login", lambda *_: pytest.fail("the password was sent"))
    box = Mailbox.read(imap_server.address(secured[scheme], scheme, host))
    with pytest.raises(UserError, match="certificate verify failed"):
        mailbox.turn(box, POLICE, author="system:intake", told=print)


@needs_server
@pytest.mark.django_db
@pytest.mark.attack
def test_a_server_elsewhere_that_offers_no_encryption_gets_no_password(
    server: int, nothing_is_local: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imaplib.IMAP4, "login", lambda *_: pytest.fail("the password was sent"))
    with pytest.raises(UserError, match="TLS not supported by server"):
        turn(server)

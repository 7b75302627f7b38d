"""A real mail server of one's own for a test: Dovecot, with one mailbox, at a free port of this machine."""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "papers", "a made-up word"
_CONFIG = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
protocols = imap
listen = 127.0.0.1
{ssl}
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{root}/mail
first_valid_uid = 1
auth_failure_delay = 0
mail_max_userip_connections = 50
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {secure}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/home
}}
"""


def there_is_one() -> bool:
    """Whether the server is installed and may be started as who runs the tests."""
    return shutil.which("dovecot") is not None and os.getuid() == 0


@contextmanager
def running(certificate: Path | None = None, secure: int = 0) -> Iterator[int]:
    """The port of a server that runs as long as the test does.

    With a certificate, a file that holds its key too, it offers STARTTLS there and TLS from the first byte at `secure`.
    """
    nobody = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory(prefix="mail-") as name, socket.socket() as probe:
        root = Path(name)
        root.chmod(0o755)
        for part in ("mail", "home", "run", "state"):
            (root / part).mkdir(mode=0o755)
            os.chown(root / part, nobody.pw_uid if part in ("mail", "home") else 0, nobody.pw_gid)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        config = root / "dovecot.conf"
        config.write_text(
            _CONFIG.format(
                root=root,
                port=port,
                ssl=f"ssl = yes\nssl_cert = <{certificate}\nssl_key = <{certificate}" if certificate else "ssl = no",
                secure=secure,
                password=PASSWORD.replace(" ", "_"),
                uid=nobody.pw_uid,
                gid=nobody.pw_gid,
                user="nobody",
                group="nogroup",
            )
        )
        server = subprocess.Popen(
            ["dovecot", "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        try:
            _wait(port, server, root / "log")
            yield port
        finally:
            server.terminate()
            server.wait(10)
            if server.stderr:
                server.stderr.close()


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(100):
        if server.poll() is not None:
            said = server.stderr.read().decode() if server.stderr else ""
            raise RuntimeError(f"the mail server ended: {said}{log.read_text() if log.exists() else ''}")
        try:
            with client(port):
                return
        except (OSError, imaplib.IMAP4.error):
            time.sleep(0.1)
    raise RuntimeError(f"the mail server does not answer: {log.read_text() if log.exists() else ''}")


@contextmanager
def client(port: int) -> Iterator[imaplib.IMAP4]:
    """Somebody else's client, signed in."""
    with imaplib.IMAP4("127.0.0.1", port, timeout=10) as server:
        server.login(USER, PASSWORD.replace(" ", "_"))
        yield server


def address(port: int, scheme: str = "imap", host: str = "127.0.0.1") -> str:
    """The mailbox as the house is told of it."""
    return f"{scheme}://{USER}:{PASSWORD.replace(' ', '_')}@{host}:{port}/INBOX"


def certificate_of(host: str, file: Path) -> Path:
    """A certificate for a host, signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(made.public_bytes(pem) + secret)
    return file

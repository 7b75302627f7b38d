"""The house's settings: the one place that reads the environment."""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import secrets
from functools import lru_cache
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from detainer.errors import UserError, UserErrors

PREFIX = "DETAINER_"
MIN_SECRET = 50
LOCAL = ("localhost", "127.0.0.1", "[::1]")
# An agency or * for all others, and how long: 30 days at least, so that a slip of a key destroys nothing fresh.
RETENTION = re.compile(r"(\*|[a-z0-9]+(?:-[a-z0-9]+)*)=(?:[1-9][0-9]?y|(?:[3-9][0-9]|[1-9][0-9]{2,4})d)")
DIGEST = re.compile(rb"[0-9A-Fa-f]{40}(:[0-9]+)?\s*")
CHECKOUT = Path(__file__).resolve().parents[2]


def _default_home() -> Path:
    """`.detainer` inside a checkout; in the user's own folder where the program is installed without one."""
    return (CHECKOUT if (CHECKOUT / "pyproject.toml").is_file() else Path.home()) / ".detainer"


class House(BaseSettings):
    """Where this house keeps its things and whom it serves. Every field is the variable DETAINER_<NAME>."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, validate_default=True
    )

    home: Path = Field(default_factory=_default_home, description="The folder that everything is written into.")
    database: str = Field("", description="A postgresql:// address; empty for the embedded database under home.")
    production: bool = Field(default=False, description="Real requests: no secret is made up, HTTPS is required.")
    debug: bool = Field(default=False, description="Show errors in full to whoever meets them; never in production.")
    hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="The names the desk is reached by, separated by commas; this machine alone when empty."
    )
    secret_key: SecretStr | None = Field(None, description="Signs sessions and forms; 50 characters or more.")
    secret_key_file: Path | None = Field(None, description="A file that holds the secret key instead.")
    time_zone: str = Field("America/New_York", description="The zone that times are shown in where no agency sets one.")
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="The addresses or networks of the proxies in front, separated by commas; others are not believed.",
    )
    lock_after: int = Field(15, ge=1, le=720, description="Minutes without activity after which a session locks.")
    breached_passwords: Path | None = Field(
        None, description="A sorted file of SHA-1 digests of passwords that became known; none when empty."
    )
    read_limit: int = Field(
        400, ge=10, le=100_000, description="How many people's records one account opens in an hour."
    )
    names_limit: int = Field(
        5000, ge=100, le=1_000_000, description="How many people's names lists show one account in an hour."
    )
    search_limit: int = Field(400, ge=10, le=100_000, description="How often one account searches in an hour.")
    export_limit: int = Field(40, ge=1, le=10_000, description="How many exports one account takes in an hour.")
    oidc_issuer: str = Field(
        "", description="The issuer of an OpenID Connect provider to sign in with; empty for none."
    )
    oidc_client: str = Field("", description="The desk's client id at that provider; needed with it.")
    oidc_secret: SecretStr | None = Field(None, description="The desk's client secret there; needed with it.")
    oidc_claim: str = Field(
        "preferred_username", description="The claim that an administrator binds an account by, once."
    )
    saml_metadata: Path | None = Field(
        None, description="A file with the metadata of a SAML identity provider to sign in with; none when empty."
    )
    saml_claim: str = Field("", description="The attribute that an administrator binds an account by, once.")
    alert_webhook: str = Field("", description="An address that is sent every alert of the watch; empty for none.")
    alert_secret: SecretStr | None = Field(None, description="Signs what is sent there (HMAC-SHA256); needed with it.")
    webhook_networks: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Networks of this house that webhooks may reach, such as 10.1.0.0/16; none when empty."
    )
    alert_email: str = Field("", description="An e-mail address that is sent every alert; empty for none.")
    mail: str = Field("", description="The mail server, as smtp://user:password@host:port; needed for e-mail.")
    mailbox: SecretStr | None = Field(
        None, description="A mailbox that papers are sent to, as imaps://user:password@host/INBOX; none when empty."
    )
    retention: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="How long a settled record is kept, by agency: us-ny-nyc-police=5y,*=3650d; for ever when empty.",
    )
    api_rate: int = Field(
        300, ge=1, le=100_000, description="How many requests a minute the HTTP interface takes of one token."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")

    # A check that needs another field stands at the later one, so that all mistakes are told at once.

    @field_validator("home")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @field_validator("database")
    @classmethod
    def _postgresql(cls, address: str) -> str:
        if not address:
            return address
        parts = urlsplit(address)
        if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
            raise ValueError("not an address like postgresql://user@host/name")
        return address

    @field_validator("debug")
    @classmethod
    def _never_in_production(cls, debug: bool, info: ValidationInfo) -> bool:
        if debug and info.data.get("production"):
            raise ValueError("not allowed in production")
        return debug

    @field_validator("hosts", mode="before")
    @classmethod
    def _names(cls, hosts: object, info: ValidationInfo) -> object:
        names = tuple(name.strip() for name in hosts.split(",") if name.strip()) if isinstance(hosts, str) else hosts
        if not names and info.data.get("production"):
            raise ValueError("required in production: the names the desk is reached by")
        return names or LOCAL

    @field_validator("retention", mode="before")
    @classmethod
    def _rules(cls, rules: object) -> object:
        given = [one.strip() for one in rules.split(",") if one.strip()] if isinstance(rules, str) else list(rules)  # type: ignore[call-overload]  # a tuple else
        for one in given:
            if not RETENTION.fullmatch(one):
                raise ValueError(f"{one[:40]!r} is no rule like us-ny-nyc-police=5y or *=3650d, at least 30 days")
        agencies = [one.partition("=")[0] for one in given]
        if twice := [name for name in agencies if agencies.count(name) > 1]:
            raise ValueError(f"two rules for {twice[0]}")
        return tuple(given)

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, key: SecretStr | None) -> SecretStr | None:
        if key and len(key.get_secret_value()) < MIN_SECRET:
            raise ValueError(f"shorter than {MIN_SECRET} characters")
        return key

    @field_validator("secret_key_file")
    @classmethod
    def _one_key(cls, file: Path | None, info: ValidationInfo) -> Path | None:
        if file and info.data.get("secret_key"):
            raise ValueError("the key is given twice, here and in DETAINER_SECRET_KEY; keep one")
        if not file and info.data.get("production") and info.data.get("secret_key", "wrong") is None:
            raise ValueError("a key is required in production, here or in DETAINER_SECRET_KEY")
        return file and file.expanduser().absolute()

    @field_validator("trusted_proxies", "webhook_networks", mode="before")
    @classmethod
    def _networks(cls, given: object) -> object:
        names = [name.strip() for name in given.split(",") if name.strip()] if isinstance(given, str) else given
        try:
            return tuple(str(ip_network(name)) for name in names)  # type: ignore[attr-defined]  # told below
        except (TypeError, ValueError):
            raise ValueError("not addresses or networks like 10.0.0.5,10.1.0.0/16") from None

    @field_validator("breached_passwords")
    @classmethod
    def _digests(cls, file: Path | None) -> Path | None:
        if file is None:
            return None
        found = file.expanduser().absolute()
        try:
            with found.open("rb") as lines:
                first, second = lines.readline(80), lines.readline(80)
        except OSError as error:
            raise ValueError(f"cannot be read: {_reason(error)}") from None
        if not DIGEST.fullmatch(first) or (second and not (DIGEST.fullmatch(second) and first[:40] < second[:40])):
            raise ValueError("no sorted lines of SHA-1 digests in hexadecimal digits, such as 0000…:12")
        return found

    @field_validator("oidc_issuer")
    @classmethod
    def _provider(cls, address: str, info: ValidationInfo) -> str:
        parts = urlsplit(address)
        local = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"}
        if address and not (parts.hostname and (parts.scheme == "https" or (local and not info.data["production"]))):
            raise ValueError("not an address like https://provider/realm")
        return address

    @field_validator("oidc_client")
    @classmethod
    def _client(cls, client: str, info: ValidationInfo) -> str:
        if info.data.get("oidc_issuer") and not client:
            raise ValueError("required with DETAINER_OIDC_ISSUER: what the provider calls the desk")
        return client

    @field_validator("oidc_secret")
    @classmethod
    def _client_secret(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if info.data.get("oidc_issuer") and not (secret and secret.get_secret_value()):
            raise ValueError("required with DETAINER_OIDC_ISSUER: what the desk proves itself with there")
        return secret

    @field_validator("saml_metadata")
    @classmethod
    def _identity(cls, file: Path | None, info: ValidationInfo) -> Path | None:
        if file and info.data.get("oidc_issuer"):
            raise ValueError("there is one provider: this, or DETAINER_OIDC_ISSUER")
        if file and find_spec("onelogin") is None:
            raise ValueError("needs the extra `saml`: install requirements/saml.txt")
        if file and not file.expanduser().is_file():
            raise ValueError(f"no such file: {file}")
        return file and file.expanduser().absolute()

    @field_validator("alert_webhook")
    @classmethod
    def _https(cls, address: str, info: ValidationInfo) -> str:
        schemes = {"https"} if info.data.get("production") else {"https", "http"}
        if address and (urlsplit(address).scheme not in schemes or not urlsplit(address).hostname):
            raise ValueError(f"not an address like {'https' if len(schemes) == 1 else 'http or https'}://host/path")
        return address

    @field_validator("alert_secret")
    @classmethod
    def _signed(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if info.data.get("alert_webhook") and not (secret and secret.get_secret_value()):
            raise ValueError("required with DETAINER_ALERT_WEBHOOK: what is sent is signed with it")
        return secret

    @field_validator("mail")
    @classmethod
    def _smtp(cls, address: str, info: ValidationInfo) -> str:
        if info.data.get("alert_email") and not address:
            raise ValueError("required with DETAINER_ALERT_EMAIL: the server that sends it")
        if address and (urlsplit(address).scheme not in {"smtp", "smtps"} or not urlsplit(address).hostname):
            raise ValueError("not an address like smtp://user:password@host:587")
        return address

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{name!r} is no time zone; one reads like America/New_York") from None
        return name

    @property
    def sqlite(self) -> Path:
        """The embedded database's file; meaningful where `database` is empty."""
        return self.home / "detainer.sqlite3"

    @property
    def keys(self) -> Path:
        """The folder of this house's keys, readable by its owner alone."""
        return self.home / "keys"

    @property
    def public(self) -> Path:
        """The folder of the public site as it was last published."""
        return self.home / "public"

    def secret(self) -> str:
        """The key that signs sessions and forms; made once and kept under home unless one is given."""
        if self.secret_key:
            return self.secret_key.get_secret_value()
        file = self.secret_key_file or self.keys / "secret-key"
        if not self.secret_key_file and not file.exists():
            write_private(file, secrets.token_urlsafe(48).encode(), anew=False)
        try:
            key = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"the secret key cannot be read: {_reason(error)}", where=str(file)) from None
        if len(key) < MIN_SECRET:
            raise UserError(f"the secret key is shorter than {MIN_SECRET} characters", where=str(file))
        return key


@lru_cache(maxsize=1)
def house() -> House:
    """This process's house, read from the environment once; UserErrors lists every mistake in it."""
    wrong = _unknown()
    try:
        found = House()
    except ValidationError as error:
        wrong += [
            UserError(detail["msg"].removeprefix("Value error, "), where=f"{PREFIX}{detail['loc'][0]}".upper())
            for detail in error.errors()
        ]
    if wrong:
        raise UserErrors(wrong)
    return found


def _unknown() -> list[UserError]:
    """A misspelt setting must not be silently left out."""
    known = {f"{PREFIX}{name}".upper() for name in House.model_fields}
    wrong = []
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=1)
            wrong.append(UserError("is no setting", where=name, fix=f"Meant {near[0]}?" if near else ""))
    return wrong


def write_private(file: Path, content: bytes, *, anew: bool = True) -> None:
    """Write a file that only its owner can read, whole or not at all; UserError where that cannot be done.

    Without `anew`, one that is there stays: of several programs that make it at the same moment, all find one content.
    """
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        if anew:
            draft.replace(file)
        else:
            with contextlib.suppress(FileExistsError):
                file.hardlink_to(draft)
            draft.unlink()
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise UserError(f"cannot be written: {_reason(error)}", where=str(file)) from None


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else "it is not text"

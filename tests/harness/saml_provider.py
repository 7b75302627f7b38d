"""A small SAML identity provider of our own: it keeps to the protocol, unless a test tells it to lie.

Its answers are written as text and signed with xmlsec, so that a test can bend either the words or the signature.
"""

from __future__ import annotations

import secrets
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAMES = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
ENTITY = "https://provider.example/saml"
ADDRESS = "https://provider.example/sign-in?tenant=1"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"


class Key:
    """A key with its own certificate."""

    def __init__(self) -> None:
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a provider")])
        day = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(made.public_key())
            .serial_number(1)
            .not_valid_before(day - timedelta(days=1))
            .not_valid_after(day + timedelta(days=30))
            .sign(made, hashes.SHA256())
        )
        self.private = made.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.certificate = certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def body(self) -> str:
        """The certificate without its frame, as metadata hold it."""
        return "".join(self.certificate.decode().splitlines()[1:-1])


@dataclass
class Asked:
    """What the desk asked for."""

    id: str
    desk: str
    back: str
    address: str


@dataclass
class Says:
    """What an answer says; None leaves a part out."""

    subject: str | None = "person-1"
    format: str = PERSISTENT
    attributes: dict[str, list[str]] = field(default_factory=dict)
    issuer: str = ENTITY
    audience: str | None = ""  # "" stands for the desk
    recipient: str | None = ""
    destination: str | None = ""
    answers: str | None = ""
    answers_outside: str | None = ""
    status: str = SUCCESS
    begins: timedelta | None = timedelta(minutes=-1)
    ends: timedelta | None = timedelta(minutes=5)
    confirmed_until: timedelta | None = timedelta(minutes=5)
    method: str = "urn:oasis:names:tc:SAML:2.0:cm:bearer"


def read(address: str) -> Asked:
    """What stands in the address that the desk sent a browser to."""
    said = parse_qs(urlsplit(address).query)
    root = etree.fromstring(zlib.decompress(b64decode(said["SAMLRequest"][0]), -15))
    desk = root.findtext("saml:Issuer", namespaces=NAMES)
    return Asked(root.get("ID"), desk, root.get("AssertionConsumerServiceURL"), address)


def metadata(file: Path, *keys: Key, address: str = ADDRESS, entity: str = ENTITY) -> Path:
    """The provider's description, as its administrators hand it over."""
    told = "".join(
        f'<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{key.body}'
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        for key in keys
    )
    file.write_text(
        f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="{NAMES["ds"]}" '
        f'entityID="{entity}"><md:IDPSSODescriptor protocolSupportEnumeration="{NAMES["samlp"]}">{told}'
        f'<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="'
        f'{escape(address)}"/></md:IDPSSODescriptor></md:EntityDescriptor>',
        encoding="utf-8",
    )
    return file


def answer(asked: Asked, says: Says) -> Any:
    """An answer, not signed yet."""
    now = datetime.now(UTC)

    def moment(name: str, after: timedelta | None) -> str:
        return f' {name}="{now + after:%Y-%m-%dT%H:%M:%SZ}"' if after is not None else ""

    def said(name: str, value: str | None, else_: str) -> str:
        return "" if value is None else f' {name}="{value or else_}"'

    subject = (
        "" if says.subject is None else f'<saml:NameID Format="{says.format}">{escape(says.subject)}</saml:NameID>'
    )
    audience = (
        ""
        if says.audience is None
        else f"<saml:AudienceRestriction><saml:Audience>{says.audience or asked.desk}</saml:Audience>"
        "</saml:AudienceRestriction>"
    )
    attributes = "".join(
        f'<saml:Attribute Name="{name}">'
        + "".join(f"<saml:AttributeValue>{escape(value)}</saml:AttributeValue>" for value in values)
        + "</saml:Attribute>"
        for name, values in says.attributes.items()
    )
    told = f"<saml:AttributeStatement>{attributes}</saml:AttributeStatement>" if attributes else ""
    issued = moment("IssueInstant", timedelta())
    return etree.fromstring(
        f'<samlp:Response xmlns:samlp="{NAMES["samlp"]}" xmlns:saml="{NAMES["saml"]}" ID="r{secrets.token_hex(8)}" '
        f'Version="2.0"{issued}{said("Destination", says.destination, asked.back)}'
        f"{said('InResponseTo', says.answers_outside, asked.id)}><saml:Issuer>{says.issuer}</saml:Issuer>"
        f'<samlp:Status><samlp:StatusCode Value="{says.status}"/></samlp:Status>'
        f'<saml:Assertion ID="a{secrets.token_hex(8)}" Version="2.0"{issued}>'
        f"<saml:Issuer>{says.issuer}</saml:Issuer>"
        f'<saml:Subject>{subject}<saml:SubjectConfirmation Method="{says.method}"><saml:SubjectConfirmationData'
        f"{said('Recipient', says.recipient, asked.back)}{said('InResponseTo', says.answers, asked.id)}"
        f"{moment('NotOnOrAfter', says.confirmed_until)}/></saml:SubjectConfirmation></saml:Subject>"
        f"<saml:Conditions{moment('NotBefore', says.begins)}{moment('NotOnOrAfter', says.ends)}>{audience}"
        f"</saml:Conditions><saml:AuthnStatement{moment('AuthnInstant', timedelta())}><saml:AuthnContext>"
        "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>"
        f"</saml:AuthnContext></saml:AuthnStatement>{told}</saml:Assertion></samlp:Response>"
    )


def assertion(root: Any) -> Any:
    """The assertion of an answer."""
    return root.find("saml:Assertion", NAMES)


def sign(
    element: Any,
    key: Key,
    *,
    method: Any = xmlsec.Transform.RSA_SHA256,
    digest: Any = xmlsec.Transform.SHA256,
    more: Callable[[Any], None] | None = None,
) -> Any:
    """Sign an element in place, the signature after its issuer; `more` bends what is going to be signed."""
    signature = xmlsec.template.create(element, xmlsec.Transform.EXCL_C14N, method, ns="ds")
    element.find("saml:Issuer", NAMES).addnext(signature)
    reference = xmlsec.template.add_reference(signature, digest, uri=f"#{element.get('ID')}")
    xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
    xmlsec.template.add_transform(reference, xmlsec.Transform.EXCL_C14N)
    xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature))
    if more:
        more(signature)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(key.private, xmlsec.KeyFormat.PEM)
    context.key.load_cert_from_memory(key.certificate, xmlsec.KeyFormat.PEM)
    xmlsec.tree.add_ids(element.getroottree().getroot(), ["ID"])
    context.sign(signature)
    return element


def sent(root: Any) -> str:
    """An answer as a browser posts it."""
    content = root if isinstance(root, bytes) else etree.tostring(root)
    return b64encode(content).decode()

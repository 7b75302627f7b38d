"""Signing in with the agency's SAML 2.0 identity provider: what is asked of it, and what of its answer is believed.

python3-saml checks the answer's schema, status, times, issuer, audience and, with xmlsec, the signature. What it leaves
open stands here: that nothing in the document can be read in two ways, that the assertion itself is what is signed and
by what means, that it is for this desk alone, answers a sign-in which this browser began, and serves once. None is
taken that nobody asked for. Nothing is read but the name of who signed in, no duty comes from it, and a digest is all
that is kept.

The provider sends its answer in a form from another site, to which a browser adds no cookie of the desk's. So the
answer is proven where it arrives and lies in the database for the moment until the same browser comes back by itself,
with the cookie of the session that asked.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base.provider import Provider
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from detainer import clock
from detainer.desk.models import Asked, Assertion
from detainer.desk.signing_in.addresses import address_of
from detainer.desk.signing_in.identity import ID, IdentityProvider
from detainer.errors import UserError
from detainer.house import house

if TYPE_CHECKING:
    from onelogin.saml2.settings import OneLogin_Saml2_Settings

_LARGEST = 256 * 1024
_LONGEST = 191
_CLOCKS = timedelta(seconds=60)  # by which two clocks may differ
_ASKED = "saml_asked"
_MOST_ASKED = 5
_WAITED_FOR = timedelta(hours=1)
_NAMES = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
}
_POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
_BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_PASSING = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
_CANONICAL = "http://www.w3.org/2001/10/xml-exc-c14n#"
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_SIGNED_BY = {f"{_MORE}{key}-sha{bits}" for key in ("rsa", "ecdsa") for bits in (256, 384, 512)}
_DIGESTS = {
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
}


class Unproven(Exception):
    """The answer does not prove who signed in; `ours`: it answers a sign-in that was begun from the same address.

    Anybody can make a browser post rubbish here. What nobody asked for is refused and says nothing of whoever sent it.
    """

    def __init__(self, *, ours: bool = False) -> None:
        self.ours = ours
        super().__init__()


@dataclass(frozen=True)
class Identity:
    """The identity provider as its metadata describes it; `certificates` are those that it signs with."""

    entity: str
    address: str
    certificates: tuple[str, ...]


def identity() -> Identity:
    """The configured provider; UserError where its metadata does not describe one."""
    file = house().saml_metadata
    if file is None:
        raise UserError("no identity provider is configured", where="DETAINER_SAML_METADATA")
    try:
        return _described(file, file.stat().st_mtime_ns)
    except OSError as error:
        raise UserError(f"cannot be read: {error.strerror}", where=str(file)) from None


@lru_cache(maxsize=2)
def _described(file: Path, changed: int) -> Identity:
    from onelogin.saml2.errors import OneLogin_Saml2_Error
    from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser

    try:
        found = OneLogin_Saml2_IdPMetadataParser.parse(file.read_bytes()).get("idp", {})
    except (OneLogin_Saml2_Error, SyntaxError, ValueError, TypeError, AttributeError):  # lxml's is a SyntaxError
        raise UserError("is no SAML metadata", where=str(file)) from None
    several = found.get("x509certMulti", {}).get("signing", ())
    certificates = tuple(several) or ((found["x509cert"],) if found.get("x509cert") else ())
    address = str(found.get("singleSignOnService", {}).get("url", ""))
    parts = urlsplit(address)
    local = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"} and not house().production
    if not found.get("entityId") or not certificates or not (parts.hostname and (parts.scheme == "https" or local)):
        fix = "It needs an entity id, an address for HTTP-Redirect at https, and a certificate for signing."
        raise UserError("describes no identity provider that the desk can use", where=str(file), fix=fix)
    return Identity(str(found["entityId"]), address, certificates)


class AgencyProvider(Provider):  # type: ignore[misc]  # allauth ships no types
    """The agency's identity provider, for what allauth wants to know of one."""

    id = ID
    name = "agency"


class Saml(IdentityProvider):
    """A SAML 2.0 identity provider."""

    @property
    def claim(self) -> str:
        """The attribute that the settings name, or the NameID."""
        return house().saml_claim or "NameID"

    @property
    def address(self) -> str:
        """Where its metadata says that people sign in."""
        try:
            return identity().address
        except UserError:
            return ""

    def application(self) -> SocialApp:
        """A name for allauth, and no more."""
        return SocialApp(provider=ID, provider_id=ID, name="agency", client_id="saml")

    def adapter(self, request: HttpRequest, app: SocialApp) -> AgencyProvider:
        """For what allauth wants to know of one."""
        return AgencyProvider(request, app=app)

    def begin(self, request: HttpRequest, where: str | None) -> HttpResponse:
        """Ask for an assertion."""
        return redirect(asked_by(request, where))


def asked_by(request: HttpRequest, where: str | None) -> str:
    """Begin a sign-in in this session; the address to send the browser to."""
    from onelogin.saml2.authn_request import OneLogin_Saml2_Authn_Request

    asked = OneLogin_Saml2_Authn_Request(_settings(request), set_nameid_policy=False)
    begun = {**request.session.get(_ASKED, {}), asked.get_id(): where or ""}
    request.session[_ASKED] = dict(list(begun.items())[-_MOST_ASKED:])
    now = clock.now()
    Asked.objects.filter(at__lt=now - _WAITED_FOR).delete()
    Asked.objects.create(digest=_digest(asked.get_id()), address=address_of(request), at=now)
    address = identity().address
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'SAMLRequest': asked.get_request()})}"


def metadata(request: HttpRequest) -> bytes:
    """The desk's own description, for whoever keeps the identity provider."""
    told = _settings(request).get_sp_metadata()
    return told.encode() if isinstance(told, str) else bytes(told)


def take(request: HttpRequest) -> None:
    """Prove an answer that arrived and keep it for the browser that asked; Unproven where it proves nothing."""
    from onelogin.saml2.errors import OneLogin_Saml2_Error

    sent = request.POST.get("SAMLResponse", "")
    if not sent or len(sent) > _LARGEST:
        raise Unproven
    try:
        said = _proven(request, sent)
    except (Unproven, OneLogin_Saml2_Error, UserError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unproven(ours=_answers(request, sent)) from error
    Assertion.objects.filter(expires_at__lt=clock.now() - 2 * _CLOCKS).delete()
    try:
        with transaction.atomic():
            said.save(force_insert=True)
    except IntegrityError:
        raise Unproven(ours=_answers(request, sent)) from None  # it came before


def login(request: HttpRequest) -> SocialLogin:
    """Who came back to the session that asked; Unproven where no answer to its asking is waiting."""
    begun = request.session.get(_ASKED, {})
    with transaction.atomic():
        found = Assertion.objects.select_for_update().filter(asked__in=list(begun), named__isnull=False).first()
        if found is None or found.expires_at + _CLOCKS <= clock.now():
            raise Unproven(ours=found is not None)
        named, uid = found.named, found.uid
        found.named, found.uid = None, ""
        found.save(update_fields=["named", "uid"])
    request.session[_ASKED] = {asked: where for asked, where in begun.items() if asked != found.asked}
    account = SocialAccount(provider=ID, uid=uid, extra_data={})
    made = SocialLogin(user=User(), account=account, provider=AgencyProvider(request, app=Saml().application()))
    made.state = {"process": "login", "next": begun[found.asked] or None}
    made.named = named
    return made


def _answers(request: HttpRequest, sent: str) -> bool:
    """Whether what arrived names a sign-in that was begun from the sender's address and not answered so before."""
    try:
        root = _read(b64decode(sent, validate=True))
    except (Unproven, ValueError):
        return False
    named = {one.get("InResponseTo", "") for one in root.iter() if one.get("InResponseTo")}
    found = Asked.objects.filter(digest__in=[_digest(one) for one in named], address=address_of(request))
    return found.delete()[0] > 0


def _digest(asked: str) -> str:
    return sha256(asked.encode()).hexdigest()


def _settings(request: HttpRequest) -> OneLogin_Saml2_Settings:
    from onelogin.saml2.settings import OneLogin_Saml2_Settings

    idp = identity()
    return OneLogin_Saml2_Settings(
        {
            "strict": True,
            "debug": False,
            "sp": {
                "entityId": _own(request, "provider_metadata"),
                "assertionConsumerService": {"url": _own(request, "provider_answer"), "binding": _POST},
            },
            "idp": {
                "entityId": idp.entity,
                "singleSignOnService": {"url": idp.address, "binding": _REDIRECT},
                "x509certMulti": {"signing": list(idp.certificates)},
            },
            "security": {
                "wantAssertionsSigned": True,
                "wantNameId": True,
                "wantAttributeStatement": False,
                "requestedAuthnContext": False,
                "rejectDeprecatedAlgorithm": True,
                "allowSingleLabelDomains": True,
            },
        }
    )


def _own(request: HttpRequest, name: str) -> str:
    return request.build_absolute_uri(reverse(name))


def _proven(request: HttpRequest, sent: str) -> Assertion:
    """What the assertion says, once everything about it holds."""
    from onelogin.saml2.response import OneLogin_Saml2_Response

    root = _read(b64decode(sent, validate=True))
    assertion = _one_signed(root)
    where = {"https": "on" if request.is_secure() else "off", "http_host": request.get_host(), "script_name": ""}
    checked = OneLogin_Saml2_Response(_settings(request), sent)
    if not checked.is_valid({**where, "path_info": request.path}):
        raise Unproven
    if root.get("Destination", "") not in ("", _own(request, "provider_answer")):
        raise Unproven
    if _own(request, "provider_metadata") not in _texts(
        assertion, "saml:Conditions/saml:AudienceRestriction/saml:Audience"
    ):
        raise Unproven
    asked, until = _confirmed(request, assertion)
    if root.get("InResponseTo") != asked:
        raise Unproven
    name = assertion.find("saml:Subject/saml:NameID", _NAMES)
    subject = (name.text or "").strip()
    if not subject or name.get("Format") == _PASSING:
        raise Unproven
    idp = identity().entity
    uid = sha256("\0".join(["saml", idp, name.get("NameQualifier", ""), subject]).encode()).hexdigest()
    digest = sha256(f"{idp}\0{assertion.get('ID')}".encode()).hexdigest()
    named = _named(assertion, subject)
    if max(len(asked), len(named)) > _LONGEST:
        raise Unproven
    return Assertion(digest=digest, asked=asked, uid=uid, named=named, expires_at=until)


def _read(content: bytes) -> Any:
    """The document's root; Unproven where it has anything that two readers might read differently."""
    from lxml import etree

    if b"<!" in content or b"\0" in content:
        raise Unproven
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unproven from error
    about = root.getroottree().docinfo
    if about.internalDTD is not None or (about.encoding or "UTF-8").upper() != "UTF-8":
        raise Unproven
    if any(not isinstance(one.tag, str) for one in root.iter()):
        raise Unproven  # a comment, an instruction, an entity
    return root


def _one_signed(root: Any) -> Any:
    """The one assertion, which its one signature covers and nothing else does; Unproven where that is not so."""
    every = list(root.iter())
    assertions = [one for one in every if one.tag.endswith(("}Assertion", "}EncryptedAssertion"))]
    signatures = root.findall(".//ds:Signature", _NAMES)
    ids = [one.get(name) for one in every for name in ("ID", "Id", "id") if one.get(name) is not None]
    if len(assertions) != 1 or len(set(ids)) != len(ids) or root.find(".//xenc:EncryptedData", _NAMES) is not None:
        raise Unproven
    assertion = assertions[0]
    if root.tag != _tag("samlp", "Response") or assertion.tag != _tag("saml", "Assertion"):
        raise Unproven
    if assertion.getparent() is not root or not {one.getparent() for one in signatures} <= {root, assertion}:
        raise Unproven
    own = [one for one in signatures if one.getparent() is assertion]
    if len(own) != 1 or len(signatures) > 2:
        raise Unproven
    for one in signatures:
        _plainly_signed(one)
    return assertion


def _plainly_signed(signature: Any) -> None:
    """Unproven where a signature speaks of more than its own parent, or in a way that the desk does not take."""
    about = signature.find("ds:SignedInfo", _NAMES)
    references = about.findall("ds:Reference", _NAMES)
    if len(references) != 1 or references[0].get("URI") != f"#{signature.getparent().get('ID')}":
        raise Unproven
    transforms = list(_algorithms(references[0], "ds:Transforms/ds:Transform"))
    if (
        signature.find("ds:Object", _NAMES) is not None
        or sorted(transforms) != sorted([_CANONICAL, _ENVELOPED])
        or not set(_algorithms(about, "ds:CanonicalizationMethod")) <= {_CANONICAL}
        or not set(_algorithms(about, "ds:SignatureMethod")) <= _SIGNED_BY
        or not set(_algorithms(references[0], "ds:DigestMethod")) <= _DIGESTS
    ):
        raise Unproven


def _confirmed(request: HttpRequest, assertion: Any) -> tuple[str, datetime]:
    """Which asking the assertion answers, and until when it counts; Unproven where it is not for this desk now."""
    confirmed = [
        one
        for one in assertion.findall("saml:Subject/saml:SubjectConfirmation", _NAMES)
        if one.get("Method") == _BEARER
    ]
    data = [one.find("saml:SubjectConfirmationData", _NAMES) for one in confirmed]
    if len(data) != 1 or data[0] is None or data[0].get("Recipient") != _own(request, "provider_answer"):
        raise Unproven
    asked = data[0].get("InResponseTo", "")
    conditions = assertion.find("saml:Conditions", _NAMES)
    until = min(_moment(data[0].get("NotOnOrAfter")), _moment(conditions.get("NotOnOrAfter")))
    begins = [_moment(one.get("NotBefore")) for one in (data[0], conditions) if one.get("NotBefore")]
    now = clock.now()
    if not asked or until + _CLOCKS <= now or any(one - _CLOCKS > now for one in begins):
        raise Unproven
    return asked, until


def _named(assertion: Any, subject: str) -> str:
    """The name that an account is bound by, once: the NameID, or the one value of the configured attribute."""
    claim = house().saml_claim
    if not claim:
        return subject
    values = [
        value
        for one in assertion.findall("saml:AttributeStatement/saml:Attribute", _NAMES)
        if one.get("Name") == claim
        for value in _texts(one, "saml:AttributeValue")
    ]
    return values[0] if len(values) == 1 else ""


def _moment(text: str | None) -> datetime:
    """A moment as SAML writes it, in UTC; ValueError where it is none."""
    found = datetime.fromisoformat(text or "")
    if found.tzinfo is None:
        raise ValueError("no time zone")
    return found.astimezone(UTC)


def _algorithms(within: Any, path: str) -> Iterator[str]:
    yield from (one.get("Algorithm", "") for one in within.findall(path, _NAMES))


def _texts(within: Any, path: str) -> list[str]:
    return [(one.text or "").strip() for one in within.findall(path, _NAMES)]


def _tag(space: str, name: str) -> str:
    return f"{{{_NAMES[space]}}}{name}"

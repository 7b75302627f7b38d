"""Signing in with a SAML identity provider, one of our own: into a bound account, and no other way."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import saml_provider as idp
import xmlsec
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from desk_people import PASSWORD, person
from django.contrib.auth.models import User
from django.test import Client
from lxml import etree
from provider_steps import awaited, bound_and_signed_in, browser, refused
from saml_provider import NAMES, Key, Says

from detainer import clock
from detainer.desk.duties.roles import Role
from detainer.desk.models import Assertion, Expected, FailedSignIn, Membership
from detainer.desk.signing_in import limits
from detainer.errors import UserErrors
from detainer.house import house
from detainer.record.models import Event

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.http import HttpResponse

pytestmark = pytest.mark.django_db
START, ANSWER, BACK = "/sign-in/provider/", "/sign-in/saml/answer/", "/sign-in/saml/back/"
KEY, STRANGER = Key(), Key()


@pytest.fixture(autouse=True)
def provider(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = idp.metadata(tmp_path / "provider.xml", KEY)
    monkeypatch.setenv("DETAINER_SAML_METADATA", str(file))
    house.cache_clear()
    return file


@pytest.fixture
def ruiz(db: None) -> User:
    return awaited("person-1")


def asked(client: Client, **more: str) -> idp.Asked:
    return idp.read(client.post(START, more)["Location"])


def signed(client: Client, says: Says | None = None, **more: str) -> str:
    """A whole and signed answer to a sign-in that this client begins."""
    root = idp.answer(asked(client, **more), says or Says())
    idp.sign(idp.assertion(root), KEY)
    return idp.sent(root)


def hand_over(client: Client, answer: str) -> HttpResponse:
    """What a browser does: the form from the provider's site without a cookie of ours, then back by itself."""
    arrived = browser().post(ANSWER, {"SAMLResponse": answer})
    return client.get(arrived["Location"]) if arrived.status_code == 302 else arrived


def test_the_first_sign_in_binds_the_account_that_is_expected_and_opens_the_desk(ruiz: User) -> None:
    client = browser()
    page = client.get("/sign-in/")
    assert "Sign in with the agency’s account" in page.content.decode()
    assert "form-action 'self' https://provider.example;" in f"{page['Content-Security-Policy']};"
    answer = hand_over(client, signed(client, next="/approvals/"))
    assert (answer.status_code, answer["Location"]) == (302, "/approvals/")
    assert client.get("/requests/").status_code == 200
    kept = SocialAccount.objects.get()
    assert (kept.user, kept.extra_data) == (ruiz, {})
    assert "person-1" not in kept.uid
    assert not Expected.objects.exists()
    assert list(Assertion.objects.values_list("named", "uid")) == [(None, "")]
    bound_and_signed_in(ruiz)


def test_what_is_asked_is_new_each_time_and_says_where_to_answer(ruiz: User) -> None:
    one, other = asked(browser()), asked(browser())
    assert one.id != other.id
    assert len(one.id) >= 32
    assert (one.desk, one.back) == ("http://localhost/sign-in/saml/metadata/", "http://localhost/sign-in/saml/answer/")
    assert one.address.startswith("https://provider.example/sign-in?tenant=1&SAMLRequest=")


def test_the_desk_describes_itself(ruiz: User) -> None:
    answer = browser().get("/sign-in/saml/metadata/")
    assert answer["Content-Type"] == "application/samlmetadata+xml"
    root = etree.fromstring(answer.content)
    assert root.get("entityID") == "http://localhost/sign-in/saml/metadata/"
    described = root[0]
    assert described.get("WantAssertionsSigned") == "true"
    assert [one.get("Location") for one in described.iter("{*}AssertionConsumerService")] == [
        f"http://localhost{ANSWER}"
    ]


def test_an_attribute_binds_where_the_settings_name_one(ruiz: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETAINER_SAML_CLAIM", "uid")
    house.cache_clear()
    Expected.objects.update(name="n.ruiz")
    for attributes in ({"uid": ["n.ruiz", "n.other"]}, {"mail": ["n.ruiz"]}, {}):
        client = browser()
        refused(hand_over(client, signed(client, Says(attributes=attributes))), client)
    client = browser()
    assert hand_over(client, signed(client, Says(attributes={"uid": ["n.ruiz"]}))).status_code == 302


def test_a_new_key_is_told_beside_the_old_one(ruiz: User, provider: Path) -> None:
    idp.metadata(provider, STRANGER, KEY)
    client = browser()
    assert hand_over(client, signed(client)).status_code == 302


@pytest.mark.attack
def test_after_the_first_time_the_subject_counts_and_nobody_signs_up(ruiz: User) -> None:
    """The attacks: another person at the provider; one who says they are administrator; the account's own name."""
    client = browser()
    assert hand_over(client, signed(client)).status_code == 302
    for name in ("person-2", "ruiz", "administrator"):
        client = browser()
        says = Says(subject=name, attributes={"role": ["administrator"], "memberOf": ["admin"]})
        refused(hand_over(client, signed(client, says)), client)
    assert list(User.objects.values_list("username", flat=True)) == ["ruiz"]
    assert list(Membership.objects.values_list("role", flat=True)) == ["officer"]


def test_the_second_factor_is_asked_for_here_too(ruiz: User, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = browser()
    hand_over(client, signed(client))
    assert client.get("/requests/")["Location"] == "/second-factor/"
    TOTP.activate(ruiz, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    client = browser()
    assert hand_over(client, signed(client))["Location"] == "/second-factor/authenticate/"
    assert client.get("/requests/").status_code == 302


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_closed_account_stays_out(ruiz: User, when: str) -> None:
    if when == "after":
        client = browser()
        hand_over(client, signed(client))
    User.objects.update(is_active=False)
    client = browser()
    refused(hand_over(client, signed(client)), client)


# What an answer may not say

SAYS: dict[str, dict[str, Any]] = {
    "another audience": {"audience": "https://elsewhere.example/saml"},
    "an audience that begins alike": {"audience": "http://localhost/sign-in/saml/metadata/x"},
    "no audience": {"audience": None},
    "another recipient": {"recipient": "https://elsewhere.example/sign-in/saml/answer/"},
    "a recipient that holds ours": {"recipient": f"https://elsewhere.example/?http://localhost{ANSWER}"},
    "no recipient": {"recipient": None},
    "another destination": {"destination": "https://elsewhere.example/"},
    "a destination that begins alike": {"destination": f"http://localhost{ANSWER}../../"},
    "another issuer": {"issuer": "https://elsewhere.example/saml"},
    "to another sign-in": {"answers": "ONELOGIN_elsewhere", "answers_outside": "ONELOGIN_elsewhere"},
    "to another sign-in, outside": {"answers_outside": "ONELOGIN_elsewhere"},
    "to no sign-in": {"answers": None, "answers_outside": None},
    "to a sign-in outside alone": {"answers": None},
    "no success": {"status": "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"},
    "expired": {"ends": timedelta(minutes=-10)},
    "expired by its confirmation": {"confirmed_until": timedelta(minutes=-10)},
    "expired by two minutes": {"ends": timedelta(minutes=-2), "confirmed_until": timedelta(minutes=-2)},
    "never expiring": {"ends": None},
    "confirmed for ever": {"confirmed_until": None},
    "not yet": {"begins": timedelta(minutes=10)},
    "for whoever holds a key": {"method": "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"},
    "nobody": {"subject": None},
    "an empty name": {"subject": " "},
    "a name too long": {"subject": "x" * 300},
    "a passing name": {"format": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"},
}


@pytest.mark.attack
@pytest.mark.parametrize("what", SAYS)
def test_an_answer_that_is_not_for_this_sign_in_now_opens_nothing(ruiz: User, what: str) -> None:
    """The attack: a signed word of the provider's that was never meant for this."""
    client = browser()
    refused(hand_over(client, signed(client, replace(Says(), **SAYS[what]))), client)
    assert not SocialAccount.objects.exists()
    told = [one.published()["step"] for one in Event.objects.filter(kind="sign_in_failed")]
    assert told == ([] if what in ("to another sign-in", "to no sign-in") else ["provider"])


# What an answer may not be


def _unsigned(root: Any) -> Any:
    return root


def _signed_outside_alone(root: Any) -> Any:
    return idp.sign(root, KEY)


def _by_a_stranger(root: Any) -> Any:
    idp.sign(idp.assertion(root), STRANGER)
    return root


def _whole(root: Any) -> Any:
    idp.sign(idp.assertion(root), KEY)
    return root


def _changed(root: Any) -> Any:
    _whole(root)
    root.find(".//saml:NameID", NAMES).text = "person-3"
    return root


def _comment(root: Any) -> Any:
    """`person-1<!---->.elsewhere`: signed as one name, read by many as another (the signature still holds)."""
    name = root.find(".//saml:NameID", NAMES)
    name.text = "person-1.elsewhere"
    _whole(root)
    name.text = "person-1"
    name.append(etree.Comment(""))
    name[0].tail = ".elsewhere"
    return root


def _instruction(root: Any) -> Any:
    name = root.find(".//saml:NameID", NAMES)
    name.append(etree.ProcessingInstruction("x", "y"))
    return _whole(root)


def _doctype(root: Any) -> bytes:
    return b'<!DOCTYPE r [<!ENTITY e "person-1">]>' + etree.tostring(_whole(root))


def _file(root: Any) -> bytes:
    name = root.find(".//saml:NameID", NAMES)
    name.text = "ENTITY"
    whole = etree.tostring(_whole(root)).replace(b">ENTITY<", b">&e;<")
    return b'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + whole


def _laughs(root: Any) -> bytes:
    grown = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE r [<!ENTITY e0 "ha">{grown}]><r>&e9;</r>'.encode()


def _seven_bits(root: Any) -> bytes:
    """A document type hidden in another encoding."""
    text = b'<!DOCTYPE r [<!ENTITY e "person-1">]>' + etree.tostring(_whole(root))
    return b'<?xml version="1.0" encoding="utf-7"?>' + text.replace(b"<", b"+ADw-").replace(b"!", b"+ACE-")


def _wide(root: Any) -> bytes:
    return etree.tostring(_whole(root), encoding="utf-16")


def _evil(root: Any) -> Any:
    """A copy of the assertion for another person, unsigned."""
    made = deepcopy(idp.assertion(root))
    for signature in made.findall("ds:Signature", NAMES):
        made.remove(signature)
    made.set("ID", "aevil")
    made.find(".//saml:NameID", NAMES).text = "person-3"
    return made


def _wrapped_before(root: Any) -> Any:
    _whole(root)
    idp.assertion(root).addprevious(_evil(root))
    return root


def _wrapped_after(root: Any) -> Any:
    _whole(root)
    root.append(_evil(root))
    return root


def _wrapped_within(root: Any) -> Any:
    """The signed one inside the false one."""
    _whole(root)
    good, evil = idp.assertion(root), _evil(root)
    root.replace(good, evil)
    evil.append(good)
    return root


def _wrapped_in_extensions(root: Any) -> Any:
    _whole(root)
    good, evil = idp.assertion(root), _evil(root)
    root.replace(good, evil)
    held = etree.SubElement(root, f"{{{NAMES['samlp']}}}Extensions")
    held.append(good)
    root.insert(1, held)
    return root


def _wrapped_in_object(root: Any) -> Any:
    """The signed one as an object of the signature that the false one carries."""
    _whole(root)
    good = idp.assertion(root)
    evil, signature = _evil(root), good.find("ds:Signature", NAMES)
    root.replace(good, evil)
    good.remove(signature)
    evil.insert(1, signature)
    etree.SubElement(signature, f"{{{NAMES['ds']}}}Object").append(good)
    return root


def _same_id(root: Any) -> Any:
    _whole(root)
    evil = _evil(root)
    evil.set("ID", idp.assertion(root).get("ID"))
    idp.assertion(root).addprevious(evil)
    return root


def _signature_for_another(root: Any) -> Any:
    """A good signature moved to an assertion that it does not name."""
    _whole(root)
    good = idp.assertion(root)
    evil = _evil(root)
    evil.insert(1, good.find("ds:Signature", NAMES))
    root.replace(good, evil)
    return root


def _old_digest(root: Any) -> Any:
    idp.sign(idp.assertion(root), KEY, digest=xmlsec.Transform.SHA1)
    return root


def _old_method(root: Any) -> Any:
    idp.sign(idp.assertion(root), KEY, method=xmlsec.Transform.RSA_SHA1)
    return root


def _two_references(root: Any) -> Any:
    def more(signature: Any) -> None:
        second = xmlsec.template.add_reference(signature, xmlsec.Transform.SHA256, uri="")
        xmlsec.template.add_transform(second, xmlsec.Transform.ENVELOPED)

    idp.sign(idp.assertion(root), KEY, more=more)
    return root


def _whole_document(root: Any) -> Any:
    def more(signature: Any) -> None:
        signature.find(".//ds:Reference", NAMES).set("URI", "")

    idp.sign(idp.assertion(root), KEY, more=more)
    return root


def _only_a_part(root: Any) -> Any:
    """A transform that picks what is signed."""

    def more(signature: Any) -> None:
        chosen = xmlsec.template.add_transform(signature.find(".//ds:Reference", NAMES), xmlsec.Transform.XPATH)
        etree.SubElement(chosen, f"{{{NAMES['ds']}}}XPath").text = "not(ancestor-or-self::*[local-name()='NameID'])"

    idp.sign(idp.assertion(root), KEY, more=more)
    root.find(".//saml:NameID", NAMES).text = "person-1"
    return root


def _shared_secret(root: Any) -> Any:
    """A keyed digest under the certificate that everybody knows."""
    _whole(root)
    method = root.find(".//ds:SignatureMethod", NAMES)
    method.set("Algorithm", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")
    return root


def _sealed(root: Any) -> Any:
    """An assertion that is encrypted, for which the desk has no key."""
    good = idp.assertion(root)
    held = etree.SubElement(root, f"{{{NAMES['saml']}}}EncryptedAssertion")
    root.remove(good)
    etree.SubElement(held, "{http://www.w3.org/2001/04/xmlenc#}EncryptedData")
    return root


FORMS: dict[str, Callable[[Any], Any]] = {
    "unsigned": _unsigned,
    "signed outside the assertion alone": _signed_outside_alone,
    "signed by a stranger": _by_a_stranger,
    "changed after it was signed": _changed,
    "a comment within the name": _comment,
    "an instruction within the name": _instruction,
    "a document type": _doctype,
    "a file for a name": _file,
    "a billion laughs": _laughs,
    "a document type in seven bits": _seven_bits,
    "wide characters": _wide,
    "a false one before": _wrapped_before,
    "a false one after": _wrapped_after,
    "the signed one within a false one": _wrapped_within,
    "the signed one among extensions": _wrapped_in_extensions,
    "the signed one within the signature": _wrapped_in_object,
    "two of one id": _same_id,
    "a signature for another": _signature_for_another,
    "a weak digest": _old_digest,
    "a weak method": _old_method,
    "two references": _two_references,
    "a reference to all": _whole_document,
    "a part alone signed": _only_a_part,
    "a shared secret": _shared_secret,
    "encrypted": _sealed,
    "another document": lambda _: etree.fromstring("<html/>"),
    "an assertion alone": lambda root: idp.assertion(_whole(root)),
    "no document": lambda _: b"rubbish",
    "empty": lambda _: b"",
    "too large": lambda root: etree.tostring(_whole(root)) + b" " * 400_000,
}


@pytest.mark.attack
@pytest.mark.parametrize("what", FORMS)
def test_an_answer_that_proves_nothing_opens_nothing(ruiz: User, what: str) -> None:
    """The attack: a document that says what the provider never signed."""
    Expected.objects.create(account=person("okafor", Role.REVIEWER), name="person-3")
    client = browser()
    root = FORMS[what](idp.answer(asked(client), Says()))
    refused(hand_over(client, idp.sent(root)), client)
    assert not Assertion.objects.exists()
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("also", ["outside", "inside alone"])
def test_what_the_attacks_bend_is_taken_when_it_is_whole(ruiz: User, also: str) -> None:
    """So that no attack above fails for a reason that it is not about."""
    client = browser()
    root = _whole(idp.answer(asked(client), Says()))
    if also == "outside":
        idp.sign(root, KEY)
    assert hand_over(client, idp.sent(root)).status_code == 302
    assert client.get("/requests/").status_code == 200


@pytest.mark.attack
def test_an_answer_serves_once(ruiz: User) -> None:
    """The attacks: sent again by the same browser, by another, and fetched twice."""
    client, other = browser(), browser()
    answer = signed(client)
    asked(other)
    assert hand_over(client, answer).status_code == 302
    refused(hand_over(other, answer), other)
    client.post("/sign-out/")
    refused(client.get(BACK), client)
    refused(hand_over(client, answer), client)


@pytest.mark.attack
def test_an_answer_opens_only_in_the_browser_that_asked_for_it(ruiz: User) -> None:
    """The attack: somebody else's browser is made to hand over an attacker's answer, or to fetch a victim's."""
    client, other = browser(), browser()
    answer = signed(client)
    arrived = other.post(ANSWER, {"SAMLResponse": answer})
    refused(other.get(arrived["Location"]), other)
    asked(other)
    refused(other.get(BACK), other)
    assert client.get(BACK).status_code == 302


@pytest.mark.attack
def test_an_answer_that_was_not_fetched_in_time_opens_nothing(ruiz: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The attack: an answer that somebody left in a browser, used later."""
    client = browser()
    assert browser().post(ANSWER, {"SAMLResponse": signed(client)}).status_code == 302
    later = clock.now() + timedelta(minutes=7)
    monkeypatch.setattr(clock, "now", lambda: later)
    refused(client.get(BACK), client)


@pytest.mark.attack
def test_who_is_signed_in_is_not_turned_into_somebody_else(ruiz: User, as_: Callable[[User], Client]) -> None:
    """The attack: a sign-in begun before is finished while another person is signed in."""
    client = browser()
    answer = signed(client)
    client.force_login(person("marsh", Role.RECORDS))
    assert hand_over(client, answer).status_code == 403
    assert b"Marsh" in client.get("/requests/").content


@pytest.mark.attack
def test_signing_in_leads_nowhere_outside(ruiz: User) -> None:
    """The attack: an open redirect behind the provider, by what is asked for and by what it sends back."""
    for where in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)"):
        client = browser()
        answer = signed(client, next=where)
        sent = browser().post(ANSWER, {"SAMLResponse": answer, "RelayState": where})
        assert sent["Location"] == BACK
        assert client.get(BACK)["Location"] == "/"


def test_failures_are_counted_by_address(ruiz: User) -> None:
    client = browser()
    answer = signed(client, Says(audience=None))
    refused(hand_over(client, answer), client)
    row = FailedSignIn.objects.get()
    refused(hand_over(client, answer), client)
    assert FailedSignIn.objects.count() == 1, "one asking fails once"
    for _ in range(limits.BY_ADDRESS - 1):
        FailedSignIn.objects.create(name_digest=row.name_digest, address=row.address, at=row.at)
    assert browser().post(START).status_code == browser().post(ANSWER).status_code == 429


def _rubbish(begun: str) -> str:
    return "rubbish"


def _of_nobody(begun: str) -> str:
    return idp.sent(idp.answer(idp.Asked("x", "x", "x", "x"), Says()))


def _of_the_attackers(begun: str) -> str:
    """To an asking of the attacker's own, from where they sit."""
    away = Client(headers={"host": "localhost"}, REMOTE_ADDR="198.51.100.9")
    return idp.sent(idp.answer(asked(away), Says()))


def _again(begun: str) -> str:
    """Somebody's true answer, sent once more."""
    return begun


@pytest.mark.attack
@pytest.mark.usefixtures("one_span")
@pytest.mark.parametrize("made", [_rubbish, _of_nobody, _of_the_attackers, _again])
def test_another_site_closes_nobodys_address(ruiz: User, made: Callable[[str], str]) -> None:
    """The attack: a page elsewhere that makes a visitor's browser post answers here until nobody there gets in."""
    client = browser()
    begun = signed(client)
    assert hand_over(client, begun).status_code == 302
    sent = made(begun)
    answers = [browser().post(ANSWER, {"SAMLResponse": sent}).status_code for _ in range(limits.ANSWERS)]
    assert answers[-1] == 429, "so many a minute, whoever sends them"
    assert {*answers, browser().get(BACK).status_code} == {403, 429}
    assert FailedSignIn.objects.count() == (1 if made is _again else 0)
    assert browser().post("/sign-in/", {"username": "ruiz", "password": PASSWORD}).status_code == 302


def test_assertions_are_forgotten_when_they_expire(ruiz: User) -> None:
    long_ago = clock.now() - timedelta(days=1)
    Assertion.objects.create(digest="x", asked="x", uid="", named=None, expires_at=long_ago)
    client = browser()
    hand_over(client, signed(client))
    assert Assertion.objects.count() == 1


@pytest.mark.parametrize("broken", ["", "<x/>", "http://provider.example/", "javascript:alert(1)"])
def test_a_description_that_is_none_leaves_the_password(ruiz: User, provider: Path, broken: str) -> None:
    if ":" in broken:
        idp.metadata(provider, KEY, address=broken)
    else:
        provider.write_text(broken)
    assert "agency’s account" not in browser().get("/sign-in/").content.decode()
    assert browser().post(START).status_code == 503
    assert browser().get("/sign-in/saml/metadata/").status_code == 503
    client = browser()
    refused(hand_over(client, idp.sent(idp.answer(idp.Asked("x", "x", "x", "x"), Says()))), client)


def test_without_the_setting_there_is_no_such_way_in(ruiz: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DETAINER_SAML_METADATA")
    house.cache_clear()
    assert "agency’s account" not in browser().get("/sign-in/").content.decode()
    for address in (ANSWER, START):
        assert browser().post(address).status_code == 404
    for address in (BACK, "/sign-in/saml/metadata/"):
        assert browser().get(address).status_code == 404


def test_there_is_one_provider_and_its_file_is_there(provider: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ISSUER": "https://provider.example", "CLIENT": "x", "SECRET": "x"}.items():
        monkeypatch.setenv(f"DETAINER_OIDC_{name}", value)
    house.cache_clear()
    with pytest.raises(UserErrors, match="there is one provider"):
        house()
    monkeypatch.delenv("DETAINER_OIDC_ISSUER")
    monkeypatch.setenv("DETAINER_SAML_METADATA", str(provider.with_name("nowhere.xml")))
    house.cache_clear()
    with pytest.raises(UserErrors, match="no such file"):
        house()


def test_the_administrator_sees_what_the_name_is_called(ruiz: User, as_: Callable[[User], Client]) -> None:
    admin = as_(person("stone", Role.ADMINISTRATOR))
    assert "Name there (NameID)" in admin.get(f"/accounts/{ruiz.pk}/").content.decode()

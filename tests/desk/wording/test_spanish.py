"""The desk is whole in Spanish: every message has its words, every page speaks them, and the law keeps its own."""

from __future__ import annotations

import ast
import gettext
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import messages
import pytest
from desk_people import POLICE, facts, person, take
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from erasing import ORDER

from detainer import clock
from detainer.api import tokens
from detainer.desk.duties.accounts import author, duties_of
from detainer.desk.duties.roles import Role
from detainer.desk.signing_in import proposals
from detainer.desk.wording import mistakes, readings
from detainer.errors import UserError, UserErrors
from detainer.intake import uploads
from detainer.intake.mapping import Mapping
from detainer.law import Case
from detainer.law.vocabulary import FACTS
from detainer.record import journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.contrib.auth.models import User
    from django.test import Client

PLACES = re.compile(r"%\(\w+\)s|\{\w*\}")
# Names of things, in no language.
NAMES = ("Detainer Desk", "SHA-256", "PDF", "HTML", "CSV", "XX")
ENGLISH = re.compile(
    r"\b(the|of|and|was|were|not|with|which|who|when|what|this|that|has|have|nobody|yet|by|is)\b", re.IGNORECASE
)


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """A page leaves its language in its thread, which here is that of the next test."""
    yield
    translation.deactivate()


def spanish() -> gettext.GNUTranslations:
    with (messages.CATALOGUE / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def written() -> dict[str, str]:
    """The catalogue as people edit it."""
    found: dict[str, str] = {}
    for entry in (messages.CATALOGUE / "django.po").read_text(encoding="utf-8").split("\n\n"):
        said = {
            name: ast.literal_eval(text)
            for name, text in re.findall(r'^(msg\w+(?:\[\d\])?) (".*")$', entry, re.MULTILINE)
        }
        if said.get("msgid"):
            found[said["msgid"]] = said.get("msgstr", said.get("msgstr[0]", ""))
            if "msgid_plural" in said:
                found[said["msgid_plural"]] = said["msgstr[1]"]
    return found


def test_no_message_lacks_its_words() -> None:
    words, plurals = written(), messages.plurals()
    assert sorted(one for one in messages.all_of_them() if not words.get(one)) == []
    assert {one for pair in plurals for one in pair} <= words.keys()


def test_no_mistake_that_a_page_shows_is_put_together_before_it_is_told() -> None:
    """A sentence with its values in it already stands in no catalogue."""
    composed = {(place, ast.unparse(one)) for place, one in messages.mistakes() if not list(messages._texts(one))}
    read_at_the_start = {
        ("report/definitions.py", """f"{at}: {first['msg']}\""""),
        ("report/definitions.py", "f'the report {report.id!r} is defined twice'"),
        ("law/case.py", "f'the case {case.id} stands twice'"),
    }
    handed_on = {("answer/parts.py", "missing"), ("record/canonical.py", "unfit.what")}
    handed_on.add(("record/keys.py", "error.template"))
    assert composed - read_at_the_start == handed_on
    assert len(messages.in_mistakes()) > 160
    rooms = {place.partition("/")[0] for place, _ in messages.mistakes()}
    assert rooms == {"answer", "api", "intake", "law", "record", "report"}


def test_each_room_whose_mistakes_reach_no_page_is_there() -> None:
    """An exemption that stands for nothing would let a new file of that name pass unseen."""
    named = [one for names in messages._UNTOLD for one in names.split()]
    assert [one for one in named if not (messages.DESK.parent / one).exists()] == []


def test_whatever_is_wrong_with_a_table_has_its_words() -> None:
    found = messages.of_tables() - {"", "47"}
    with translation.override("es"):
        untold = {line for line in found if readings.again([line], readings.TABLES + readings.ROWS) == (line,)}
    # Of no file that was uploaded: a folder in the place of a table, and a JSON's text, whose place stands before it.
    assert untold == {"is 47, not a CSV file", "is not UTF-8 text. Save it as JSON in UTF-8."}
    assert len(found) > 30
    dated = {Mapping.load(one).received.says for one in uploads.mappings()}
    assert dated == set(readings.DATED)


def test_whatever_is_found_on_a_paper_has_its_words() -> None:
    found = messages.read_on_papers()
    # One stands for a list of words that DOUBTS spells out; the other for what is doubtful about a page.
    with translation.override("es"):
        untold = {one for one in found if readings.again([one]) == (one,)}
    assert untold == {
        "47 (47) could not be read",
        "page 47 47",
    }
    assert len(found) > 30


def test_the_catalogue_holds_nothing_that_the_desk_no_longer_says() -> None:
    assert sorted(written().keys() - messages.all_of_them()) == []


def test_the_compiled_catalogue_is_the_one_that_people_edit() -> None:
    """Compiled by `msgfmt -o django.mo django.po`, which is not needed where the desk runs."""
    compiled, many = spanish(), dict(messages.plurals())
    for message, words in written().items():
        if message in many:
            assert compiled.ngettext(message, many[message], 1) == words
            assert compiled.ngettext(message, many[message], 2) == written()[many[message]]
        elif message not in many.values():
            assert compiled.gettext(message) == words


@pytest.mark.parametrize("message", sorted(message for message in written() if PLACES.search(message)))
def test_each_place_in_a_message_is_in_its_translation(message: str) -> None:
    assert sorted(PLACES.findall(message)) == sorted(PLACES.findall(written()[message]))


@pytest.mark.parametrize("file", sorted(messages.DESK.glob("templates/**/*.html")), ids=lambda file: file.name)
def test_no_text_of_a_template_stands_outside_a_translation_tag(file: object) -> None:
    text = file.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    text = re.sub(r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}", "", text, flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", text, flags=re.DOTALL)
    shown = re.findall(r'\b(?:aria-label|alt|title|placeholder)="([^"]*)"', text)
    shown.append(re.sub(r"<[^>]*>", " ", re.sub(r"<(style|script)\b.*?</\1>", "", text, flags=re.DOTALL)))
    left = re.sub(r"&\w+;", " ", " ".join(shown))
    for name in NAMES:
        left = left.replace(name, " ")
    assert re.findall(r"[A-Za-z]{2,}", left) == []


class Words(HTMLParser):
    """The words of a page, without those that say of themselves that they are English."""

    EMPTY = frozenset("meta link input br img image hr".split())

    def __init__(self) -> None:
        super().__init__()
        self.lang, self.english, self.said = "", [False], list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.lang = given.get("lang") or ""
        inside = self.english[-1] or tag in ("script", "style", "code") or given.get("lang") == "en"
        if tag != "html" and not inside:
            self.said += [
                given[name] or "" for name in ("aria-label", "alt", "title", "placeholder") if given.get(name)
            ]
        if tag not in self.EMPTY:
            self.english.append(inside if tag != "html" else False)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            self.english.pop()

    def handle_data(self, data: str) -> None:
        if not self.english[-1]:
            self.said.append(data)


def words(client: Client, path: str) -> str:
    page = Words()
    page.feed(client.get(path).content.decode())
    assert page.lang == "es"
    return re.sub(r"/\S+", "", " ".join(" ".join(page.said).split()))  # no word of a folder


@pytest.fixture
def records(officer: User, as_: Callable[[User], Client]) -> dict[str, str]:
    """Records in many states: the path of each, by what it is."""
    me = author(officer)
    permitted, plain = take(me, permitted=True), take(me, name="B. Muster")
    asks = take(me, said={**facts(), "watch_list": "match"})
    now = clock.now()
    journal.act(permitted, "asked", happened=now, author=me, detail={"for": "held"})
    said = {"way": "call", "direction": "in", "by": "ice", "about": ["release"], "given": ["court"]}
    journal.act(plain, "contact", happened=now, author=me, detail=said)
    journal.act(plain, "declined", happened=now, author=me, detail={"of": ["hold", "notify"]})
    journal.act(plain, "released", happened=now, author=me)
    journal.link(plain, asks, "duplicates", happened=now, author=me)
    sealed = take(me, name="C. Muster", decide=False)
    journal.act(sealed, "sealed", happened=now, author="records:one", detail=ORDER)
    journal.act(sealed, "asked", happened=now, author="records:one", detail={"for": "expunged", **ORDER})
    return {name: f"/requests/{one.id}/" for name, one in locals().items() if hasattr(one, "sealed_at")}


@pytest.mark.django_db
def test_no_page_speaks_english_to_who_reads_spanish(records: dict[str, str], as_: Callable[[User], Client]) -> None:
    vega, other = person("vega", *Role), person("ruano", Role.OFFICER)
    client = as_(vega)
    client.cookies["django_language"] = "es"
    for number in range(2):
        token, _ = tokens.new(f"reservas {number}", POLICE, ["read", "receive"], lasts=timedelta(days=9))
    tokens.revoke(token.id)
    by = duties_of(person("stone", Role.ADMINISTRATOR))
    proposals.propose(other, "duty", POLICE, by, "records")
    proposals.propose(other, "factor", POLICE, by)
    paths = ["/requests/", "/requests/new/", "/approvals/", "/counsel/", "/reports/", "/audit/", "/sealed/"]
    paths += ["/duplicates/", "/exports/", "/system/", "/incoming/", "/accounts/", "/sessions/", "/second-factor/"]
    paths += ["/accounts/proposed/", f"/accounts/{other.pk}/", "/programs/", "/sign-in/password/", "/sign-in/again/"]
    paths += [
        "/second-factor/totp/activate/",
        "/second-factor/webauthn/add/",
        "/reports/us-ny-nyc-police/annual/2026-07-01/2027-06-30/",
    ]
    paths += [*records.values(), f"{records['permitted']}facts/", "/nowhere/"]
    paths += [f"{records['permitted']}export/", f"{records['sealed']}seal/", f"{records['plain']}seal/"]
    found = {path: ENGLISH.findall(words(client, path)) for path in paths}
    said = {path: words(client, path) for path, wrong in found.items() if wrong}
    assert said == {}


@pytest.mark.django_db
def test_the_law_keeps_its_own_words_and_says_which_language_they_are(
    records: dict[str, str], as_: Callable[[User], Client]
) -> None:
    client = as_(person("vega", Role.REVIEWER))
    client.cookies["django_language"] = "es"
    page = client.get(records["plain"]).content.decode()
    assert '<p class="headline">Libere a tiempo. No avise a ICE.</p>' in page
    assert re.search(r'<p lang="en"><span class="cite">N.Y.C. Admin. Code § 14-154', page)


@pytest.mark.django_db
def test_the_switch_is_kept_and_leads_back(officer: User, as_: Callable[[User], Client]) -> None:
    client = as_(officer)
    assert '<html lang="en">' in client.get("/requests/").content.decode()
    answer = client.post("/language/", {"language": "es", "next": "/requests/"})
    assert (answer.status_code, answer["Location"]) == (302, "/requests/")
    page = client.get("/requests/").content.decode()
    assert '<html lang="es">' in page
    assert 'name="language" value="en" lang="en">English</button>' in page
    assert client.post("/language/", {"language": "en", "next": "https://example.org/"})["Location"] == "/"
    assert '<html lang="en">' in client.get("/requests/").content.decode()


@pytest.mark.django_db
def test_a_mistake_is_told_in_spanish_and_nothing_recorded_is(officer: User, as_: Callable[[User], Client]) -> None:
    made = take(author(officer))
    client = as_(officer)
    client.cookies["django_language"] = "es"
    answer = client.post(f"/requests/{made.id}/act/", {"kind": "released", "when": "31:00"})
    assert "«31:00» no tiene una hora posible" in answer.content.decode()
    client.post(f"/requests/{made.id}/act/", {"kind": "declined", "of": ["hold", "notify"]})
    assert made.events().get(kind="declined").published() == {"of": ["hold", "notify"]}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("page 3 is marked I-247A but headed like I-247D; taken for I-247A", "la página 3 está marcada I-247A pero"),
        (
            "page 2: form_date reads “32/13/2026”, no date",
            "página 2: en form_date se lee «32/13/2026»",
        ),
        ("is larger than 40 MB; send the form alone", "pesa más de 40 MB; envíe solo el formulario"),
        ("a line that no sentence makes", "a line that no sentence makes"),
    ],
)
def test_a_line_is_told_again_by_the_sentence_that_it_fills(line: str, told: str) -> None:
    with translation.override("es"):
        assert readings.again([line])[0].startswith(told)


def test_what_came_of_an_upload_keeps_the_name_of_its_file() -> None:
    with translation.override("es"):
        told = readings.uploaded(
            [
                "a: b.pdf: is empty",
                "x.pdf: is kept and being read.",
                "x.csv: something else",
                "x.csv: line 1: the header cannot be read: it is not UTF-8: byte 0xE9",
            ]
        )
    assert told == (
        "a: b.pdf: está vacío",
        "x.pdf: está guardado y se está leyendo.",
        "x.csv: something else",
        "x.csv: línea 1: el encabezado no se puede leer: no es UTF-8: byte 0xE9",
    )


FORM, JAIL = "I247D - Immigration Detainer - Request for Action", "BRONX CENTRAL BOOKING"
TABLE = f"""prepare_date,detainer_type,detention_facility,state
2015-01-05,{FORM},{JAIL},NEW YORK
2015-13-45,{FORM},{JAIL},NEW YORK
,{FORM},{JAIL},NEW YORK
1890-01-05,{FORM},{JAIL},NEW YORK
2015-01-05,Something,{JAIL},NEW YORK
2015-01-05,{FORM}
2015-01-05,{FORM},"{JAIL},NEW YORK
2015-01-05,{FORM},NOWHERE JAIL,TX
"""


@pytest.mark.django_db
@pytest.mark.parametrize("look", [True, False])
def test_what_came_of_a_table_is_told_in_spanish(officer: User, as_: Callable[[User], Client], look: bool) -> None:
    client = as_(officer)
    client.cookies["django_language"] = "es"
    sent = {"agency": POLICE, "mapping": "ice-foia-2015", **({"look": "yes"} if look else {})}
    file = SimpleUploadedFile("filas.csv", TABLE.encode(), "text/csv")
    page = Words()
    page.feed(client.post("/incoming/upload/", {**sent, "files": file}).content.decode())
    said = " ".join(" ".join(page.said).split())
    assert ENGLISH.findall(said.replace("NOWHERE", "")) == []
    for line in (
        "línea 3: prepared: '2015-13-45' no es un día que exista",
        "línea 4: prepared está vacía",
        "línea 5: prepared: 1890-01-05 no está entre 2007-10-01 y ",
        "línea 6: type: 'Something' no es un valor que la correspondencia conozca",
        "línea 7: tiene 2 celdas y el encabezado tiene 4",
        "línea 8: unas comillas se abren y no se cierran",
        "centro que no está en la tabla: NOWHERE JAIL",
        "pidió solo mirar" if look else "Añadidas: 1",
    ):
        assert line in said


def test_a_mistake_is_told_with_its_moments_and_people_as_a_page_tells_them() -> None:
    when = datetime(2026, 11, 27, 22, 40, tzinfo=UTC)
    ended = UserError(
        "the time for {deed} ended at {end}", deed="the notice", end=when, fix="Decide the request again."
    )
    both = UserErrors(
        [ended, UserError("{who} has not approved {deed} on the present determination", who="desk:1", deed="the hold")]
    )
    assert ended.line() == "the time for the notice ended at 2026-11-27 22:40 UTC. Decide the request again."
    with translation.override("es"):
        told = mistakes.all_told(both, ZoneInfo("America/New_York"))
        named = mistakes.told(both.errors[1], ZoneInfo("America/New_York"), {"desk:1": "Ruiz"})
    assert told[0].startswith("El plazo para el aviso terminó vie 27 nov")
    assert "17:40" in told[0]
    assert told[0].endswith("Consulte la ley de nuevo.")
    assert named == "Ruiz no ha aprobado la retención sobre la determinación actual"


def test_the_reader_of_a_case_is_told_by_the_question_and_not_by_its_key() -> None:
    head = {"id": "new", "agency": POLICE, "at": datetime(2026, 11, 24, 12, tzinfo=UTC)}
    said = {}
    for value in (datetime(2950, 1, 1, tzinfo=UTC), 7):
        with pytest.raises(UserError) as caught:
            Case.read({**head, "custody": {"releasable_at": value}}, "these facts")
        with translation.override("es"):
            said[value] = mistakes.told(caught.value, ZoneInfo("America/New_York"), where=False)
        assert caught.value.line().startswith("these facts: case new: custody.releasable_at is ")
    question = written()[FACTS["custody.releasable_at"].asks]
    first, second = said.values()
    assert first == f"«{question}»: 2950-01-01T00:00:00+00:00 queda fuera de los años 1900 a 2199"
    assert second == f"«{question}»: 7 no es una hora. Escríbalo como 2026-11-24T10:00:00-05:00."


@pytest.mark.django_db
def test_what_the_record_refuses_is_told_in_spanish(officer: User, as_: Callable[[User], Client]) -> None:
    made = take(author(officer))
    client = as_(officer)
    client.cookies["django_language"] = "es"
    refused = client.post(f"/requests/{made.id}/act/", {"kind": "asked", "step": "held"}).content.decode()
    assert "La ley no permite la retención: no debe hacerse" in refused
    paper = client.post(f"/requests/{made.id}/reply/", {"paper": "hold-end"}).content.decode()
    assert "No consta ninguna retención. Regístrelo antes." in paper

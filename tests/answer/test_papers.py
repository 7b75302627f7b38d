"""Every paper in both languages: sealed against what was typed, readable aloud, recorded with its digest."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from desk_people import facts, take
from erasing import expunge
from pypdf import PdfReader

from detainer import clock
from detainer.answer import language, papers
from detainer.errors import UserError
from detainer.record import agencies, journal, ledger
from detainer.record.models import Event

if TYPE_CHECKING:
    from detainer.record.models import Request

CLERK, SECOND = "staff:1", "staff:2"
TEXAS, CALIFORNIA = "us-tx-sheriff", "us-ca-sheriff"


def text_of(pdf: bytes) -> str:
    found = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
    return found.replace("\u200b", "")


def streams_of(pdf: bytes) -> str:
    """Everything that stands in the file, unpacked: streams, strings, metadata."""
    reader = PdfReader(BytesIO(pdf))
    found = [repr(reader.trailer["/Root"].get_object()), repr(reader.metadata)]
    for number in range(1, len(reader.xref[0]) + 1 if reader.xref else 1):
        try:
            one = reader.get_object(number)
        except Exception:  # noqa: BLE001, S112  # a number that is not used
            continue
        found.append(repr(one))
        if one is not None and hasattr(one, "get_data"):
            found.append(one.get_data().decode("latin-1"))
    return " ".join(found)


class Reader(HTMLParser):
    """The text of a page, its elements, and what a check of accessibility asks for."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.said: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())


def made(request: Request, kind: str = "reply", lang: str = "en", **more: Any) -> papers.Made:
    return papers.make(request, kind, lang, author=CLERK, **more)


def held(agency: str = TEXAS, **more: Any) -> Request:
    """A hold in Texas, where the law commands it, approved by a second person; and that they were told."""
    said = facts(releasable=timedelta(minutes=-30))
    said["request"] |= {"complete": True, "probable_cause": ["biometrics"], "served_on_person": False}
    said["person"] |= {"claims_citizenship": False, "proof": []}
    said["local_policy_forbids"], said["public_information"] = [], True
    request = take(CLERK, agency=agency, said=said, **more)
    for step in ("held", "told") if agency == TEXAS else ("told",):
        journal.act(request, "approved", happened=clock.now(), author=SECOND, detail={"for": step})
        journal.act(request, step, happened=clock.now(), author=CLERK, approved_by=SECOND)
    return request


@pytest.mark.django_db
def test_a_reply_carries_number_law_version_and_checkpoint_and_is_an_event_with_its_digest() -> None:
    request = take(CLERK, name="B. Sample")
    root = ledger.latest().note.split("\n")[2]
    paper = made(request)
    for said in (text_of(paper.pdf), Reader(paper.html).text):
        assert request.number in said
        assert "N.Y.C. Admin. Code § 14-154, version of 2026-01-29" in said
        assert root in said.replace(" ", "")
        assert "We will not keep the person named in the request past release." in said
        assert "B. Sample" in said
    event = Event.objects.get(kind="replied")
    public = event.published()
    assert public["document"] == f"reply:sha256:{sha256(paper.pdf).hexdigest()}"
    assert public["twin"] == f"sha256:{sha256(paper.html).hexdigest()}"
    assert "Sample" not in event.public
    assert ledger.verify() == []


@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["en", "es"])
def test_declining_discloses_neither_the_release_nor_charges_nor_what_a_search_found(lang: str) -> None:
    said = facts(permitted=True, releasable=timedelta(hours=7, minutes=13))
    said["record"]["charges"] = [{"jurisdiction": "us-ny", "law": "PL", "section": "240.37", "class": "TELLTALECLASS"}]
    request = take(CLERK, said=said)
    journal.act(request, "noted", happened=clock.now(), author=CLERK, note="TELLTALENOTE released at noon")
    person = {"booking_number": "TELLTALEBOOKING"}
    journal.act(request, "corrected", happened=clock.now(), author=CLERK, detail={"person": person})
    from detainer.record.agencies import book

    journal.decide(request, book(), author=CLERK)
    journal.act(request, "declined", happened=clock.now(), author=CLERK, detail={"of": ["hold", "notify"]})
    assert request.releasable_at is not None
    paper = made(request, lang=lang)
    local = request.releasable_at.astimezone(book().agency(request.agency).zone)
    secrets = (
        "telltale",
        "160.15",
        "240.37",
        "robbery",
        "(b)(1)",
        "conviction",
        "search",
        "arrest",
        "warrant",
        "judge",
    )
    whole = f"{text_of(paper.pdf)} {streams_of(paper.pdf)} {paper.html.decode()}".lower()
    for secret in (*secrets, f"{local:%H:%M}", f"{request.releasable_at:%H:%M}"):
        assert secret not in whole, secret


@pytest.mark.django_db
def test_a_no_is_the_same_whether_the_law_forbids_it_or_nobody_is_in_custody() -> None:
    said = facts()
    gone = facts()
    gone["custody"] = {"held": False}
    one, two = (papers.compose(take(CLERK, said=case), "reply", language.language("en"), written=clock.now())
                for case in (said, gone))  # fmt: skip
    texts = [[block for block in paper.blocks if block["type"] in ("strong", "list", "text")] for paper in (one, two)]
    assert texts[0] == texts[1]


@pytest.mark.django_db
def test_there_is_no_reply_before_anything_is_decided() -> None:
    with pytest.raises(UserError, match="has not been asked"):
        made(take(CLERK, decide=False))
    with pytest.raises(UserError, match="nothing is decided yet"):
        made(take(CLERK, permitted=True))
    assert not Event.objects.filter(kind="replied").exists()


@pytest.mark.django_db
def test_every_paper_can_be_made_in_every_complete_language_and_ticks_its_duties_off() -> None:
    from detainer.record import duties

    request = held()
    needed = {"hold": "tell"}
    for kind in ("notice", "told", "hold", "interview", "rights", "judge", "release-order", "reply", "file"):
        for lang in language.COMPLETE:
            paper = made(request, kind, lang)
            assert request.number in text_of(paper.pdf)
            assert Reader(paper.html).text.count(request.number) >= 2
    journal.act(request, "released", happened=clock.now(), author=CLERK)
    for lang in language.COMPLETE:
        made(request, "hold-end", lang)
    done = {one.id: one.done.kind for one in duties.of(request) if one.done}
    assert done.items() >= {needed_id: kind for kind, needed_id in needed.items()}.items()
    assert Event.objects.filter(kind__in=duties.PAPER_KINDS).count() == 20
    assert ledger.verify() == []


@pytest.mark.django_db
def test_a_notice_says_what_is_asked_that_a_copy_goes_with_it_and_whether_the_agency_complies() -> None:
    yes, no = text_of(made(held(), "notice", "es").pdf), text_of(made(take(CLERK), "notice", "es").pdf)
    assert "Tenemos la intención de hacerlo: retenerlo después del momento en que sería liberado" in yes
    assert "No tenemos la intención de hacerlo: avisarles cuándo será usted liberado" in no
    assert "se le debe entregar una copia de la solicitud" in no


@pytest.mark.django_db
def test_the_notice_of_telling_says_why_in_the_officers_words_or_the_laws() -> None:
    request = held()
    assert "<script>alert(1)</script> because" in text_of(
        made(request, "told", reason="<script>alert(1)</script> because").pdf
    )
    spanish = made(request, "told", "es")
    assert any(attributes.get("lang") == "en" for tag, attributes in Reader(spanish.html).tags if tag == "p")
    with pytest.raises(UserError, match="were not told"):
        made(take(CLERK), "told")


@pytest.mark.django_db
def test_papers_that_the_record_does_not_bear_are_refused() -> None:
    request = take(CLERK)
    for kind, why in (("hold", "no hold is on record"), ("hold-end", "no hold"), ("told", "were not told")):
        with pytest.raises(UserError, match=why):
            made(request, kind)
    with pytest.raises(UserError, match="is no paper"):
        made(request, "poster")
    with pytest.raises(UserError, match="no papers in 'xx'"):
        made(request, lang="xx")
    journal.act(request, "released", happened=clock.now(), author=CLERK)
    with pytest.raises(UserError, match="nobody to release"):
        made(request, "release-order")


NAMES = [
    "*Bold* _it_ #sys.version", "$x^2$ \\ #", "</w:t> @ref <label>", '"; #panic("x")', "Łukasz Zoë Ñandú", "#" * 300,
    "<script>alert(1)</script>&amp;", "{{ number }} [proof] {agency}", "Nguye\u0302\u0303n Thi\u0323",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_name_is_read_as_markup(name: str) -> None:
    import unicodedata

    paper = made(take(CLERK, name=name))
    wanted = "".join(unicodedata.normalize("NFC", name).split())
    assert wanted in "".join(text_of(paper.pdf).split())
    read = Reader(paper.html)
    assert wanted in "".join(read.text.split())
    assert "script" not in {tag for tag, _ in read.tags}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["王小明", "\u202egnp.exe\u0000", "", "محمد علي", "נֹעָה"], ids=["han", "turned", "empty", "ar", "he"]
)
def test_names_in_other_letters_and_empty_ones_stop_no_paper(name: str) -> None:
    paper = made(take(CLERK, name=name or " "))
    assert paper.pdf.startswith(b"%PDF-1.7")
    for sign in "\u202e\u0000":
        assert sign not in paper.html.decode()


@pytest.mark.django_db
def test_the_same_words_give_the_same_bytes_and_a_paper_can_be_handed_out_again() -> None:
    request = take(CLERK, name="B. Sample")
    paper = made(request)
    event = Event.objects.get(kind="replied")
    again, same = papers.again(request, event.seq)
    assert (again.pdf, again.html, same) == (paper.pdf, paper.html, True)
    expunge(request, clock.now())
    with pytest.raises(UserError, match="no such paper"):
        papers.again(request, event.seq)
    with pytest.raises(UserError, match="is sealed"):
        made(request)


@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("kind", ["reply", "file"])
def test_the_file_is_what_its_standards_ask_for_as_another_program_reads_it(kind: str, lang: str) -> None:
    reader = PdfReader(BytesIO(made(held(), kind, lang).pdf))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == lang
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/OutputIntents"]
    packet = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet
    assert "<pdfaid:part>3</pdfaid:part>" in packet
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in packet
    assert reader.metadata is not None
    assert reader.metadata.title
    assert not reader.is_encrypted
    assert "/JavaScript" not in str(root.get("/Names", ""))
    for page in reader.pages:
        assert page["/Tabs"] == "/S"
        fonts = page["/Resources"]["/Font"].get_object()
        for font in fonts.values():
            inner = font.get_object()
            assert inner["/ToUnicode"]
            descriptor = inner["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert any(key.startswith("/FontFile") for key in descriptor)
    roles = roles_of(root["/StructTreeRoot"].get_object())
    assert roles.count("/H1") == 1
    assert "/H2" in roles
    assert ("/Table" in roles) is (kind == "file")
    assert ("proof.json" in reader.attachments) is (kind == "file")


def roles_of(node: Any) -> list[str]:
    """The roles of a tree of tags, in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [role for one in node for role in roles_of(one)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + (roles_of(node["/K"]) if "/K" in node else [])


@pytest.mark.django_db
def test_the_twin_has_language_title_one_heading_and_heads_for_its_tables() -> None:
    read = Reader(made(held(), "file", "es").html)
    tags = dict(read.tags)
    assert tags["html"] == {"lang": "es", "dir": "ltr"}
    assert [tag for tag, _ in read.tags].count("h1") == 1
    assert "title" in tags
    assert all(attributes["scope"] == "col" for tag, attributes in read.tags if tag == "th")
    assert "Pide Retener después de la liberación, Avisar a ICE de la liberación" in read.text.replace(":", "")
    for english in ("Hold past release", "File number", "must not", " yes "):
        assert english not in read.text


@pytest.mark.django_db
def test_the_file_for_a_court_says_facts_sources_and_moments_in_local_time() -> None:
    request = held()
    assert request.releasable_at is not None
    said = Reader(made(request, "file").html).text
    local = request.releasable_at.astimezone(agencies.zone(TEXAS))
    assert f"When would the person otherwise walk out? {local:%a} {local.day} {local:%b %Y, %H:%M}" in said
    assert f"Entry {Event.objects.get(kind='received').seq}, {CLERK}" in said
    for event in request.events().filter(kind__in=["received", "decided", "held", "told"]):
        assert event.leaf_hash in said
    assert "The agency shall comply with the request to be told of the release." in said


@pytest.mark.django_db
def test_a_demonstrations_paper_says_that_it_is_none() -> None:
    journal.open_record(demonstration=True)
    assert "This is no paper of any agency." in text_of(made(take(CLERK)).pdf)


@pytest.mark.django_db
def test_a_paper_has_the_day_of_the_agencys_own_clock() -> None:
    late = datetime(2030, 11, 25, 3, tzinfo=UTC)  # still the 24th in New York
    paper = papers.compose(take(CLERK), "reply", language.language("es"), written=late)
    assert paper.date == late.date().replace(day=24)
    assert "dom 24 nov 2030" in str(paper.blocks)


def own(home: Path, words: str, code: str = "en") -> None:
    folder = home / "papers"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{code}.yaml").write_text(words, encoding="utf-8")


REPLY = """\
papers:
  reply: |
    # Our reply, {number}
    [about]
    ## Answer
    [answers]
    [law]
    [silence]
"""


@pytest.mark.django_db
def test_an_agency_edits_the_texts_and_the_paper_says_them(home: Path) -> None:
    own(home, REPLY + "    Write to {agency}, Room 5. #panic\n    [proof]\nwords:\n  to: Addressed to\n")
    request = take(CLERK)
    said = text_of(made(request).pdf)
    assert f"Our reply, {request.number}" in said
    assert "Write to New York City Police Department, Room 5. #panic" in said
    assert "Addressed to: U.S. Immigration" in said


@pytest.mark.parametrize("part", [part for kind in language.PARTS.values() for part in kind][:5])
def test_a_template_that_drops_a_part_is_refused_with_one_line_that_names_it(home: Path, part: str) -> None:
    own(home, (REPLY + "    [proof]\n").replace(f"[{part}]\n", "Nothing\n"))
    with pytest.raises(UserError, match=rf"reply drops \[{part}\], which it must have") as error:
        language.language("en")
    assert "\n" not in error.value.line()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (REPLY + "    [proof]\n    [facts]\n", r"\[facts\] is no part of it"),
        (REPLY + "    [proof]\n    [proof]\n", r"\[proof\] stands twice"),
        (REPLY + "    [proof] {release}\n    [proof]\n", r"names \{release\}"),
        (REPLY.replace("# Our", "Our") + "    [proof]\n", "one heading"),
        ("words:\n  told: We told them.\n", "told must name"),
        ("words:\n  silence: ''\n", "silence is missing or empty"),
        ("words:\n  sillence: x\n", "sillence is not known"),
        ("words: [1]\n", "words must map"),
        ("papers: {reply: [\n", "is no YAML"),
        ("- 1\n", "must map names"),
    ],
)
def test_templates_that_cannot_stand_are_refused(home: Path, words: str, problem: str) -> None:
    own(home, words)
    with pytest.raises(UserError, match=problem):
        language.language("en")


def test_another_language_is_a_catalogue_of_its_own_and_must_be_complete(home: Path) -> None:
    whole = (language.SHIPPED / "es.yaml").read_text("utf-8").replace("name: Español", "name: Português")
    own(home, whole, "pt")
    assert language.language("pt").name == "Português"
    own(home, re.sub(r"\n  copy: .*", "", whole), "pt")
    with pytest.raises(UserError, match="copy is missing"):
        language.language("pt")
    assert ("pt", "Português") not in language.names()


@pytest.mark.parametrize("code", ["../en", "en/../es", "", "EN", "e" * 99])
def test_a_language_is_no_path(code: str) -> None:
    with pytest.raises(UserError, match="there are no papers in"):
        language.language(code)

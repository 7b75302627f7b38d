"""A law's page as HTML, element by element: what a screen reader and a link rely on stands exactly so."""

from __future__ import annotations

from datetime import date
from html import escape
from pathlib import Path

import little_law
import pytest

from detainer.law import LawBook, pages, reading
from detainer.law.catalog import GRADE_SAYS
from detainer.law.lawfile import Version
from detainer.law.markup import join, tag

BODY = """\
about: A law & its <end>.
sources: {CODE: made up}
clocks:
  - {id: two_days, cite: § 3, says: Two days., starts: [custody.releasable_at], hours: 48}
definitions:
  - {id: paper, of: warrant, cite: § 5, says: A paper., when: form is judicial, grade: A,
     doubts: [{question: writs, also_if: form is writ}]}
  - {id: kept, cite: § 6, says: Kept., lacking: Free., when: custody.held, grade: B}
provisions:
  - {id: ban, cite: § 8, says: No hold., effect: must_not, on: [hold], when: kept, unless: [gate], grade: C}
  - {id: gate, cite: § 9, says: A hold., effect: may, on: [hold], until: two_days,
     when: kept and (request.withdrawn or any warrant where (paper and not names_person))}
questions:
  - {id: writs, cite: § 10, asks: Is a writ one?, cautious: It is not.}
"""
HEAD = """\
law: one
name: A made-up law
cite: Made-up Code § 1
versions:
  - {first: 2020-01-01, last: 2020-12-31, by: Act One, says: It said., grade: B}
  - {first: 2021-01-01, by: Act Two, says: It says., grade: A}
"""
DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> LawBook:
    folder: Path = tmp_path_factory.mktemp("laws")
    (folder / "us").mkdir()
    (folder / "us" / "holidays.csv").write_text("day,list,name\n2026-11-26,us-federal,Thanksgiving Day\n")
    (folder / "one.yaml").write_text(HEAD + BODY)
    (folder / "agencies.yaml").write_text(little_law.AGENCY.format(laws="one"))
    return LawBook.load(folder)


def _grade(mark: str) -> str:
    return f'<span class="grade grade-{mark.lower()}" title="{escape(GRADE_SAYS[mark])}">grade {mark}</span>'


def _parts(text: str) -> dict[str, str]:
    """Each `div` that has an id, whole, by its id."""
    found: dict[str, str] = {}
    for start in range(len(text)):
        if text.startswith("<div", start):
            head = text[start : text.index(">", start)]
            if ' id="' not in head:
                continue
            depth, end = 0, start
            while True:
                opened, closed = text.find("<div", end), text.find("</div>", end)
                if 0 <= opened < closed:
                    depth, end = depth + 1, opened + 1
                else:
                    depth, end = depth - 1, closed + 1
                    if depth == 0:
                        break
            found[head.partition(' id="')[2].rstrip('"')] = text[start : end + 5]
    return found


EXPECTED = {
    "definition-paper": '<div class="definition" id="definition-paper">'
    f'<p class="head"><cite>§ 5</cite> <code>paper</code> {_grade("A")}</p>'
    '<p class="says">A paper.</p>'
    '<div class="when" title="form is judicial"><strong>A warrant counts as “paper” when</strong> '
    "<span>its form is a judicial warrant</span></div>"
    '<div class="open"><p>Open question</p><div class="doubt">'
    '<p class="head"><cite>§ 10</cite> <code>writs</code></p><p class="says">Is a writ one?</p>'
    '<p class="cautious"><strong>Until it is answered</strong>: It is not.</p>'
    '<div class="also_if" title="form is writ"><strong>The other reading: also when</strong> '
    "<span>its form is a writ</span></div></div></div></div>",
    "definition-kept": '<div class="definition" id="definition-kept">'
    f'<p class="head"><cite>§ 6</cite> <code>kept</code> {_grade("B")}</p><p class="says">Kept.</p>'
    '<div class="when" title="custody.held"><strong>A case counts as “kept” when</strong> '
    "<span>the person is in this agency&#x27;s custody</span></div>"
    '<p class="lacking"><strong>Otherwise</strong>: Free.</p></div>',
    "provision-ban": '<div class="provision" id="provision-ban">'
    f'<p class="head"><cite>§ 8</cite> <code>ban</code> {_grade("C")}</p><p class="says">No hold.</p>'
    '<p class="effect"><strong>Says</strong>: must not hold past release</p>'
    '<div class="when" title="kept"><strong>When</strong> '
    '<span><a href="#definition-kept">“kept”</a></span></div>'
    '<div class="unless"><strong>Unless one of these applies</strong>'
    '<ul><li><a href="#provision-gate">§ 9</a></li></ul></div></div>',
    "provision-gate": '<div class="provision" id="provision-gate">'
    '<p class="head"><cite>§ 9</cite> <code>gate</code></p><p class="says">A hold.</p>'
    '<p class="effect"><strong>Says</strong>: may hold past release</p>'
    '<div class="when" title="kept and (request.withdrawn or any warrant where (paper and not names_person))">'
    "<strong>When</strong> <span>all of these:</span><ul>"
    '<li><span><a href="#definition-kept">“kept”</a></span></li>'
    "<li><span>any of these:</span><ul>"
    "<li><span>the request has been withdrawn</span></li>"
    "<li><span>there is a warrant of which it is so: all of these:</span><ul>"
    '<li><span>it counts as <a href="#definition-paper">“paper”</a></span></li>'
    "<li><span>it does not name this person</span></li></ul></li></ul></li></ul></div>"
    '<div class="until"><strong>For at most</strong>'
    '<ul><li><a href="#clock-two_days">Two days.</a></li></ul></div></div>',
    "question-writs": '<div class="question" id="question-writs">'
    '<p class="head"><cite>§ 10</cite> <code>writs</code></p><p class="says">Is a writ one?</p>'
    '<p class="cautious"><strong>Until it is answered</strong>: It is not.</p>'
    '<div class="at"><strong>It arises in</strong><ul><li>§ 5 (paper)</li></ul></div></div>',
    "clock-two_days": '<div class="clock" id="clock-two_days">'
    '<p class="head"><cite>§ 3</cite> <code>two_days</code></p><p class="says">Two days.</p>'
    '<p class="counts"><strong>Counts</strong>: 48 hours</p>'
    '<p class="starts"><strong>Starts at the first of</strong>: the moment of release</p></div>',
}


@pytest.mark.parametrize("name", EXPECTED)
def test_an_entry_is_written_so(book: LawBook, name: str) -> None:
    found = _parts(pages.html(reading.read(book, "one", DAY)))
    assert set(found) == set(EXPECTED)
    assert found[name] == EXPECTED[name]


def test_a_page_begins_with_its_head_and_its_versions_and_ends_with_its_sources(book: LawBook) -> None:
    text = pages.html(reading.read(book, "one", DAY))
    assert text.startswith(
        '<article class="law" id="law-one"><h2>Made-up Code § 1</h2><p class="law-name">A made-up law</p>'
        '<p class="law-state">As in force on 2026-11-24: the version of 2021-01-01, by Act Two.</p>'
        "<p>A law &amp; its &lt;end&gt;.</p>"
        f'<ol class="versions"><li>2020-01-01 to 2020-12-31: Act One. It said. {_grade("B")}</li>'
        f'<li aria-current="true">from 2021-01-01: Act Two. It says. {_grade("A")}</li></ol>'
        '<section class="law-rules"><h3>The law, in its own order</h3><div class="definition" id="definition-paper">'
    )
    assert text.endswith(
        '<section class="law-sources"><h3>Sources</h3><p><strong>CODE</strong>: made up</p></section></article>'
    )


def test_before_its_first_day_it_says_that_it_is_not_in_force(book: LawBook) -> None:
    text = pages.html(reading.read(book, "one", date(2019, 12, 31)), 1)
    assert '<h1>Made-up Code § 1</h1><p class="law-name">A made-up law</p><p class="law-state">' in text
    assert '<p class="law-state">Not in force on 2019-12-31.</p>' in text
    assert "aria-current" not in text
    assert text.count("<section") == 1  # the sources


def test_what_stands_beside_a_page_is_put_in_its_place(book: LawBook) -> None:
    def address(version: Version) -> str:
        return f"/{version.name}" if version.name == "2020-01-01" else ""

    beside = pages.Beside(address, lambda entry: (tag("i", f"of {entry.id}"),) if entry.kind == "provision" else ())
    text = pages.html(reading.read(book, "one", DAY), 2, beside)
    assert '<li><a href="/2020-01-01">2020-01-01 to 2020-12-31</a>: Act One.' in text
    assert '<li aria-current="true">from 2021-01-01: Act Two.' in text
    parts = _parts(text)
    assert parts["provision-ban"] == EXPECTED["provision-ban"].removesuffix("</div>") + "<i>of ban</i></div>"
    assert parts["definition-paper"] == EXPECTED["definition-paper"]


def test_text_is_escaped_and_markup_is_not() -> None:
    assert tag("p", "a < b", tag("b", "&")) == "<p>a &lt; b<b>&amp;</b></p>"
    assert tag("p", class_="a", aria_label='"x"', id="") == '<p class="a" aria-label="&quot;x&quot;"></p>'
    assert join(["<", tag("b", "x"), ">"], " & ") == "&lt; &amp; <b>x</b> &amp; &gt;"

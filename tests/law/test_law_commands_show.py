"""`detainer law show`: a law in its own order, its conditions in plain words, the same as text, JSON and HTML."""

from __future__ import annotations

import json
import re
from datetime import date
from html.parser import HTMLParser

import pytest

from detainer import cli
from detainer.errors import UserError
from detainer.law import LawBook, pages, paper, reading
from detainer.law.language import condition
from detainer.law.markup import Markup, tag
from detainer.law.vocabulary import ELEMENTS, FACTS, LISTS
from detainer.law.wording import outline, sentence, worded
from detainer.law.words import MOMENTS, PHRASES, WHOLE

TERMS = {"judicial_warrant": "warrant", "searched": "", "listed": "conviction"}


def _say(text: str, element: str = "") -> str:
    return sentence(worded(condition(text), TERMS, element))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "any warrant where (judicial_warrant and presented is with_request)",
            (
                "there is a warrant of which it is so: it counts as “judicial warrant” "
                "and it was presented with the request"
            ),
        ),
        ("no warrant where (names_person)", "there is no warrant of which it is so: it names this person"),
        (
            "at least 2 convictions where (listed)",
            "there are at least 2 convictions of which it is so: it counts as “listed”",
        ),
        ("shown(searched)", "it is shown that “searched”"),
        ("shown(searched or listed)", "it is shown that (“searched” or it counts as “listed”)"),
        ("not shown(searched)", "it is not shown that “searched”"),
        ("not (searched and custody.held)", "not “searched” or the person is not in this agency's custody"),
        ("not (searched or not custody.held)", "not “searched” and the person is in this agency's custody"),
        (
            "searched and (custody.held or person.under_18)",
            "“searched” and (the person is in this agency's custody or the person is under 18)",
        ),
        ("request.form in [I-247A, I-247D, I-247]", "the form of the request is I-247A, I-247D or I-247"),
        ("request.form not in [I-247A, I-247D]", "the form of the request is not I-247A or I-247D"),
        ("request.asks includes notify", "the request asks for notice of the release"),
        ("search.run is none", "no search was run"),
        ("search.at before custody.releasable_at", "the search comes before the moment of release"),
        ("custody.releasable_at after at", "the moment of the act comes before the moment of release"),
        ("custody.hold_started is known", "a detainer hold is running"),
        ("two_days is over", "the time “two days” has run out"),
        ("not two_days is over", "the time “two days” has not run out"),
        ("permitted by us-ny", "us-ny permits or commands the same act"),
        ("always", "always"),
        ("not always", "never"),
    ],
)
def test_a_condition_on_the_case_reads_as_a_sentence(written: str, said: str) -> None:
    assert _say(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("not listed", "it does not count as “listed”"),
        ("jurisdiction within us", "it is under the law of the United States or a part of it"),
        ("jurisdiction is not us-ny", "it is not under the law of us-ny"),
        ("grade in [felony, misdemeanor]", "it is a felony or misdemeanor"),
        ("judgment_date before arrest.date", "the judgment comes before the arrest"),
        ("not within five_years", "it does not lie within the look-back “five years”"),
        ("on list serious", "it stands on the list “serious”"),
        (
            "not equivalent on list serious only rule except repealed as of judgment_date",
            (
                "its equivalent does not stand on the list “serious”, in a row marked “rule” "
                "and not marked “repealed”, on the day of the judgment"
            ),
        ),
    ],
)
def test_a_condition_on_one_conviction_says_it(written: str, said: str) -> None:
    assert _say(written, "conviction") == said


def test_a_warrant_presented_in_time_reads_so() -> None:
    said = "it was presented during a running hold, before the time “two days” ran out"
    assert _say("presented during two_days", "warrant") == said


def test_what_is_mixed_is_set_out_with_all_or_any_above_it() -> None:
    clause = worded(condition("searched and (custody.held or watch_list is match)"), TERMS)
    lines = [(depth, "".join(piece.text for piece in pieces)) for depth, pieces in outline(clause)]
    assert [line for line in lines if line[1].endswith(":")] == [(0, "all of these:"), (1, "any of these:")]
    assert [depth for depth, _ in lines] == [0, 1, 1, 2, 2]


def test_every_fact_has_its_words_and_every_moment_its_name() -> None:
    known = {"": FACTS, **{element: LISTS[path] for element, path in ELEMENTS.items()}}
    for element, facts in known.items():
        lists = set(LISTS) if not element else set()
        assert set(PHRASES[element]) == set(facts) - lists
        timed = {path for path, fact in facts.items() if fact.kind in ("moment", "day") or fact.or_moment}
        assert timed <= set(MOMENTS)
        for stems in PHRASES[element].values():
            assert stems[0] != stems[1]
    possible = {(path, value) for facts in known.values() for path, fact in facts.items() for value in fact.values}
    assert set(WHOLE) <= possible


def test_every_condition_of_every_law_can_be_said(book: LawBook) -> None:
    for law in book.laws.values():
        for day in [date(2026, 6, 1), *(version.span.first for version in law.versions if version.span.first)]:
            assert paper.text(reading.read(book, law.id, day))


def _rules(book: LawBook, law: str, day: date) -> dict[str, reading.Entry]:
    page = reading.read(book, law, day)
    return {entry.id: entry for section in page.sections if section.name == "rules" for entry in section.entries}


def test_the_law_stands_in_its_own_order(book: LawBook) -> None:
    found = list(_rules(book, "us-ny-nyc-police", date(2026, 6, 1)))
    assert found.index("civil_immigration_detainer") < found.index("judicial_warrant") < found.index("b.1")
    assert found.index("b.1") < found.index("b.2")


def test_a_page_shows_what_was_in_force_on_its_day_and_nothing_else(book: LawBook) -> None:
    assert "local-cops" not in _rules(book, "us-ny", date(2026, 5, 26))
    assert "local-cops" in _rules(book, "us-ny", date(2026, 5, 27))


def test_a_law_not_in_force_says_so_and_shows_its_versions_and_sources(book: LawBook) -> None:
    page = reading.read(book, "us-ny", date(2018, 11, 13))
    assert [section.name for section in page.sections] == ["sources"]
    assert "Not in force on 2018-11-13." in paper.text(page)
    assert "2018-11-14 to 2026-05-26" in paper.text(page)


def test_a_provision_shows_effect_condition_time_exception_and_doubt(book: LawBook) -> None:
    rule = _rules(book, "us-ny-nyc-police", date(2026, 6, 1))["b.2"]
    fields = {field.name: field.value for field in rule.fields}
    assert fields["effect"] == "may hold past release"
    assert "48 hours, Saturdays, Sundays and holidays left out" in fields["until"]["forty_eight_hours"]
    assert [doubt.id for doubt in rule.inner] == ["warrant_with_an_old_conviction"]
    (general,) = (entry for name, entry in _rules(book, "us-ny-nyc-police", date(2026, 6, 1)).items() if name == "b")
    unless = {field.name: field.value for field in general.fields}["unless"]
    assert set(unless) == {"b.1", "b.1.transfer", "b.2", "b.2.warrant", "d"}


def test_terms_of_another_section_are_shown_as_taken_over(book: LawBook) -> None:
    page = reading.read(book, "us-ny-nyc-probation", date(2026, 6, 1))
    (borrowed,) = (section for section in page.sections if section.name == "borrowed")
    assert borrowed.title == "Terms taken over from N.Y.C. Admin. Code § 9-131"
    assert "judicial_warrant" in [entry.id for entry in borrowed.entries]
    assert "judicial_warrant" not in _rules(book, "us-ny-nyc-probation", date(2026, 6, 1))


def test_as_json_a_condition_is_there_in_words_and_as_written(
    book: LawBook, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli._run(["law", "show", "us-ny-nyc-police", "--on", "2026-06-01", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["version"] == "2026-01-29"
    (rule,) = (rule for rule in said["rules"] if rule["id"] == "warrant_came_with_the_detainer")
    assert rule["when_written"] == "any warrant where (judicial_warrant and presented is with_request)"
    assert condition(rule["when_written"])
    assert rule["when"].startswith("there is a warrant of which it is so")
    assert rule["grade"] == "A"


class _Reader(HTMLParser):
    """What a page holds: its ids, its links within the page, its text, and whether every element is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_is_whole_its_links_lead_somewhere_and_it_says_what_the_text_says(book: LawBook) -> None:
    for law in book.laws:
        page = reading.read(book, law, date(2026, 6, 1))
        read = _Reader(pages.html(page))
        assert read.open == []
        assert len(read.ids) == len(set(read.ids))
        assert {link.removeprefix("#") for link in read.links} <= set(read.ids)
        words = " ".join("".join(read.words).split())
        for section in page.sections:
            for entry in section.entries:
                assert " ".join(entry.says.split()) in words


def test_nothing_in_a_law_file_can_become_markup() -> None:
    assert tag("p", "<script>", Markup("<b>x</b>"), title='"><i>') == (
        '<p title="&quot;&gt;&lt;i&gt;">&lt;script&gt;<b>x</b></p>'
    )


def test_the_text_keeps_to_100_columns(book: LawBook) -> None:
    lines = paper.text(reading.read(book, "us-ny-nyc-correction", date(2026, 6, 1))).splitlines()
    assert max(map(len, lines)) <= 100


def test_html_from_the_command_is_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._run(["law", "show", "us", "--on", "2026-06-01", "--format", "html"]) == 0
    assert re.match(r'<article class="law" id="law-us">', capsys.readouterr().out)


def test_an_unknown_law_or_a_wrong_day_is_one_line() -> None:
    with pytest.raises(UserError, match=r"there is no law us-zz\. Laws: us, us-"):
        cli._run(["law", "show", "us-zz"])
    with pytest.raises(UserError, match=r"2026-13-01 is no day\. Write it as 2017-06-01\."):
        cli._run(["law", "show", "us", "--on", "2026-13-01"])

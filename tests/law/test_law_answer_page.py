"""An answer as HTML: everything the text says, in the same order, escaped, and nothing that a browser must mend."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from detainer import cli
from detainer.law import Answer, LawBook, explain, read_cases
from detainer.law.answer import Decision, Reason
from detainer.law.answer_page import html
from detainer.law.book import shipped

NEW_YORK = ZoneInfo("America/New_York")
FILES = sorted(shipped().rglob("cases/*.yaml"))


class _Words(HTMLParser):
    """The words of a page in order; fails on an element that is not closed where it should be."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += _words(data)


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9§]+", text)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_word_of_the_text_is_in_the_page(book: LawBook, file: Path) -> None:
    for case in list(read_cases(file))[:12]:
        answer, zone = book.decide(case), book.agency(case.agency).zone
        said = explain.text(answer, zone).splitlines()[1:]
        page = {word.lower() for word in _Words(html(answer, zone)).words}
        missing = [word for word in _words(" ".join(said)) if word.lower() not in page]
        assert missing == []


def test_the_headline_comes_first_and_the_reasons_after_their_decision(book: LawBook) -> None:
    (case, *_) = read_cases(shipped() / "us/ny/nyc/cases/police.yaml")
    words = " ".join(_Words(html(book.decide(case), NEW_YORK)).words)
    assert words.startswith("Release on time Do not tell ICE")
    assert words.index("Hold past release must not") < words.index("DeMarco") < words.index("Tell ICE of the release")


def test_a_citation_links_to_where_the_page_says(book: LawBook) -> None:
    (case, *_) = read_cases(shipped() / "us/ny/nyc/cases/police.yaml")
    page = html(
        book.decide(case), NEW_YORK, lambda law, version, provision: f"/law/{law}/{version}#provision-{provision}"
    )
    assert "/law/us-ny/2026-05-27#provision-wells" in _Words(page).links
    assert _Words(html(book.decide(case), NEW_YORK)).links == []


def test_moments_are_told_in_local_time_with_the_exact_moment_beside(book: LawBook) -> None:
    case = next(case for case in read_cases(shipped() / "us/ny/nyc/cases/clock.yaml") if case.id == "nyc-h01")
    page = html(book.decide(case), NEW_YORK)
    assert '<time datetime="2026-11-27T10:00:00-05:00">Fri 27 Nov 2026, 10:00</time>' in page


def test_nothing_of_an_answer_can_become_markup() -> None:
    reason = Reason("us", "2012-01-01", "x", "<cite>", "<script>alert(1)</script>")
    hold = Decision("hold", "may", reasons=(reason,), set_aside=(reason,), against=(reason,))
    answer = Answer(
        "x", "a", datetime(2026, 1, 1, tzinfo=UTC), {"hold": hold, "notify": replace(hold, name="notify")}, ()
    )
    page = html(answer, NEW_YORK, lambda *_: '"><script>')
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)") == 6


def test_the_command_prints_a_page_for_each_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._run(["decide", str(shipped() / "us/ny/nyc/cases/clock.yaml"), "--format", "html"]) == 0
    pages = capsys.readouterr().out
    assert pages.count('<article class="answer">') == pages.count("</article>") > 1

"""The reply as a file: sealed against what was typed, readable by a screen reader, the same bytes every time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from desk_people import take
from pypdf import PdfReader

from detainer import clock
from detainer.answer import reply
from detainer.answer.letter import Letter
from detainer.errors import UserError
from detainer.record import journal, ledger

if TYPE_CHECKING:
    from detainer.record.models import Request

CLERK = "staff:1"


def text_of(paper: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages).split())


def paper_of(made: Request) -> str:
    return text_of(reply.pdf(made, made.determination()))


@pytest.mark.django_db
def test_a_reply_carries_number_law_version_and_checkpoint() -> None:
    made = take(CLERK, name="B. Sample")
    said = paper_of(made)
    assert f"Our number: {made.number}" in said
    assert "N.Y.C. Admin. Code § 14-154, version of 2026-01-29" in said
    determination = made.determination()
    assert determination is not None
    assert determination.digest in said.replace(" ", "") or determination.digest in said
    assert ledger.latest().note.split("\n")[2] in said.replace(" ", "")
    assert "We will not keep the person named in the request past release." in said
    assert "N.Y.C. Admin. Code § 14-154(b)" in said
    assert "Person named in it: B. Sample" in said


@pytest.mark.django_db
def test_declining_tells_neither_the_release_nor_a_charge_nor_what_a_search_found() -> None:
    made = take(CLERK, permitted=True, releasable=timedelta(hours=7))
    journal.act(made, "declined", happened=clock.now(), author=CLERK, detail={"of": ["hold", "notify"]})
    assert made.releasable_at is not None
    said = paper_of(made)
    for secret in (f"{made.releasable_at:%H:%M}", "160.15", "robbery", "conviction", "search", "arrest", "warrant"):
        assert secret not in said.lower()
    assert "says nothing about custody, release or charges" in said


@pytest.mark.django_db
def test_there_is_no_reply_before_anything_is_decided() -> None:
    with pytest.raises(UserError, match="has not been asked"):
        reply.pdf(undecided := take(CLERK, decide=False), undecided.determination())
    open_ = take(CLERK, permitted=True)
    with pytest.raises(UserError, match="nothing is decided yet"):
        reply.pdf(open_, open_.determination())


@pytest.mark.django_db
def test_a_demonstrations_reply_says_that_it_is_none() -> None:
    journal.open_record(demonstration=True)
    assert "This is no letter of any agency." in paper_of(take(CLERK))


def letter(**changed: object) -> Letter:
    words: dict[str, object] = {
        "title": "Reply to your request",
        "agency": "Police",
        "number": "2026-0001",
        "date": date(2026, 11, 24),
        "about": (("Our number", "2026-0001"),),
        "answers": ("We will not.",),
        "basis": ("§ 14-154(b)",),
        "proof": (("Digest", "d"),),
    }
    return Letter(**words | changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    ["*Bold* _it_ #sys.version", "$x^2$ \\ #", "</w:t> @ref <label>", '"; #panic("x")', "Łukasz Zoë Ñandú", "#" * 300],
)
def test_no_name_is_read_as_markup(name: str) -> None:
    said = text_of(reply.typeset(letter(about=(("Person named in it", name),))))
    assert "".join(name.split()) in "".join(said.split())


def test_a_name_in_letters_that_the_typeface_lacks_does_not_stop_the_reply() -> None:
    said = text_of(reply.typeset(letter(about=(("Person named in it", "王小明"), ("Our number", "2026-0001")))))
    assert "Person named in it: as your request spells it" in said
    assert "2026-0001" in said


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert reply.typeset(letter()) == reply.typeset(letter())


def test_the_file_is_tagged_titled_and_says_which_standards_it_keeps() -> None:
    reader = PdfReader(BytesIO(reply.typeset(letter())))
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en"
    assert reader.metadata is not None
    assert reader.metadata.title == "Reply to your request"
    packet = catalog["/Metadata"].get_object().get_data()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in packet
    assert b"<pdfaid:part>3</pdfaid:part>" in packet


@pytest.mark.django_db
def test_a_letter_has_the_day_of_the_agencys_own_clock() -> None:
    made = take(CLERK)
    late = datetime(2030, 11, 25, 3, tzinfo=UTC)  # still the 24th in New York
    assert reply.compose(made, made.determination(), written=late).date == date(2030, 11, 24)

"""Several looks at a value become one, and its score tells how far they agree; grammar puts right what it must."""

from __future__ import annotations

import numpy as np
import pytest

from detainer.intake.paper import misread, place, turned, values
from detainer.intake.paper.labels import labels_of
from detainer.intake.paper.looks import agreed, settled
from detainer.intake.paper.place import Found
from detainer.intake.paper.scans import options
from detainer.intake.paper.shapes import SUREST_OF_SCANS, Box, Glyph, Look, Page, Print


def _look(text: str, sure: float = 0.98) -> Look:
    return Look(text, (sure,) * len(text))


def test_what_most_looks_read_counts_letter_by_letter_though_none_is_right_as_a_whole() -> None:
    text, score = agreed([_look("Officor Lindo"), _look("0fficer Lindo"), _look("Officer Linda")])
    assert text == "Officer Lindo"
    assert score < 0.7


def test_looks_that_agree_score_higher_than_looks_that_differ_and_no_scan_scores_as_sure() -> None:
    alike, differ = agreed([_look("A123456789")] * 2)[1], agreed([_look("A123456789"), _look("A123456769")])[1]
    assert differ < 0.6
    assert alike > 0.9
    line = Print(tuple(Glyph(one, Box(n, 0, n + 1, 8)) for n, one in enumerate("A123456789")), "scan")
    found = Found("file_number", "A123456789", "A123456789", line.box, 1.0, "scan", lines=(line,))
    assert settled(found, _same).score == SUREST_OF_SCANS


def test_words_that_nothing_but_the_looks_speaks_for_score_below_numbers_of_a_known_form() -> None:
    for field, text in (("subject_name", "GTRALDO, Greta"), ("event_number", "BU12603831290")):
        line = Print(tuple(Glyph(one, Box(n, 0, n + 1, 8)) for n, one in enumerate(text)), "scan")
        found = Found(field, text, text, line.box, 1.0, "scan", lines=(line,))

        def same(_box: Box, _letters: str = "", *, first: bool = True, read: str = text) -> list[Look]:
            return [_look(read, 1.0)] if first else []

        assert 0.9 < settled(found, same).score < 0.95


def test_what_no_field_of_its_kind_can_hold_has_no_voice() -> None:
    line = Print((Glyph("|", Box(0, 0, 5, 8), 0.99),), "scan")
    found = Found("sex", None, "|", line.box, 1.0, "scan", lines=(line,))

    def looks(_box: Box, _letters: str = "", *, first: bool = True) -> list[Look]:
        return [_look("F", 0.6)]

    assert settled(found, looks).value == "F"


@pytest.mark.parametrize(
    ("printed", "kept"), [("F", "F"), ("Female", "F"), ("male", "M"), ("non-binary", "X"), ("Freedonia", None)]
)
def test_a_sex_is_kept_in_one_form_whether_a_letter_or_a_word_is_printed(printed: str, kept: str | None) -> None:
    assert values.sex(printed) == kept


def _same(_box: Box, _letters: str = "", *, first: bool = True) -> list[Look]:
    return [_look("A123456789", 1.0)] if first else []


@pytest.mark.parametrize(
    ("field", "read", "meant"),
    [
        ("file_number", "A 826164 561", "A 826 164 561"),
        ("file_number", "A1 17999863", "A117999863"),
        ("file_number", "A8O2-O78-85O", "A802-078-850"),
        ("event_number", "BUF26O7257896", "BUF2607257896"),
        ("event_number", "A1B2502589633", "A1B2502589633"),  # nobody can say what that 1 was
        ("subject_name", "IBANEz, Luis", "IBANEZ, Luis"),
        ("subject_name", "McDONALD, Jo", "McDONALD, Jo"),
        ("subject_name", "García, Ana", "García, Ana"),
        ("officer_name", "Hugo Lindo. Deportation Ofticer", "Hugo Lindo, Deportation Officer"),
        ("officer_name", "Sgt. J. Doe", "Sgt. J. Doe"),
        ("form_date", "0.3/24/2025", "03/24/2025"),
        ("sex", "m", "M"),
        ("subject_name", "JURADO,Dario", "JURADO, Dario"),
        ("officer_name", "Ada Roe, Deportat.ion Ot f icer", "Ada Roe, Deportation Officer"),
        ("officer_name", "Ada FitzGerald, DeportationOfficet", "Ada FitzGerald, Deportation Officer"),
        ("to_agency", "Count y Jail, Police Depat tment, Brd Ward", "County Jail, Police Department, 3rd Ward"),
        ("to_agency", "Department. ot Correetion, 3rd Precinct.", "Department of Correction, 3rd Precinct"),
        ("from_office", "7 Elm Blvd. N, Buttalo, NY", "7 Elm Blvd. N, Buffalo, NY"),
        ("served_on", "–08 –14.2026", "08/14/2026"),
        ("form_date", "Décember 09, 1969", "December 09, 1969"),
        ("form_date", "lay 27, 2025", "May 27, 2025"),
        ("subject_id", "D 623084261", "623084261"),
    ],
)
def test_grammar_puts_right_what_it_rules_out_and_nothing_else(field: str, read: str, meant: str) -> None:
    assert misread.mended(field, read) == meant
    assert misread.mended(field, meant) == meant


def test_a_day_whose_comma_was_read_as_a_full_stop_is_no_other_day() -> None:
    assert values.born("September 14. 1960") == "1960-09-14"
    assert values.day("Septembe1 14, 2024") == "2024-09-14"


@pytest.mark.parametrize("read", ["09/1-4/2025", "9/ 1-4/2025", "1.09/14/2025"])
def test_of_four_numbers_joined_to_each_other_no_three_are_taken_for_a_day(read: str) -> None:
    assert values.day(read) is None
    assert values.day("Date.-09/14/2025") == "2025-09-14"


@pytest.mark.parametrize(("source", "belongs"), [("scan", ["10 22 2025"]), ("text", [])])
def test_a_day_whose_strokes_a_scan_lost_still_belongs_to_its_label(source: str, belongs: list[str]) -> None:
    def line(text: str, x: float, y: float) -> Print:
        return Print(tuple(Glyph(one, Box(x + 5 * n, y, x + 5 * n + 5, y + 9)) for n, one in enumerate(text)), source)

    page = Page(1, 612, 792, prints=[line("Date:", 40, 100), line("10 22 2025", 42, 114)], scanned=source == "scan")
    assert [one.raw for one in place.read(page, labels_of(page))[0] if one.field == "form_date"] == belongs


def test_a_place_keeps_its_distance_from_the_corner_it_belongs_to_when_its_page_is_turned() -> None:
    place = (10.0, 20.0, 110.0, 40.0)  # near the upper left of a page 612 wide and 792 high
    assert turned.box(place, 612, 792, 90) == (752, 10, 772, 110)
    assert turned.box(place, 612, 792, 180) == (502, 752, 602, 772)
    assert turned.box(place, 612, 792, 270) == (20, 502, 40, 602)
    for turn in (0, 90, 180, 270):
        back = turned.box(turned.box(place, 612, 792, turn), *turned.size(612, 792, turn), (360 - turn) % 360)
        assert back == place


def test_boxes_of_a_fax_are_found_by_their_words_and_ticked_by_what_the_other_boxes_lack() -> None:
    """Of an empty box two broken sides are left; a paragraph's number is no box."""
    scale = 4
    page = np.zeros((100 * scale, 300 * scale), dtype=bool)
    prints = []
    rows = {20: "A final order of removal", 36: "Biometric confirmation of identity", 52: "2. Upon completion, DHS"}
    for top, words in rows.items():
        left = 40 if words.startswith("2") else 60
        glyphs = []
        for n, one in enumerate(words):
            x = left + 5 * n
            glyphs.append(Glyph(one, Box(x, top, x + 5, top + 9)))
            if one != " ":
                page[(top + 1) * scale : (top + 8) * scale, (x + 1) * scale : (x + 5) * scale] = True
        prints.append(Print(tuple(glyphs), "scan"))
    for top in (20, 36):
        page[top * scale : (top + 8) * scale, 51 * scale : 53 * scale] = True  # right
        page[(top + 7) * scale : (top + 8) * scale, 45 * scale : 53 * scale] = True  # low
    page[(36 + 1) * scale : (36 + 7) * scale, 46 * scale : 51 * scale] = True
    lines, ticks = options.boxed(prints, [], page, page, scale)
    assert [tick.ticked for tick in sorted(ticks, key=lambda one: one.box.y0)] == [False, True]
    assert [line.text for line in lines] == list(rows.values())

"""Scans and faxes are read like forms with text: turned, tilted, noisy, coarse, several in one file."""

from __future__ import annotations

import base64
import fcntl
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import other_forms
import paper_forms as forms
import paper_scans as scans
import pytest
from PIL import Image

from detainer.intake.confirming import SURE
from detainer.intake.paper import picture, reading, turned, whole, worker
from detainer.intake.paper.scans import pictures, squares
from detainer.intake.paper.shapes import Box


def _own(seed: int) -> tuple[forms.Said, bytes]:
    said = forms.person(seed)
    return said, forms.draw(said, forms.look(seed, fillable=False))


CASES = (
    (_own, 0, scans.Spoil("300 dpi", turn=180, tilt=0.4, blur=0.5, bilevel=True)),
    (other_forms.draw, 7, scans.Spoil("200 dpi", tilt=-2.0, noise=10, paper=235, ink=40)),
)


def _wrong(form: dict, said: forms.Said) -> dict[str, tuple]:
    read = {name: one["value"] for name, one in form["fields"].items()}
    return {
        name: (read.get(name), said.fields.get(name), form["fields"].get(name, {}).get("score"))
        for name in {*read, *said.fields}
        if read.get(name) != said.fields.get(name)
    }


@pytest.mark.parametrize(("maker", "seed", "how"), CASES, ids=[f"{how.quality} {how.turn}" for _, _, how in CASES])
def test_a_scan_says_what_its_form_says(maker: Callable, seed: int, how: scans.Spoil) -> None:
    said, drawn = maker(seed)
    (form,) = whole.read(scans.scan(drawn, how, seed))["forms"]
    assert form["form"] == "I-247A"
    wrong = _wrong(form, said)
    assert not wrong
    assert max(one["score"] for one in form["fields"].values()) < SURE


def test_a_form_of_long_lines_is_not_taken_for_one_on_its_head_and_its_words_for_no_field() -> None:
    said = forms.person(0)
    said.fields["subject_name"] = "Sorrel, Ada"
    look = forms.Look(font="Times-Roman", values="Courier", dense=True)
    (form,) = whole.read(scans.scan(forms.draw(said, look), scans.Spoil("200 dpi", tilt=0.6, noise=12, kept="png"), 3))[
        "forms"
    ]
    assert not _wrong(form, said)
    assert form["problems"] == []


def test_several_forms_of_one_fax_are_read_apart_in_a_process_with_limits_after_any_other_scan() -> None:
    people = [forms.person(seed) for seed in (1, 2)]
    how = scans.Spoil("fax", bilevel=True, cut=0.6, kept="tiff")
    look = forms.Look(boxes="bracket")
    pages = [scans.picture(forms.draw(one, look), 0, how, n) for n, one in enumerate(people)]
    notice = scans.picture(forms.draw(people[0], look, notices=True), 1, how)
    told: list[tuple[int, int]] = []
    with Path(worker.__file__).open("rb") as other:  # stands for a process that reads a scan
        fcntl.flock(other, fcntl.LOCK_EX)

        def going(page: int, of: int) -> bool:
            told.append((page, of))
            if (page, of) == (0, 1):
                fcntl.flock(other, fcntl.LOCK_UN)
            return True

        found = reading.read(scans.keep([pages[0], notice, pages[1]], how), going=going)
    assert (0, 1) in told
    assert [(form["form"], form["pages"]) for form in found.forms] == [("I-247A", [1]), ("I-247A", [3])]
    names = [form["fields"]["subject_name"]["value"] for form in found.forms]
    assert names == [one.fields["subject_name"] for one in people]
    assert not any(one.citizenship in json.dumps(found.forms) for one in people)
    wrong = [_wrong(form, one) for form, one in zip(found.forms, people, strict=True)]
    assert sum(map(len, wrong)) <= 2, wrong  # of some thirty fields


def test_a_place_on_a_turned_page_is_given_as_the_page_is_shown() -> None:
    said = forms.person(5, "I-247X")
    how = scans.Spoil("200 dpi", turn=90, kept="png")
    data = scans.scan(forms.draw(said, forms.Look(boxes="dingbat", layout="under")), how)
    (form,) = whole.read(data)["forms"]
    assert form["sizes"][1] == pytest.approx([792, 612], abs=1)
    left, top, right, bottom = form["fields"]["subject_name"]["box"]
    assert bottom - top > 40  # it stands on its side
    assert right - left < 20
    shown = Image.open(io.BytesIO(data)).convert("L")
    dark = np.asarray(shown.crop(tuple(int(side * 200 / 72) for side in (left, top, right, bottom)))) < 128
    assert 0.04 < dark.mean() < 0.5
    assert not _wrong(form, said)
    _shown_upright(data, form, left, top, right, bottom)


def _shown_upright(data: bytes, form: dict, *name: float) -> None:
    """Its picture stands upright, with the name lying and the citizenship covered where they stand now."""
    size, turn = form["sizes"][1], form["turns"][1]
    hidden = [one["box"] for one in form["hidden"]]
    assert hidden
    drawn = picture.draw(data, number=1, hidden=hidden, size=size, turn=turn)
    assert (drawn["width"], drawn["height"]) == (size[1], size[0])
    upright = np.asarray(Image.open(io.BytesIO(base64.b64decode(drawn["png"]))))
    scale = upright.shape[1] / drawn["width"]
    x0, y0, x1, y1 = turned.box(name, *size, turn)
    assert x1 - x0 > 40
    assert y1 - y0 < 20
    assert y0 < 300  # in the upper half, as it is printed
    for place in hidden:
        x0, y0, x1, y1 = (round(side * scale) for side in turned.box(place, *size, turn))
        assert len(np.unique(upright[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1])) == 1


def test_without_the_extra_a_scan_keeps_its_place_with_one_line_of_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "has_extra", lambda: False)
    how = scans.Spoil("200 dpi")
    for kept in ("pdf", "png"):
        data = scans.keep([scans.picture(forms.draw(forms.person(1), forms.Look()), 0, how)], scans.Spoil(kept=kept))
        (form,) = whole.read(data)["forms"]
        assert (form["form"], form["pages"]) == (None, [1])
        assert form["problems"] == [f"page 1 {whole.NO_EXTRA}"]


def test_a_picture_larger_than_any_paper_is_not_opened() -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    with pytest.raises(pictures.Unreadable, match="more than any scan"):
        list(pictures.pages_of(out.getvalue()))


def test_a_box_whose_strokes_end_beyond_its_corners_is_one_all_the_same() -> None:
    drawn = np.zeros((200, 200), dtype=bool)
    drawn[60:84, 40:44] = drawn[60:84, 61:65] = True
    drawn[[60, 61, 82, 83], 40:65] = True
    drawn[84:86, 42:63] = True  # a line that is not quite level reaches below the corners
    assert [tick.ticked for tick in squares.boxes(drawn, drawn, 200 / 72)] == [False]


def test_a_box_is_ticked_by_any_mark_in_it_and_a_letter_is_no_box() -> None:
    drawn = np.zeros((200, 400), dtype=bool)
    for left in (40, 140):
        drawn[60:85, [left, left + 1, left + 23, left + 24]] = True
        drawn[[60, 61, 83, 84], left : left + 25] = True
    for step in range(15):
        drawn[65 + step, 145 + step : 148 + step] = True
    drawn[60:85, 240:244] = drawn[60:64, 240:255] = drawn[81:85, 240:255] = True  # a C is open to the right
    found = sorted(squares.boxes(drawn, drawn, 200 / 72), key=lambda tick: tick.box.x0)
    assert [tick.ticked for tick in found] == [False, True]
    assert found[0].box.holds(Box(18, 25, 20, 27))

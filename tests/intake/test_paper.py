"""Papers are read by their printed labels and boxes, whatever their fields are called inside."""

from __future__ import annotations

import json

import paper_forms as forms
import pytest

from detainer.intake.paper import reading, values, whole

LAYOUTS = ("beside", "under", "mixed")
BOXES = ("drawn", "bracket", "dingbat", "filled")


def _one(data: bytes) -> dict:
    (form,) = whole.read(data)["forms"]
    return form


def _values(form: dict) -> dict:
    return {name: said["value"] for name, said in form["fields"].items()}


@pytest.mark.parametrize("boxes", BOXES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_field_is_read_in_every_layout_and_kind_of_box(layout: str, boxes: str) -> None:
    for seed in range(4):
        said = forms.person(seed)
        look = forms.Look(layout=layout, boxes=boxes, fillable=boxes == "filled")
        assert _values(_one(forms.draw(said, look))) == said.fields


@pytest.mark.parametrize("kind", list(forms.ASKS))
def test_the_form_is_told_by_its_own_mark_and_asks_what_it_prints_or_ticks(kind: str) -> None:
    said = forms.person(7, kind)
    form = _one(forms.draw(said, forms.Look()))
    assert (form["form"], _values(form)) == (kind, said.fields)


def test_other_inner_names_change_nothing() -> None:
    said = forms.person(3)
    read = [
        _values(_one(forms.draw(said, forms.Look(fillable=True, boxes="filled", names=name))))
        for name in ("a{}", "Zz[{}]")
    ]
    assert read[0] == read[1] == said.fields


def test_a_value_stands_where_its_box_says() -> None:
    said = forms.person(5)
    form = _one(forms.draw(said, forms.Look()))
    left, top, right, bottom = form["fields"]["subject_name"]["box"]
    assert (left, top) > (50, 150)
    assert 5 < bottom - top < 20
    assert right - left > 40


def test_notices_in_other_languages_are_left_aside() -> None:
    found = whole.read(forms.draw(forms.person(2), forms.Look(), notices=True))
    assert [form["pages"] for form in found["forms"]] == [[1]]
    assert found["said"] == []


@pytest.mark.parametrize("fillable", [False, True], ids=["flat", "fillable"])
def test_citizenship_is_nowhere_in_what_is_read(fillable: bool) -> None:
    for seed in range(8):
        said = forms.person(seed)
        data = forms.draw(said, forms.look(seed, fillable=fillable))
        assert said.citizenship not in json.dumps(whole.read(data))


def test_both_numbered_boxes_ticked_are_a_problem_and_none_is_too() -> None:
    both = forms.person(1)
    both.fields |= {"resume_custody": True, "probable_cause": ["final_order"]}
    assert any("both ticked" in problem for problem in _one(forms.draw(both, forms.Look()))["problems"])
    none = forms.person(1)
    none.fields |= {"resume_custody": False, "probable_cause": []}
    assert any("no basis" in problem for problem in _one(forms.draw(none, forms.Look()))["problems"])


def test_reading_happens_in_another_process_and_says_the_same() -> None:
    said = forms.person(4)
    found = reading.read(forms.draw(said, forms.Look()))
    assert [_values(form) for form in found.forms] == [said.fields]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7 rubbish", "damaged"),
        (b"name,born\n", "is no PDF"),
        (b"\x89PNG\r\n\x1a\n", "begins like a picture"),
    ],
    ids=["empty", "damaged", "a table", "a picture"],
)
def test_what_is_no_form_gets_one_reason(data: bytes, why: str) -> None:
    (one,) = reading.read(data).as_json("a")
    assert one["form"] is None
    assert len(one["problems"]) == 1
    assert why in one["problems"][0]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01/02/2026", "2026-01-02"),
        ("January 5, 2026", "2026-01-05"),
        ("2026-02-11", "2026-02-11"),
        ("13/45/2020", None),
    ],
)
def test_days_are_read_as_the_forms_write_them(text: str, day: str | None) -> None:
    assert values.day(text) == day

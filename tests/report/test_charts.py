"""Charts: bars from zero in one scale, the number beside each, gaps as gaps, words for who cannot see."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from detainer.report import charts
from detainer.report.charts import Bar

NAMES = {"name": "one", "title": "Requests", "says": "80 in 2016, 1,526 in 2017."}
values = st.lists(st.one_of(st.none(), st.integers(0, 10**6)), min_size=1, max_size=12)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314  our own


def bars_of(svg: str, side: str) -> list[float]:
    return [float(rect.attrib[side]) for rect in parsed(svg).iter("rect") if rect.attrib["class"] == "bar"]


@given(values)
def test_bars_are_as_long_as_their_numbers(counts: list[int | None]) -> None:
    bars = [Bar(str(place), count) for place, count in enumerate(counts)]
    known = [count for count in counts if count is not None]
    for svg, side in ((charts.rows(**NAMES, bars=bars), "width"), (charts.columns(**NAMES, bars=bars), "height")):
        lengths = bars_of(svg, side)
        assert len(lengths) == len(known)
        largest = max(known, default=0) or 1
        for length, count in zip(lengths, known, strict=True):
            assert abs(length - max(lengths, default=0) * count / largest) < 0.2


def test_a_gap_is_dashed_and_told_and_no_bar() -> None:
    svg = charts.rows(**NAMES, bars=[Bar("2016", 80), Bar("2017", None, "not recorded"), Bar("2018", 0)])
    assert len(bars_of(svg, "width")) == 2
    assert svg.count('class="gap"') == 1
    texts = [text.text for text in parsed(svg).iter("text")]
    assert texts == ["2016", "80", "2017", "not recorded", "2018", "0"]


def test_the_picture_has_a_name_and_a_description() -> None:
    root = parsed(charts.columns(**NAMES, bars=[Bar("Jan", 1)]))
    assert root.attrib["role"] == "img"
    named = [element.text for element in root if element.attrib.get("id") in root.attrib["aria-labelledby"].split()]
    assert named == ["Requests", "80 in 2016, 1,526 in 2017."]


def test_charts_read_beside_each_other_have_one_scale() -> None:
    few, many = [Bar("Jan", 8)], [Bar("Jan", 174)]
    small = bars_of(charts.columns(**NAMES, bars=few, beside=many), "height")[0]
    large = bars_of(charts.columns(**NAMES, bars=many, beside=few), "height")[0]
    assert abs(large / small - 174 / 8) < 0.5


def test_labels_are_escaped() -> None:
    svg = charts.rows(name="one", title="<b>", says='"&', bars=[Bar("<script>", 1)])
    assert not re.search(r"<(script|b)>", svg)
    parsed(svg)

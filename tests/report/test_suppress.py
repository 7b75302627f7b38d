"""What may be published gives no small number away, whoever reads it and whatever else they know."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from detainer.record import journal
from detainer.report import definitions, publication, splits, suppress
from detainer.report.figures import Agency, Basis, Figure, Report
from detainer.report.lives import Life, Talk
from detainer.report.splits import GROUNDS
from detainer.report.tally import tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DAY = date(2018, 8, 1)
BASIS = Basis(datetime(2026, 11, 24, 12, tzinfo=UTC), 1, "cm9vdA==")
LAWS = Path(__file__).parents[2] / "laws"
KINDS = (("status",), ("status", "release"))  # what exchanges of two sorts were about, known from the events

Split = tuple[int, ...]  # how many exchanges of one sort, by what the search showed
Cells = dict[tuple[str, ...], int]
Told = tuple[object, ...]


def _splits(number: int) -> list[Split]:
    """Every way in which the searches of so many people could have come out."""
    return [one for one in product(range(number + 1), repeat=len(GROUNDS)) if sum(one) == number]


def _report(*talks: tuple[Talk, int]) -> Report:
    """The police's yearly report on these exchanges, each as often as said."""
    known = definitions.load(LAWS)["us-ny-nyc-police/annual"]
    lives = [Life("I-247A", "", {"received": DAY}, talks=[talk], count=count) for talk, count in talks]
    police = Agency("us-ny-nyc-police", "Police", "America/New_York")
    return tally(known, police, lives, (date(2018, 7, 1), date(2019, 6, 30)), BASIS)


ONE = _report((Talk(DAY, ("status",), (), "none", "ice"), 1))


def _figure(asked: Figure, sorts: Iterable[Split]) -> Figure:
    """The figure of exchanges asked for, as the record would count them."""
    found = [
        (Life("I-247A", count=count), Talk(DAY, kinds, (), ground, "ice"))
        for kinds, split in zip(KINDS, sorts, strict=True)
        for ground, count in zip(GROUNDS, split, strict=True)
        if count
    ]
    return replace(asked, value=sum(life.count for life, _ in found), parts=splits.of_talks(asked.item, found))


def _cells(figure: Figure) -> Cells:
    return {part.of: part.value or 0 for part in figure.parts}


def _told(figure: Figure, *, published: bool) -> Told:
    """What a reader is told of the figure's table, published or not."""
    (told,) = suppress.public(replace(ONE, items=(figure,)), tables=published).items
    return told.item.split, tuple((part.of, part.value) for part in told.parts)


def _worlds(asked: Figure) -> Iterator[tuple[Figure, Figure]]:
    """Every record that the events allow: ten exchanges of one sort and five of another, then one more."""
    for first, second in product(_splits(10), _splits(5)):
        before = _figure(asked, (first, second))
        for more in _splits(1):
            yield before, _figure(asked, (tuple(map(sum, zip(first, more, strict=True))), second))


@pytest.fixture(scope="module")
def asked() -> Figure:
    found = ONE.figure("asked")
    assert found is not None
    return found


def test_no_reader_of_two_publications_can_tell_a_withheld_number(asked: Figure) -> None:
    """To whoever knows the events, the rule, the totals and both publications, no withheld number is the only possible.

    The report is first published before, or after, one exchange more came in; its tables stay as they were then.
    """
    made: dict[tuple[int, ...], tuple[Told, Told]] = {}
    seen: dict[tuple[Told, Told], list[tuple[Cells, Cells]]] = defaultdict(list)
    for before, after in _worlds(asked):
        for figure in (before, after):
            key = tuple(_cells(figure).values())
            made[key] = made.get(key) or (_told(figure, published=True), _told(figure, published=False))
        (open_before, shut_before), (open_after, shut_after) = (
            made[tuple(_cells(figure).values())] for figure in (before, after)
        )
        worlds = (_cells(before), _cells(after))
        seen[open_before, open_after if open_after == open_before else shut_after].append(worlds)
        seen[shut_before, open_after].append(worlds)
    assert any(_whole(told) for told, _ in seen), "no table is ever told"
    for publications, worlds in seen.items():  # type: ignore[assignment]
        for at in (0, 1):
            if _whole(publications[at]) or _whole(publications[1]):
                continue  # told; or everybody in it is in the later table, which is told
            for cell in worlds[0][at]:
                row = [[count for of, count in world.items() if of[1:] == cell[1:]] for world in worlds[0]]
                told_before = _whole(publications[0]) and row[0] == row[1]
                if sum(row[at]) and not told_before:  # the events say that nobody, or nobody more, is in it
                    assert len({world[at][cell] for world in worlds}) > 1, (cell, publications)


def _whole(told: Told) -> bool:
    """Whether a table that tells people apart was told."""
    return suppress.ABOUT_PEOPLE in told[0]  # type: ignore[operator]


def test_a_table_is_told_whole_or_not_at_all(asked: Figure) -> None:
    at = asked.item.split.index(suppress.ABOUT_PEOPLE)
    for first, second in product(_splits(7), _splits(2)):
        figure = _figure(asked, (first, second))
        split, parts = _told(figure, published=True)
        small = any(0 < count < suppress.LEAST for count in _cells(figure).values())
        assert (suppress.ABOUT_PEOPLE not in split) == small  # type: ignore[operator]
        if small:
            events: Counter[tuple[str, ...]] = Counter()
            for part in figure.parts:
                events[part.of[:at] + part.of[at + 1 :]] += part.value or 0
            assert dict(parts) == dict(events), "what is told instead is what the events give"  # type: ignore[call-overload]


def test_a_table_is_withheld_where_the_search_of_somebody_in_it_is_not_recorded() -> None:
    known, unknown = Talk(DAY, ("status",), (), "none", "ice"), Talk(DAY, ("status",), (), "", "ice")
    for talks, told in (([(known, 6)], True), ([(known, 6), (unknown, 6)], False)):
        found = suppress.public(_report(*talks)).figure("asked")
        assert found is not None
        assert (suppress.ABOUT_PEOPLE in found.item.split) == told


def test_a_report_is_published_with_its_totals_and_without_its_small_parts() -> None:
    release, court = Talk(DAY, ("release",), ("release",), "listed", "ice"), Talk(DAY, ("court",), (), "none", "ice")
    report = suppress.public(_report((release, 6), (court, 1)))
    asked, gave = report.figure("asked"), report.figure("gave")
    assert asked is not None
    assert gave is not None
    assert (asked.value, gave.value) == (7, 6)
    assert asked.item.split == ("kind", "transferred")
    assert {part.of: part.value for part in asked.parts if part.value} == {("court", "no"): 1, ("release", "no"): 6}
    assert {part.value for part in gave.parts} == {0, 6}  # no number from 1 to 4: told whole
    for told in (report.as_text(), report.as_csv(), report.as_html()):
        assert "withheld" in told
    assert suppress.RULE in asked.basis


def test_months_of_what_the_search_showed_are_not_published() -> None:
    known = definitions.load(LAWS)["us-ny-nyc-correction/annual"]
    about = {item.id for item in known.items if item.ground}
    jail = Agency("us-ny-nyc-correction", "Correction", "America/New_York")
    life = Life("I-247A", "", {"received": DAY, "transferred": DAY}, ground="listed")
    report = tally(known, jail, [life], (date(2018, 7, 1), date(2019, 6, 30)), BASIS)
    assert about
    assert about <= set(report.months)
    told = suppress.public(report)
    assert not about & set(told.months)
    assert set(told.months) == set(report.months) - about


@pytest.mark.django_db
def test_tables_stay_as_they_were_when_the_report_was_first_published() -> None:
    known = Talk(DAY, ("status",), (), "none", "ice")
    first, later = _report((known, 6)), _report((known, 7))

    def told(report: Report, *, draft: bool = False) -> bool:
        found = publication.as_public(report, draft=draft).figure("asked")
        return found is not None and suppress.ABOUT_PEOPLE in found.item.split

    journal.open_record(demonstration=True)
    assert not told(first)
    assert told(first, draft=True)
    publication.approve(first, "reviewer:okafor")
    publication.publish(first, "supervisor:lindqvist")
    assert told(first)
    assert not told(later)
    assert not told(later, draft=True)
    publication.approve(later, "reviewer:okafor")
    publication.publish(later, "supervisor:lindqvist")
    assert told(first)
    assert not told(later)

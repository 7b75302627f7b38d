"""Small cells are withheld, and no total gives one away: shown by supposing every table that a reader could suppose."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path

import pytest

from detainer.report import definitions
from detainer.report.figures import Agency, Basis
from detainer.report.lives import Life, Talk
from detainer.report.tally import tally
from detainer.site import suppress
from detainer.site.suppress import LEAST, withheld

Cells = dict[tuple[str, ...], int]
DAY = date(2018, 8, 1)


def _tables(cells: int, largest: int) -> list[Cells]:
    return [
        {(str(place),): count for place, count in enumerate(counts)}
        for counts in product(range(largest + 1), repeat=cells)
    ]


@pytest.mark.parametrize(("cells", "largest"), [(2, 12), (3, 12), (4, 8)])
def test_whoever_knows_the_rule_the_total_and_what_is_shown_cannot_tell_a_withheld_number(
    cells: int, largest: int
) -> None:
    alike: dict[object, list[Cells]] = defaultdict(list)
    for table in _tables(cells, largest):
        hidden = withheld(table)
        shown = tuple(count for cell, count in table.items() if cell not in hidden)
        # Larger numbers than were tried would only add tables that could be supposed.
        if hidden and sum(table.values()) <= largest:
            alike[hidden, shown, sum(table.values())].append(table)
    assert alike
    for (hidden, _, _), tables in alike.items():  # type: ignore[misc]
        for cell in hidden:
            assert len({table[cell] for table in tables}) > 1, tables


def test_every_small_number_is_withheld_and_tables_without_one_are_shown_whole() -> None:
    for table in _tables(3, 7):
        hidden = withheld(table)
        small = {cell for cell, count in table.items() if 0 < count < LEAST}
        assert small <= hidden
        assert bool(hidden) == bool(small)


def test_a_report_is_published_with_its_totals_and_without_its_small_parts() -> None:
    known = definitions.load(Path(__file__).parents[2] / "laws")["us-ny-nyc-police/annual"]
    talks = [Talk(DAY, ("release",), ("release",), "listed", "ice")] * 6 + [Talk(DAY, ("court",), (), "none", "ice")]
    life = Life("I-247A", "", {"received": DAY}, talks=talks)
    basis = Basis(datetime(2026, 11, 24, 12, tzinfo=UTC), 1, "cm9vdA==")
    police = Agency("us-ny-nyc-police", "Police", "America/New_York")
    report = suppress.public(tally(known, police, [life], (date(2018, 7, 1), date(2019, 6, 30)), basis))
    asked, gave = report.figure("asked"), report.figure("gave")
    assert asked is not None
    assert gave is not None
    assert (asked.value, gave.value) == (7, 6)
    assert {part.value for part in asked.parts} == {None}
    assert {part.value for part in gave.parts} == {0, 6}  # no number from 1 to 4: shown whole
    for told in (report.as_text(), report.as_csv(), report.as_html()):
        assert "withheld" in told
        assert "none, court" not in told
    assert suppress.RULE in asked.basis

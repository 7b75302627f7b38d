"""A brief says no more than the numbers."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

from detainer.report import definitions
from detainer.report.brief import Brief, compare
from detainer.report.figures import Agency, Basis
from detainer.report.lives import Life
from detainer.report.tally import tally

POLICE = Agency("us-ny-nyc-police", "New York City Police Department", "America/New_York")
BASIS = Basis(datetime(2026, 11, 24, 12, tzinfo=UTC), 1000, "cm9vdA==")
DEFINITION = definitions.load(Path(__file__).parents[2] / "laws")["us-ny-nyc-police/annual"]
CALENDAR_2016 = (date(2016, 1, 1), date(2016, 12, 31))
CALENDAR_2017 = (date(2017, 1, 1), date(2017, 12, 31))


def _lives(year: int, declined: int, held: int = 0, silent: int = 0) -> list[Life]:
    day = date(year, 3, 1)
    return [
        *(Life("I-247D", "", {"received": day, "declined": day, "released": day}) for _ in range(declined)),
        *(Life("I-247D", "", {"received": day, "held": day, "transferred": day}) for _ in range(held)),
        *(Life("I-247D", "", {"received": day}) for _ in range(silent)),
    ]


def _brief(lives: list[Life], now: tuple[date, date] = CALENDAR_2017, then: tuple[date, date] = CALENDAR_2016) -> Brief:
    return compare(tally(DEFINITION, POLICE, lives, now, BASIS), tally(DEFINITION, POLICE, lives, then, BASIS))


def _said(brief: Brief) -> dict[str, str]:
    return {one.now.item.id: one.sentence() for one in brief.comparisons}


def test_the_public_story_in_its_own_words() -> None:
    brief = _brief(_lives(2016, 78, held=2) + _lives(2017, 1526))
    assert _said(brief) | {"permitted": ""} == {
        "received": "Detainers received: 1,526 against 80, 19.1 times, 1,446 more.",
        "held": "People held past release on a detainer: 0 against 2 held, 2 fewer.",
        "transferred": "People transferred on a detainer: 0 against 2 transferred, 2 fewer.",
        "not_honored": "People for whom a detainer was not honored: 1,526 against 78, 19.6 times, 1,448 more.",
        "told": "People of whose release federal authorities were told: 0 against 0 told, the same.",
        "permitted": "",
    }
    assert "calendar 2017 against calendar 2016" in brief.as_text()


def test_a_fall_is_told_as_a_share() -> None:
    brief = _brief(_lives(2016, 80) + _lives(2017, 20))
    assert _said(brief)["received"] == "Detainers received: 20 against 80, 25.0% of it, 60 fewer."


def test_nothing_is_divided_by_nothing_and_no_unknown_is_compared() -> None:
    brief = _brief(_lives(2016, 0, silent=4) + _lives(2017, 3, held=1))
    said = _said(brief)
    assert said["received"] == "Detainers received: 4 against 4 received, the same."
    assert said["held"] == (
        "People held past release on a detainer: cannot be compared (not recorded for 4 requests of the other period)."
    )
    held = next(one for one in brief.comparisons if one.now.item.id == "held")
    assert (held.ratio, held.difference) == (None, None)


def test_periods_of_different_length_overlap_or_law_are_pointed_out() -> None:
    lives = _lives(2016, 2) + _lives(2017, 3) + _lives(2018, 4)
    half = _brief(lives, now=CALENDAR_2017, then=(date(2016, 1, 1), date(2016, 6, 30)))
    assert "The periods are not equally long: 365 days against 182." in list(half.notes())
    same = _brief(lives, now=CALENDAR_2017, then=(date(2016, 6, 1), date(2017, 5, 31)))
    assert any("overlap" in note for note in same.notes())
    later = _brief(lives, now=(date(2018, 1, 1), date(2018, 12, 31)), then=CALENDAR_2017)
    assert any("two versions of the law" in note for note in later.notes())
    assert not any("equally long" in note or "overlap" in note for note in later.notes())


def test_months_stand_side_by_side() -> None:
    brief = _brief(_lives(2016, 2) + _lives(2017, 3))
    months = list(brief.months("received"))
    assert len(months) == 12
    assert months[2] == ("2017-03", 3, "2016-03", 2)


def test_the_brief_as_data_holds_both_reports_whole() -> None:
    said = _brief(_lives(2016, 78, held=2) + _lives(2017, 1526)).as_json()
    first = said["comparisons"][0]
    assert (first["item"], first["value"], first["against"], first["difference"], first["ratio"]) == (
        "received", 1526, 80, 1446, 19.075
    )  # fmt: skip
    assert said["this"]["period"]["from"] == "2017-01-01"
    assert said["other"]["checkpoint"] == {"size": 1000, "root": "cm9vdA=="}


def test_a_brief_tells_what_others_published_beside_its_own_and_draws_both_periods_in_one_scale() -> None:
    """The made-up record has 3 and 1 requests where the testimony to the council has 1,526 and 80."""
    lives = [Life("I-247A", "", {"received": date(year, 1, 5)}, count=count) for year, count in ((2017, 3), (2016, 1))]
    made = _brief(lives)
    assert any("calendar 2017, requests received: 1,526 (Testimony" in line for line in made.published())
    assert any("this record: 3." in line for line in made.published())
    assert "Published elsewhere, and not of this record:" in made.as_text()
    page = made.as_html()
    assert page.count("<svg") == 2
    heights = [float(height) for height in re.findall(r'class="bar"[^>]*height="([1-9][\d.]*)"', page)]
    assert max(heights) / min(heights) > 2.5

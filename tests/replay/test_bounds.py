"""What is sure and what is not: every row against every way of filling in what the table does not say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from published import I_247D, I_247N, RIKERS, Replayed, row, write

from detainer.replay.deciding import LIVE

POLICE, JAIL = "us-ny-nyc-police", "us-ny-nyc-correction"
NO_WARRANT = {**LIVE, "warrants": [], "local_policy_forbids": []}


def test_a_table_that_says_nothing_of_warrants_cannot_tell_a_hold(tmp_path: Path, replay: Replayed) -> None:
    counts = replay(write(tmp_path / "a.csv", row(facility=RIKERS)), agency=JAIL).counts
    assert counts.outcomes == {("hold", "cannot_be_told"): 1, ("notify", "cannot_be_told"): 1}


def test_an_answer_that_rests_on_what_was_not_shown_is_not_called_sure(tmp_path: Path, replay: Replayed) -> None:
    """On these facts the jail must not hold, yet a warrant that the table does not mention would permit it."""
    counts = replay(write(tmp_path / "a.csv", row(facility=RIKERS)), agency=JAIL, given=LIVE).counts
    assert counts.answers["hold", "must_not"] == 1
    assert counts.outcomes["hold", "forbidden"] == 0
    assert counts.bounds("hold")["forbidden"] == (0, 1)
    assert ("hold", "warrants") in counts.missing


def test_without_a_warrant_the_jail_is_surely_forbidden_to_hold_after_the_change_of_the_law(
    tmp_path: Path, replay: Replayed
) -> None:
    file = write(tmp_path / "a.csv", row("2014-12-13", facility=RIKERS), row("2014-12-14", facility=RIKERS))
    counts = replay(file, agency=JAIL, given=NO_WARRANT | {"request": {"withdrawn": False, "asks": ["hold"]}}).counts
    assert counts.outcomes["hold", "forbidden"] == 1
    assert counts.outcomes["hold", "cannot_be_told"] == 1
    assert counts.months["2014-12", "hold", "forbidden"] == 1
    assert counts.provisions["hold", "forbidden", JAIL, "N.Y.C. Admin. Code § 9-131(b)"] == 1


def test_a_county_that_may_do_both_is_surely_permitted(tmp_path: Path, replay: Replayed) -> None:
    """Before Texas had a law of its own, federal law let a sheriff tell of a release, and no policy forbade it."""
    counts = replay(write(tmp_path / "a.csv", row(form=I_247N)), agency="us-tx-sheriff", given=NO_WARRANT).counts
    assert counts.outcomes["notify", "permitted"] == 1
    assert counts.provisions["notify", "permitted", "us", "8 C.F.R. § 287.7(a)"] == 1


@pytest.mark.parametrize("decision", ["hold", "notify"])
def test_the_outcomes_of_a_decision_add_up_to_the_rows(tmp_path: Path, replay: Replayed, decision: str) -> None:
    rows = [row(f"2015-0{month}-01", form) for month in range(1, 7) for form in (I_247D, I_247N)]
    counts = replay(write(tmp_path / "a.csv", *rows), agency=POLICE, given=LIVE).counts
    assert sum(n for (one, _), n in counts.outcomes.items() if one == decision) == counts.rows == 12


def test_the_same_rows_under_another_agencys_law_and_another_day(tmp_path: Path, replay: Replayed) -> None:
    given = NO_WARRANT | {"request": {"withdrawn": False, "asks": ["hold", "notify"]}}
    file = write(tmp_path / "a.csv", row("2014-11-01", facility=RIKERS), row("2014-11-02", facility=RIKERS))
    counts = replay(file, agency=JAIL, given=given, other_day=date(2015, 3, 1)).counts
    changed = {(name, now): n for name, _, now, n in counts.differences()}
    assert changed["hold", "forbidden (must_not)"] == 2
    (example,) = counts.examples[
        "hold", next(then for one, then, _, _ in counts.differences() if one == "hold"), "forbidden (must_not)"
    ]
    assert example.rows == 2
    assert example.now.said["hold"].cites == ((JAIL, "N.Y.C. Admin. Code § 9-131(b)"),)

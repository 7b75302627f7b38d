"""What was said in public, computed again: the arithmetic of the article and of the errors that others printed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from detainer import cli
from detainer.errors import UserError
from detainer.report import claims, published
from detainer.report.arithmetic import Sum
from detainer.report.claims import Check, Claim, Verdict, judge
from detainer.report.published import Measure, Published

MEASURE = Measure("received", "Requests received", "Requests.")


def figure(name: str, value: float | None, year: int = 2016, **more: str) -> Published:
    state = more.get("state", "stands" if value is not None else "gap")
    span = (date(year, 1, 1), date(year, 12, 31))
    source, see = more.get("source", "A report"), more.get("see", "")
    return Published(name, more.get("agency", "Police"), *span, MEASURE, value, state, "high", source, see, "")


def verdict(check: Check, *figures: Published, note: str = "") -> tuple[Verdict, str]:
    claim = Claim(id="one", who="A paper", when="2018", says="So many.", checks=(check,), note=note)
    judged = judge([claim], {one.id: one for one in figures})[0]
    return judged.verdict, judged.outcomes[0].why


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("requests-2017", Verdict.NOTED),
        ("requests-2016", Verdict.HOLDS),
        ("complied-with-two", Verdict.NOTED),
        ("nearly-twenty-times", Verdict.NOTED),
        ("offenses-170", Verdict.NOT),
        ("arrests-without-criminal-history", Verdict.NOT),
        ("fiscal-year-1526", Verdict.NOT),
        ("more-than-two-thousand", Verdict.NOT),
        ("early-2017-107", Verdict.CANNOT),
        ("refused-99-percent", Verdict.NOT),
        ("four-hundred-percent-more", Verdict.NOT),
        ("noncriminal-256-percent", Verdict.NOT),
        ("more-convicted-than-arrested", Verdict.NOT),
        ("convicted-hundred-days", Verdict.NOT),
        ("trac-2012", Verdict.NOTED),
        ("declined-weekly", Verdict.CANNOT),
        ("released-in-the-city", Verdict.NOT),
        ("removals-2016", Verdict.CANNOT),
    ],
)
def test_the_shipped_claims_come_out_as_their_sources_say(claim: str, expected: Verdict) -> None:
    judged = {one.claim.id: one for one in claims.shipped_claims()}
    assert judged[claim].verdict is expected


def test_the_forty_percent_fit_all_arrests_and_no_series_of_people_without_a_criminal_history() -> None:
    judged = next(one for one in claims.shipped_claims() if one.claim.id == "arrests-without-criminal-history")
    outcome = judged.outcomes[0]
    assert [round(one.value or 0, 1) for one in outcome.own] == [70.3, 155.7, 145.8, 225]
    assert not any(one.fits for one in outcome.own)
    assert [round(one.value or 0, 1) for one in outcome.instead] == [39.5, 37.6]
    assert all(one.fits for one in outcome.instead)


def test_the_list_has_155_sections_in_the_statute_and_161_with_the_rule() -> None:
    assert [one.value for one in claims.offense_sections().values()] == [155, 161]


def test_the_arithmetic_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _run(["claims"])
    said = capsys.readouterr().out
    assert "1,526 ÷ 80 = 19.1: fits" in said
    assert "(15,478 ÷ 9,086 - 1) × 100 = 70.3: does not fit" in said
    assert "100 × (261 - 11) ÷ 261 = 95.8 percent: does not fit" in said


def _run(arguments: list[str]) -> None:
    import sys
    from unittest import mock

    with mock.patch.object(sys, "argv", ["detainer", *arguments]):
        cli.main()


def test_a_number_that_fits_holds_and_a_note_is_told() -> None:
    check = Check(claimed=80, of=("a",))
    assert verdict(check, figure("a", 80))[0] is Verdict.HOLDS
    assert verdict(check, figure("a", 80), note="But.")[0] is Verdict.NOTED
    assert verdict(check, figure("a", 81))[0] is Verdict.NOT


def test_what_rests_on_a_gap_cannot_be_told_and_is_no_zero() -> None:
    found, why = verdict(Check(claimed=0, of=("a",)), figure("a", None))
    assert found is Verdict.CANNOT
    assert "Not known" in why


def test_two_sources_for_the_same_leave_it_open_unless_one_replaced_the_other() -> None:
    check = Check(claimed=80, of=("a",))
    assert verdict(check, figure("a", 80), figure("b", 81))[0] is Verdict.CANNOT
    assert verdict(check, figure("a", 80), figure("b", 81, year=2017))[0] is Verdict.HOLDS
    assert verdict(check, figure("a", 80, state="replaced", see="b"), figure("b", 81))[0] is Verdict.NOTED


def test_another_agency_or_period_is_another_thing() -> None:
    assert verdict(Check(claimed=80, of=("a",), agency="Jails"), figure("a", 80))[0] is Verdict.NOT
    year = (date(2015, 10, 1), date(2016, 9, 30))
    assert verdict(Check(claimed=80, of=("a",), period=year), figure("a", 80))[0] is Verdict.NOT


def test_figures_of_different_periods_are_not_added_up_but_may_be_compared() -> None:
    both = figure("a", 80), figure("b", 20, year=2017)
    assert verdict(Check(claimed=100, of=("a + b",)), *both)[1] == "It adds up figures of different periods."
    assert verdict(Check(claimed=4, of=("a / b",)), *both)[0] is Verdict.HOLDS


@pytest.mark.parametrize("text", ["a / b", "rise(b, a)"])
def test_a_claim_that_divides_by_nothing_is_refused_by_name(text: str) -> None:
    with pytest.raises(UserError, match="one: divides by nothing: b is 0"):
        verdict(Check(claimed=1, of=(text,)), figure("a", 1), figure("b", 0))


@pytest.mark.parametrize("text", ["a.b", "a()", "__import__('os')", "a if a else a", "a ** 9", "'a'", "a b", "", "[a]"])
def test_nothing_but_sums_is_computed(text: str) -> None:
    with pytest.raises(UserError):
        Sum(text, {"a": figure("a", 1)}, "one").value()


def test_a_sum_of_figures_that_nobody_published_is_refused() -> None:
    with pytest.raises(UserError, match="one: there is no figure 'b'"):
        verdict(Check(claimed=1, of=("b",)), figure("a", 1))


def test_a_badly_written_claim_names_its_file(tmp_path: Path) -> None:
    file = tmp_path / "claims.yaml"
    file.write_text("claims:\n  - {id: x, who: A, when: 2018, says: So.}\n")
    with pytest.raises(UserError, match=r"claims\.yaml: claims\.0\.checks"):
        claims.load(file)


def test_every_sum_of_the_shipped_claims_rests_on_shipped_figures() -> None:
    known = {**published.shipped(), **claims.offense_sections()}
    assert judge(claims.load(published.DATA / "claims.yaml"), known)

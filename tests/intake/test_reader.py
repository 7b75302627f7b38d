"""A row becomes what it says and nothing more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from detainer.errors import UserError
from detainer.intake.facilities import Facilities
from detainer.intake.mapping import Mapping
from detainer.intake.reader import BadRow, Draft, Reader
from detainer.intake.rows import Row

HEADER = ("prepare_date", "detainer_type", "detention_facility", "state", "city", "lift_reason")
I_247 = "I247 - Immigration Detainer - Notice of Action (as of March 2013)"
TODAY = date(2026, 11, 24)


def _draft(*cells: str, header: tuple[str, ...] = HEADER) -> Draft:
    return Reader.place(Mapping.load("ice-foia-2015"), header, "table.csv").draft(Row(2, cells), TODAY)


def test_a_row_says_day_form_and_requester_and_no_other_fact() -> None:
    draft = _draft("2015-02-03", I_247, "QUEENS CENTRAL BOOKING", "NEW YORK", "QUEENS", "Detainer Declined by LEA")
    assert draft.day == date(2015, 2, 3)
    assert draft.facts == {"request": {"from": "ice", "form": "I-247"}}
    assert draft.kept == {"facility": "QUEENS CENTRAL BOOKING", "lift_reason": "Detainer Declined by LEA"}


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        ("I247 - Immigration Detainer - Notice of Action (prior to March 2013)", {"form": "I-247"}),
        ("I247D - Immigration Detainer - Request for Action", {"form": "I-247D"}),
        ("I247N - Immigration Advisal - Request for Notification", {"form": "I-247N", "asks": ["notify"]}),
        ("NA", {}),
        ("", {}),
    ],
)
def test_the_form_is_what_the_row_says_it_is(said: str, facts: dict[str, object]) -> None:
    draft = _draft("2015-02-03", said, "QUEENS CENTRAL BOOKING", "NEW YORK", "QUEENS", "")
    assert draft.facts == {"request": {"from": "ice"} | facts}


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("02/03/2015", "prepared '02/03/2015' is not a day written YYYY-MM-DD"),
        ("2015-2-3", "prepared '2015-2-3' is not a day written YYYY-MM-DD"),
        ("2015-02-30", "prepared '2015-02-30' is not a day that exists"),
        ("2015-02-03 14:30:00", "prepared '2015-02-03 14:30:00' is not a day written YYYY-MM-DD"),
        ("٢٠١٥-٠٢-٠٣", "prepared '٢٠١٥-٠٢-٠٣' is not a day written YYYY-MM-DD"),
        ("NA", "prepared is empty"),
        ("2026-11-25", "prepared 2026-11-25 is not between 2007-10-01 and 2026-11-24"),
        ("1915-02-03", "prepared 1915-02-03 is not between 2007-10-01 and 2026-11-24"),
    ],
)
def test_a_day_that_is_none_is_never_guessed_at(day: str, why: str) -> None:
    with pytest.raises(BadRow) as told:
        _draft(day, I_247, "QUEENS CENTRAL BOOKING", "NEW YORK", "QUEENS", "")
    assert str(told.value) == why


def test_the_midnight_that_spreadsheets_write_is_still_that_day() -> None:
    plain = _draft("2015-02-03", I_247, "QUEENS CENTRAL BOOKING", "NEW YORK", "QUEENS", "")
    assert _draft("2015-02-03 00:00:00", I_247, "QUEENS CENTRAL BOOKING", "NEW YORK", "QUEENS", "") == plain


def test_a_form_that_the_mapping_does_not_know_is_told() -> None:
    with pytest.raises(BadRow, match="type 'I999 - Something new' is not one that the mapping knows"):
        _draft("2015-02-03", "I999 - Something new", "QUEENS CENTRAL BOOKING", "NEW YORK", "QUEENS", "")


def test_renamed_reordered_and_further_columns_change_nothing() -> None:
    plain = _draft("2015-02-03", I_247, "QUEENS CENTRAL BOOKING", "NEW YORK", "QUEENS", "Lifted")
    header = ("Row", "Lift Reason", "CITY", "Detention Facility", "State", "Prepare  Date", "Detainer-Type", "Note")
    cells = ("7", "Lifted", "QUEENS", "QUEENS CENTRAL BOOKING", "NEW YORK", "2015-02-03", I_247, "x")
    assert _draft(*cells, header=header) == plain


def test_rows_that_say_different_things_have_different_content() -> None:
    one = _draft("2015-02-03", I_247, "QUEENS CENTRAL BOOKING", "NEW YORK", "QUEENS", "")
    other = _draft("2015-02-03", I_247, "QUEENS CENTRAL BOOKING", "NEW YORK", "QUEENS", "Lifted")
    assert one.content != other.content


def test_a_header_without_a_column_says_which_and_what_it_has() -> None:
    with pytest.raises(UserError) as told:
        _draft("2015-02-03", I_247, header=("prepare_date", "detainer_type"))
    assert told.value.line() == (
        "table.csv: the header has no column detention_facility / detainer_facility; it has prepare_date, detainer_type"
    )


def test_a_column_that_stands_twice_is_refused() -> None:
    with pytest.raises(UserError, match="the header names the column 'prepared' 2 times"):
        _draft("x", "y", "z", "t", header=("prepare_date", "Prepare Date", "detainer_type", "detention_facility"))


def test_a_facility_is_found_by_name_and_state_whatever_the_case() -> None:
    table = Facilities.load("nyc")
    found = table.find("queens  central booking", "new york")
    assert found is not None
    assert found.agency == "us-ny-nyc-police"
    assert table.find("QUEENS CENTRAL BOOKING", "TEXAS") is None
    assert table.find("NOWHERE JAIL", "NEW YORK") is None


def test_a_mapping_of_ones_own_is_read_from_its_file(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "src/detainer/intake/mappings/ice-foia-2015.yaml"
    own = tmp_path / "own.yaml"
    own.write_text(shipped.read_text().replace("format: YYYY-MM-DD", "format: MM/DD/YYYY"))
    reader = Reader.place(Mapping.load(str(own)), HEADER, "table.csv")
    cells = ("2/3/2015", I_247, "QUEENS CENTRAL BOOKING", "NEW YORK", "QUEENS", "")
    assert reader.draft(Row(2, cells), TODAY).day == date(2015, 2, 3)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("title:", "titel:", "title"),
        ("format: YYYY-MM-DD", "format: someday", "received.format"),
        ("keep: [facility, lift_reason]", "keep: [colour]", "uses the column 'colour', which `columns` does not list"),
        ("id: ice-foia-2015", "id: [", "not readable as YAML"),
    ],
)
def test_a_mapping_that_is_badly_written_says_where(tmp_path: Path, old: str, new: str, says: str) -> None:
    shipped = Path(__file__).parents[2] / "src/detainer/intake/mappings/ice-foia-2015.yaml"
    own = tmp_path / "own.yaml"
    own.write_text(shipped.read_text().replace(old, new, 1))
    with pytest.raises(UserError) as told:
        Mapping.load(str(own))
    assert says in told.value.line()
    assert "own.yaml" in told.value.line()


def test_an_unknown_mapping_names_the_known_ones() -> None:
    with pytest.raises(UserError, match=r"there is no mapping 'nope'\. Known: ice-foia-2015"):
        Mapping.load("nope")


def test_every_shipped_mapping_loads_with_its_table_and_is_described() -> None:
    root = Path(__file__).parents[2]
    told = (root / "docs/intake.md").read_text(encoding="utf-8")
    shipped = sorted((root / "src/detainer/intake/mappings").glob("*.yaml"))
    assert shipped
    for file in shipped:
        mapping = Mapping.load(file.stem)
        assert mapping.id == file.stem
        assert Facilities.load(mapping.place.table).rows
        assert f"`{mapping.id}`" in told

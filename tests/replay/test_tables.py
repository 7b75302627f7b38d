"""Tables as they lie about: each trap is one clear line, and the rest is read."""

from __future__ import annotations

import gzip
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter
from published import FEDERAL, HEADER, I_247D, QUEENS, RIKERS, Replayed, row, write

from detainer.errors import UserError
from detainer.replay import archives
from detainer.replay.cells import Period
from detainer.replay.mapping import Mapping

POLICE = "us-ny-nyc-police"


def _parquet(path: Path, *rows: tuple[str, ...]) -> Path:
    with duckdb.connect() as db:
        db.execute(
            "CREATE TABLE t (prepare_date DATE, detainer_type VARCHAR, detention_facility VARCHAR, state VARCHAR)"
        )
        db.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", [list(one) for one in rows])
        db.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return path


def _workbook(path: Path, sheets: dict[str, list[tuple[str, ...]]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                sheet.write_row(number, 0, cells)
    return path


def test_a_title_of_six_lines_before_the_header(tmp_path: Path, replay: Replayed) -> None:
    file = write(tmp_path / "a.csv", row(), before="ICE\nRelease, of: 2015\n\nFor, official, use\n\n\n")
    assert replay(file, agency=POLICE).counts.rows == 1


def test_a_byte_order_mark_and_semicolons(tmp_path: Path, replay: Replayed) -> None:
    file = tmp_path / "a.csv"
    file.write_text(";".join(HEADER) + "\n" + ";".join(row(facility=QUEENS)) + "\n", encoding="utf-8-sig")
    assert replay(file, agency=POLICE).counts.facility_rows == {(QUEENS, "NEW YORK"): 1}


def test_sheets_of_a_workbook_are_stacked_and_a_cover_sheet_is_named(tmp_path: Path, replay: Replayed) -> None:
    title = [("Detainers", "", "", "")] * 6
    sheets = {"Cover": title, "FY14": [*title, HEADER, row("2014-10-01")], "FY15": [HEADER, row(), row()]}
    found = replay(_workbook(tmp_path / "a.xlsx", sheets), agency=POLICE)
    assert found.counts.month_rows == {"2014-10": 1, "2015-03": 2}
    assert [left.name.partition("[")[2] for left in found.reading.left] == ["Cover]"]


def test_csv_gzip_and_parquet_of_the_same_rows_give_the_same_counts(tmp_path: Path, replay: Replayed) -> None:
    rows = [row("2014-12-13"), row("2014-12-14", facility=RIKERS), row("2015-01-02")]
    plain = write(tmp_path / "a.csv", *rows)
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    tables = [plain, packed, _parquet(tmp_path / "a.parquet", *rows)]
    counts = [replay(file).counts for file in tables]
    assert counts[0].outcomes == counts[1].outcomes == counts[2].outcomes
    assert replay(*tables).counts.rows == 9


@pytest.mark.parametrize(
    ("order", "days"),
    [("MM/DD/YYYY", ["03/14/2015", "3/4/2015"]), ("DD/MM/YYYY", ["14/03/2015", "4/3/2015"])],
)
def test_other_orders_of_a_day(tmp_path: Path, replay: Replayed, order: str, days: list[str]) -> None:
    file = write(tmp_path / "a.csv", *map(row, days))
    assert replay(file, agency=POLICE, order=order).counts.month_rows == {"2015-03": 2}


@pytest.mark.parametrize(
    ("order", "days"),
    [
        ("MM/DD/YYYY", ["03/14/2015", "3/4/2015 12:00:00 AM"]),
        ("DD/MM/YYYY", ["14-03-2015", "04-03-2015"]),
        ("DD-MON-YYYY", ["14-MAR-2015", "04-OCT-2014"]),
        ("MM/DD/YYYY", ["3/14/15", "10/4/14 0:00"]),
        ("DD-MON-YYYY", ["14MAR2015", "04OCT14:00:00:00"]),
        ("DD-MON-YYYY", ["14 March 2015", "04-OCT-14 12.00.00.000000000 AM"]),
        ("DD-MON-YYYY", ["March 14, 2015", "Sat, Oct 4, 2014"]),
    ],
)
def test_an_order_that_the_days_themselves_show_is_read_and_told(
    tmp_path: Path, replay: Replayed, order: str, days: list[str]
) -> None:
    found = replay(write(tmp_path / "a.csv", *map(row, days)), agency=POLICE)
    assert found.counts.rows == 2
    assert found.counts.month_rows["2015-03"] >= 1
    assert f"{tmp_path}/a.csv: writes days {order}, not YYYY-MM-DD; read so" in found.reading.notes


def test_days_that_could_be_two_days_are_not_guessed(tmp_path: Path, replay: Replayed) -> None:
    file = write(tmp_path / "a.csv", row("03/04/2015"), row("04/03/2015"))
    found = replay(file, agency=POLICE)
    assert found.counts.rows == 0
    assert found.reading.left_out == {"day not readable": 2}
    (note,) = found.reading.notes
    assert "--dates says how a file writes days" in note


def test_moments_serial_numbers_and_eight_digits_are_days(tmp_path: Path, replay: Replayed) -> None:
    """42064 is the second of March 2015 by a spreadsheet's count from the last day but one of 1899."""
    days = ["2015-03-02 13:45:00", "2015-03-02T13:45:00.000", "2015/3/2", "42065", "42065.5", "20150302"]
    counts = replay(write(tmp_path / "a.csv", *map(row, days)), agency=POLICE).counts
    assert counts.month_rows == {"2015-03": len(days)}
    one = replay(
        write(tmp_path / "b.csv", row("42064")), agency=POLICE, period=Period(date(2015, 3, 1), date(2015, 3, 1))
    )
    assert one.counts.rows == 1


def test_days_and_moments_of_every_kind_in_parquet(tmp_path: Path, replay: Replayed) -> None:
    file = tmp_path / "a.parquet"
    for kind, value in (
        ("DATE", "DATE '2015-03-02'"),
        ("TIMESTAMP", "TIMESTAMP '2015-03-02 23:59:00'"),
        ("TIMESTAMPTZ", "'2015-03-02 12:00:00+00'"),
        ("VARCHAR", "'2015-03-02'"),
        ("DOUBLE", "42065.0"),
        ("BIGINT", "42065"),
    ):
        with duckdb.connect() as db:
            db.execute(
                f"COPY (SELECT {value}::{kind} AS \"Detainer Prepare Date\", '{I_247D}' AS DETAINER_TYPE) "
                f"TO '{file}' (FORMAT parquet)"
            )
        found = replay(file, agency=POLICE)
        assert found.counts.month_rows == {"2015-03": 1}, kind
        assert found.reading.notes == [f"{file}: has no columns detention_facility, state"]


def test_a_moment_has_the_day_that_its_file_writes_wherever_the_machine_stands(
    tmp_path: Path, replay: Replayed, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.parquet"
    with duckdb.connect() as db:
        db.execute(
            f"COPY (SELECT '2015-03-01 00:00:00+00'::TIMESTAMPTZ AS prepare_date, '{I_247D}' AS detainer_type) "
            f"TO '{file}' (FORMAT parquet)"
        )
    made = duckdb.connect

    def elsewhere(*args: Any, **settings: Any) -> duckdb.DuckDBPyConnection:
        db = made(*args, **settings)
        db.execute("SET TimeZone = 'America/Los_Angeles'")
        return db

    monkeypatch.setattr(duckdb, "connect", elsewhere)
    assert replay(file, agency=POLICE).counts.month_rows == {"2015-03": 1}


def test_days_that_cannot_be_read_are_left_out_and_the_first_is_named(tmp_path: Path, replay: Replayed) -> None:
    file = write(tmp_path / "a.csv", row(), row("03/14/2015"), row("NA"), row("2015-02-30"), row("2999-01-01"))
    found = replay(file, agency=POLICE)
    assert found.counts.rows == 1
    assert found.reading.left_out == {"day not readable": 4}
    (note,) = found.reading.notes
    assert f"{file}: row 3: prepare_date '03/14/2015' is no day written YYYY-MM-DD" in note


def test_a_value_never_seen_is_read_as_unknown_and_named_with_its_row(tmp_path: Path, replay: Replayed) -> None:
    file = write(tmp_path / "a.csv", row(), row(form="I-999"), row(form="I-999"))
    found = replay(file, agency=POLICE)
    assert found.counts.rows == 3
    assert found.reading.notes == [
        f"{file}: row 3: detainer_type 'I-999' is not in the mapping; in 2 rows it is read as not known"
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("NA", "", " n/a ", "#N/A", "UNK", "--", "*****", "XXXX", "[redacted]", "Exempt (b)(6)"),
        *("b(6), b(7)c", "(b)(6)(b)(7)(c)", "(b)(6)", "b7c", "(b)(6); (b)(7)(C), (7)(E)"),
    ],
)
def test_blank_and_redacted_cells_are_unknown_and_no_mistake(tmp_path: Path, replay: Replayed, text: str) -> None:
    found = replay(write(tmp_path / "a.csv", row(form=text)), agency=POLICE)
    assert found.reading.notes == []
    (decided,) = found.counts.patterns.values()
    assert decided.case["request"] == {"from": "ice"}


def test_a_renamed_column_is_found_by_its_other_name(tmp_path: Path, replay: Replayed) -> None:
    header = ("Detainer Prepare Date", "Detainer Type", "Detainer Facility", "Facility State")
    assert replay(write(tmp_path / "a.csv", row(), header=header)).counts.agency_rows == {POLICE: 1}


@pytest.mark.parametrize(
    ("mapping", "header"),
    [
        ("ice-foia-2015", ("Prepare Date", "Detainer Type", "Detainer Detention Facility", "State")),
        ("ddp-detainers", ("Detainer_Prepare_Date", "DETAINER.TYPE", "Detainer Facility", "Facility_State")),
    ],
)
def test_the_names_of_other_releases_and_states_by_their_letters(
    tmp_path: Path, replay: Replayed, mapping: str, header: tuple[str, ...]
) -> None:
    file = write(tmp_path / "a.txt", row("3/2/15", state="NY"), row("3/14/15", state="New York"), header=header)
    found = replay(file, mapping=mapping)
    assert found.counts.agency_rows == {POLICE: 2}
    assert found.counts.month_rows == {"2015-03": 2}
    assert replay(file, mapping=mapping, agency=POLICE, state="ny").counts.rows == 2
    assert replay(file, mapping=mapping, agency=POLICE, state="NJ").counts.rows == 0


def test_codes_of_facilities_are_read_where_no_name_stands_and_that_is_told(tmp_path: Path, replay: Replayed) -> None:
    codes = ("detainer_prepare_date", "detainer_type", "detention_facility_code", "facility_state")
    found = replay(write(tmp_path / "a.csv", row(facility="RIKISNY"), header=codes), mapping="ddp-detainers")
    assert found.counts.agency_rows == {"us-ny-nyc-correction": 1}
    assert any(note.endswith("; detention_facility_code is read instead") for note in found.reading.notes)
    both = write(tmp_path / "b.csv", (*row(facility="RIKISNY"), QUEENS), header=(*codes, "detention_facility"))
    assert replay(both, mapping="ddp-detainers").counts.agency_rows == {POLICE: 1}


@pytest.mark.parametrize("year_first", ["14/11/", "15/03/"])
def test_years_of_two_digits_in_front_are_not_read_as_days(tmp_path: Path, replay: Replayed, year_first: str) -> None:
    days = [f"{year_first}{day:02}" for day in range(1, 29)]
    found = replay(write(tmp_path / "a.csv", *map(row, days)), agency=POLICE)
    assert found.reading.left_out == {"day not readable": 28}


def test_old_and_new_names_side_by_side_are_read_as_one(tmp_path: Path, replay: Replayed) -> None:
    header = ("prepare_date", "detainer_type", "detention_facility", "detainer_facility", "state")
    rows = [("2015-03-02", I_247D, "NA", QUEENS, "NEW YORK"), ("2015-03-02", I_247D, RIKERS, "", "NEW YORK")]
    assert len(replay(write(tmp_path / "a.csv", *rows, header=header)).counts.agency_rows) == 2


def test_a_table_without_the_form_is_still_decided_and_the_column_is_named(tmp_path: Path, replay: Replayed) -> None:
    file = write(tmp_path / "a.csv", ("2015-03-02", QUEENS, "NEW YORK"), header=("PREPARE DATE", "Facility", "State"))
    found = replay(file)
    assert found.counts.agency_rows == {POLICE: 1}
    assert found.reading.notes == [f"{file}: has no column detainer_type (form_type, type)"]


@pytest.mark.parametrize(
    ("encoding", "called"), [("latin-1", "Windows-1252"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16")]
)
@pytest.mark.parametrize("rows_before", [1, 9_000])
def test_other_encodings_are_read_and_told(
    tmp_path: Path, replay: Replayed, encoding: str, called: str, rows_before: int
) -> None:
    file = write(tmp_path / "a.csv", *[row()] * rows_before, row(facility="CAÑON CITY"))
    file.write_bytes(file.read_text(encoding="utf-8").encode(encoding))
    found = replay(file, agency=POLICE)
    assert found.counts.facility_rows["CAÑON CITY", "NEW YORK"] == 1
    assert found.counts.rows == rows_before + 1
    assert found.reading.notes == [f"{file}: is not UTF-8; read as {called}"]


def test_quotes_commas_and_line_ends_within_a_cell(tmp_path: Path, replay: Replayed) -> None:
    odd = 'THE "OLD" JAIL,\nBLOCK 2'
    found = replay(write(tmp_path / "a.csv", row(facility=odd), row("no day")), agency=POLICE)
    assert found.counts.facility_rows == {('THE "OLD" JAIL, BLOCK 2', "NEW YORK"): 1}


def test_rows_after_a_broken_line_keep_their_numbers(tmp_path: Path, replay: Replayed) -> None:
    file = write(tmp_path / "a.csv", row(), ("2015-03-02", I_247D), row(), row("no day"))
    found = replay(file, agency=POLICE)
    assert found.reading.notes[1].startswith(f"{file}: row 5: prepare_date 'no day'")


def test_rows_of_a_sheet_with_gaps_keep_their_numbers(tmp_path: Path, replay: Replayed) -> None:
    blank = ("", "", "", "")
    file = _workbook(tmp_path / "a.xlsx", {"FY15": [HEADER, row(), blank, row(), row("no day")]})
    found = replay(file, agency=POLICE)
    assert found.counts.rows == 2
    assert found.reading.left_out == {"day not readable": 1}
    assert found.reading.notes[0].startswith(f"{file}[FY15]: row 5: prepare_date 'no day'")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\n\n\n", "is empty"),
        ("a.xlsx", b"PK\x03\x04 and no more", "is no whole spreadsheet"),
        ("a.zip", b"PK\x03\x04 and no more", "is no whole zip archive"),
        ("a.parquet", b"PAR1", "is no whole Parquet file"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0", "is no text"),
        ("a.csv.gz", b"\x1f\x8b\x08\x00 and no more", "is packed with gzip but not whole"),
        ("a.dta", b"<stata_dta><header>\0\0", "is a Stata file, which is not read"),
        ("a.sav", b"$FL2@(#) SPSS\0\0", "is an SPSS file, which is not read"),
        ("a.feather", b"ARROW1\0\0", "is an Arrow or Feather file, which is not read"),
        ("a.xls", b"<html><table></table></html>", "is a web page, which is not read"),
        ("a.csv", b'{"prepare_date": "2015-03-02"}', "is JSON, which is not read"),
    ],
)
def test_what_is_no_table_is_one_line(tmp_path: Path, replay: Replayed, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=told) as error:
        replay(tmp_path / name, agency=POLICE)
    assert "\n" not in error.value.line()


def test_a_folder_of_parquet_is_read_whole_and_any_other_is_named(tmp_path: Path, replay: Replayed) -> None:
    (tmp_path / "parts" / "year=2015").mkdir(parents=True)
    for number in range(2):
        _parquet(tmp_path / "parts" / "year=2015" / f"{number}.parquet", row())
    assert replay(tmp_path / "parts", agency=POLICE).counts.rows == 2
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="is a directory"):
        replay(tmp_path / "empty", agency=POLICE)


def test_a_missing_column_is_named_and_other_tables_are_still_read(tmp_path: Path, replay: Replayed) -> None:
    bad = write(tmp_path / "bad.csv", ("2015-01-01", "x"), header=("prepare_date", "place"))
    found = replay(bad, write(tmp_path / "good.csv", row()), agency=POLICE)
    assert found.counts.rows == 1
    (left,) = found.reading.left
    assert left.name == str(bad)
    assert left.why.startswith("has no column detainer_type (form_type, type), detention_facility (detainer_facility,")
    assert left.why.endswith("; it has prepare_date, place")


def test_a_truncated_parquet_is_named_and_the_rest_is_read(tmp_path: Path, replay: Replayed) -> None:
    whole = _parquet(tmp_path / "whole.parquet", row())
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(whole.read_bytes()[:-20])
    found = replay(cut, whole, agency=POLICE)
    assert found.counts.rows == 1
    assert [left.name for left in found.reading.left] == [str(cut)]
    with pytest.raises(UserError, match="is no whole Parquet file"):
        replay(cut, agency=POLICE)


def test_a_truncated_gzip_counts_nothing_of_its_rows(tmp_path: Path, replay: Replayed) -> None:
    rows = [row(f"2015-03-{day:02}", facility=f"PLACE {day * 7919}") for day in range(1, 29)] * 400
    packed = gzip.compress(write(tmp_path / "a.csv", *rows).read_bytes())
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(packed[: len(packed) // 2])
    found = replay(cut, write(tmp_path / "good.csv", row()), agency=POLICE)
    assert found.counts.rows == 1
    assert [left.name for left in found.reading.left] == [str(cut)]


def test_a_line_that_is_no_row_is_left_out_with_its_number(tmp_path: Path, replay: Replayed) -> None:
    file = write(tmp_path / "a.csv", row(), ("2015-03-02", I_247D), row())
    found = replay(file, agency=POLICE)
    assert found.counts.rows == 2
    assert found.reading.rows == 3
    assert found.reading.left_out == {"broken line": 1}
    assert found.reading.notes[0].startswith(f"{file}:3: 1 line is no whole row")


def test_rows_of_nobody_ours_are_left_out_by_reason(tmp_path: Path, replay: Replayed) -> None:
    rows = [row(), row(facility=FEDERAL, state="NEW YORK"), row(facility="ELSEWHERE"), row(facility="")]
    found = replay(write(tmp_path / "a.csv", *rows))
    assert found.counts.rows == 1
    assert found.reading.left_out == {"federal facility": 1, "unlisted facility": 1, "no facility": 1}


def test_rows_that_say_the_same_are_still_several(tmp_path: Path, replay: Replayed) -> None:
    assert replay(write(tmp_path / "a.csv", row(), row(), row()), agency=POLICE).counts.rows == 3


def _mapping(path: Path, old: str, new: str) -> str:
    text = (Path(__file__).parents[2] / "src/detainer/replay/mappings/ice-foia-2015.yaml").read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("request: {form: I-247D}", "request: {shape: I-247D}", "unknown key request.shape"),
        ("request: {form: I-247D}", "request: {form: I-247Q}", "request.form is 'I-247Q'"),
        ("    type:\n", "    kind:\n", "uses the column 'kind', which `columns` does not list"),
        ("format: YYYY-MM-DD", "format: YY-MM-DD", "day.format"),
    ],
)
def test_a_mapping_to_what_does_not_exist_is_one_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(UserError) as error:
        Mapping.load(_mapping(tmp_path / "m.yaml", old, new))
    assert told in error.value.line()
    assert "\n" not in error.value.line()


def test_every_file_of_a_zip_archive_is_a_table_and_a_broken_archive_is_one_line(
    tmp_path: Path, replay: Replayed
) -> None:
    plain = write(tmp_path / "a.csv", row(), row("no day"))
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("__MACOSX/._a.csv", b"left by a system")
        archive.write(plain, "2015/a.csv")
        archive.write(_workbook(tmp_path / "b.xlsx", {"FY15": [HEADER, row(), row()]}), "../b.xlsx")
        archive.writestr("notes.txt", b"About these tables.")
    found = replay(packed, agency=POLICE)
    assert found.counts.rows == 3
    assert [left.name for left in found.reading.left] == [f"{packed}[notes.txt]"]
    assert any(note.startswith(f"{packed}[2015/a.csv]: row 3: ") for note in found.reading.notes)
    cut = tmp_path / "cut.zip"
    cut.write_bytes(packed.read_bytes()[:-40])
    with pytest.raises(UserError, match="is no whole zip archive"):
        replay(cut)


def test_days_as_texts_beside_days_as_such_are_read_together(tmp_path: Path, replay: Replayed) -> None:
    days = ["03/14/2015", "2015-03-02 00:00:00", "42064", "3/5/2015", "20150331"]
    assert replay(write(tmp_path / "a.csv", *map(row, days)), agency=POLICE).counts.month_rows == {"2015-03": 5}


@pytest.mark.parametrize("name", ["count", "N", "Total Detainers", "number_of_rows", "detainers"])
def test_a_column_that_looks_like_a_count_is_told(tmp_path: Path, replay: Replayed, name: str) -> None:
    header = ("prepare_date", "detainer_type", name)
    file = write(tmp_path / "a.csv", ("2015-03-01", I_247D, "8081"), header=header)
    told = f"{file}: {name} looks like a count: each line is read as one row, whatever number stands there"
    assert told in replay(file, agency=POLICE).reading.notes


@pytest.mark.parametrize("mark", ["TRUE", "Y", "1", "1.0", "t"])
def test_marks_of_repeats_however_they_are_written_and_marks_that_are_not_read(
    tmp_path: Path, replay: Replayed, mark: str
) -> None:
    header = ("detainer_prepare_date", "detainer_type", "facility", "duplicate_likely", "duplicate_possible")
    file = write(tmp_path / "a.csv", *((*row()[:3], one, "TRUE") for one in (mark, "", "FALSE")), header=header)
    found = replay(file, mapping="ddp-detainers", agency=POLICE)
    assert found.reading.left_out == {"marked as a repeat": 1}
    told = "duplicate_possible is not read: the rows that it marks are counted like any other"
    assert f"{file}: {told}" in found.reading.notes


def test_a_header_that_ends_in_columns_without_a_name(tmp_path: Path, replay: Replayed) -> None:
    file = write(tmp_path / "a.csv", row(), (*row(facility=QUEENS), "", ""), header=(*HEADER, "", ""))
    assert replay(file, agency=POLICE).counts.rows == 2


def test_a_header_again_and_rows_without_a_cell_are_no_rows_that_could_not_be_read(
    tmp_path: Path, replay: Replayed
) -> None:
    blank = ("", " ", "", "")
    file = write(tmp_path / "a.csv", row(), blank, HEADER, row(), ("Total", "2", "", ""), blank)
    found = replay(file, agency=POLICE)
    assert found.counts.rows == 2
    assert found.reading.rows == 6
    assert found.reading.left_out == {"empty row": 2, "header again": 1, "day not readable": 1}
    (note,) = found.reading.notes  # a sum at the end has no form either, and nothing is said of that
    assert f"{file}: row 6: prepare_date 'Total' is no day" in note


def test_a_sheet_that_carries_on_without_a_header(tmp_path: Path, replay: Replayed) -> None:
    sheets = {
        "FY15": [("Detainers",), HEADER, row(), row("no day")],
        "FY15 (2)": [row("03/04/2015"), row("2015-03-05", facility=RIKERS), row("no day, too")],
        "Notes": [("Counted on 2015-03-04", "x", "y", "z")],
        "Wide": [(*row(), "one more")],
    }
    found = replay(_workbook(tmp_path / "a.xlsx", sheets), agency=POLICE)
    assert found.counts.rows == 2
    assert found.counts.facility_rows[RIKERS, "NEW YORK"] == 1
    assert [left.name.rpartition("[")[2] for left in found.reading.left] == ["Notes]", "Wide]"]
    carried = f"{tmp_path}/a.xlsx[FY15 (2)]"
    assert f"{carried}: has no header; read under that of the sheet before it" in found.reading.notes
    assert any(note.startswith(f"{carried}: row 1: prepare_date '03/04/2015'") for note in found.reading.notes)


@pytest.mark.parametrize("trailing", ["", "\t"])
def test_a_quote_that_is_never_closed_is_told_with_every_line_that_it_takes(
    tmp_path: Path, replay: Replayed, trailing: str
) -> None:
    lines = [HEADER, row(), row(facility='"OPEN'), row(), row()]
    file = tmp_path / "a.tsv"
    file.write_text("".join("\t".join(line) + trailing + "\n" for line in lines), encoding="utf-8")
    found = replay(file, agency=POLICE)
    assert found.counts.rows == 1
    assert found.reading.left_out == {"broken line": 3}
    assert (
        f"{file}:3: 3 lines, this the first, are no whole row (a quote is not closed), left out" in found.reading.notes
    )


@pytest.mark.parametrize("mapping", ["ice-foia-2015", "ddp-detainers"])
def test_a_form_by_its_number_alone_is_known_and_one_that_could_be_two_is_not(
    tmp_path: Path, replay: Replayed, mapping: str
) -> None:
    written = ["I-247A", "Form I-247D", "I247N (5/15)", "I-247", "DHS Form I-247", "I247X - Transfer", "I-247D/I-247N"]
    header = ("prepare_date", "form_type", "facility", "state")
    file = write(tmp_path / "a.csv", *(row(form=one) for one in written), header=header)
    found = replay(file, mapping=mapping, agency=POLICE)
    forms = [decided.case["request"].get("form") for decided in found.counts.patterns.values()]
    assert {form: forms.count(form) for form in forms} == {
        "I-247A": 1,
        "I-247D": 1,
        "I-247N": 1,
        "I-247": 2,
        "I-247X": 1,
        None: 1,
    }
    told = [note for note in found.reading.notes if "is not in the mapping" in note]
    assert told == [
        f"{file}: row 8: detainer_type 'I-247D/I-247N' is not in the mapping; in 1 row it is read as not known"
    ]


def test_what_an_archive_may_not_unpack_is_one_line(
    tmp_path: Path, replay: Replayed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_LARGE", 1 << 20)
    packed, good = tmp_path / "a.zip", write(tmp_path / "good.csv", row())
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", ",".join(HEADER) + "\n" + "0" * (1 << 21))
    found = replay(packed, good, agency=POLICE)
    assert found.counts.rows == 1
    (left,) = found.reading.left
    assert (left.name, left.why.endswith(" times its size, as no table does")) == (f"{packed}[a.csv]", True)
    monkeypatch.setattr(archives, "_SPARED", 1 << 60)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(good, "good.csv")
    with pytest.raises(UserError, match=r"would unpack to 0\.0 GB, and .* GB of disk are free"):
        replay(packed, agency=POLICE)


def test_an_archive_in_an_archive_is_read_and_no_deeper(tmp_path: Path, replay: Replayed) -> None:
    inner = write(tmp_path / "a.csv", row())
    for name in ("1.zip", "2.zip", "3.zip"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.write(inner, inner.name)
        inner = tmp_path / name
    assert replay(tmp_path / "2.zip", agency=POLICE).counts.rows == 1
    with pytest.raises(UserError, match="is an archive in an archive in an archive"):
        replay(tmp_path / "3.zip", agency=POLICE)

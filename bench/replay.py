"""How fast the law goes over a table: `python bench/replay.py [ROWS …]`, one million when not said.

A generator of ours makes rows with the columns of the published table of detainers, its shares of empty cells and its
frequencies of values; nobody's row is copied. Measured beside each other, each in a process of its own on one file:

    read     the mapped columns read by the same engine, a digest of each value taken: what reading alone costs
    group    one grouping alone, by what every count by month needs, by numbers whose texts are known beforehand: the
             least that counting can cost with this engine
    place    the same for the counts by facility
    by hand  one rule written by hand in SQL (the jails of New York City since 2014), counted by month and facility
    fisca    the same rule in OpenFisca, vectorised, counted by month; left out where it is not installed
    counts   the whole law by the desk's evaluator, with every count that `detainer replay` gives
    replay   the same with the SHA-256 of the file, as the command tells it
    by place the same by the agency of each row's facility, most of which no agency of ours runs
    rows     as `replay`, and every row written with its answer, citation and deciding facts

`--one WAY TABLE` measures one way over a file, or over the Parquet files of a folder as one table.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

AGENCY = "us-ny-nyc-correction"
FACILITIES = 2_750  # names in the release of 2015
DAYS = 1_257  # 1 October 2022 to 10 March 2026
EMPTY = {  # shares of empty cells in the build of 2026, in hundredths
    "facility_aor": 20, "port_of_departure": 69, "departure_country": 69, "departed_date": 69, "case_status": 49,
    "detainer_prep_threat_level": 7, "entry_status": 24, "most_serious_conviction_charge": 72,
    "msc_sentence_days": 91, "msc_sentence_months": 93, "msc_sentence_years": 93, "msc_charge_code": 72,
    "msc_charge_date": 72, "msc_conviction_date": 72, "case_category": 49, "arrest_time_case_category": 86,
    "arrest_time_current_program": 75, "apprehension_method": 75, "final_order_yes_no": 49, "final_order_date": 69,
    "apprehension_date": 75, "entry_date": 87, "prior_felony_yes_no": 64, "multiple_prior_misd_yes_no": 71,
    "violent_misdemeanor_yes_no": 64, "illegal_entry_yes_no": 100, "illegal_reentry_yes_no": 72,
    "immigration_fraud_yes_no": 100, "significant_risk_yes_no": 72, "other_removal_reason_yes_no": 100,
    "criminal_street_gang_yes_no": 72, "aggravated_felony_yes_no": 69, "unlawful_attempt_yes_no": 100,
    "unlawful_entry_yes_no": 100, "visa_yes_no": 100, "federal_interest_yes_no": 43, "detainer_lift_reason": 33,
    "detainer_lift_reason_code": 33, "active_investigation_yes_no": 100, "notify_release_request_yes_no": 100,
}  # fmt: skip
PLAIN = (
    "facility_city gender citizenship_country birth_country birth_year felon processing_disposition "
    "resume_custody_yes_no tod_current_duty_site file_original sheet_original"
).split()
NEW, OLD = (
    "I247A - Immigration Detainer - Notice of Action (as of May 2025)",
    "I247A - Immigration Detainer - Immigration Detainer - Notice of Action",
)
I_247D, I_247N = (
    "I247D - Immigration Detainer - Request for Action",
    "I247N - Immigration Advisal - Request for Notification",
)
READ = (
    "detainer_prepare_date detainer_type detention_facility facility_state "
    "deportation_ordered_yes_no order_show_cause_served_yes_no biometric_match_yes_no statements_made_yes_no "
    "duplicate_likely"
).split()


def make(rows: int, file: Path) -> None:
    """Write a table of so many made-up rows."""
    import duckdb

    boxes = {"deportation_ordered": 15, "order_show_cause_served": 9, "biometric_match": 60, "statements_made": 92}
    flags = [
        f"CASE WHEN blank < 20 THEN NULL WHEN random() < {share / 100} THEN 'YES' ELSE 'NO' END AS {name}_yes_no"
        for name, share in boxes.items()
    ]
    others = [
        f"CASE WHEN random() >= {share / 100} THEN '{name[:12]} ' || (random() * 12)::INT END AS {name}"
        for name, share in EMPTY.items()
    ]
    others += [f"'{name[:12]} ' || (random() * 30)::INT AS {name}" for name in PLAIN]
    with duckdb.connect() as db:
        db.execute("SELECT setseed(0.25)")
        db.execute(
            f"COPY (SELECT day AS detainer_prepare_date, "  # noqa: S608
            "CASE WHEN kind < 40 THEN NULL WHEN kind < 60 THEN 'TRUE' ELSE 'FALSE' END AS duplicate_likely, "
            f"CASE WHEN kind > 990 THEN '{I_247D}' WHEN kind > 985 THEN '{I_247N}' "
            f"WHEN day >= DATE '2025-05-01' THEN '{NEW}' ELSE '{OLD}' END AS detainer_type, "
            "'COUNTY JAIL ' || place AS detention_facility, 'STATE ' || place % 54 AS facility_state, "
            "'CODE' || place AS detention_facility_code, CASE WHEN crime < 55 THEN '1 Convicted Criminal' "
            "WHEN crime < 85 THEN '2 Pending Criminal Charges' ELSE '3 Other Immigration Violator' END "
            f"AS detainer_prepared_criminality, {', '.join([*flags, *others])}, "
            "md5(number::VARCHAR) AS unique_identifier, "
            "number AS row_original FROM (SELECT number, DATE '2022-10-01' + (random() * "
            f"{DAYS})::INT AS day, (random() * 100)::INT AS blank, (random() * 1000)::INT AS kind, "
            f"(random() * 100)::INT AS crime, floor(power(random(), 3) * {FACILITIES})::INT AS place "
            f"FROM range({rows}) numbers(number))) TO '{file}' (FORMAT parquet)"
        )


def _all(table: Path) -> str:
    """A file, or the Parquet files of a folder, as DuckDB names them."""
    return str(table / "*.parquet" if table.is_dir() else table)


def read(file: Path) -> int:
    """Read the mapped columns and digest each value: the greatest value itself stands in the file's statistics.

    It is the least that reading can cost: the engine takes the digest of a text once for each of its dictionaries, and
    hands no row over to anyone.
    """
    import duckdb

    digests = ", ".join(f"max(hash({column}))" for column in READ)
    with duckdb.connect() as db:
        found = db.execute(f"SELECT count(*), {digests} FROM '{_all(file)}'").fetchone()  # noqa: S608
    return int(found[0]) if found else 0


BOXES = [column for column in READ if column.endswith("_yes_no")]


def _numbered(columns: Sequence[str], texts: Sequence[str]) -> str:
    """Columns of these texts as numbers, worked out once for each text of a dictionary of the file."""
    known = ", ".join(f"'{text}'" for text in ("", *texts))
    return ", ".join(f"TRY_CAST(concat({column}, '') AS ENUM({known})) AS {column}" for column in columns)


def _grouped(file: Path, chosen: str) -> int:
    """The rows of a file grouped by what is chosen, and nothing else done with them."""
    import duckdb

    with duckdb.connect(config={"perfect_ht_threshold": 22, "preserve_insertion_order": "false"}) as db:
        inner = f"(SELECT {chosen} FROM '{_all(file)}')"  # noqa: S608
        found = db.execute(f"SELECT *, count(*) AS rows FROM {inner} GROUP BY ALL").fetchall()  # noqa: S608
    return sum(line[-1] for line in found)


def group(file: Path) -> int:
    """One grouping by month, form, boxes and mark of repeats."""
    month = "CAST(year(detainer_prepare_date) * 12 + month(detainer_prepare_date) - 24000 AS USMALLINT) AS month"
    forms = _numbered(["detainer_type"], [OLD, NEW, I_247D, I_247N])
    marks = _numbered(["duplicate_likely"], ["TRUE", "FALSE"])
    return _grouped(file, f"{month}, {forms}, {_numbered(BOXES, ['YES', 'NO'])}, {marks}")


def place(file: Path) -> int:
    """One grouping by facility, state, form and mark of repeats."""
    jails = _numbered(["detention_facility"], [f"COUNTY JAIL {number}" for number in range(FACILITIES + 1)])
    states = _numbered(["facility_state"], [f"STATE {number}" for number in range(54)])
    forms = _numbered(["detainer_type"], [OLD, NEW, I_247D, I_247N])
    kept = _numbered(["duplicate_likely"], ["TRUE", "FALSE"])
    return _grouped(file, f"{jails}, {states}, {forms}, {kept}")


def by_hand(file: Path) -> int:
    """What a hand would write of one law: surely forbidden, or not told, by month and facility."""
    import duckdb

    with duckdb.connect() as db:
        found = db.execute(
            "SELECT date_trunc('month', detainer_prepare_date) AS month, detention_facility, facility_state, "  # noqa: S608
            "CASE WHEN detainer_type LIKE 'I247N%' THEN 'no hold asked' WHEN detainer_type LIKE 'I247A%' AND "
            "detainer_prepare_date >= DATE '2014-12-14' THEN 'cannot be told' ELSE 'form not known' END AS outcome, "
            "count(*) AS rows FROM '"
            + _all(file)
            + "' WHERE coalesce(duplicate_likely, 'FALSE') <> 'TRUE' GROUP BY ALL"
        ).fetchall()
    return sum(line[-1] for line in found)


def fisca(file: Path) -> int:
    """The rule of `by_hand` as variables of OpenFisca, counted by month alone: it groups nothing itself."""
    import duckdb
    import numpy as np
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulation_builder import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    row = build_entity(key="row", plural="rows", label="A row", is_person=True)
    system = TaxBenefitSystem([row])
    said = {"entity": row, "definition_period": DateUnit.DAY}
    for name in ("asks_to_tell", "form_a", "since_2014"):
        system.add_variable(type(name, (Variable,), {**said, "value_type": bool}))

    def outcome(rows: Any, period: Any) -> Any:
        tells, known = rows("asks_to_tell", period), rows("form_a", period) * rows("since_2014", period)
        return np.where(tells, 0, np.where(known, 1, 2))

    system.add_variable(type("outcome", (Variable,), {**said, "value_type": int, "formula": outcome}))
    with duckdb.connect() as db:
        columns = db.execute(
            "SELECT year(detainer_prepare_date) * 12 + month(detainer_prepare_date) AS month, "  # noqa: S608
            "detainer_type LIKE 'I247N%' AS asks_to_tell, detainer_type LIKE 'I247A%' AS form_a, "
            "detainer_prepare_date >= DATE '2014-12-14' AS since_2014 "
            f"FROM '{_all(file)}' WHERE coalesce(duplicate_likely, 'FALSE') <> 'TRUE'"
        ).fetchnumpy()
    simulation = SimulationBuilder().build_default_simulation(system, count=len(columns["month"]))
    for name in ("asks_to_tell", "form_a", "since_2014"):
        simulation.set_input(name, "2026-11-24", np.asarray(columns[name]))
    found = simulation.calculate("outcome", "2026-11-24")
    return int(np.bincount(columns["month"] * 3 + found).sum())


def replay(file: Path, *, agency: str = AGENCY, rows: bool = False, digested: bool = True) -> int:
    """The replay itself."""
    from detainer.law import LawBook
    from detainer.replay import writing
    from detainer.replay.deciding import LIVE
    from detainer.replay.mapping import Mapping
    from detainer.replay.run import Question, Run

    rules, question = Mapping.load("ddp-detainers"), Question(agency=agency, given=LIVE)
    with Run(LawBook.load(), rules, question, date(2026, 11, 24)) as run, tempfile.TemporaryDirectory() as out:
        found = run.replay([file], digested=digested)
        if rows:
            writing.write(run, found, Path(out), rows=True, parquet=True)
        return found.reading.rows


WAYS: dict[str, Callable[[Path], int]] = {
    "read": read,
    "group": group,
    "place": place,
    "by hand": by_hand,
    "fisca": fisca,
    "counts": lambda file: replay(file, digested=False),
    "replay": replay,
    "by place": lambda file: replay(file, agency=""),
    "rows": lambda file: replay(file, rows=True),
}


def main(sizes: list[int]) -> None:
    """Make each table, measure every way over it, remove it."""
    for rows in sizes:
        with tempfile.TemporaryDirectory(prefix="detainer-bench-") as folder:
            file = Path(folder) / "detainers.parquet"
            start = time.perf_counter()
            # In a process of its own too: what a process is started from counts in its peak of memory.
            subprocess.run([sys.executable, __file__, "--make", str(rows), str(file)], check=True)
            size = file.stat().st_size / 1e6
            print(f"{rows:,} rows made in {time.perf_counter() - start:.1f} s, {size:,.0f} MB of Parquet")
            for way in (way for way in WAYS if way != "fisca" or find_spec("openfisca_core")):
                told = subprocess.run(
                    [sys.executable, __file__, "--one", way, str(file)], check=True, capture_output=True, text=True
                )
                found = json.loads(told.stdout)
                speed = rows / found["seconds"]
                print(
                    f"  {way:8} {found['seconds']:8.2f} s  {speed:12,.0f} rows/s  "
                    f"{found['processor']:8.2f} s of a processor  peak {found['peak']:,.0f} MB"
                )


def one(way: str, file: Path) -> None:
    """Measure one way in this process."""
    start, used = time.perf_counter(), time.process_time()
    WAYS[way](file)
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"seconds": seconds, "processor": processor, "peak": peak}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], Path(sys.argv[3]))
    elif sys.argv[1:2] == ["--make"]:
        make(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        main([int(size) for size in sys.argv[1:]] or [1_000_000])

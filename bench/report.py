"""How long a year's report takes over a large record: `python bench/report.py [REQUESTS]`, one million when not said.

It makes a record of its own under a temporary home: ten years of requests of three events each, as leaves of a real
ledger, whose counts grow with it as on a desk: making it includes that. Then it measures the first report; a second one
in a new process; one after a hundred more requests; eight years by month; the recount of the first checkpoint from the
events alone; and the public site. Lives in it are more alike than in a real record, where a report reads more groups.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

AGENCY = "us-ny-nyc-police"
ANNUAL = f"{AGENCY}/annual"
FIRST = datetime(2018, 7, 1, 16, tzinfo=UTC)
YEARS = 8
BATCH = 10_000
YEAR = (date(2018, 7, 1), date(2019, 6, 30))


def main(requests: int) -> None:
    """Make the record, measure, remove it."""
    home = tempfile.mkdtemp(prefix="detainer-bench-")
    os.environ["DETAINER_HOME"] = home
    try:
        measure(requests)
    finally:
        shutil.rmtree(home)


def measure(requests: int) -> None:
    """Print one line a measurement."""
    from detainer import setup

    setup.django(make=True)
    from detainer.record import journal
    from detainer.report import count, kept
    from detainer.site import export

    journal.open_record(demonstration=True)
    print(f"{requests:,} requests over {YEARS} years, {3 * requests:,} events")
    timed("made", lambda: fill(0, requests, requests))
    first = timed("a year's first report", lambda: count.run(ANNUAL, *YEAR))
    kept._alike.cache_clear()  # noqa: SLF001  as a process of its own would find it
    timed("the same again, in a new process", lambda: count.run(ANNUAL, *YEAR))
    timed("and again, in the same process", lambda: count.run(ANNUAL, *YEAR))
    timed("another year", lambda: count.run(ANNUAL, date(2020, 7, 1), date(2021, 6, 30)))
    timed("eight years by month", lambda: count.run(ANNUAL, date(2018, 7, 1), date(2026, 6, 30)))
    fill(requests, 100, requests)
    timed("a year's report after a hundred requests more", lambda: count.run(ANNUAL, *YEAR))
    again = timed(
        "the first report again, at its checkpoint, from events alone",
        lambda: count.run(ANNUAL, *YEAR, size=first.basis.size),
    )
    if again.items != first.items:
        sys.exit("the recount differs")
    folder = Path(os.environ["DETAINER_HOME"]) / "site"
    timed("the public site", lambda: export.publish(folder))
    pages = {page: page.read_text(encoding="utf-8") for page in folder.rglob("*.html")}
    bare = {page: len(re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL).encode()) for page, text in pages.items()}
    heaviest = max(bare, key=lambda page: bare[page])
    print(f"{len(pages)} pages; the heaviest without charts is {heaviest.name}, {bare[heaviest]:,} bytes")


def timed(what: str, run: Callable[[], Any]) -> Any:
    """Run it once and print how long it took."""
    start, busy = time.perf_counter(), time.process_time()
    made = run()
    print(
        f"{time.perf_counter() - start:9.3f} s  ({time.process_time() - busy:.3f} s of a processor)  {what}", flush=True
    )
    return made


def fill(first: int, number: int, spread: int) -> None:
    """So many requests, spread over the years, as events of the ledger; projections are left out."""
    from detainer.record import ledger

    for start in range(first, first + number, BATCH):
        with ledger.appending() as appending:
            for place in range(start, min(start + BATCH, first + number)):
                for leaf in events(place, spread):
                    appending.append(leaf, None)


def events(place: int, spread: int) -> Iterator[object]:
    """A request that was declined and whose person was released, as most are."""
    from detainer.record import canonical
    from detainer.record.leaf import Leaf

    came = FIRST + timedelta(seconds=(place % spread) * YEARS * 365 * 86400 // spread)
    request = f"{place:024x}"
    said = {"number": f"{came.year}-{place:07}", "request": {"form": "I-247A", "asks": ["hold"], "from": "ice"}}
    for kind, hours, public in (("received", 0, said), ("declined", 1, {}), ("released", 2 + place % 40, {})):
        moment = canonical.moment(came + timedelta(hours=hours))
        yield Leaf(kind, request, AGENCY, moment, moment, "system:bench", canonical.encode(public), "")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)

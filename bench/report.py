"""How long a year's report takes over a large record: `python bench/report.py [REQUESTS]`, one million when not said.

It makes a record of its own under a temporary home, or with `--postgresql` on a server of its own that writes
durably: ten years of requests of three events each, as leaves of a real ledger, whose counts grow with it as on a desk:
making it includes that. Then it measures what that growing costs, beside the same events bare of it; the first report;
a second one in a new process; one after a hundred more requests; ten years by month; the requests behind a figure; the
recount of the first checkpoint from the events alone; and the public site. Lives in it are more alike than in a real
record, where a report reads more groups.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
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
FIRST = datetime(2016, 7, 1, 16, tzinfo=UTC)
YEARS = 10
BATCH = 10_000
YEAR = (date(2018, 7, 1), date(2019, 6, 30))


def main(requests: int, *, postgresql: bool) -> None:
    """Make the record, measure, remove it."""
    home = tempfile.mkdtemp(prefix="detainer-bench-")
    os.environ["DETAINER_HOME"] = home
    os.environ.pop("DETAINER_DATABASE", None)
    try:
        if postgresql:
            on_postgresql(requests)
        else:
            measure(requests)
    finally:
        shutil.rmtree(home)


def on_postgresql(requests: int) -> None:
    """The same on a server of its own, durable as in service."""
    from ledger import CREATE

    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "harness"))
    import postgresql

    postgresql.FAST[:] = ["max_connections=60"]
    server = postgresql.Server()
    try:
        subprocess.run([sys.executable, "-c", CREATE, server.address], check=True)
        os.environ["DETAINER_DATABASE"] = server.address
        measure(requests)
    finally:
        from django.db import connections

        connections.close_all()
        server.stop()


def measure(requests: int) -> None:
    """Print one line a measurement."""
    from detainer import setup

    setup.django(make=True)
    from detainer.record import journal
    from detainer.report import count, kept
    from detainer.site import export, gather

    journal.open_record(demonstration=True)
    print(f"{requests:,} requests over {YEARS} years, {3 * requests:,} events")
    timed("made", lambda: fill(0, requests, requests))
    growing(requests)
    first = timed("a year's first report", lambda: count.run(ANNUAL, *YEAR))
    count._counted.cache_clear()  # noqa: SLF001  as a process of its own would find it
    timed("the same again, in a new process", lambda: count.run(ANNUAL, *YEAR))
    timed("and again, in the same process", lambda: count.run(ANNUAL, *YEAR))
    timed("another year", lambda: count.run(ANNUAL, date(2020, 7, 1), date(2021, 6, 30)))
    kept._alike.cache_clear()  # noqa: SLF001
    months = timed("ten years by month, every fact, and every year, in a new process", gather.gather).agencies[0].months
    print(f"{'':36}{len(months['received'])} months of {len(months)} facts")
    for item in ("received", "held"):
        opened = timed(
            f"the first requests behind a year's number, {item}",
            lambda item=item: count.behind(ANNUAL, item, *YEAR, whose=[AGENCY]),
        )
        print(f"{'':36}{len(opened)} of them")
    last = count.behind(ANNUAL, "received", *YEAR, whose=[AGENCY], limit=50_000)[-1]
    after = (last.received_at, last.id)
    timed("those after the first 50,000", lambda: count.behind(ANNUAL, "received", *YEAR, whose=[AGENCY], after=after))
    fill(2 * requests, 100, requests)
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


def growing(requests: int) -> None:
    """What keeping counts costs whoever writes: a hundred requests, bare of it and with it, in turn."""
    from detainer.record import ledger
    from detainer.report import apps

    spent: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(20):
        kept_up = bool(turn % 2)
        ledger.grown.disconnect(dispatch_uid="report")
        if kept_up:
            catch_up()
            ledger.grown.connect(apps._follow, dispatch_uid="report")  # noqa: SLF001
        start = time.perf_counter()
        for one in range(100):
            fill(requests + turn * 100 + one, 1, requests)
        spent[kept_up].append((time.perf_counter() - start) / 300)
    catch_up()
    bare, grown = (statistics.median(spent[kept_up]) * 1000 for kept_up in (False, True))
    print(f"{grown:9.3f} ms  an event, written three at a time with counts kept; {bare:.3f} ms bare of it")


def catch_up() -> None:
    """Count what was written without it."""
    from django.db import transaction

    from detainer.report import kept

    with transaction.atomic():
        kept.catch_up()


def timed(what: str, run: Callable[[], Any]) -> Any:
    """Run it once and print how long it took."""
    start, busy = time.perf_counter(), time.process_time()
    made = run()
    print(
        f"{time.perf_counter() - start:9.3f} s  ({time.process_time() - busy:.3f} s of a processor)  {what}", flush=True
    )
    return made


def fill(first: int, number: int, spread: int) -> None:
    """So many requests, spread over the years, as events of the ledger, and each as it now stands."""
    from detainer.record import ledger
    from detainer.record.models import Request

    for start in range(first, first + number, BATCH):
        places = range(start, min(start + BATCH, first + number))
        with ledger.appending() as appending:
            for place in places:
                for leaf in events(place, spread):
                    appending.append(leaf, None)
            Request.objects.bulk_create(
                Request(
                    id=f"{place:024x}",
                    number=f"{came(place, spread).year}-{place:07}",
                    agency=AGENCY,
                    received_at=came(place, spread),
                    state="released",
                    last_seq=0,
                )
                for place in places
            )


def came(place: int, spread: int) -> datetime:
    """When a request came."""
    return FIRST + timedelta(seconds=(place % spread) * YEARS * 365 * 86400 // spread)


def events(place: int, spread: int) -> Iterator[object]:
    """A request that was declined and whose person was released, as most are."""
    from detainer.record import canonical
    from detainer.record.leaf import Leaf

    moment_of_receipt = came(place, spread)
    request = f"{place:024x}"
    said = {
        "number": f"{moment_of_receipt.year}-{place:07}",
        "request": {"form": "I-247A", "asks": ["hold"], "from": "ice"},
    }
    for kind, hours, public in (("received", 0, said), ("declined", 1, {}), ("released", 2 + place % 40, {})):
        moment = canonical.moment(moment_of_receipt + timedelta(hours=hours))
        yield Leaf(kind, request, AGENCY, moment, moment, "system:bench", canonical.encode(public), "")


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if word != "--postgresql"]
    main(int(given[0]) if given else 1_000_000, postgresql="--postgresql" in sys.argv)

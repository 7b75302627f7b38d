"""A million requests with ten million events on PostgreSQL, and how long the desk's pages take over them.

    ./run python bench/scale.py load   FOLDER [--requests 1000000] [--sqlite]   make the record, in FOLDER
    ./run python bench/scale.py pages  FOLDER [--users 50] [--minutes 3] [--sqlite]
    ./run python bench/scale.py verify FOLDER [--sqlite]                        re-read all of it, alone

`load` writes ten events a request by the ledger's batch path: leaves, commitments, tree, signed checkpoints, personal
data, present state, search terms. What the lives of the requests say is made up beforehand and not asked of the law
each time; one settled request in twenty keeps the law's whole answer (15 kB), the others the outcome alone. A few
thousand are open, with clocks that run now, whole answers and steps that wait for a second person.

`pages` serves the desk with `detainer serve` and lets so many signed-in people work at it at once, each pausing some
seconds between two pages as people do: list, a settled group page by page, search by name, file number and request
number, opening a request, asking the law again, approvals, a year's report. It prints p50, p95 and p99 of each page.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "harness")]

AGENCIES = ("us-ny-nyc-police", "us-ny-nyc-correction", "us-ca-sheriff")
YEARS = 10
OPEN = 0.003  # of the requests are still being worked on
BATCH = 1000  # requests in a transaction
SETTINGS = (
    "max_connections=60",
    "shared_buffers=2GB",
    "effective_cache_size=8GB",
    "max_wal_size=8GB",
    "checkpoint_timeout=15min",
    "random_page_cost=1.1",
)
FIRST_NAMES = (
    "Ana Bruno Carla Dmitri Elena Farid Greta Hoang Ines Jorge Kofi Lucia Marek Nadia Omar Paula Quang Rosa".split()
)
LAST_NAMES = [
    a + b
    for a in "Ar Bel Cor Dan El Far Gon Her Iba Jim Kov Lop Mor".split()
    for b in "ado anko esh ez ilva ini oska ova uya".split()
]


def main() -> None:
    """Load, or measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["load", "pages", "verify"])
    parser.add_argument("--sqlite", action="store_true", help="an embedded record in place of a server")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--within", type=float, default=0, help="minutes after which loading ends with what there is")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--warm", type=float, default=1, help="minutes before those, whose pages are not counted")
    parser.add_argument("--pause", type=float, default=10, help="seconds that a person looks at a page, on average")
    given = parser.parse_args()
    os.environ["DETAINER_HOME"] = str(given.folder / "home")
    # One account does the work of many here.
    os.environ |= dict.fromkeys(("DETAINER_READ_LIMIT", "DETAINER_NAMES_LIMIT", "DETAINER_SEARCH_LIMIT"), "100000")
    server = None if given.sqlite else kept(given.folder)
    try:
        if server:
            os.environ["DETAINER_DATABASE"] = server.address
        if given.what == "load":
            load(given.requests, given.within)
        elif given.what == "verify":
            verify()
        else:
            pages(given.users, given.minutes, given.pause, given.warm)
    finally:
        if server:
            server.end()


def kept(folder: Path) -> Any:
    """A server whose files stay in a folder, durable as in service."""
    import psycopg
    from postgresql import Server

    fresh = not (folder / "data").exists()
    server = Server(*SETTINGS, folder=folder)
    if fresh:
        with psycopg.connect(server.address.replace("/detainer?", "/postgres?"), autocommit=True) as admin:
            admin.execute("CREATE DATABASE detainer")
    return server


# --- Loading ------------------------------------------------------------------------------------------------------


def load(count: int, within: float) -> None:
    """Make the record; print how long it took and how large it is."""
    from detainer import setup

    setup.django(make=True)
    from django.db import connection

    from detainer.record import journal, ledger

    journal.open_record(demonstration=True)
    began, done = time.perf_counter(), 0
    until = began + (within * 60 or float("inf"))
    waiting: Any = multiprocessing.get_context("spawn").Queue(4)
    maker = multiprocessing.get_context("spawn").Process(target=make, args=(waiting, count), daemon=True)
    maker.start()
    while done < count and time.perf_counter() < until:
        made, events, envelopes, beside = waiting.get()
        with ledger.appending() as appending:
            for row in events:
                appending.place(row, envelopes.get(row[0]))
            for statement, rows in beside:
                appending.beside(statement, rows)
        done += made
        if done % (BATCH * 10) == 0:
            spent = time.perf_counter() - began
            print(f"{done:,} requests, {appending.size:,} events, {done / spent:,.0f} requests/s", flush=True)
    maker.terminate()
    watched()
    embedded = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if not embedded:  # as its own housekeeping does; nobody does it for an embedded database
            cursor.execute("VACUUM ANALYZE")
        cursor.execute(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            if embedded
            else "SELECT pg_database_size(current_database())"
        )
        size = cursor.fetchone()[0]
    spent = time.perf_counter() - began
    print(f"{done:,} requests, {ledger.head().size:,} events in {spent:,.0f} s; {size / 1e9:.1f} GB")


class Unwritten:
    """Stands in for the ledger in the process that makes events beside the one that writes them."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.events: list[tuple[Any, ...]] = []
        self.envelopes: dict[int, Any] = {}
        self.rows: list[tuple[str, Any]] = []

    def append(self, leaf: Any, envelope: Any) -> Any:
        """The event's row, hash and all, as the ledger would make it at this place."""
        from detainer.record.models import Event

        names = (leaf.kind, leaf.request, leaf.agency, leaf.happened, leaf.entered, leaf.author)
        row = (self.size, *names, leaf.public, leaf.personal, leaf.hash_at(self.size).hex())
        self.events.append(row)
        if envelope:
            self.envelopes[self.size] = envelope
        self.size += 1
        return Event(*row)

    def beside(self, statement: str, rows: Any) -> None:
        """Keep the rows for whoever writes."""
        self.rows.append((statement, rows))


def make(ready: Any, count: int) -> None:
    """Make the events of all requests and what is derived from them, transaction by transaction."""
    from detainer import setup

    setup.django()
    from detainer.record import batch

    answers, now, chance = real_answers(), datetime.now(UTC), random.Random(1)  # noqa: S311  # a bench's
    numbers: dict[tuple[str, int], int] = {}
    size = 1
    for first in range(0, count, BATCH):
        ledger = Unwritten(size)
        writing: Any = batch.Batch(ledger)  # type: ignore[arg-type]  # it appends, and no more is asked of it here
        writing.flush = writing.hand_over  # many small parts of one transaction
        writing.number = lambda agency, year: numbered(numbers, agency, year)
        last = min(first + BATCH, count)
        for place in range(first, last):
            life(writing, place, count, now, answers, chance)
        writing._numbers = numbers  # noqa: SLF001  # counted here, as nothing is written yet
        writing.hand_over()
        size = ledger.size
        ready.put((last - first, ledger.events, ledger.envelopes, ledger.rows))


def numbered(numbers: dict[tuple[str, int], int], agency: str, year: int) -> str:
    """The next number of an agency's year."""
    numbers[agency, year] = numbers.get((agency, year), 0) + 1
    return f"{year}-{numbers[agency, year]:04}"


def watched() -> None:
    """Bring the watch to where it would be, had it gone round all the while."""
    from detainer import clock
    from detainer.record import ledger
    from detainer.record.models import Request
    from detainer.watch import deadlines, loop
    from detainer.watch.models import Beat

    deadlines.derive(Request.objects.filter(state="open").iterator())
    Beat.objects.create(worker="bench", at=clock.now(), seen=ledger.head().size - 1)
    while loop.raise_due():
        pass


def real_answers() -> dict[str, dict[str, Any]]:
    """What the law answers of a plain request and of one with a judge's warrant, as a determination keeps it."""
    import desk_people

    from detainer.record import agencies, canonical
    from detainer.record.cases import case_of
    from detainer.record.story import Story

    made = {}
    for agency in AGENCIES:
        for permitted in (False, True):
            story = Story("", agency, "2026-0001")
            story.facts = canonical.plain(desk_people.facts(permitted=permitted))
            story.facts["request"]["received"] = canonical.moment(datetime.now(UTC) - timedelta(hours=3))
            answer = agencies.book().decide(case_of(story, datetime.now(UTC)))
            made[f"{agency} {permitted}"] = {
                "facts": story.facts,
                "public": {
                    "modalities": {name: str(one.modality) for name, one in answer.decisions.items()},
                    "laws": [{"law": layer.law, "version": str(layer.version)} for layer in answer.laws],
                    "digest": answer.digest,
                },
                "answer": canonical.plain(answer.as_json()),
            }
    return made


LIVES = (
    ("viewed", "facts", "viewed", "decided", "viewed", "declined", "noted", "released", "viewed"),
    ("viewed", "facts", "viewed", "decided", "declined", "viewed", "viewed", "released", "noted"),
    ("facts", "viewed", "decided", "asked", "approved", "told", "viewed", "released", "viewed"),
    ("viewed", "facts", "decided", "viewed", "withdrawn", "noted", "viewed", "released", "viewed"),
)


def life(  # noqa: C901  # one story
    writing: Any, place: int, count: int, now: datetime, answers: dict[str, Any], chance: random.Random
) -> None:
    """One request, from its receipt to where it stands now."""
    from detainer.record.story import Story

    agency = AGENCIES[0] if chance.random() < 0.8 else chance.choice(AGENCIES[1:])
    still_open = chance.random() < OPEN
    if still_open:
        came = now - timedelta(hours=chance.uniform(0.2, 40))
    else:
        came = now - timedelta(days=3) - timedelta(days=365 * YEARS) * (1 - place / count)
    permitted = still_open and chance.random() < 0.3
    law = answers[f"{agency} {permitted}"]
    story = Story(f"{chance.getrandbits(96):024x}", agency)
    name = f"{chance.choice(FIRST_NAMES)} {chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
    born = f"{chance.randint(1950, 2005)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    person = {"name": name, "born": born, "file_number": f"A {place // 1000:06} {place % 1000:03}"}
    asked = {"form": "I-247A", "asks": ["hold", "notify"], "from": "ice", "purpose": "civil"}
    facts = dict(law["facts"]) if still_open else {"custody": law["facts"]["custody"], "watch_list": "no_match"}
    due = came + timedelta(hours=chance.uniform(2, 60 if still_open else 20))
    facts["custody"] = {**facts["custody"], "releasable_at": due.isoformat()}
    facts.pop("request", None)
    public = {"number": writing.number(agency, came.year), "request": asked}
    officer, other = f"staff:{chance.randint(1, 40)}", f"staff:{chance.randint(41, 50)}"
    writing.add(
        story,
        "received",
        came,
        officer,
        public=public,
        body={"facts": {"request": {**asked, "withdrawn": False}}, "person": person},
    )
    steps = (
        LIVES[chance.randrange(4)]
        if not still_open
        else (
            "viewed",
            "facts",
            "viewed",
            "decided",
            "viewed",
            "viewed",
            "noted",
            "viewed",
            "asked" if permitted and chance.random() < 0.2 else "viewed",
        )
    )
    whole = still_open or place % 20 == 0
    approval = 0
    for number, kind in enumerate(steps, 1):
        at = came + timedelta(minutes=6 * number)
        said: dict[str, Any] = {}
        body: dict[str, Any] | None = None
        who = officer
        if kind == "viewed":
            said, who = {"what": "request"}, f"staff:{chance.randint(1, 50)}"
        elif kind == "facts":
            body = {"facts": facts}
        elif kind == "noted":
            body = {"note": "Papers are in the file."}
        elif kind == "decided":
            said = {"at": at.isoformat().replace("+00:00", "Z"), **law["public"]}
            body = {"answer": law["answer"], "case": facts} if whole else {"case": {"custody": facts["custody"]}}
        elif kind in ("asked", "approved"):
            said = {"for": "held" if still_open else "told"}
            who = other if kind == "approved" else officer
        elif kind == "told":
            said = {"way": "form", "approval": approval, "approved_by": other}
        elif kind == "declined":
            said = {"of": ["hold", "notify"]}
        if kind == "released":
            at = due
        event = writing.add(story, kind, at, who, public=said, body=body)
        if kind == "approved":
            approval = event.seq


def verify() -> None:
    """Time the stand-alone check and the house's own, which derives every request besides."""
    from detainer import setup

    setup.django()
    from detainer.house import house
    from detainer.record import audit, keys
    from detainer.record import verify as alone

    given = [alone.Key.read(str(key)) for key in keys.verifiers()]
    where = house().database or str(house().sqlite)
    for what, check in (("verify.py", lambda: alone.check(where, given, ())), ("detainer verify", audit.run)):
        for _ in range(3 if what == "verify.py" else 1):
            start, busy = time.perf_counter(), time.process_time()
            report = check()
            spent, own = time.perf_counter() - start, time.process_time() - busy
            print(f"{what}: {spent:.1f} s ({own:.1f} s of a processor), load {os.getloadavg()[0]:.1f}; ", end="")
            print(report.findings[:3] or f"{report.events:,} events, {report.checkpoints:,} checkpoints", flush=True)


# --- Pages --------------------------------------------------------------------------------------------------------


def pages(users: int, minutes: float, pause: float, warm: float) -> None:
    """Serve the desk and let people work at it; print the table."""
    from detainer import setup

    setup.django(make=True)
    import command
    from django.db import connections

    people = signed_in(users)
    known = samples()
    print(f"{known['requests']:,} requests, {known['events']:,} events; load {os.getloadavg()[0]:.1f}")
    for connection in connections.all():
        connection.close()
    port = command.free_port()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    server = subprocess.Popen(
        [sys.executable, "-P", "-m", "detainer", "serve", "--host", "127.0.0.1", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        command.answer(port, "/healthz")
        taken: dict[str, list[float]] = defaultdict(list)
        wrong: dict[str, int] = defaultdict(int)
        since = time.monotonic() + warm * 60
        until = since + minutes * 60
        workers = [
            threading.Thread(target=work, args=(port, cookie, known, (since, until), pause, taken, wrong, number))
            for number, cookie in enumerate(people)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    finally:
        server.terminate()
        server.wait(30)
    how = f"{users} users, {pause:g} s between pages, {minutes:g} min after {warm:g} warm ones"
    print(f"{how}; load {os.getloadavg()[0]:.1f}")
    print(f"{'page':28}{'count':>8}{'p50':>8}{'p95':>8}{'p99':>8}  ms")
    for page, times in [*sorted(taken.items()), ("all", [one for some in taken.values() for one in some])]:
        cuts = statistics.quantiles([one * 1000 for one in times], n=100) if len(times) > 1 else [0.0] * 99
        print(f"{page:28}{len(times):8}{cuts[49]:8.0f}{cuts[94]:8.0f}{cuts[98]:8.0f}")
    for page, number in wrong.items():
        print(f"not answered as it must be: {page}, {number} times")


def signed_in(users: int) -> list[str]:
    """People of the first agency and their sessions."""
    import desk_people
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from detainer.desk.duties.roles import Role

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cookies = []
    for number in range(users):
        user = desk_people.person(f"bench{number}", Role.SUPERVISOR if number % 5 == 0 else Role.OFFICER)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        cookies.append(session.session_key or "")
    return cookies


def samples() -> dict[str, Any]:
    """Requests to open and people to look for."""
    from detainer.desk.wording import people
    from detainer.record import ledger
    from detainer.record.models import Counter, Request

    here = Request.objects.filter(agency=AGENCIES[0])
    working = list(here.filter(state="open").values_list("id", flat=True)[:2000])
    old = [
        row
        for number in range(40)
        for row in here.filter(number__gte=f"{2017 + number % 9}-{number * 997:05}")
        .order_by("number")
        .values_list("id", "number")[:25]
    ]
    persons = people.persons([one for one, _ in old])
    return {
        "open": len(working),
        "working": working,
        "old": old,
        "persons": list(persons.values()),
        "events": ledger.head().size,
        "requests": sum(Counter.objects.values_list("last", flat=True)),
    }


def steps(known: dict[str, Any], chance: random.Random) -> Iterator[tuple[str, str, dict[str, str] | None]]:
    """What a person does, over and over: (name, address, form)."""
    report = f"/reports/us-ny-nyc-police/annual/{datetime.now(UTC).year - 2}-07-01/{datetime.now(UTC).year - 1}-06-30/"
    while True:
        mine = chance.choice(known["working"])
        yield "list", "/requests/", None
        yield "open", f"/requests/{mine}/", None
        yield "decide", f"/requests/{mine}/act/", {"kind": "decide"}
        person = chance.choice(known["persons"])
        words = person["name"].split()
        yield "search: whole name", "/requests/", {"q": person["name"]}
        yield "search: last name", "/requests/", {"q": words[-1]}
        yield "search: file number", "/requests/", {"q": person["file_number"]}
        identity, number = chance.choice(known["old"])
        yield "search: request number", "/requests/", {"q": number}
        yield "open, settled", f"/requests/{identity}/", None
        yield "list, settled group", f"/requests/?group=settled&page={chance.randint(1, 5)}", None
        yield "report", report, None


def work(
    port: int,
    session: str,
    known: dict[str, Any],
    between: tuple[float, float],
    pause: float,
    taken: dict[str, list[float]],
    wrong: dict[str, int],
    seed: int,
) -> None:
    """One person at the desk."""
    chance, token = random.Random(seed), "x" * 32  # noqa: S311  # a bench's
    headers = {"Cookie": f"sessionid={session}; csrftoken={token}", "Host": f"127.0.0.1:{port}"}
    todo = steps(known, chance)
    for _ in range(chance.randrange(10)):
        next(todo)
    time.sleep(chance.uniform(0, pause))
    since, until = between
    while time.monotonic() < until:
        name, address, form = next(todo)
        start = time.perf_counter()
        try:
            answer = ask(port, address, headers, form, token)
        except OSError as error:
            wrong[f"{name}: {type(error).__name__}"] += 1
        else:
            if time.monotonic() >= since:
                taken[name].append(time.perf_counter() - start)
            if answer not in (200, 302):
                wrong[f"{name}: {answer}"] += 1
        time.sleep(chance.expovariate(1 / pause))


def ask(port: int, address: str, headers: dict[str, str], form: dict[str, str] | None, token: str) -> int:
    """Send it, read the whole answer; the status."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        if form is None:
            connection.request("GET", address, headers=headers)
        else:
            typed = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", address, urlencode({**form, "csrfmiddlewaretoken": token}), {**headers, **typed})
        answer: HTTPResponse = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


if __name__ == "__main__":
    main()

"""Pages cost what they touch, however many requests there are: none of their queries reads a table through."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from desk_people import POLICE, take
from django.db import connection

from detainer import clock
from detainer.desk.duties.accounts import author
from detainer.desk.lists.urgency import GROUPS, all_settled, members
from detainer.desk.request import approvals
from detainer.desk.wording import people as wording
from detainer.desk.wording.people import search
from detainer.record import journal
from detainer.record.models import Counter, Request

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

pytestmark = pytest.mark.django_db
GROWING = r"record_(event|personal|request|term|checkpoint|subtree)"
# Reads one row from an end of the primary key.
ONE = re.compile(r'SELECT [^()]* FROM "\w+" ORDER BY "\w+"."(seq|place)" DESC LIMIT 1$')


def reads_through(statement: str, given: Any) -> Iterator[str]:
    """The steps of a statement's plan that go through all of a growing table or of one of its indexes."""
    if ONE.match(statement):
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # With the values apart, as it is asked in service: SQLite plans without looking at them.
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", given)
            yield from (row[3] for row in cursor.fetchall() if re.match(rf"SCAN {GROWING}", row[3]))
            return
        # On a few rows PostgreSQL would read, sort or hash all of them, whatever indexes there are.
        for way in ("seqscan", "mergejoin", "hashjoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {statement}", given)
        plan = [row[0] for row in cursor.fetchall()]
        for line, after in zip(plan, [*plan[1:], ""], strict=True):
            whole_index = re.search(rf"Index (Only )?Scan .*on {GROWING}", line) and "Cond:" not in after
            if re.search("record_request_(sealed|waiting)", line):
                continue  # an index of those few alone
            limited = plan[0].startswith("Limit") and whole_index
            if re.search(rf"Seq Scan on {GROWING}", line) or (whole_index and not limited):
                yield line


def typed(client: Client, made: Request) -> dict[str, Callable[[], Any]]:
    form = f"/requests/{made.id}/act/"
    return {
        "list": lambda: client.get("/requests/"),
        "one group": lambda: client.get("/requests/?group=settled"),
        "search for a name": lambda: client.post("/requests/", {"q": "Ana Example"}),
        "search for a number": lambda: client.post("/requests/", {"q": "A 000 000 017"}),
        "open": lambda: client.get(f"/requests/{made.id}/"),
        "decide": lambda: client.post(form, {"kind": "decide"}),
        "note": lambda: client.post(form, {"kind": "note", "note": "Seen."}),
        "approvals": lambda: client.get("/approvals/"),
    }


def test_no_page_reads_a_table_of_the_record_through(
    officer: User, supervisor: User, as_: Callable[[User], Client]
) -> None:
    with journal.batch():
        for _ in range(600):
            gone = take(author(officer), decide=False, said={"custody": {"held": True}})
            journal.act(gone, "released", happened=clock.now(), author=author(officer))
    made = take(author(officer), permitted=True)
    if connection.vendor == "postgresql":  # as its own housekeeping does
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    journal.act(made, "asked", happened=clock.now(), author=author(officer), detail={"for": "held"})
    for page, ask in typed(as_(supervisor), made).items():
        asked: list[tuple[str, Any]] = []

        def note(execute: Any, statement: str, given: Any, many: bool, context: Any, *, asked: Any = asked) -> Any:
            if statement.startswith("SELECT"):
                asked.append((statement, given))
            return execute(statement, given, many, context)

        with connection.execute_wrapper(note):
            assert ask().status_code in (200, 302), page
        assert len(asked) > 5, page
        for statement, given in asked:
            assert list(reads_through(statement, given)) == [], f"{page}: {statement}"


@pytest.mark.parametrize(
    ("page", "index"), [("/sealed/", "record_event_erasures"), ("/exports/", "record_event_exports")]
)
def test_rare_events_are_found_by_an_index_of_their_own(
    reviewer: User, as_: Callable[[User], Client], page: str, index: str
) -> None:
    client, plans = as_(reviewer), []

    def note(execute: Any, statement: str, given: Any, many: bool, context: Any) -> Any:
        if "LIKE '" in statement:
            plans.append((statement, given))
        return execute(statement, given, many, context)

    with connection.execute_wrapper(note):
        assert client.get(page).status_code == 200
    assert plans
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        for statement, given in plans:
            how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
            cursor.execute(f"{how} {statement}", given)
            assert index in str(cursor.fetchall()), statement


def naive_group(row: Request, now: datetime, waiting: set[str]) -> str:
    """The group of a request as the help page has it."""
    lately = (
        row.declined_at is not None
        and row.declined_at >= now - timedelta(days=3)
        and row.releasable_at is not None
        and not (row.released_at or row.transferred_at or row.withdrawn_at)
    )
    if row.state != "open" and not lately:
        return "settled"
    due = row.alarm_at if row.held_at else row.releasable_at
    if due is not None and due <= now:
        return "overdue"
    if due is not None and due <= now + timedelta(hours=4):
        return "soon"
    return "waiting" if row.id in waiting else "open"


def test_every_combination_of_moments_known_and_unknown_is_in_the_one_right_group() -> None:
    now = clock.now()
    hours: dict[str, tuple[float | None, ...]] = {
        "declined_at": (None, -1, -80),
        "releasable_at": (None, -2, 2, 9),
        "released_at": (None, -1),
        "withdrawn_at": (None, -1),
        "held_at": (None, -1),
        "alarm_at": (None, -0.5, 1, 40),
    }
    rows, waiting = [], set()
    for place, (state, *when) in enumerate(product(("open", "settled"), *hours.values())):
        moments = {name: now + timedelta(hours=one) for name, one in zip(hours, when, strict=True) if one is not None}
        row = Request(
            id=f"{place:024}", number=f"2026-{place:04}", agency=POLICE, received_at=now, state=state, last_seq=place
        )
        row.settled_seq = place if state == "settled" else None
        for name, moment in moments.items():
            setattr(row, name, moment)
        row.deadline = row.alarm_at if row.held_at else row.releasable_at
        rows.append(row)
        if place % 3 == 0:
            waiting.add(row.id)
    Request.objects.bulk_create(rows)
    Counter.objects.create(agency=POLICE, year=2026, last=len(rows))
    right = {row.id: naive_group(row, now, waiting) for row in rows}
    for group in GROUPS:
        found = members(Request.objects.all(), group.name, waiting=waiting, now=now)
        assert {row.id for row in found} == {one for one, name in right.items() if name == group.name}, group.name
    assert all_settled([POLICE], now) == list(right.values()).count("settled")


def test_what_waits_is_what_the_events_say_step_by_step(officer: User, reviewer: User) -> None:
    me, other = author(officer), author(reviewer)
    made = take(me, permitted=True)

    def check(wanted: list[str]) -> None:
        row = Request.objects.get(id=made.id)
        assert row.waiting.split() == wanted == sorted(approvals.pending(made.id).asked)
        assert approvals.how_many_wait([POLICE]) == len(approvals.waiting([POLICE])) == len(wanted)

    def step(kind: str, **detail: str) -> None:
        journal.act(made, kind, happened=clock.now(), author=me if kind == "asked" else other, detail=detail)

    check([])
    step("asked", **{"for": "told"})
    check(["told"])
    step("asked", **{"for": "held"})
    check(["held", "told"])
    step("approved", **{"for": "told"})
    check(["held"])
    step("refused", **{"for": "held"})
    check([])
    step("asked", **{"for": "held"})
    journal.record_facts(made, {"watch_list": "match"}, happened=clock.now(), author=me)
    check([])


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("example", "one"),
        ("EXAMPLE ana", "one"),
        ("exam", "one"),
        ("jose", "two"),
        ("José Mus", "two"),
        ("ample", ""),
        ("ana muster", ""),
        ("lopez", "three"),
        ("del garcia", "three"),
        ("Carmen Lóp", "three"),
        ("arcia", ""),
        ("A 012 345 678", "one"),
        ("a012345678", "one"),
        ("012345", "one"),
        ("012-345-678", "one"),
        ("1980-02-29", "one"),
        ("2/29/1980", "one"),
        ("1", "one"),
        ("0002", "two"),
        ("2", "two"),
        ("YEAR-0002", "two"),
        ("YEAR-2", "two"),
        ("1999-0002", ""),
        ("%", ""),
        ("", ""),
        ("_", ""),
        ("\U0010ffff", ""),
    ],
)
@pytest.mark.parametrize("rare", [1, 300])
def test_a_search_finds_by_how_words_and_numbers_begin(
    officer: User, monkeypatch: pytest.MonkeyPatch, rare: int, words: str, found: str
) -> None:
    monkeypatch.setattr(wording, "_RARE", rare)
    people = {
        "one": {"name": "Ana Example", "born": "1980-02-29", "file_number": "A 012 345 678"},
        "two": {"name": "José Muster"},
        "three": {"name": "María del Carmen García-López"},
    }
    made = {
        name: journal.receive(POLICE, {}, happened=clock.now(), author=author(officer), person=person)
        for name, person in people.items()
    }
    typed_words = words.replace("YEAR", made["one"].number[:4])
    hits = search(typed_words, [POLICE])
    assert hits == ({made[found].id} if found else set())
    assert search(typed_words, ["us-ca-sheriff"]) == set()

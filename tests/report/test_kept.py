"""What is kept between reports is what reading every event gives, however the ledger grew in between."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from importlib import import_module
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from erasing import expunge
from fake_law import RUIZ

from detainer.record import agencies, journal, ledger
from detainer.record.models import Request
from detainer.report import count, kept, tally
from detainer.report.models import Alike, Reached, Told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detainer.report.figures import Report
    from detainer.report.lives import Life

pytestmark = pytest.mark.django_db

ZONES = {"us-ny-nyc-police": "America/New_York", "us-ny-nyc-correction": "America/New_York"}
START = datetime(2016, 1, 1, 12, tzinfo=ZoneInfo("America/New_York"))
STEPS = ("declined", "released", "withdrawn", "reopened", "contact", "corrected", "decided")


def _spread(lives: Sequence[Life]) -> list[tuple[str, tuple[str, str]]]:
    """The lives one by one, in an order of their own."""
    return sorted((life.agency, life.shape()) for life in lives for _ in range(life.count))


def _receive(draw: Random) -> Request:
    facts = {
        "request": {"form": draw.choice(["I-247A", "I-247D"]), "asks": ["hold"], "from": "ice", "purpose": "civil"}
    }
    when = START + timedelta(days=draw.randint(0, 700))
    return journal.receive(draw.choice(list(ZONES)), facts, happened=when, author=RUIZ)


def _step(request: Request, draw: Random) -> None:
    kind = draw.choice(STEPS)
    when = request.received_at + timedelta(hours=draw.randint(1, 60))
    if kind == "decided":
        journal.decide(request, agencies.book(), at=when, author=RUIZ)
        return
    details = {
        "contact": {"by": "ice", "about": ["release", "court"], "given": ["court"], "ground": "listed"},
        "corrected": {"facts": {"request": {"received": when}}},
    }
    journal.act(request, kind, happened=when, author=RUIZ, detail=details.get(kind))


@pytest.mark.parametrize("seed", range(4))
def test_lives_grown_piece_by_piece_are_those_of_all_events(seed: int) -> None:
    draw = Random(seed)  # noqa: S311  a test's dice
    requests: list[Request] = []
    for _ in range(6):
        with journal.batch():
            requests += [_receive(draw) for _ in range(4)]
            for request in draw.sample(requests, k=min(5, len(requests))):
                _step(request, draw)
        checkpoint, lives = kept.lives(ZONES)
        assert _spread(lives) == _spread(kept.read(ZONES, checkpoint.size))
    assert sum(life.count for life in lives) == len(requests)


def test_a_ledger_that_is_not_the_one_read_before_is_read_from_its_beginning() -> None:
    _receive(Random(1))  # noqa: S311  a test's dice
    kept.lives(ZONES)
    Told.objects.update(shape='["","","","",[]]')
    Alike.objects.update(shape='["","","","",[]]')
    Reached.objects.update(root="another")
    _, lives = kept.lives(ZONES)
    assert [set(life.days) for life in lives] == [{"received"}]


def test_an_earlier_checkpoint_gives_the_earlier_lives() -> None:
    draw = Random(2)  # noqa: S311  a test's dice
    _receive(draw)
    before, _ = kept.lives(ZONES)
    _receive(draw)
    _, after = kept.lives(ZONES)
    assert sum(life.count for life in after) == 2
    assert len(kept.read(ZONES, before.size)) == 1


def test_what_the_search_found_is_counted_in_the_house_and_never_published() -> None:
    request = _receive(Random(3))  # noqa: S311  a test's dice
    when = request.received_at + timedelta(hours=1)
    said = {"about": ["release"], "given": ["release"], "ground": "listed"}
    call = journal.act(request, "contact", happened=when, author=RUIZ, detail=said)
    assert "ground" not in call.published()
    assert kept.lives(ZONES)[1][0].talks[0].ground == "listed"
    expunge(request, when)
    checkpoint, lives = kept.lives(ZONES)
    assert lives[0].talks[0].ground == kept.read(ZONES, checkpoint.size)[0].talks[0].ground == ""


def test_counts_grow_with_the_ledger_before_anyone_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "STEP", 4)
    draw = Random(4)  # noqa: S311  a test's dice
    requests = [_receive(draw) for _ in range(9)]
    for request in requests:
        _step(request, draw)
    size = ledger.head().size
    reached = Reached.objects.get()
    assert size - 4 < reached.size <= size, "at most a step behind, and no report was asked for"
    alone = kept.read(ZONES, reached.size)
    counted = {(one.agency, one.shape): one.requests for one in Alike.objects.all()}
    assert counted == Counter((life.agency, life.shape()[0]) for life in alone if not life.talks)


def test_a_record_far_ahead_of_what_is_kept_waits_for_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = Random(5)  # noqa: S311  a test's dice
    for _ in range(20):
        _receive(draw)
    monkeypatch.setattr(kept, "STEP", 2)
    _receive(draw)
    assert not Told.objects.exists()
    assert sum(life.count for life in kept.lives(ZONES)[1]) == 21


def test_a_changed_count_is_put_right_by_a_rebuild() -> None:
    _receive(Random(6))  # noqa: S311  a test's dice
    kept.lives(ZONES)
    Alike.objects.update(requests=7)
    assert kept.rebuild() == 1
    assert kept.rebuild() == 0
    assert [one.requests for one in Alike.objects.all()] == [1]


@pytest.mark.parametrize("seed", range(2))
def test_a_period_reads_every_life_that_touches_it_and_no_other(seed: int) -> None:
    draw = Random(20 + seed)  # noqa: S311  a test's dice
    with journal.batch():
        requests = [_receive(draw) for _ in range(30)]
        for _ in range(40):
            _step(draw.choice(requests), draw)
    checkpoint = kept.catch_up(ZONES)
    alone = kept.read(ZONES, checkpoint.size)
    for _ in range(10):
        start = START.date() + timedelta(days=draw.randint(-30, 720))
        end = start + timedelta(days=draw.choice([0, 30, 365]))
        lives, beyond = kept.within(ZONES, start, end), kept.beyond(ZONES)
        days = {id(life): [*life.days.values(), *(talk.day for talk in life.talks)] for life in alone}
        spans = [life for life in alone if min(days[id(life)]) <= end and max(days[id(life)]) >= start]
        assert _spread(lives) == _spread(spans)
        assert beyond.begins == min(day for some in days.values() for day in some)
        assert beyond.spoken == any(life.talks for life in alone)


def test_a_period_is_counted_again_when_an_event_touches_it_and_only_then(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = []
    plain = tally.tally

    def counting(*given: Any) -> Report:
        counted.append(given)
        return plain(*given)

    monkeypatch.setattr(tally, "tally", counting)
    facts = {"request": {"form": "I-247A", "asks": ["hold"], "from": "ice", "purpose": "civil"}}
    year = (date(2017, 7, 1), date(2018, 6, 30))

    def take(day: int) -> Request:
        return journal.receive("us-ny-nyc-police", facts, happened=START + timedelta(days=day), author=RUIZ)

    def value() -> int | None:
        return count.run("us-ny-nyc-police/annual", *year).items[0].value

    take(10)
    inside = take(600)
    assert (value(), value(), len(counted)) == (1, 1, 1)
    outside = take(200)
    assert (value(), len(counted)) == (1, 1)
    take(610)
    assert (value(), len(counted)) == (2, 2)
    corrected = {"facts": {"request": {"received": outside.received_at + timedelta(days=400)}}}
    journal.act(outside, "corrected", happened=START + timedelta(days=700), author=RUIZ, detail=corrected)
    assert (value(), len(counted)) == (3, 3), "moved into the period"
    corrected = {"facts": {"request": {"received": inside.received_at - timedelta(days=400)}}}
    journal.act(inside, "corrected", happened=START + timedelta(days=700), author=RUIZ, detail=corrected)
    assert (value(), len(counted)) == (2, 4), "moved out of it"
    last = count.run("us-ny-nyc-police/annual", *year)
    assert last.basis.size == ledger.head().size
    assert last.items == count.run("us-ny-nyc-police/annual", *year, size=last.basis.size).items
    kept.rebuild()
    assert (value(), len(counted)) == (2, 6), "counted anew from the events"


def test_what_was_kept_before_days_were_told_apart_is_filled_in() -> None:
    draw = Random(8)  # noqa: S311  a test's dice
    requests = [_receive(draw) for _ in range(9)]
    for _ in range(20):
        _step(draw.choice(requests), draw)
    kept.lives(ZONES)
    plain, spoken = Alike.objects.order_by("pk"), Told.objects.exclude(talks="").order_by("pk")
    before = [list(rows.values_list("first", "last")) for rows in (plain, spoken)]
    assert all(before)
    plain.update(first=None, last=None)
    spoken.update(first=None, last=None)
    import_module("detainer.report.migrations.0003_spans").fill(None, SimpleNamespace(connection=connection))
    assert [list(rows.values_list("first", "last")) for rows in (plain, spoken)] == before


def test_the_requests_behind_a_figure_are_told_in_pages_in_the_order_in_which_they_came() -> None:
    draw = Random(9)  # noqa: S311  a test's dice
    requests = [_receive(draw) for _ in range(30)]
    for _ in range(60):
        _step(draw.choice(requests), draw)

    def wanted(life: Life) -> bool:
        return "released" in life.days

    expected = sorted((one.received_at, one.id) for one in Request.objects.all() if one.released_at is not None)
    found: list[tuple[datetime, str]] = []
    while page := kept.requests(ZONES, wanted, after=found[-1] if found else None, limit=4):
        assert len(page) <= 4
        found += [(one.received_at, one.id) for one in page]
    assert found == expected
    assert len(expected) > 4, "more than a page"
    police = {"us-ny-nyc-police": "America/New_York"}
    assert {one.agency for one in kept.requests(police, wanted, after=None, limit=99)} == set(police)

"""Many writers at once: numbers without gaps, one chain of checkpoints, each in its turn."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from fake_law import SHERIFF, later

from detainer.record import audit, journal, ledger, projection
from detainer.record.models import Checkpoint, Event, Request
from detainer.record.turn import Queue, turn

Take = Callable[..., Request]


def at_once(work: Callable[[int], object], times: int, writers: int = 8) -> list[object]:
    """What `times` calls gave, made by some threads that start together; errors are among the results."""
    ready = threading.Barrier(writers)

    def one(numbers: range) -> list[object]:
        ready.wait()
        made: list[object] = []
        for number in numbers:
            try:
                made.append(work(number))
            except ZeroDivisionError as error:
                made.append(error)
        connections.close_all()
        return made

    with ThreadPoolExecutor(writers) as pool:
        parts = pool.map(one, [range(first, times, writers) for first in range(writers)])
        return [result for part in parts for result in part]


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gap_and_no_double_although_some_fail(request_in: Take) -> None:
    def take(number: int) -> str:
        with journal.batch():
            made = request_in(SHERIFF) if number % 5 == 0 else request_in()
            if number % 7 == 0:
                raise ZeroDivisionError
        return f"{made.agency} {made.number}"

    results = at_once(take, 120)
    failed = [result for result in results if isinstance(result, ZeroDivisionError)]
    assert len(failed) == 18
    sheriffs = [number for number in range(120) if number % 5 == 0 and number % 7]
    given = sorted(str(result) for result in results if isinstance(result, str))
    expected = [f"us-ca-sheriff 2026-{number:04}" for number in range(1, len(sheriffs) + 1)]
    expected += [f"us-ny-nyc-police 2026-{number:04}" for number in range(1, 102 - len(sheriffs) + 1)]
    assert given == expected
    assert Checkpoint.objects.count() == 102
    assert ledger.verify() == []


@pytest.mark.django_db(transaction=True)
def test_the_same_source_taken_by_all_at_once_is_one_request(request_in: Take) -> None:
    source = {"mapping": "made-up", "key": "1"}
    numbers = {str(result) for result in at_once(lambda _: request_in(source=source).number, 24)}
    assert numbers == {"2026-0001"}
    assert Event.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_many_writers_on_one_request_lose_no_step(request_in: Take) -> None:
    request = request_in()

    def look(number: int) -> int:
        mine = Request.objects.get(id=request.id)
        return journal.act(mine, "viewed", happened=later(number / 60), author=f"officer:{number}").seq

    seqs = at_once(look, 64)
    assert sorted(seqs) == list(range(2, 66))  # type: ignore[type-var]
    authors = set(Event.objects.filter(kind="viewed").values_list("author", flat=True))
    assert authors == {f"officer:{number}" for number in range(64)}
    assert list(projection.differences()) == []
    assert ledger.verify() == []


@pytest.mark.django_db(transaction=True)
def test_one_record_is_opened_once_by_many(request_in: Take) -> None:
    at_once(lambda _: request_in().number, 16)
    assert list(Event.objects.filter(kind="opened").values_list("seq", flat=True)) == [0]
    assert ledger.verify() == []


@pytest.mark.django_db(transaction=True)
def test_a_check_while_others_write_sees_one_moment(request_in: Take) -> None:
    request_in()
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            request_in()
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        reports = [audit.run() for _ in range(15)]
    finally:
        stop.set()
        writer.join()
    assert [report.findings for report in reports] == [[]] * 15
    assert reports[-1].events > reports[0].events


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_of_the_callers_own_nothing_waits_for_itself(request_in: Take) -> None:
    with transaction.atomic():
        request_in()
        request_in()
        transaction.set_rollback(True)
    with transaction.atomic():
        request_in()
    assert Event.objects.count() == 2
    assert ledger.verify() == []


def test_threads_get_their_turn_in_the_order_they_asked() -> None:
    queue, order, threads = Queue(), list[int](), list[threading.Thread]()

    def wait(number: int) -> None:
        with queue.turn():
            order.append(number)

    with queue.turn():
        for number in range(20):
            threads.append(threading.Thread(target=wait, args=(number,)))
            threads[-1].start()
            while len(queue._waiting) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(20))


def test_a_turn_that_ends_in_an_error_is_passed_on() -> None:
    queue = Queue()
    with pytest.raises(ZeroDivisionError), queue.turn():
        raise ZeroDivisionError
    with queue.turn():
        pass


def test_a_process_that_writes_again_and_again_does_not_keep_another_waiting(tmp_path: Path) -> None:
    """The other one gets its turn after at most a few of the busy one's, not when the busy one is done."""
    busy = f"""
import sys, time
sys.path[:0] = {sys.path!r}
from pathlib import Path
from detainer.record.turn import turn
print("started", flush=True)
until = time.monotonic() + 20
while time.monotonic() < until and not Path({str(tmp_path / "stop")!r}).exists():
    with turn(Path({str(tmp_path / "database")!r})):
        time.sleep(0.005)
"""
    with subprocess.Popen([sys.executable, "-c", busy], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        waits = []
        for _ in range(30):
            start = time.monotonic()
            with turn(tmp_path / "database"):
                waits.append(time.monotonic() - start)
        (tmp_path / "stop").touch()
    assert max(waits) < 2
    assert process.returncode == 0


@pytest.mark.django_db(transaction=True)
def test_a_lock_file_lies_beside_an_embedded_database_and_holds_nothing(request_in: Take) -> None:
    if connection.vendor != "sqlite":
        return
    request_in()
    file = Path(f"{connection.settings_dict['NAME']}-turn")
    assert file.read_bytes() == b""

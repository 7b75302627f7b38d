"""Writers that wait for the disk at the same time ask once, and none is told before it was asked for it."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from detainer.record.sending import Rounds

ALIVE = {"since": 1.0, "stood": 0.0}  # a connection that stood before what is waited for


def test_each_is_told_only_after_it_was_asked_since_it_came() -> None:
    rounds, ticks, asked = Rounds(), count(), list[tuple[int, int]]()

    def ask() -> None:
        began = next(ticks)
        time.sleep(0.001)
        asked.append((began, next(ticks)))

    def wait(_: int) -> tuple[int, int]:
        came = next(ticks)
        assert rounds.settled(ask, **ALIVE)
        return came, next(ticks)

    with ThreadPoolExecutor(8) as writers:
        waited = list(writers.map(wait, range(200)))
    assert all(any(came < began and ended < told for began, ended in asked) for came, told in waited)
    assert len(asked) < 150, "they asked together"


class Awaited(threading.Event):
    """An event that tells when somebody waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.somebody = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.somebody.set()
        return super().wait(timeout)


def test_whoever_waited_for_one_that_failed_is_told_so() -> None:
    rounds, going, may_end = Rounds(), threading.Event(), threading.Event()

    def slow() -> None:
        going.set()
        may_end.wait()

    def fail() -> None:
        raise ConnectionError

    with ThreadPoolExecutor(4) as writers:
        first = writers.submit(rounds.settled, slow, **ALIVE)
        assert going.wait(60)
        leader = writers.submit(rounds.settled, fail, **ALIVE)
        while not rounds._next.begun:  # the next round, which waits for the first to end
            time.sleep(0.001)
        awaited = rounds._next.over = Awaited()
        follower = writers.submit(rounds.settled, slow, **ALIVE)
        assert awaited.somebody.wait(60)
        may_end.set()
        assert first.result()
        with pytest.raises(ConnectionError):
            leader.result()
        assert not follower.result()


@pytest.mark.parametrize(("stood", "answered"), [(1.0, True), (3.0, False)])
def test_another_threads_answer_holds_only_by_a_connection_older_than_our_commit(stood: float, answered: bool) -> None:
    """The server failed after our commit at 2 and lost it; one that connected at 3 is answered by the next server."""
    rounds, over = Rounds(), Awaited()
    rounds._next.over = over  # to see that we wait before the answer comes
    asked, got = list[str](), list[bool]()
    with rounds._turn:  # a round that still goes
        other = threading.Thread(target=lambda: rounds.settled(lambda: asked.append("other"), since=9, stood=stood))
        other.start()
        while not rounds._next.begun:
            time.sleep(0.001)
        ours = threading.Thread(target=lambda: got.append(rounds.settled(lambda: asked.append("we"), since=2, stood=0)))
        ours.start()
        assert over.somebody.wait(30)
    other.join(30)
    ours.join(30)
    assert asked == ["other"]
    assert got == [answered]

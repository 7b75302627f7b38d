"""`detainer watch`: watch the clocks until stopped."""

from __future__ import annotations

import os
import signal
import socket
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from detainer import setup

if TYPE_CHECKING:
    from detainer.watch.models import Deadline


def watch(
    once: Annotated[bool, typer.Option("--once", help="Go round once and end.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing of what is raised.")] = False,
) -> None:
    """Watch the clocks: raise an alert at the end of every hold and at every release that is overdue.

    Beside that it reads the papers that came in. Any number may run at once; each alert is raised, and each paper read,
    by one of them. `serve` runs one beside the desk.
    """
    setup.django()
    from detainer.intake import background
    from detainer.watch import delivery, hooks, loop

    def told(deadline: Deadline) -> None:
        if not quiet:
            due = f"{deadline.due_at:%Y-%m-%d %H:%M} UTC"
            print(f"{deadline.number} of {deadline.agency}: {deadline.kind}, due {due}", flush=True)

    worker = f"{socket.gethostname()}:{os.getpid()}"
    if once:
        for deadline in loop.turn(worker):
            told(deadline)
        delivery.send_due()
        hooks.send_due()
        background.drain()
        return
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    reading = background.start(stop)
    loop.run(worker, stop, told)
    for thread in reading:
        thread.join(loop.FAREWELL)

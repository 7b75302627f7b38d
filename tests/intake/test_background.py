"""Papers are kept at once and read in the background: each once, whatever happens to whoever reads it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event as Stop
from threading import Thread

import paper_forms as forms
import paper_scans as scans
import pytest
from django.db import connection

from detainer import clock
from detainer.house import house
from detainer.intake import background, papers
from detainer.intake.models import Draft, Paper
from detainer.intake.paper import reading
from detainer.intake.paper.reading import Reading, StoppedError
from detainer.record.models import Event

pytestmark = pytest.mark.django_db
POLICE = "us-ny-nyc-police"
PAPER = forms.draw(forms.person(1), forms.Look())
TWO = [forms.person(2), forms.person(3)]
WORKER = """
import sys
sys.path[:0] = {path!r}
import django
django.setup()
from django.db import connections
connections.databases["default"]["NAME"] = {database!r}
from threading import Event
from detainer.intake import background
print("begins", flush=True)
background.turn(Event(), lambda paper, found: print("read", flush=True))
"""


def both() -> bytes:
    from io import BytesIO

    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    pen = Canvas(out)
    for one in TWO:
        forms.draw(one, forms.Look(), canvas=pen)
    pen.save()
    return out.getvalue()


def silent() -> None:
    """As if whoever reads had given no sign for long."""
    Paper.objects.update(sign_at=clock.now() - background.SILENCE - timedelta(seconds=1))


def wait(happened: Callable[[], object]) -> None:
    until = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_paper_is_kept_before_it_is_read_and_its_place_becomes_its_first_form() -> None:
    data = both()
    paper, already = papers.come(data, "two.pdf", POLICE, "desk")
    place = Draft.objects.get()
    assert (already, bytes(paper.data), paper.read_at, place.state) == (False, data, None, Draft.READING)
    assert Event.objects.filter(kind="paper_came").count() == 1
    assert papers.come(data, "again.pdf", POLICE, "mailbox") == (paper, True)
    assert background.drain() == 1
    first, second = Draft.objects.order_by("place")
    assert first.id == place.id
    assert [one.reading["fields"]["subject_name"]["value"] for one in (first, second)] == [
        one.fields["subject_name"] for one in TWO
    ]
    assert {first.state, second.state} == {Draft.WAITING}
    assert background.drain() == 0


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_reads_each_paper() -> None:
    for n in range(3):
        papers.come(b"rubbish %d" % n, f"{n}.bin", POLICE, "folder")
    done: list[str] = []
    began, stop = Stop(), Stop()

    def work() -> None:
        began.wait()
        while background.turn(stop, lambda paper, _found: done.append(paper.id)):
            pass
        connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    began.set()
    for thread in threads:
        thread.join()
    assert sorted(done) == sorted(Paper.objects.values_list("id", flat=True))
    assert Draft.objects.filter(state=Draft.WAITING).count() == Draft.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_leaves_its_paper_to_the_next_and_its_reader_dies_with_it() -> None:
    how = scans.Spoil("200 dpi", kept="png")
    papers.come(scans.scan(forms.draw(forms.person(1), forms.Look()), how), "scan.png", POLICE, "desk")
    program = WORKER.format(path=sys.path, database=str(connection.settings_dict["NAME"]))
    environment = os.environ | {"DETAINER_HOME": str(house().home)}
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        wait(lambda: Paper.objects.exclude(reader="").exists() and children.read_text().split())
        (child,) = children.read_text().split()
        process.kill()
        assert process.stdout
        assert process.stdout.read() == b"begins\n"
    wait(lambda: not Path(f"/proc/{child}/stat").exists() or " Z " in Path(f"/proc/{child}/stat").read_text())
    assert background.turn(Stop(), lambda *_: None) is None  # it may yet be at work
    assert Draft.objects.get().state == Draft.READING
    silent()
    assert background.drain() == 1
    assert Draft.objects.get().form == "I-247A"


def test_a_paper_at_which_every_worker_dies_is_left_to_be_typed_with_the_reason() -> None:
    paper, _ = papers.come(PAPER, "a.pdf", POLICE, "desk")
    for n in range(background.TRIES):
        assert background.claim(paper.id, f"worker {n}")
        silent()
    assert background.drain() == 1
    draft = Draft.objects.get()
    assert (draft.state, draft.form, draft.reading["problems"]) == (Draft.WAITING, "", [background.BROKEN_OFF])


def test_a_reader_that_crashes_leaves_one_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    papers.come(PAPER, "a.pdf", POLICE, "desk")
    monkeypatch.setattr(reading, "_COMMAND", [sys.executable, "-c", "import os; os.abort()"])
    assert background.drain() == 1
    assert Draft.objects.get().reading["problems"] == ["is damaged: reading it failed outright"]


def test_a_worker_asked_to_stop_gives_its_paper_back_untouched(monkeypatch: pytest.MonkeyPatch) -> None:
    paper, _ = papers.come(PAPER, "a.pdf", POLICE, "desk")
    monkeypatch.setattr(reading, "_COMMAND", [sys.executable, "-c", "import time; time.sleep(60)"])
    stop = Stop()
    stop.set()
    background.turn(stop, lambda *_: None)
    paper.refresh_from_db()
    assert (paper.reader, paper.tries, paper.read_at) == ("", 0, None)


def test_a_worker_thought_dead_that_comes_back_adds_nothing() -> None:
    paper, _ = papers.come(PAPER, "a.pdf", POLICE, "desk")
    assert background.claim(paper.id, "slow")
    silent()
    assert background.drain() == 1
    assert not background.keep(paper.id, "slow", Reading(why="too late"))
    assert Draft.objects.get().form == "I-247A"


@pytest.mark.django_db(transaction=True)
def test_a_long_paper_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, data in (("long.pdf", PAPER + b"%" * 1000), ("short.pdf", PAPER)):
        papers.come(data, name, POLICE, "desk")
    read, stop = reading.read, Stop()

    def slow(data: bytes, *, going: reading.Going) -> Reading:
        while len(data) > len(PAPER):
            if not going(1, 900):
                raise StoppedError
            time.sleep(0.05)
        return read(data)

    monkeypatch.setattr(reading, "read", slow)
    threads = background.start(stop)
    wait(lambda: Paper.objects.get(name="short.pdf").read_at)
    assert Paper.objects.get(name="long.pdf").read_at is None
    stop.set()
    for thread in threads:
        thread.join(10)
    assert Paper.objects.get(name="long.pdf").reader == ""

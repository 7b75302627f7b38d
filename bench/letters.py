"""How many papers a second: `python bench/letters.py [PAPERS]`, 200 of each kind when not said.

It makes a record of its own under a temporary home with one made-up request, and measures a paper composed and set as
PDF and HTML, the same with its event written, and beside them an empty page set by the same typesetter.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

KINDS = ("reply", "notice", "rights", "file")


def main(papers: int) -> None:
    """Make the record, measure, remove it."""
    home = tempfile.mkdtemp(prefix="detainer-bench-")
    os.environ["DETAINER_HOME"] = home
    try:
        measure(papers)
    finally:
        shutil.rmtree(home)


def measure(count: int) -> None:
    """Print one line a measurement."""
    from detainer import setup

    setup.django(make=True)
    import typst

    from detainer.answer import language, papers
    from detainer.clock import now
    from detainer.record import agencies, journal

    journal.open_record(demonstration=True)
    facts = {
        "request": {
            "form": "I-247A",
            "asks": ["hold", "notify"],
            "from": "ice",
            "purpose": "civil",
            "withdrawn": False,
        },
        "warrants": [],
        "custody": {"held": True, "hold_started": None},
        "person": {"matches_request": True},
    }
    request = journal.receive("us-ny-nyc-police", facts, happened=now(), author="staff:1", person={"name": "A. Sample"})
    journal.decide(request, agencies.book(), author="staff:1")
    words = language.language("en")
    timed("an empty page, bare", count, lambda: typst.compile(b"#set page()\n", format="pdf"))
    for kind in KINDS:
        timed(f"{kind}: composed, PDF and HTML", count, lambda kind=kind: papers.files(  # type: ignore[misc]
            papers.compose(request, kind, words, written=now())))  # fmt: skip
    timed("reply: the same, and its event", count, lambda: papers.make(request, "reply", "en", author="staff:1"))


def timed(what: str, count: int, work: Callable[[], object]) -> None:
    """Run it so many times and print how many a second."""
    work()
    start = time.perf_counter()
    for _ in range(count):
        work()
    print(f"{what:40} {count / (time.perf_counter() - start):8.1f} a second")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)

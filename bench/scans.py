"""Fields read right out of fields on scans and faxes of our own forms, scores of right and wrong, seconds a page.

PYTHONPATH=src python bench/scans.py [FORMS] [FIRST] [300 dpi | 200 dpi | fax …]

Each form is scanned once a quality, spoiled by lot. Where Tesseract (Debian's tesseract-ocr) is installed, every tenth
form is read by it too, from the same levelled picture: how many of the printed values stand in what each one read.
Every wrong field goes to standard error.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "harness"))
import paper_forms
import paper_scans
from PIL import Image

from detainer.intake.paper import pdf, whole
from detainer.intake.paper.forms import forms_of
from detainer.intake.paper.scans import pictures
from detainer.intake.paper.scans.lines import on_its_head
from detainer.intake.paper.scans.page import page
from detainer.intake.paper.scans.upright import upright
from detainer.intake.paper.shapes import Page

SURE = 0.97  # `confirming.SURE`, whose room needs a database
KINDS = ("I-247A", "I-247A", "I-247D", "I-247N", "I-247X", "I-247")
PRINTED = ("subject_name", "file_number", "event_number", "subject_id", "to_agency", "from_office", "officer_name")
BANDS = (0.5, 0.7, 0.8, 0.9, 0.95, SURE, 1.01)
BESIDE = 10  # every so many forms Tesseract reads, too


@dataclass
class Count:
    """What came of the pages of one quality."""

    pages: int = 0
    fields: int = 0
    right: int = 0
    left_empty: int = 0
    seconds: float = 0.0
    values: int = 0
    ours: int = 0
    peers: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    good: Counter[float] = field(default_factory=Counter)
    bad: Counter[float] = field(default_factory=Counter)

    def add(self, seed: int, quality: str) -> None:
        """Make, spoil and read one form."""
        said = paper_forms.person(seed, KINDS[seed % len(KINDS)])
        clean = paper_forms.draw(said, paper_forms.look(seed, fillable=False))
        data = paper_scans.scan(clean, paper_scans.spoil(seed, quality), seed)
        start = time.process_time()
        picture = pdf.picture(pdf.Document(data), 0) if whole.is_pdf(data) else next(iter(pictures.pages_of(data)))
        read = page(picture, 1)
        forms = forms_of([read])
        self.seconds += time.process_time() - start
        self.pages += 1
        found: dict[str, Any] = forms[0].fields if forms else {}
        for name in {*said.fields, *found}:
            self.fields += 1
            good = name in found and found[name]["value"] == said.fields.get(name)
            self.right += good
            if name in found:
                band = next(most for most in BANDS if found[name]["score"] < most)
                (self.good if good else self.bad)[band] += 1
            else:
                self.left_empty += 1
            if not good:
                self.wrong[name] += 1
                print(f"  {quality} {seed} {name}: {found.get(name)} for {said.fields.get(name)!r}", file=sys.stderr)
        if seed % BESIDE == 0 and shutil.which("tesseract"):
            self._beside(picture, read, said)

    def _beside(self, picture: pictures.Picture, read: Page, said: paper_forms.Said) -> None:
        ours = " ".join(line.text for line in read.prints)
        level = upright(picture)
        if on_its_head(level):
            level = level.turned()
        out = BytesIO()
        Image.fromarray(level.grey).save(out, "PNG", dpi=(level.scale * 72, level.scale * 72))
        command = ["tesseract", "-", "-", "--psm", "11"]
        text = subprocess.run(command, input=out.getvalue(), capture_output=True, check=True).stdout.decode()
        theirs = " ".join(text.split())
        printed = [said.fields[name] for name in PRINTED]
        self.values += len(printed)
        self.ours += sum(value in ours for value in printed)
        self.peers += sum(value in theirs for value in printed)

    def row(self, quality: str) -> str:
        """One line of the table, and one of how right and wrong values are scored."""
        bands = ", ".join(f"under {most:g}: {self.good[most]} / {self.bad[most]}" for most in BANDS)
        return (
            f"{quality:8} {self.pages:5} {self.fields:6,} {self.right / self.fields:8.2%} {self.left_empty:6}"
            f" {self.seconds / self.pages:6.1f}  {self.values}, {self.ours}, {self.peers}\n"
            f"         right / wrong scored {bands}\n         {dict(self.wrong)}"
        )


def main() -> None:
    """Print two lines a quality, again after every tenth form."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    counts = {quality: Count() for quality in sys.argv[3:] or paper_scans.DPI}
    print(f"{'scans':8} {'pages':>5} {'fields':>6} {'right':>8} {'empty':>6} {'s/page':>6}  values, ours, Tesseract")
    for seed in range(first, first + many):
        for quality, count in counts.items():
            count.add(seed, quality)
        if (seed - first) % 10 == 9 or seed == first + many - 1:
            print(*(count.row(quality) for quality, count in counts.items()), sep="\n", flush=True)


if __name__ == "__main__":
    main()

"""Fields read right out of fields on scans and faxes of our own forms, wrong ones shown as sure, seconds a page.

PYTHONPATH=src python bench/scans.py [FORMS] [FIRST] [300 dpi | 200 dpi | fax …]

Each form is scanned once a quality, spoiled by lot. Where Tesseract (Debian's tesseract-ocr) is installed, every fifth
page is read by it too, from the same levelled picture: how many of the printed values stand in what each one read.
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

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "harness"))
import paper_forms
import paper_scans
from PIL import Image

from detainer.intake.paper import pdf, pictures, scan, whole
from detainer.intake.paper.upright import upright

SURE = 0.97  # `confirming.SURE`, whose room needs a database
KINDS = ("I-247A", "I-247A", "I-247D", "I-247N", "I-247X", "I-247")
PRINTED = ("subject_name", "file_number", "event_number", "subject_id", "to_agency", "from_office", "officer_name")


@dataclass
class Count:
    """What came of the pages of one quality."""

    pages: int = 0
    fields: int = 0
    right: int = 0
    sure: int = 0
    sure_wrong: int = 0
    seconds: float = 0.0
    values: int = 0
    ours: int = 0
    peers: int = 0
    wrong: Counter[str] = field(default_factory=Counter)

    def add(self, seed: int, quality: str) -> None:
        """Make, spoil and read one form."""
        said = paper_forms.person(seed, KINDS[seed % len(KINDS)])
        clean = paper_forms.draw(said, paper_forms.look(seed, fillable=False))
        data = paper_scans.scan(clean, paper_scans.spoil(seed, quality), seed)
        start = time.process_time()
        forms = whole.read(data)["forms"]
        self.seconds += time.process_time() - start
        self.pages += 1
        found = forms[0]["fields"] if forms else {}
        for name in {*said.fields, *found}:
            self.fields += 1
            good = name in found and found[name]["value"] == said.fields.get(name)
            sure = name in found and found[name]["score"] >= SURE
            self.right += good
            self.sure += sure
            self.sure_wrong += sure and not good
            if not good:
                self.wrong[name] += 1
                print(f"  {quality} {seed} {name}: {found.get(name)} for {said.fields.get(name)!r}", file=sys.stderr)
        if seed % 5 == 0 and shutil.which("tesseract"):
            self._beside(data, said)

    def _beside(self, data: bytes, said: paper_forms.Said) -> None:
        picture = pdf.picture(pdf.Document(data), 0) if whole.is_pdf(data) else next(iter(pictures.pages_of(data)))
        ours = " ".join(line.text for line in scan.page(picture, 1).prints)
        level = upright(picture)
        if scan.on_its_head(level):
            level = level.turned()
        out = BytesIO()
        Image.fromarray(level.grey).save(out, "PNG", dpi=(level.scale * 72, level.scale * 72))
        command = ["tesseract", "-", "-", "--psm", "11"]
        read = subprocess.run(command, input=out.getvalue(), capture_output=True, check=True).stdout.decode()
        theirs = " ".join(read.split())
        printed = [said.fields[name] for name in PRINTED]
        self.values += len(printed)
        self.ours += sum(value in ours for value in printed)
        self.peers += sum(value in theirs for value in printed)


def main() -> None:
    """Print one line a quality; every wrong field goes to standard error."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    print(
        f"{'scans':8} {'pages':>5} {'fields':>6} {'right':>8} {'sure':>7} {'sure, wrong':>11} {'s/page':>6}"
        "  values, ours, Tesseract"
    )
    for quality in sys.argv[3:] or paper_scans.DPI:
        count = Count()
        for seed in range(first, first + many):
            count.add(seed, quality)
            if sys.stdout.isatty() or count.pages % 10 == 0 or count.pages == many:
                print(
                    f"{quality:8} {count.pages:5} {count.fields:6,} {count.right / count.fields:8.2%}"
                    f" {count.sure / count.fields:7.1%} {count.sure_wrong:11} {count.seconds / count.pages:6.1f}"
                    f"  {count.values}, {count.ours}, {count.peers}  {dict(count.wrong) or ''}",
                    flush=True,
                )


if __name__ == "__main__":
    main()

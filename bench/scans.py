"""Fields read right out of fields on scans and faxes of our own forms, scores of right and wrong, seconds a page.

PYTHONPATH=src python bench/scans.py [FORMS] [FIRST] [300 dpi | 200 dpi | fax …] [--maker other] [--keep FILE]

Each form is scanned once a quality, spoiled by lot; `--maker other` takes forms drawn by another hand. Where Tesseract
(Debian's tesseract-ocr) is installed, every tenth form (`--beside 1`: every) is read by it too, from the same levelled
picture: how many of the printed values stand in what each read. Every wrong field goes to standard error.

With `--keep` what came of each page is appended to a file of JSON lines, and pages that stand there are not read again:
stop it when you like, go on later, or let several go side by side with a file each. `--sum FILE …` counts such files.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "harness"))
import other_forms
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


def draw(maker: str, seed: int) -> tuple[paper_forms.Said, bytes]:
    """A form and what stands on it."""
    if maker == "other":
        return other_forms.draw(seed)
    said = paper_forms.person(seed, KINDS[seed % len(KINDS)])
    return said, paper_forms.draw(said, paper_forms.look(seed, fillable=False))


def read(maker: str, seed: int, quality: str, beside: int) -> dict[str, Any]:
    """Make, spoil and read one form; what came of it as plain values."""
    said, clean = draw(maker, seed)
    data = paper_scans.scan(clean, paper_scans.spoil(seed, quality), seed)
    start = time.process_time()
    picture = pdf.picture(pdf.Document(data), 0) if whole.is_pdf(data) else next(iter(pictures.pages_of(data)))
    found = page(picture, 1)
    forms = forms_of([found])
    fields: dict[str, Any] = forms[0].fields if forms else {}
    told: dict[str, Any] = {
        "maker": maker, "quality": quality, "seed": seed, "seconds": time.process_time() - start,
        "fields": {
            name: {
                "want": said.fields.get(name),
                "value": fields[name]["value"] if name in fields else None,
                "score": fields[name]["score"] if name in fields else None,
            }
            for name in {*said.fields, *fields}
        },
    }  # fmt: skip
    if seed % beside == 0 and shutil.which("tesseract"):
        told["beside"] = _beside(picture, found, said)
    return told


def _beside(picture: pictures.Picture, found: Page, said: paper_forms.Said) -> dict[str, list[str]]:
    """Which of the printed values stand in what each read."""
    level = upright(picture)
    if on_its_head(level):
        level = level.turned()
    out = BytesIO()
    Image.fromarray(level.grey).save(out, "PNG", dpi=(level.scale * 72, level.scale * 72))
    command = ["tesseract", "-", "-", "--psm", "11"]
    text = subprocess.run(command, input=out.getvalue(), capture_output=True, check=True).stdout.decode()
    texts = {"ours": " ".join(line.text for line in found.prints), "Tesseract": " ".join(text.split())}
    printed = [said.fields[name] for name in PRINTED]
    return {"values": printed} | {who: [one for one in printed if one in all_of_it] for who, all_of_it in texts.items()}


def told_of(pages: Sequence[dict[str, Any]]) -> str:
    """One line of the table, one of how right and wrong values are scored, one of which fields were wrong."""
    good, bad, wrong = Counter[float](), Counter[float](), Counter[str]()
    fields = right = empty = 0
    for name, one in ((name, one) for each in pages for name, one in each["fields"].items()):
        fields += 1
        ok = one["score"] is not None and one["value"] == one["want"]
        right += ok
        empty += one["score"] is None
        wrong[name] += not ok
        if one["score"] is not None:
            (good if ok else bad)[next(most for most in BANDS if one["score"] < most)] += 1
    beside = [each["beside"] for each in pages if "beside" in each]
    counts = ", ".join(str(sum(len(one[who]) for one in beside)) for who in ("values", "ours", "Tesseract"))
    seconds = sum(each["seconds"] for each in pages) / len(pages)
    bands = ", ".join(f"under {most:g}: {good[most]} / {bad[most]}" for most in BANDS)
    return (
        f"{pages[0]['maker']:6} {pages[0]['quality']:8} {len(pages):5} {fields:6,} {right / fields:8.2%} {empty:6}"
        f" {seconds:6.1f}  {counts}\n        right / wrong scored {bands}\n        {dict(+wrong)}"
    )


def table(pages: Sequence[dict[str, Any]]) -> None:
    """Print three lines for each maker and quality."""
    heads = ("scans", 8), ("pages", 5), ("fields", 6), ("right", 8), ("empty", 6), ("s/page", 6)
    print(f"{'maker':6}", *(f"{head:{wide}}" for head, wide in heads), " values, ours, Tesseract")
    for kind in sorted({(one["maker"], one["quality"]) for one in pages}):
        print(told_of([one for one in pages if (one["maker"], one["quality"]) == kind]))
    sys.stdout.flush()


def kept(files: Sequence[Path]) -> list[dict[str, Any]]:
    """Pages that were read before; the last line of a file may have been cut short."""
    lines = [line for file in files if file.exists() for line in file.read_text().splitlines(keepends=True)]
    return [json.loads(line) for line in lines if line.endswith("\n")]


def main() -> None:
    """Read what is asked for and print the table, again after every tenth form."""
    asked = argparse.ArgumentParser()
    asked.add_argument("what", nargs="*", help="FORMS FIRST QUALITY …")
    asked.add_argument("--maker", choices=("own", "other"), default="own")
    asked.add_argument("--beside", type=int, default=10)
    asked.add_argument("--keep", type=Path)
    asked.add_argument("--sum", type=Path, nargs="+")
    said = asked.parse_args()
    if said.sum:
        table(kept(said.sum))
        return
    numbers = [int(one) for one in said.what if one.isdigit()]
    many, first = [*numbers, 200, 2000][:2] if len(numbers) != 1 else (numbers[0], 2000)
    qualities = [one for one in said.what if not one.isdigit()] or list(paper_scans.DPI)
    pages = kept([said.keep]) if said.keep else []
    done = {(one["maker"], one["quality"], one["seed"]) for one in pages}
    for seed in range(first, first + many):
        for quality in qualities:
            if (said.maker, quality, seed) in done:
                continue
            pages.append(read(said.maker, seed, quality, said.beside))
            if said.keep:
                with said.keep.open("a") as file:
                    file.write(json.dumps(pages[-1]) + "\n")
            for name, one in pages[-1]["fields"].items():
                if one["value"] != one["want"] or one["score"] is None:
                    print(f"  {quality} {seed} {name}: {one}", file=sys.stderr)
        if (seed - first) % 10 == 9 or seed == first + many - 1:
            table(pages)


if __name__ == "__main__":
    main()

"""Fields read right out of fields, and seconds a page, over clean forms of our own making, fillable and flat.

PYTHONPATH=src python bench/papers.py [FORMS]
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "harness"))
import paper_forms

from detainer.intake.paper import whole

KINDS = ("I-247A", "I-247A", "I-247D", "I-247N", "I-247X", "I-247")


def main() -> None:
    """Print one line for fillable and one for flat forms."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print(f"{'forms':10} {'fields':>7} {'right':>7} {'share':>8} {'s/page':>7}  wrong at score 1")
    for words, fillable in (("fillable", True), ("flat", False)):
        right, fields, sure, seconds = 0, 0, 0, 0.0
        wrong: Counter[str] = Counter()
        for seed in range(many):
            said = paper_forms.person(seed, KINDS[seed % len(KINDS)])
            data = paper_forms.draw(said, paper_forms.look(seed, fillable=fillable))
            start = time.perf_counter()
            forms = whole.read(data)["forms"]
            seconds += time.perf_counter() - start
            found = forms[0]["fields"] if forms else {}
            for name in {*said.fields, *found}:
                fields += 1
                if name in found and found[name]["value"] == said.fields.get(name):
                    right += 1
                else:
                    wrong[name] += 1
                    sure += name in found and found[name]["score"] >= 1
        share, each = right / fields, seconds / many
        print(f"{words:10} {fields:7,} {right:7,} {share:8.2%} {each:7.3f}  {sure}  {dict(wrong) or ''}")


if __name__ == "__main__":
    main()

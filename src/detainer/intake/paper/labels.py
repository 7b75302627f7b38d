"""Where the printed labels of a form stand on a page, and what each is the label of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from detainer.intake.paper.shapes import Box, Page, Print, around
from detainer.intake.paper.wordings import ALONE, CAPTION_WORDS, DROPPED, NEAR, NEAR_SHORT, NONE, OTHER, STATIC, WHOLE


@dataclass(frozen=True)
class Label:
    """A printed label: the field it names, where it stands, and how surely it was recognised."""

    field: str
    line: Print
    first: int
    last: int  # the glyph after its end
    score: float = 1.0

    @property
    def box(self) -> Box:
        """Where it stands."""
        return around([one.box for one in self.line.glyphs[self.first : self.last]])


def static(line: Print) -> bool:
    """Whether a run of print is the form's own words."""
    return bool(STATIC.search(line.squeezed[0]))


def labels_of(page: Page) -> list[Label]:
    """Every label on a page, in reading order."""
    found = [label for line in page.prints if not line.filled for label in _in_line(line, near=page.scanned)]
    sure = {label.field for label in found if label.score == 1.0} - {DROPPED, OTHER}
    found = [label for label in found if label.score == 1.0 or label.field not in sure]
    return found + [rest for label in found for rest in _bracket_rest(label, page, found)]


def _bracket_rest(label: Label, page: Page, labels: list[Label]) -> list[Label]:
    """What a label's bracket runs on to in the next line, as a label of no field."""
    opened = label.line.text[: label.last]
    if label.last < len(label.line.glyphs) or opened.count("(") <= opened.count(")"):
        return []
    for line in page.prints:
        down = line.box.y0 - label.line.box.y1
        close = line.text.find(")")
        near = -0.5 * line.box.height < down < line.box.height and line.box.over(label.line.box) > 0
        if near and line.box.middle > label.line.box.y1 and close >= 0 and "(" not in line.text[:close]:
            return [] if any(other.line is line for other in labels) else [Label(NONE, line, 0, close + 1)]
    return []


def _in_line(line: Print, *, near: bool) -> list[Label]:
    text, at = line.squeezed
    taken: list[tuple[int, int]] = []
    found: list[Label] = []

    def take(field: str, first: int, last: int, score: float) -> None:
        if any(first < end and start < last for start, end in taken):
            return
        taken.append((first, last))
        found.append(Label(field, line, at[first], _end(line, at[last - 1] + 1), score))

    hits = [
        (hit.start() - last, field, hit.start(), last)
        for field, pattern in WHOLE
        for hit in pattern.finditer(text)
        if (last := _no_value(line, at, hit.end())) > hit.start()
        and (near or _starts(line, at[hit.start()]))
        and _ends(line, at, last, near=near)
    ]
    for _, field, first, last in sorted(hits):
        take(field, first, last, 1.0)
    for field, pattern in ALONE:
        for hit in pattern.finditer(text):
            if _alone(line, at, hit.start(), hit.end()):
                take(field, hit.start(), hit.end(), 1.0)
    for score, field, first, last in sorted(_near(text), reverse=True) if near else ():
        take(field, first, last, score)
    for score, field, last in _near_short(line) if near and not found else ():
        take(field, 0, last, score)
    return sorted(found, key=lambda label: label.first)


def _near(text: str) -> list[tuple[float, str, int, int]]:
    """Where a line has nearly the wording of a label: how nearly (0 to 1), the field, and from where to where."""
    found = []
    for field, wording in NEAR:
        least = 72 if len(wording) >= 20 and len(text) <= 1.35 * len(wording) else 80
        if len(text) >= 0.8 * len(wording) and (
            close := fuzz.partial_ratio_alignment(wording, text, score_cutoff=least)
        ):
            first, last = close.dest_start, close.dest_end
            own = "officer" not in wording or any(fuzz.partial_ratio(one, text) >= 62 for one in CAPTION_WORDS)
            if own and last - first >= 0.8 * len(wording):
                if wording.endswith("officer") and len(text) <= 1.35 * len(wording):
                    first, last = 0, len(text)  # a caption is all of its line
                found.append((close.score / 100, field, first, last))
    return found


def _near_short(line: Print) -> list[tuple[float, str, int]]:
    """Whether a line begins with nearly a short label: how nearly, the field, and after how many letters it ends."""
    head = re.match(r"[^:#]{2,16}?(?=\s*[:#]|\s*[^\w\s]{1,3}\s*:|\W*$)", line.text)
    said = "".join(one for one in head[0].lower() if one.isalnum()) if head else ""
    if not head or len(said) < 3:
        return []
    signed = 2 if line.text[head.end() :].lstrip().startswith("#") else 0  # few labels have a number sign
    near = [
        (1 - Levenshtein.distance(wording, said) / len(wording), field)
        for field, wording in NEAR_SHORT
        if Levenshtein.distance(wording, said) <= max(_most_off(field, wording), signed if wording == "event" else 0)
    ]
    return [(*max(near), len(said))] if near else []


def _most_off(field: str, wording: str) -> int:
    """How many letters of a short label may be misread: more for the one whose value nobody may see."""
    return 5 if field == DROPPED else max(1, len(wording) // (3 if len(wording) >= 6 else 4))


def _starts(line: Print, first: int) -> bool:
    """Whether no letter stands right before."""
    return first == 0 or not line.glyphs[first - 1].text.isalnum()


def _no_value(line: Print, at: tuple[int, ...], last: int) -> int:
    """The end of a label without the first letter of its value, taken for the s of a plural over a colon."""
    return last - 1 if last > 1 and ":" in line.text[at[last - 2] : at[last - 1]] else last


def _ends(line: Print, at: tuple[int, ...], last: int, *, near: bool) -> bool:
    """Whether the word ends there, or a value follows it at once."""
    end = at[last - 1] + 1
    return near or end >= len(line.glyphs) or not line.glyphs[end].text.isalpha()


def _alone(line: Print, at: tuple[int, ...], first: int, last: int) -> bool:
    """Whether a short word is a label: nothing or a gap before it, a colon, sign, bracket or nothing after it."""
    if not _starts(line, at[first]):
        return False
    before = line.text[: at[first]].rstrip()
    after = line.text[at[last - 1] + 1 :].lstrip()
    sign = re.match(r"(?:no\b|num\b|number\b|№)?\s*\.?\s*(?:[#:]|[^\w\s]{1,3}\s*:)|№", after, re.IGNORECASE)
    if sign:
        return True
    return not before.strip("( ") and (not after.strip(") .") or (after.startswith("(") and not before))


def _end(line: Print, end: int) -> int:
    """The end of a label with what belongs to it: its number sign, a bracket that explains it, its colon."""
    rest = line.text[end:]
    hit = re.match(
        r"(?:'s)?\s*(?:#|№|[^\w\s()]{1,3}(?=\s?:)|(?:no|num|number)\b)?\s*[.#]?\s*(?:\(s\))?\s*[:;]?\s*(?:\((?!\d[^)]*$)(?:[^()]|\([^()]*\)){0,120}(?:\)|$))?\s*[.#]?\s*[:;|)]*",
        rest,
        re.IGNORECASE,
    )
    end += hit.end() if hit else 0
    before = line.text[:end]
    if before.count("(") > before.count(")"):  # the label stands inside a bracket: all of that is label
        close = line.text.find(")", end)
        return len(line.glyphs) if close < 0 else close + 1
    return end

"""Several looks at one value of a scan, settled to one: letter by letter, what most of them read most surely.

A score says how far the looks agree, letter by letter, and how sure they were. What the grammar of a field rules out is
never their word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from detainer.intake.paper import misread, values
from detainer.intake.paper.place import Found
from detainer.intake.paper.shapes import SUREST_OF_SCANS, Again, Look, Print

_CLEAR = 0.93  # two looks as sure as this of every letter, and alike, need no third
_UNCONFIRMED = 0.92  # at most, for words and for numbers whose form is unusual: nothing but the looks speaks for them
_WORDS = frozenset({"subject_name", "to_agency", "from_office", "officer_name"})
_FORMS = {
    "file_number": r"A?[ -]?(\d{8,9}|\d{2,3}-\d{3}-\d{3})",
    "event_number": r"[A-Z]{3}\d{6,12}",
    "subject_id": r"\d{6,12}",
}
_DOUBTED = 0.9  # what a mended value's score is multiplied by


def settled(found: Found, again: Again) -> Found:
    """A value of a scan after second looks at its place, with how sure it is; its value is None where it is none."""
    reader, letters = values.READERS[found.field], values.LETTERS.get(found.field, "")
    if found.field == "sex" and len(found.raw) <= 2:
        letters = "MFXU"
    texts, scores = [], []
    for line in found.lines:
        text, score = _line(line, again, letters)
        texts.append(text)
        scores.append(score)
    raw = " ".join(texts)
    value = reader(raw)
    score = min(scores, default=0.0)
    plain = reader(misread.mended(found.field, raw))
    if plain is not None and plain != value:
        value, score = plain, score * _DOUBTED
    if value is None and found.value is not None:
        value, score = found.value, min(score, 0.4)
    if found.field in _WORDS or not re.fullmatch(_FORMS.get(found.field, ".*"), value or ""):
        score = min(score, _UNCONFIRMED)
    return replace(
        found, value=value, raw=" ".join(raw.split()) or found.raw, score=round(min(score, SUREST_OF_SCANS), 3)
    )


def _line(line: Print, again: Again, letters: str) -> tuple[str, float]:
    printed = letters + values.ACCENTED if "é" not in letters and "z" in letters else letters
    looks = [Look(line.text, tuple(one.score if _may(one.text, printed) else 0.0 for one in line.glyphs))]
    looks += [_trimmed(one) for one in again(line.box, printed)]
    alike = len(looks) > 1 and looks[0].text == looks[1].text
    if not (alike and min(looks[0].sure + looks[1].sure, default=0.0) >= _CLEAR):
        looks += [_trimmed(one) for one in again(line.box, letters, first=False)]
    return agreed([one for one in looks if one.text])


def _may(letter: str, printed: str) -> bool:
    """Whether a character may stand in a field at all."""
    return not printed or letter.isspace() or letter in printed


def _trimmed(look: Look) -> Look:
    """Without signs at the ends, which are what lies around a value."""
    text = look.text
    first = len(text) - len(text.lstrip(" .:;_|-'\""))
    last = len(text.rstrip(" :;_|-'\""))
    return Look(text[first:last], look.sure[first:last])


def agreed(looks: Sequence[Look]) -> tuple[str, float]:
    """What most looks read, letter by letter, and how far they agree on its least sure letter (0 to 1)."""
    if not looks:
        return "", 0.0
    base = max(looks, key=_mean)
    votes = _Votes(base.text)
    for look in looks:
        votes.count(look)
    letters, least, whole = [], 1.0, len(looks)
    for n in range(len(base.text) + 1):
        if votes.before[n]:
            said, weight = votes.most(votes.before[n])
            letters.append(said if 2 * weight > whole else "")
            least = min(least, max(weight, whole - weight) / whole)
        if n < len(base.text):
            letter, weight = votes.most(votes.at[n])
            letters.append(letter)
            least = least if (letter or base.text[n]).isspace() else min(least, weight / whole)
    return "".join(letters), least


class _Votes:
    """What looks read at each letter of one of them, and before it, each as heavy as it is sure."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.at: list[dict[str, float]] = [defaultdict(float) for _ in base]
        self.before: list[dict[str, float]] = [defaultdict(float) for _ in range(len(base) + 1)]

    def count(self, look: Look) -> None:
        """Lay a look along the letters."""
        for code in Levenshtein.opcodes(self.base, look.text):
            here, there = range(code.src_start, code.src_end), range(code.dest_start, code.dest_end)
            if code.tag == "delete":
                for n in here:
                    self.at[n][""] += _mean(look)
            elif code.tag == "insert":
                said = look.text[code.dest_start : code.dest_end]
                self.before[code.src_start][said] += min(_sure(look, m) for m in there)
            else:
                for n, m in zip(here, there, strict=True):
                    self.at[n][look.text[m]] += _sure(look, m)

    @staticmethod
    def most(votes: dict[str, float]) -> tuple[str, float]:
        """What has most votes, and how many."""
        return max(votes.items(), key=lambda pair: pair[1])


def _mean(look: Look) -> float:
    return sum(look.sure) / max(1, len(look.sure))


def _sure(look: Look, n: int) -> float:
    return look.sure[n] if n < len(look.sure) else 0.0

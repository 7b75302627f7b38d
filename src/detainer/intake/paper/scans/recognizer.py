"""Character recognition: where lines of print stand, and what stands in a crop, with any letters or with some alone.

The models lie in rapidocr's own wheel; one thread each, since the machine has other work.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidocr import RapidOCR

from detainer.intake.paper.scans.pictures import Grey
from detainer.intake.paper.shapes import Box

Crop = NDArray[np.uint8]
_AT_ONCE = 3  # lines: more take more memory and no less time
_USUAL = str.maketrans({"，": ",", "：": ":", "。": ".", "、": ",", "‘": "'", "’": "'", "“": '"', "”": '"'})


@dataclass(frozen=True)
class Said:
    """What stands in a crop: its characters, how sure each is, and how far along it stands (0 to 1; -1 for blanks)."""

    text: str
    sure: list[float]
    at: list[float]


class _Limited:
    """The recogniser's last step with some characters alone: `allowed` is a row of truths, one a character."""

    def __init__(self, whole: Any) -> None:
        self.whole = whole
        self.allowed: NDArray[np.bool_] | None = None

    def __call__(self, seen: NDArray[np.float32], *more: Any, **named: Any) -> Any:
        if self.allowed is not None:
            seen = np.where(self.allowed, seen, 0)
        return self.whole(seen, *more, **named)

    def only(self, letters: str) -> None:
        """Allow these letters and what parts them; all where none are named."""
        kept = set(letters)
        row = [n == 0 or one in kept for n, one in enumerate(self.whole.character)]
        self.allowed = np.array(row) if letters else None


@cache
def engine() -> RapidOCR:
    """The one engine of this process."""
    logging.getLogger("RapidOCR").disabled = True
    cv2.setNumThreads(1)
    threads = {f"EngineConfig.onnxruntime.{name}_op_num_threads": 1 for name in ("intra", "inter")}
    return RapidOCR(
        params={
            **threads,
            "Global.max_side_len": 4000,
            "Global.log_level": "critical",
            "Det.limit_side_len": 640,
            "Rec.rec_batch_num": _AT_ONCE,
        }
    )


@cache
def _limited() -> _Limited:
    made: Any = engine()
    recognizer = made._load_rec_model()  # noqa: SLF001  the one way to its last step
    recognizer.postprocess_op = _Limited(recognizer.postprocess_op)
    return recognizer.postprocess_op  # type: ignore[no-any-return]


def read(crops: Sequence[Crop], letters: str = "") -> list[Said]:
    """What stands in each crop, one line each; `letters` are all that may stand there, any where none are named."""
    if not crops:
        return []
    engine().return_word_box = True
    _limited().only(letters)
    found: Any = engine().recognize_txt(list(crops))
    said = []
    for text, info in zip(found.txts, found.word_results, strict=True):
        columns = [column for word in info.word_cols for column in word]
        places = iter((column + 0.5) / max(1.0, info.line_txt_len) for column in columns)
        at = [next(places, 1.0) if not one.isspace() else -1.0 for one in text]
        said.append(Said(text, [float(one) for one in info.confs][: len(text)], at))
    return said


def crop(grey: Grey, box: Box) -> Crop:
    """A place of a page, in pixels, as the engine takes it."""
    height, width = grey.shape
    part = grey[max(0, int(box.y0)) : min(height, int(box.y1) + 1), max(0, int(box.x0)) : min(width, int(box.x1) + 1)]
    return cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_GRAY2BGR)  # type: ignore[return-value]


def plain(one: str) -> str:
    """A character as it is typed: full-width signs and curly quotes in their usual form."""
    return unicodedata.normalize("NFKC", one).translate(_USUAL)

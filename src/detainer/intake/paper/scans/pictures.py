"""Pictures as they come: the pages of a TIFF, PNG or JPEG as grey pixels, with how many of them make an inch.

Needs the extra `ocr`; numpy and Pillow come with it.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageSequence, UnidentifiedImageError

from detainer.intake.paper.pdf import MOST_PAGES, Unreadable
from detainer.intake.paper.picture import MOST_PIXELS, dots

Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class Picture:
    """One page: rows of grey pixels, 0 black; pixels an inch across and down; how many pages its file has."""

    grey: Grey
    across: float
    down: float
    of: int = 1

    @property
    def points(self) -> tuple[float, float]:
        """Width and height of the page in points."""
        height, width = self.grey.shape
        return width * 72 / self.across, height * 72 / self.down


def pages_of(data: bytes) -> Iterator[Picture]:
    """The pages of a picture file; Unreadable where it is damaged or larger than any paper."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = Image.open(io.BytesIO(data), formats=("TIFF", "PNG", "JPEG"))
            count = getattr(opened, "n_frames", 1)
            if count > MOST_PAGES:
                raise Unreadable(f"has {count:,} pages; at most {MOST_PAGES} are read. Send the form alone")
            for frame in ImageSequence.Iterator(opened):
                if frame.width * frame.height > MOST_PIXELS:
                    raise Unreadable(
                        f"has {frame.width:,} × {frame.height:,} pixels on one page, more than any scan of a form"
                    )
                yield Picture(_grey(frame), *dots(frame), count)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError):
        raise Unreadable("is damaged: it begins like a picture but cannot be opened") from None


def _grey(frame: Image.Image) -> Grey:
    """White stays white where a picture lets what lies under it through."""
    if "A" in frame.getbands() or "transparency" in frame.info:
        frame = frame.convert("RGBA")
        ground = Image.new("RGBA", frame.size, "white")
        frame = Image.alpha_composite(ground, frame)
    return np.asarray(frame.convert("L"), dtype=np.uint8)

"""Second looks at a place: read from other pictures of it, so that what a chance blot made can be told apart."""

from __future__ import annotations

from detainer.intake.paper.scans.lines import Way, read_again
from detainer.intake.paper.scans.pictures import Grey
from detainer.intake.paper.scans.recognizer import crop, plain
from detainer.intake.paper.shapes import Box, Look


class Again:
    """Reads a place of a page again from several pictures of it."""

    def __init__(self, grey: Grey, scale: float) -> None:
        self.grey, self.scale = grey, scale

    def __call__(self, box: Box, letters: str = "", *, first: bool = True) -> list[Look]:
        """What the `first` look, or the further ones, read at a place, with `letters` alone where some are named."""
        more = 2.2
        place = Box(
            (box.x0 - more) * self.scale, (box.y0 - 1.0) * self.scale,
            (box.x1 + more) * self.scale, (box.y1 + 1.0) * self.scale,
        )  # fmt: skip
        cut_out = crop(self.grey, place)
        if not cut_out.size:
            return []
        said = read_again(cut_out, self.scale, letters, _WAYS[:1] if first else _WAYS[1:])
        return [_look(one.text, one.sure) for one in said]


def _look(text: str, sure: list[float]) -> Look:
    pairs = [(letter, score) for one, score in zip(text, sure, strict=False) for letter in plain(one)]
    return Look("".join(letter for letter, _ in pairs), tuple(score for _, score in pairs))


# Which ways, tried on faxes, read most: no two of them make the same mistakes.
_WAYS = Way(1.0, 0.5, 0.0), Way(0.75, 0.2, 1.0), Way(1.0, 0.45, 1.5), Way(0.7, 0.0, 1.5)

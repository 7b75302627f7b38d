"""A scanned page made readable: equal pixels both ways, specks gone, lines level.

Needs the extra `ocr`; OpenCV comes with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detainer.intake.paper.scans.pictures import Grey, Picture
from detainer.intake.paper.shapes import Box
from detainer.intake.paper.turned import turn_of

FINE, COARSE = 300, 200  # dpi a page is brought to
_STEEPEST = 5.0  # degrees


@dataclass
class Upright:
    """A page with level lines, `scale` pixels a point, and the way back to the page as it came."""

    grey: Grey
    scale: float
    back: NDArray[np.float64]  # 2×3: upright points to shown points

    def shown(self, box: Box) -> Box:
        """A place on the upright page where it stands on the page as shown."""
        corners = np.array([(x, y, 1.0) for x in (box.x0, box.x1) for y in (box.y0, box.y1)])
        moved = corners @ self.back.T
        (x0, y0), (x1, y1) = moved.min(axis=0), moved.max(axis=0)
        return Box(float(x0), float(y0), float(x1), float(y1))

    @property
    def turn(self) -> int:
        """By how many degrees clockwise the page as it came is turned to stand upright: quarters alone."""
        return turn_of(float(self.back[0, 0]), float(self.back[1, 0]))

    def turned(self) -> Upright:
        """The same page the other way up."""
        height, width = self.grey.shape
        half = np.array([[-1, 0, width / self.scale], [0, -1, height / self.scale], [0, 0, 1.0]])
        return Upright(np.ascontiguousarray(self.grey[::-1, ::-1]), self.scale, self.back @ half)


def upright(picture: Picture) -> Upright:
    """The page with its lines level; it may still stand on its head."""
    grey: Any = _square(picture)
    dpi = FINE if min(picture.across, picture.down) > 250 else COARSE
    grey = _clean(grey)
    small = _ink(cv2.resize(grey, None, fx=75 / dpi, fy=75 / dpi, interpolation=cv2.INTER_AREA))
    level, angle = _tilt(small)
    over, lean = _tilt(np.ascontiguousarray(np.rot90(small)))
    scale = dpi / 72
    height, width = grey.shape
    back = np.eye(3)
    if over > level:
        grey, angle = np.ascontiguousarray(np.rot90(grey)), lean  # counterclockwise
        back = np.array([[0, -1, width / scale], [1, 0, 0], [0, 0, 1.0]])
        height, width = width, height
    if abs(angle) > 0.04:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        grey = cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
        undo = np.vstack([cv2.invertAffineTransform(turn), [0, 0, 1.0]])
        undo[:2, 2] /= scale
        back = back @ undo
    return Upright(grey, scale, back[:2])


def _square(picture: Picture) -> Grey:
    """Equal pixels both ways, the ground white and the ink black."""
    dpi = FINE if min(picture.across, picture.down) > 250 else COARSE
    height, width = picture.grey.shape
    size = round(width * dpi / picture.across), round(height * dpi / picture.down)
    grey: Any = picture.grey
    if picture.across > 1.5 * picture.down or picture.down > 1.5 * picture.across:
        grey = _despecked(grey, 1)  # on the grid the specks fell on
    if size != (width, height):
        smaller = size[0] * size[1] < width * height
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC)
    low, high = np.percentile(grey[::7, ::7], (0.5, 60))
    if high - low < 40:
        return np.asarray(grey, dtype=np.uint8)
    spread = (grey.astype(np.float32) - low) * (255 / (high - low))
    return np.asarray(np.clip(spread, 0, 255), dtype=np.uint8)


def _clean(grey: Grey) -> Grey:
    """Without single specks; where there are very many, the median of each three by three pixels as well."""
    noisy = float(np.mean(np.abs(cv2.medianBlur(grey, 3).astype(np.int16) - grey) > 90))
    plain: Any = _despecked(grey, 3)
    return np.asarray(cv2.medianBlur(plain, 3) if noisy > 0.012 else plain, dtype=np.uint8)


def _despecked(grey: Grey, most: int) -> Grey:
    """Without dark specks of at most `most` pixels. Light ones stay: the eye of an e is one on a fax."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((grey < 128).astype(np.uint8), connectivity=8)
    small = stats[:, cv2.CC_STAT_AREA] <= most
    small[0] = False
    found = grey.copy()
    found[small[labels]] = 255
    return found


def without_specks(ink: NDArray[np.bool_], least: float) -> NDArray[np.bool_]:
    """Ink without what holds together over fewer than `least` pixels."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    small = stats[:, cv2.CC_STAT_AREA] < least
    return np.asarray(ink & ~small[labels])


def ink_of(grey: Grey) -> NDArray[np.bool_]:
    """Which pixels are ink."""
    return np.asarray(grey < 150)


def faint_of(grey: Grey) -> NDArray[np.bool_]:
    """Which pixels are ink, or darker than what lies around them: hair lines."""
    around = cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 38)
    return np.asarray((around > 0) | (grey < 150))


def _ink(grey: Any) -> NDArray[np.float32]:
    return np.asarray((255 - grey.astype(np.float32)) / 255, dtype=np.float32)


def _tilt(small: NDArray[np.float32]) -> tuple[float, float]:
    """How sharply the page falls into lines, and the angle in degrees at which it does so best."""
    height, width = small.shape

    def sharp(angle: float) -> float:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        rows = cv2.warpAffine(small, turn, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    best = 0.0
    for step, reach in ((1.0, _STEEPEST), (0.25, 0.75), (0.06, 0.19)):
        around = np.arange(best - reach, best + reach + step / 2, step)
        best = max(map(float, around), key=sharp)
    return sharp(best), best

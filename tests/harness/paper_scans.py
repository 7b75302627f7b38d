# ruff: noqa: S311  scans are spoiled by lot
"""Forms as a scanner or a fax machine leaves them: our own, printed, tilted, blurred, speckled and kept as a picture.

`scan` turns a PDF from `paper_forms` into the bytes of a PDF, TIFF, PNG or JPEG without any text in it.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFilter
from reportlab.lib.pagesizes import letter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

DPI = {"300 dpi": (300, 300), "200 dpi": (200, 200), "fax": (204, 98)}


@dataclass(frozen=True)
class Spoil:
    """What scanning does: degrees counterclockwise, blur in pixels, noise in grey levels, specks as a share."""

    quality: str = "200 dpi"
    tilt: float = 0.0
    turn: int = 0
    blur: float = 0.4
    noise: float = 0.0
    specks: float = 0.0
    paper: int = 255
    ink: int = 0
    bilevel: bool = False
    cut: float = 0.5  # of the way from ink to paper: darker is black on a bilevel scan
    kept: str = "pdf"  # pdf, tiff, png, jpeg


def spoil(seed: int, quality: str) -> Spoil:
    """A way to spoil, picked by a number."""
    dice = random.Random(f"{quality} {seed}")
    fax = quality == "fax"
    bilevel = fax or dice.random() < 0.3
    return Spoil(
        quality,
        tilt=dice.choice([0, dice.uniform(-0.7, 0.7), dice.uniform(-2.5, 2.5)]),
        turn=dice.choice([0, 0, 0, 0, 90, 180, 270]),
        blur=dice.uniform(0.2, 0.7 if fax else 1.0),
        noise=0 if bilevel else dice.uniform(0, 18),
        specks=dice.choice([0, dice.uniform(0, 0.002), dice.uniform(0, 0.006)]),
        paper=dice.randrange(222, 256),
        ink=dice.randrange(0, 70),
        bilevel=bilevel,
        cut=dice.uniform(0.5, 0.7),
        kept=dice.choice(["tiff", "pdf"] if fax else ["pdf", "pdf", "tiff", "png", "jpeg"]),
    )


def picture(data: bytes, number: int, how: Spoil, seed: int = 0) -> Image.Image:
    """One page of a PDF as the scanner sees it."""
    across, down = DPI[how.quality]
    dice = np.random.default_rng(seed)
    fine = max(across, down) * 2
    shown = pdfium.PdfDocument(data)[number].render(scale=fine / 72, grayscale=True, may_draw_forms=True)
    page = shown.to_pil().convert("L")
    if how.tilt:
        page = page.rotate(how.tilt, Image.Resampling.BICUBIC, fillcolor=255)
    width, height = round(page.width * across / fine), round(page.height * down / fine)
    page = page.resize((width, height), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(how.blur))
    grey = how.ink + np.asarray(page, dtype=np.float32) * (how.paper - how.ink) / 255
    if how.noise:
        grey += dice.normal(0, how.noise, grey.shape)
    if how.bilevel:
        grey = np.where(grey < how.ink + how.cut * (how.paper - how.ink), 0, 255)
    if how.specks:
        hit = dice.random(grey.shape) < how.specks
        grey = np.where(hit, np.where(dice.random(grey.shape) < 0.7, 0, 255), grey)
    page = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    if how.turn:
        page = page.transpose(getattr(Image.Transpose, f"ROTATE_{how.turn}"))
    return page.convert("1", dither=Image.Dither.NONE) if how.bilevel else page


def keep(pages: Sequence[Image.Image], how: Spoil) -> bytes:
    """Pages as one file. PNG and JPEG hold one page."""
    out = io.BytesIO()
    dpi = DPI[how.quality]
    dpi = dpi if how.turn in (0, 180) else dpi[::-1]
    if how.kept == "tiff":
        more = {"compression": "group4"} if how.bilevel else {"compression": "tiff_lzw"}
        pages[0].save(out, "TIFF", dpi=dpi, save_all=True, append_images=list(pages[1:]), **more)
    elif how.kept in ("png", "jpeg"):
        pages[0].save(out, how.kept.upper(), dpi=dpi)
    else:
        pen = Canvas(out)
        for page in pages:
            size = letter if how.turn in (0, 180) else letter[::-1]
            pen.setPageSize(size)
            pen.drawImage(ImageReader(page), 0, 0, *size)
            pen.showPage()
        pen.save()
    return out.getvalue()


def scan(data: bytes, how: Spoil, seed: int = 0) -> bytes:
    """A PDF's pages as one scanned file."""
    count = len(pdfium.PdfDocument(data))
    return keep([picture(data, number, how, seed + number) for number in range(count)], how)

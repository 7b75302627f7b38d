"""Short names for the cases of a parametrised test, made of what they are about."""

from __future__ import annotations

import re


def slug(value: object) -> str:
    """The letters and digits of a value; the rest is a space, so that the name can be typed after `::`."""
    return re.sub(r"[^A-Za-z0-9_.-]+", " ", str(value)).strip()[:40]

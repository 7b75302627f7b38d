"""The demonstration: made-up people and requests whose totals are the ones the public knows."""

from detainer.demo.story import AGENCY
from detainer.demo.tell import Authors, Loaded, load

__all__ = ["AGENCY", "Authors", "Loaded", "load"]

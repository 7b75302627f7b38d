"""The demonstration: made-up people and requests whose totals are the ones the public knows.

A second one puts the same ten requests before a Texas and a California sheriff.
"""

from detainer.demo.sheriffs import SHERIFFS, ten
from detainer.demo.story import AGENCY
from detainer.demo.tell import Authors, Loaded, load, load_sheriffs

__all__ = ["AGENCY", "SHERIFFS", "Authors", "Loaded", "load", "load_sheriffs", "ten"]

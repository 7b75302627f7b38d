"""How long a hold may last and when it must end. Pure: no clock is read, nothing is stored.

`Calendar` knows the reviewed holiday lists; `count_hours` counts hours that are really counted; `window` gives
the ends of one hold under every reading that matters.
"""

from detainer.hold.calendar import Calendar, Holiday
from detainer.hold.window import Window, count_hours, end_of_day, window

__all__ = ["Calendar", "Holiday", "Window", "count_hours", "end_of_day", "window"]

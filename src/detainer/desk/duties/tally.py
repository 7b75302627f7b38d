"""How often something was done lately: counted in the database, whichever process answers."""

from __future__ import annotations

from hashlib import sha256

from django.db import connection

from detainer import clock
from detainer.desk.models import Tally

_COUNT = (
    "INSERT INTO desk_tally (key, until, count) VALUES (%s, %s, %s)"
    " ON CONFLICT (key, until) DO UPDATE SET count = desk_tally.count + excluded.count RETURNING count"
)


def add(key: str, seconds: int, number: int = 1) -> tuple[int, int]:
    """Count so many more within the present span of so many seconds; how many there are, and the seconds left of it."""
    moment = int(clock.now().timestamp())
    until = (moment // seconds + 1) * seconds
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [sha256(key.encode()).hexdigest(), until, number])
        count = int(cursor.fetchone()[0])
    if count == number:
        Tally.objects.filter(until__lte=moment).delete()
    return count, until - moment

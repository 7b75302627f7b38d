"""How often a token may ask: so many times in each minute, counted in the database, whichever process answers."""

from __future__ import annotations

from django.db import connection

from detainer import clock
from detainer.api.models import Token, Use
from detainer.api.problems import Problem
from detainer.house import house

_COUNT = (
    "INSERT INTO api_use (token_id, minute, count) VALUES (%s, %s, 1)"
    " ON CONFLICT (token_id, minute) DO UPDATE SET count = api_use.count + 1 RETURNING count"
)


def counted(token: Token) -> None:
    """Count one request; Problem 429 says when to come back."""
    moment = int(clock.now().timestamp())
    minute = moment // 60
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [token.id, minute])
        count = cursor.fetchone()[0]
    if count == 1:
        Use.objects.filter(token=token, minute__lt=minute).delete()
    if count > house().api_rate:
        wait = 60 - moment % 60
        raise Problem(
            429, f"More than {house().api_rate} requests in a minute. Wait {wait} seconds.", {"Retry-After": str(wait)}
        )

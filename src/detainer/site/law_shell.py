"""How a page of the law comes about: from the law files and the address alone, for anybody, the same for everybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from detainer import clock
from detainer.errors import UserError
from detainer.house import house
from detainer.record import journal

_KEPT = "public, max-age=300"  # the law changes with a release of the house, "today" at midnight
_YEARS = (1900, 2199)
_LONGEST = 8000
View = Callable[..., HttpResponse]


class NotThere(UserError):
    """The address names a law that is not there."""


class Busy(UserError):
    """The answer takes longer than a reader should wait; it is being worked out."""


def show(template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """A page. No request goes into it, so nothing of the reader's session can come out of it."""
    body = render_to_string(f"law/{template}", {"is_demo": journal.is_demo(), **context})
    answer = HttpResponse(body, status=status)
    answer["Content-Language"] = "en"  # whatever the browser asks for: the law keeps its own words
    answer["Cache-Control"] = _KEPT if status == 200 else "no-store"
    return answer


def open_to_all(view: View) -> View:
    """A page that needs no sign-in; whatever is wrong with its address is told in one line."""

    @login_not_required
    @require_safe
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            _check_length(request)
            return view(request, *args, **kwargs)
        except NotThere as error:
            return _wrong("There is no such law", error, 404)
        except Busy as error:
            answer = _wrong("Not ready yet", error, 503)
            answer["Retry-After"] = "20"
            return answer
        except UserError as error:
            return _wrong("This cannot be shown", error, 400)

    return cast("View", guarded)


def _check_length(request: HttpRequest) -> None:
    if len(request.META.get("QUERY_STRING", "")) > _LONGEST:
        raise UserError(f"the address is longer than {_LONGEST} characters")


def _wrong(title: str, error: UserError, status: int) -> HttpResponse:
    return show("wrong.html", {"title": title, "line": error.line()}, status)


def today() -> date:
    """Today where the house stands."""
    return clock.now().astimezone(ZoneInfo(house().time_zone)).date()


def day_in(request: HttpRequest, name: str, otherwise: date) -> date:
    """The day that the address names, or another where it names none; UserError for what is no day of these times."""
    text = request.GET.get(name, "").strip()
    if not text:
        return otherwise
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise UserError(f"“{text[:40]}” is no day", where=name, fix="Write it as 2017-06-01.") from None
    if not _YEARS[0] <= found.year <= _YEARS[1]:
        raise UserError(f"{found} lies outside {_YEARS[0]} to {_YEARS[1]}", where=name)
    return found

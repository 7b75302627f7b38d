"""What the record refuses and why, in the reader's language: a message of any room, looked up in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from detainer import clock
from detainer.desk.wording.clockwords import date_words, moment
from detainer.desk.wording.words import say, tr
from detainer.errors import UserError, UserErrors
from detainer.law.vocabulary import FACTS


def told(error: UserError, zone: ZoneInfo, names: Mapping[str, str] | None = None, *, where: bool = True) -> str:
    """A mistake as a page tells it: moments in this zone, people by `names`; `where` only if the page does not say it.

    What stands in no catalogue, such as the law's own words, stays as it is.
    """
    values = {name: _shown(one, zone, names or {}) for name, one in error.values.items()}
    if (path := error.values.get("path")) in FACTS:  # whoever reads a page knows the question, not its name
        values["path"] = say("“{said}”", said=tr(FACTS[str(path)].asks))
    what, place, fix = (
        say(words, **values) if values else tr(words)
        for words in (error.template, error.where_template if where else "", error.fix_template)
    )
    line = UserError(what, where=place, fix=fix).line()
    return line[:1].upper() + line[1:]


def all_told(error: UserError, zone: ZoneInfo, *, where: bool = True) -> list[str]:
    """Every mistake that this error carries, each as a page tells it."""
    return [told(one, zone, where=where) for one in (error.errors if isinstance(error, UserErrors) else [error])]


def _shown(value: object, zone: ZoneInfo, names: Mapping[str, str]) -> object:
    if isinstance(value, datetime):
        return moment(value, zone, now=clock.now())
    if isinstance(value, date):
        return date_words(value)
    return names.get(value) or tr(value) if isinstance(value, str) else value

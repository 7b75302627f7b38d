"""The addresses of a law's text, of one of its provisions, and of facts to try."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from detainer.desk.form.entry import typed_from
from detainer.desk.form.typed import show_moment
from detainer.law import Case
from detainer.law.lawfile import LawFile, Version
from detainer.law.pages import anchor
from detainer.record.agencies import book


def law_url(law: str, provision: str = "", day: date | None = None) -> str:
    """The address of a law on a day, at one of its provisions, limits or terms; "" where there is no such law."""
    found = book().laws.get(law)
    if found is None:
        return ""
    query = f"?on={day.isoformat()}" if day else ""
    place = _anchor(found, provision) if provision else ""
    return f"{reverse('law', args=[law])}{query}{f'#{place}' if place else ''}"


def version_url(law: str, version: Version, today: date) -> str:
    """The address of a version: the law today where it is in force, or else on its first or its last day."""
    first, last = version.span.first or date.min, version.span.last or date.max
    return law_url(law, day=min(max(first, today), last))


def try_url(case: Case) -> str:
    """The address at which the facts of a case stand in the form to try facts."""
    zone = book().agency(case.agency).zone
    head = {"agency": [case.agency], "at": [show_moment(case.at, zone)]}
    return f"{reverse('law-try')}?{encoded(head | dict(typed_from(case, zone).values))}"


def encoded(values: Mapping[str, Sequence[str]]) -> str:
    """Inputs as a query, without those in which nothing stands."""
    return urlencode([(name, value) for name, said in values.items() for value in said if value.strip()], safe="/:")


def _anchor(law: LawFile, name: str) -> str:
    kinds: Mapping[str, Iterable[str]] = {
        "provision": (rule.id for rule in law.provisions),
        "limit": (limit.id for limit in law.limits),
        "definition": (term.id for term in law.definitions),
    }
    return next((anchor(kind, name) for kind, names in kinds.items() if name in names), "")

"""Between the record's facts and the law's case file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detainer.errors import UserError
from detainer.law import Case
from detainer.record import agencies, canonical
from detainer.record import facts as case_facts
from detainer.record.story import Story

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime


def case_of(story: Story, at: datetime) -> Case:
    """The case file of a request for a decision at `at`, the agency's standing facts where nothing else is known.

    UserError where a fact cannot stand in one.
    """
    return Case.read({"id": story.number or "new", **mapping_of(story, at)}, where="the facts of the request")


def mapping_of(story: Story, at: datetime) -> dict[str, Any]:
    """The same as a mapping, as it is kept beside the answer."""
    known = case_facts.merged(agencies.standing(story.agency), story.facts)
    return {"agency": story.agency, "at": at, **known}


def checked(
    story: Story, facts: Mapping[str, Any], happened: datetime, unknown: Iterable[str] = (), *, received: bool = False
) -> dict[str, Any]:
    """The facts as they will be kept; UserError where, with those known before, they make no case file.

    The time of receipt is the record's own unless `received`, when it is being corrected.
    """
    for name in case_facts.NOT_FACTS:
        if name in facts:
            raise UserError("{name} is not a fact of the case; the record itself knows it", name=repr(name))
    given: dict[str, Any] = canonical.plain(facts)
    came = case_facts.moment_in(given, "request", "received")
    known = story.times.get("received", happened)
    if came and came != known and not received:
        raise UserError("request.received is {came}, but the request came in at {known}", came=came, known=known)
    trial = Story(story.id, story.agency, story.number)
    trial.facts = case_facts.merged(case_facts.without(story.facts, unknown), given)
    case_of(trial, happened)
    return given

"""What may be recorded at all: liberty and disclosure need the law's leave and a second person, without override."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detainer.errors import UserError
from detainer.record.kinds import GUARDED
from detainer.record.story import SETTLING, Approval, Determination, Story

if TYPE_CHECKING:
    from datetime import datetime

PROGRAMS = ("system", "token")
BECAUSE = {
    "must_not": "it must not be done",
    "undetermined": "a missing fact decides it",
    "not_applicable": "there is nothing to answer",
    "silent": "no law gives the power",
}
DEEDS = {"held": "the hold", "told": "the notice", "transferred": "the transfer"}


class Refused(UserError):
    """A step that the record does not take, because the law forbids it or a second person is missing."""


def leave(story: Story, step: str, happened: datetime) -> Determination:
    """The determination under which `step` may be taken at `happened`; Refused where there is none."""
    decision, deed = GUARDED[step], DEEDS[step]
    if story.settled and (over := [kind for kind in SETTLING if kind in story.times]):
        raise Refused(
            "{deed} cannot follow: the request was {over}", fix="Reopen it if that was wrong.", deed=deed, over=over[-1]
        )
    if decision in story.declined:
        raise Refused("{deed} was declined", fix="Reopen the request if that was wrong.", deed=deed)
    law = story.determination
    if law is None:
        raise Refused("the law has not been asked about {deed}", fix="Decide the request first.", deed=deed)
    if story.stale:
        raise Refused("facts were recorded after the last determination", fix="Decide the request again.")
    if not law.permits(decision):
        raise Refused(
            "the law does not permit {deed}: {because}",
            deed=deed,
            because=_words(law.modalities.get(decision, "silent")),
        )
    if waiting := story.for_counsel(decision):
        raise Refused(
            "{deed} waits for counsel: {asks} ({cite})",
            fix="Counsel answers the question on the request's page.",
            deed=deed,
            asks=waiting[0]["asks"],
            cite=waiting[0]["cite"],
        )
    if happened < law.at:
        raise Refused("{deed} would come before the determination that permits it", deed=deed)
    end = law.ends(decision).get("until")
    if end and happened > end:
        raise Refused("the time for {deed} ended at {end}", fix="Decide the request again.", deed=deed, end=end)
    return law


def consent(story: Story, step: str, author: str, approved_by: str | None) -> Approval:
    """The second person's approval of `step`; Refused where it is missing or not a second person's."""
    deed = DEEDS[step]
    if not approved_by:
        raise Refused("{deed} needs a second person's approval", deed=deed)
    two_people(author, approved_by, deed)
    given = [one for one in story.approvals if one.step == step and one.author == approved_by]
    if not given:
        raise Refused("{who} has not approved {deed} on the present determination", who=approved_by, deed=deed)
    return given[-1]


def two_people(author: str, approver: str, deed: str) -> None:
    """Refused unless both are people and not the same one, whatever roles they sign in under."""
    for one in (author, approver):
        a_person(one, deed)
    if _who(author) == _who(approver):
        raise Refused("{deed} needs a second person: {who} cannot approve their own step", deed=deed, who=approver)


def a_person(author: str, deed: str) -> None:
    """Refused where a program would approve or do what takes a person."""
    if author.partition(":")[0] in PROGRAMS:
        raise Refused("{deed} takes people: {who} is a program", deed=deed, who=author)


def _who(author: str) -> str:
    return author.partition(":")[2].casefold()


def _words(modality: str) -> str:
    return BECAUSE.get(modality, modality)

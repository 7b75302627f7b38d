"""An answer in words, for an officer: what to do first, then why, what is missing, and what must be done by when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from textwrap import TextWrapper
from zoneinfo import ZoneInfo

from detainer.law.answer import Answer, Because, Decision, Duty, Reason

NAMES = {
    "hold": "Hold past release",
    "notify": "Tell ICE of the release",
    "transfer": "Hand over to ICE",
    "interview": "Let ICE interview",
    "status": "Answer about immigration status",
    "personal_information": "Give personal information",
    "access": "Let ICE in",
    "assistance": "Help ICE",
}
SAYS = {
    "must": "must",
    "may": "may",
    "must_not": "must not",
    "silent": "no law speaks of it",
    "not_applicable": "nothing to answer",
    "undetermined": "not settled",
}
_WIDTH = 100


def when(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as people say it, with the weekday: "Fri 27 Nov 2026, 10:00"."""
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"


def sentence(decision: Decision, zone: ZoneInfo) -> str:
    """One decision in a line: "Hold past release: may, until Fri 27 Nov 2026, 10:00"."""
    said = f"{NAMES[decision.name]}: {SAYS[decision.modality]}"
    return f"{said}, until {when(decision.until, zone)}" if decision.until else said


def text(answer: Answer, zone: ZoneInfo) -> str:
    """The whole answer as text of at most 100 columns; times are told in the zone given."""
    return "\n".join(_lines(answer, zone))


def _lines(answer: Answer, zone: ZoneInfo) -> Iterator[str]:
    yield from _wrapped(f"{answer.id} · {answer.agency} · {when(answer.at, zone)}", "")
    yield answer.headline().upper()
    asked = [said for name, said in answer.decisions.items() if name in answer.asks or name in ("hold", "notify")]
    for decision in asked:
        yield ""
        yield from _decision(decision, zone)
    yield from _needed(answer)
    yield from _listed(
        "For counsel", (f"{item.asks} Until answered: {item.cautious} [{item.cite}]" for item in answer.counsel)
    )
    yield from _listed("To do", (_duty(duty, zone) for duty in answer.duties))
    versions = (
        f"{layer.law} {layer.version}" if layer.version else f"{layer.law}: not in force" for layer in answer.laws
    )
    yield ""
    yield from _wrapped("Law as it stood: " + "; ".join(versions), "")


def _decision(decision: Decision, zone: ZoneInfo) -> Iterator[str]:
    yield sentence(decision, zone)
    if decision.modality == "undetermined":
        yield from _wrapped(f"It could be: {', '.join(SAYS[name] for name in decision.could_be)}.", "  ")
    if decision.until and decision.outer_limit and decision.flat_48 and _differ(decision):
        yield from _wrapped(
            f"Plain 48 hours: {when(decision.flat_48, zone)}. Outer limit: {when(decision.outer_limit, zone)}.", "  "
        )
    for reason in decision.reasons:
        yield from _reason(reason)
    for reason in decision.set_aside:
        yield from _wrapped(f"Set aside by a wider law: {reason.cite}: {reason.text}", "  ")
    for reason in decision.against:
        yield from _wrapped(f"In conflict, and not resolved here: {reason.cite} commands it: {reason.text}", "  ")
    if decision.changes:
        yield "  What would change it:"
        for change in decision.changes:
            until = f" until {when(change.until, zone)}" if change.until else ""
            yield from _wrapped(f"{' '.join(change.if_)} → {SAYS[change.modality]}{until}", "    ", "  - ")


def _differ(decision: Decision) -> bool:
    """Whether the ends under the several readings of the clock are not all the same moment."""
    return len({decision.until, decision.outer_limit, decision.flat_48}) > 1


def _reason(reason: Reason) -> Iterator[str]:
    yield from _wrapped(f"{reason.cite}: {reason.text}", "  ")
    for part in reason.because:
        yield from _wrapped(_because(part), "      ", "    · ")


def _because(part: Because) -> str:
    return f"{part.text} [{part.cite}]"


def _needed(answer: Answer) -> Iterator[str]:
    yield from _listed(
        "Not known, and could still change the answer (most decisive first)",
        (f"{need.asks} ({need.status})" + (f" {need.why}" if need.why else "") for need in answer.facts_needed),
    )


def _duty(duty: Duty, zone: ZoneInfo) -> str:
    due = f"by {when(duty.due_at, zone)}" if duty.due_at else duty.due
    return f"{duty.says} ({due}) [{duty.cite}]" if due else f"{duty.says} [{duty.cite}]"


def _listed(title: str, items: Iterator[str]) -> Iterator[str]:
    found = list(items)
    if found:
        yield ""
        yield f"{title}:"
        for item in found:
            yield from _wrapped(item, "  ", "- ")


def _wrapped(line: str, indent: str, mark: str = "") -> list[str]:
    first = mark and indent[: -len(mark)] + mark if len(indent) >= len(mark) else mark
    return TextWrapper(_WIDTH, initial_indent=first or indent, subsequent_indent=indent, break_on_hyphens=False).wrap(
        line
    )

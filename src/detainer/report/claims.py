"""Claims made in public, computed again from published figures and judged. The judgment is never written by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from detainer.errors import UserError
from detainer.law.files import read_documents
from detainer.record.agencies import book
from detainer.report.arithmetic import Sum
from detainer.report.offenses import FILE, counted
from detainer.report.published import DATA, Measure, Published, shipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


class Verdict(StrEnum):
    """What a claim comes to, best first; a claim with several checks is as good as its worst."""

    HOLDS = "holds"
    NOTED = "holds with a note"
    CANNOT = "cannot be told"
    NOT = "does not follow"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Check(_Part):
    """A number that was claimed, and what it must fit."""

    claimed: float
    of: tuple[str, ...]
    instead: tuple[str, ...] = ()
    fits: Literal["about", "at_least", "at_most"] = "about"
    within: float = 0.0
    unit: str = ""
    agency: str = ""
    period: tuple[date, date] | None = None

    def fit(self, value: float) -> bool:
        """Whether a computed value bears the claimed number out."""
        if self.fits == "at_least":
            return value >= self.claimed
        if self.fits == "at_most":
            return value <= self.claimed
        return abs(value - self.claimed) <= self.within


class Claim(_Part):
    """Who said what, where and when, in our short account of it."""

    id: str
    who: str
    when: str | date | int
    says: str
    checks: tuple[Check, ...]
    note: str = ""


class _File(_Part):
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Computed:
    """One sum with its result; None where a figure of it is not known."""

    sum: Sum
    value: float | None
    fits: bool


@dataclass(frozen=True)
class Outcome:
    """One check carried out: its own sums, other series, and why it comes out so."""

    check: Check
    own: tuple[Computed, ...]
    instead: tuple[Computed, ...]
    verdict: Verdict
    why: str


@dataclass(frozen=True)
class Judged:
    """A claim and what it comes to."""

    claim: Claim
    outcomes: tuple[Outcome, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of its checks; a claim that holds with something to add holds with a note."""
        worst = max((outcome.verdict for outcome in self.outcomes), key=list(Verdict).index)
        return Verdict.NOTED if worst is Verdict.HOLDS and self.claim.note else worst


@lru_cache(maxsize=1)
def shipped_claims() -> tuple[Judged, ...]:
    """The claims that come with the program, judged from its figures and the shipped list of offenses."""
    return judge(load(DATA / "claims.yaml"), {**shipped(), **offense_sections()})


def load(path: Path) -> tuple[Claim, ...]:
    """The claims of a file; UserError naming the file and what is wrong."""
    try:
        claims = _File.model_validate(next(read_documents(path), {})).claims
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(str(step) for step in first["loc"])
        raise UserError(f"{at}: {first['msg']}", where=str(path)) from None
    twice = {claim.id for claim in claims if sum(other.id == claim.id for other in claims) > 1}
    if twice:
        raise UserError(f"the claim {min(twice)!r} is there twice", where=str(path))
    return claims


def judge(claims: Sequence[Claim], figures: Mapping[str, Published]) -> tuple[Judged, ...]:
    """Each claim computed again; UserError naming the claim whose sum names no figure or divides by nothing."""
    return tuple(
        Judged(claim, tuple(_carry_out(check, figures, claim.id) for check in claim.checks)) for claim in claims
    )


def _carry_out(check: Check, figures: Mapping[str, Published], where: str) -> Outcome:
    own = tuple(_compute(text, check, figures, where) for text in check.of)
    instead = tuple(_compute(text, check, figures, where) for text in check.instead)
    verdict, why = next(_judgments(check, own, instead, figures))
    return Outcome(check, own, instead, verdict, why)


def _compute(text: str, check: Check, figures: Mapping[str, Published], where: str) -> Computed:
    made = Sum(text, figures, where)
    value = None if made.gaps else made.value()
    return Computed(made, value, value is not None and check.fit(value))


def _judgments(
    check: Check, own: Sequence[Computed], instead: Sequence[Computed], figures: Mapping[str, Published]
) -> Iterator[tuple[Verdict, str]]:
    """What can be said of a check, the gravest first; the first is what it comes to."""
    used = [figure for one in own for figure in one.sum.figures]
    yield from ((Verdict.NOT, why) for why in _of_something_else(check, used))
    if any(one.sum.added_over_different_periods() for one in own):
        yield Verdict.NOT, "It adds up figures of different periods."
    yield from ((Verdict.CANNOT, why) for why in _unknown(used))
    if any(one.fits for one in own):
        yield from _with_reserve(used, figures)
        yield Verdict.HOLDS, ""
    found = "; another series does" if any(one.fits for one in instead) else ""
    yield Verdict.NOT, f"No figure of what it speaks of bears the number out{found}."


def _of_something_else(check: Check, used: Sequence[Published]) -> Iterator[str]:
    """Where a figure is not of the agency or the period that the claim says."""
    for figure in used:
        if check.agency and figure.agency != check.agency:
            yield f"The figure is of {figure.agency}, not of {check.agency}."
        if check.period and (figure.start, figure.end) != check.period:
            yield f"The figure is of {figure.period}, not of {check.period[0]} to {check.period[1]}."


def _unknown(used: Sequence[Published]) -> Iterator[str]:
    """Figures that nobody knows, or that their source took back."""
    for figure in used:
        if figure.value is None:
            yield f"Not known: {figure.measure.label.lower()}, {figure.agency}, {figure.period}."
        if figure.state == "withdrawn":
            yield f"Its source withdrew the figure. {figure.note}".strip()


def _with_reserve(used: Sequence[Published], figures: Mapping[str, Published]) -> Iterator[tuple[Verdict, str]]:
    """Other numbers for the same: of another source, which leaves it open, or of a later release."""
    for figure in used:
        for rival in _rivals(figure, figures):
            yield Verdict.CANNOT, f"Another source has {rival.value:,} for the same: {rival.source}."
    for figure in used:
        if figure.see:
            yield Verdict.NOTED, f"A later release has {figures[figure.see].value:,}. {figure.note}".strip()


def _rivals(figure: Published, figures: Mapping[str, Published]) -> Iterator[Published]:
    """Other figures for the same agency, measure and period with another number, none replaced by a later release."""
    for other in figures.values():
        same = (other.agency, other.measure, other.start, other.end) == (
            figure.agency,
            figure.measure,
            figure.start,
            figure.end,
        )
        if same and other.value not in (figure.value, None) and "replaced" not in (other.state, figure.state):
            yield other


def claimed(check: Check) -> str:
    """The claimed number as it is told: `at least 400 percent`, `about 20, within 1`, `1,526`."""
    number = f"{check.claimed:,g}" if check.claimed < 1 else f"{check.claimed:,.10g}"
    unit = f" {check.unit}" if check.unit else ""
    if check.fits != "about":
        return f"{check.fits.replace('_', ' ')} {number}{unit}"
    return f"about {number}{unit}, within {check.within:g}" if check.within else f"{number}{unit}"


def result(computed: Computed, check: Check) -> str:
    """What a sum comes to, and whether that bears the claimed number out."""
    if computed.value is None:
        return "not known"
    value = f"{computed.value:,}" if float(computed.value).is_integer() else f"{computed.value:,.1f}"
    return f"{value}{f' {check.unit}' if check.unit else ''}: {'fits' if computed.fits else 'does not fit'}"


def offense_sections() -> dict[str, Published]:
    """How many sections of the Penal Law the city's list names, counted from the shipped list."""
    return {
        name: Published(
            name,
            "New York City",
            date(2014, 12, 14),
            date.max,
            Measure("sections", words, f"{words}, each counted once."),
            count,
            "stands",
            "high",
            f"Counted from laws/{FILE}, the list as this program ships it",
            "",
            "",
        )
        for name, words, count in counted(book().root)
    }

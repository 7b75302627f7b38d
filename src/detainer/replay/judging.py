"""A claim about a rise, judged from rows: whether it fits, or what is missing where that cannot be told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from detainer.errors import UserError
from detainer.replay.series import NOT_SAID, TOTAL, Series

WITHIN = 5.0  # percentage points that a claim may be off, as in the claims that the site judges
_NOT_A_GROUP = (TOTAL, NOT_SAID)


@dataclass(frozen=True)
class Claim:
    """That the rows of some groups together rose by so many percent."""

    groups: tuple[str, ...]
    percent: float

    @classmethod
    def read(cls, text: str) -> Claim:
        """The claim that a text like `neither + pending charges only: 40` makes; UserError where it makes none."""
        groups, colon, number = text.rpartition(":")
        try:
            percent = float(number.strip().removesuffix("%").strip())
        except ValueError:
            colon = ""
        if not colon or not groups.strip():
            raise UserError(f"{text!r} is no claim", where="--claim", fix="Write it as 'neither: 40'.")
        return cls(tuple(one.strip() for one in groups.split("+")), percent)


@dataclass(frozen=True)
class Judged:
    """The verdict: fits, does not fit, or cannot be told, and why; `fitting` are single groups that the number fits."""

    claim: Claim
    verdict: str
    why: str
    least: float | None = None  # the rise in percent if every row that does not say were against it
    most: float | None = None
    fitting: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The verdict in words."""
        said = f"{' + '.join(self.claim.groups)} rose by about {self.claim.percent:g} %, within {WITHIN:g} points"
        yield f"Claim: {said}: {self.verdict}. {self.why}"
        if self.fitting:
            yield f"The number fits the series of: {', '.join(self.fitting)}."

    def as_json(self) -> dict[str, object]:
        """The verdict as one JSON object."""
        return {
            "groups": list(self.claim.groups),
            "percent": self.claim.percent,
            "within": WITHIN,
            "verdict": self.verdict,
            "why": self.why,
            "rise": None if self.least is None else {"least": self.least, "most": self.most},
            "fits": list(self.fitting),
        }


def judge(claim: Claim, before: Series, after: Series) -> Judged:
    """Judge a claim from two periods of one series; UserError where it names a group that the series does not have."""
    known = [group for group in (*after.groups, TOTAL) if group != NOT_SAID]
    for group in claim.groups:
        if group not in known:
            fix = f"Groups: {', '.join(known)}."
            raise UserError(f"the series by {after.by} has no group {group!r}", where="--claim", fix=fix)
    if lacking := [*_lacking(before), *_lacking(after)]:
        return Judged(claim, "cannot be told", f"There are no rows of {', '.join(lacking)}.")
    between = [day for day in after.all_breaks if before.period.first and before.period.first < day <= _last(after)]
    if between:
        return Judged(claim, "cannot be told", f"The series breaks on {between[0]}: {after.all_breaks[between[0]]}")
    fitting = tuple(
        group for group in known if group not in claim.groups and _fits(*_rise((group,), before, after), claim) is True
    )
    least, most = _rise(claim.groups, before, after)
    if least is None or most is None:
        return Judged(claim, "cannot be told", "There were none before.", fitting=fitting)
    fits = _fits(least, most, claim)
    rise = f"{least:+.1f} %" if least == most else f"between {least:+.1f} % and {most:+.1f} %"
    if fits is None:
        unsaid = before.unsaid + after.unsaid
        why = f"The rise is {rise}: {unsaid:,} rows do not say to which group they belong."
        return Judged(claim, "cannot be told", why, least, most, fitting)
    return Judged(claim, "fits" if fits else "does not fit", f"The rise is {rise}.", least, most, fitting)


def _last(found: Series) -> date:
    return found.period.last or date.max


def _lacking(found: Series) -> Iterator[str]:
    """The months of a period of which there is no row, the first and the last of each run."""
    there = {month for month, _ in found.months}
    first, last = found.period.first, found.period.last
    if first is None or last is None:
        raise UserError("a claim is judged over two periods with both ends", fix="Give --from, --to and --before.")
    run: list[str] = []
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        month = f"{number // 12}-{number % 12 + 1:02}"
        if month in there:
            yield from _told(run)
            run = []
        else:
            run.append(month)
    yield from _told(run)


def _told(run: list[str]) -> Iterator[str]:
    if run:
        yield run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}"


def _rise(groups: tuple[str, ...], before: Series, after: Series) -> tuple[float | None, float | None]:
    """The least and the most rise in percent; None where there may have been none before."""
    free = TOTAL not in groups
    then, now = (sum(one.rows[group] for group in groups) for one in (before, after))
    if not then:
        return None, None
    least = 100 * (now / (then + before.unsaid * free) - 1)
    return least, 100 * ((now + after.unsaid * free) / then - 1)


def _fits(least: float | None, most: float | None, claim: Claim) -> bool | None:
    """Whether a rise fits a claim; None where it may."""
    if least is None or most is None:
        return None
    low, high = claim.percent - WITHIN, claim.percent + WITHIN
    if low <= least and most <= high:
        return True
    return False if most < low or least > high else None

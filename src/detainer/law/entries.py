"""The entries of a law's page: each provision, term, question or duty with what there is to say about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from detainer.law import conditions as c
from detainer.law.clocks import Clock
from detainer.law.expand import Layer
from detainer.law.explain import NAMES, SAYS
from detainer.law.lawfile import (
    Definition,
    Doubt,
    DutyRule,
    Guarantee,
    Implication,
    Limit,
    OpenQuestion,
    Provision,
    Span,
)
from detainer.law.lookback import Lookback
from detainer.law.offenses import OffenseList
from detainer.law.vocabulary import DECISIONS, PAPERS
from detainer.law.wording import Clause, listed, named, worded
from detainer.law.words import MOMENTS


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to say about an entry: words, a condition, or other entries by their id with the words for each.

    `written` is a condition as it stands in the law file.
    """

    name: str
    label: str
    value: str | Clause | Mapping[str, str]
    written: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One provision, term, question, duty or the like; `inner` are the open questions inside it."""

    kind: str
    id: str
    cite: str
    says: str
    grade: str = ""
    fields: tuple[Field, ...] = ()
    inner: tuple[Entry, ...] = ()


class Entries:
    """Makes the entries of one law on one day."""

    def __init__(self, layer: Layer) -> None:
        self.layer, self.law = layer, layer.law
        self.terms = {term.id: term.of for term in layer.law.definitions}

    def rule(self, item: Definition | Limit | Provision) -> Entry:
        """A term, a limit or a provision."""
        if isinstance(item, Definition):
            return self.definition(item)
        return self.provision(item) if isinstance(item, Provision) else self.limit(item)

    def definition(self, item: Definition) -> Entry:
        """A term of the law."""
        subject = f"A {item.of}" if item.of else "A case"
        fields = [self._when(item.when, f"{subject} counts as “{named(item.id)}” when", item.of)]
        if not item.lacking.startswith("Not so: "):
            fields.append(Field("lacking", "Otherwise", item.lacking))
        return self._with_doubts("definition", item, [*fields, *_span(item.span)], item.of)

    def provision(self, item: Provision) -> Entry:
        """A rule."""
        fields = [_effect(item), self._when(item.when, "When")]
        others = {rule.id: rule.cite for rule in self.layer.provisions if rule.id in item.unless}
        if others:
            fields.append(Field("unless", "Unless one of these applies", others))
        if item.prevails:
            fields.append(Field("prevails", "Prevails", "what narrower laws and local policies forbid is void"))
        if item.until:
            fields.append(Field("until", "For at most", {item.until: self.law.clocks[item.until].says}))
        return self._with_doubts("provision", item, [*fields, *_span(item.span)], "")

    def limit(self, item: Limit) -> Entry:
        """Where there is nothing to answer."""
        on = Field("on", "Nothing to answer on", acts(item.on))
        return Entry("limit", item.id, item.cite, item.says, "", (on, self._when(item.when, "When"), *_span(item.span)))

    def question(self, item: OpenQuestion) -> Entry:
        """An open question, with the cautious reading and where it is read."""
        fields = [Field("cautious", "Until it is answered", item.cautious)]
        if item.when is not None:
            fields.append(self._when(item.when, "Asked whenever"))
        at = {
            rule.id: rule.cite
            for rule in (*self.layer.of(self.law.definitions), *self.layer.provisions)
            if any(doubt.question == item.id for doubt in rule.doubts)
        }
        if at:
            fields.append(Field("at", "It arises in", at))
        return Entry("question", item.id, item.cite, item.asks, "", (*fields, *_span(item.span)))

    def duty(self, item: DutyRule) -> Entry:
        """What must be done whatever the answer."""
        due = [Field("due", "Due", item.due)] if item.due else []
        due += [Field("paper", "Fulfilled by", PAPERS[item.paper])] if item.paper else []
        due += [Field("hours", "Counted", _hours(item))] if item.after else []
        due += [Field("clock", "Not later than", {item.clock: self.law.clocks[item.clock].says})] if item.clock else []
        return Entry(
            "duty", item.id, item.cite, item.says, "", (self._when(item.when, "When"), *due, *_span(item.span))
        )

    def lookback(self, item: Lookback) -> Entry:
        """So many years back."""
        counts = f"{item.years} years from {MOMENTS[item.starts]} to {MOMENTS[item.measured]}"
        last = ", the day that completes them still within" if item.includes_last_day else ""
        fields = [Field("counts", "Counts", counts + last)]
        if item.extended_by is not None:
            fields.append(self._when(item.extended_by, "Longer by the time served for a conviction when", "conviction"))
            fields.append(Field("counted_from", "Time served counts from", MOMENTS[item.counted_from]))
        return Entry("lookback", item.id, item.cite, item.says, "", tuple(fields))

    def clock(self, item: Clock) -> Entry:
        """So many hours."""
        hours = "to the end of the day" if item.end_of_day else f"{item.hours:g} hours"
        left_out = ["Saturdays and Sundays"] if item.weekends else []
        left_out += [f"the holidays that stand on {listed(list(item.holidays), 'and')}"] if item.holidays else []
        fields = [
            Field("counts", "Counts", hours + (f", without {listed(left_out, 'and')}" if left_out else "")),
            Field("starts", "Starts at the first of", listed([MOMENTS[path] for path in item.starts])),
        ]
        return Entry("clock", item.id, item.cite, item.says, "", tuple(fields))

    def offenses(self, item: OffenseList) -> Entry:
        """An offense list, by its number of rows."""
        rows = item.all()
        on_the_day = sum(row.listed_on(self.layer.day) for row in rows)
        says = f"{on_the_day} rows in force on this day, of {len(rows)}. `detainer law offense` tells of one section."
        return Entry("list", item.name, self.law.cite, says)

    def implication(self, item: Implication) -> Entry:
        """Two conditions of which one brings the other with it."""
        fields = (self._when(item.if_, "If", name="if"), self._when(item.then, "then also", name="then"))
        return Entry("implication", "", "", item.says, "", (*fields, *_span(item.span)))

    def guarantee(self, item: Guarantee) -> Entry:
        """What holds for every combination of facts."""
        never = f"never {listed([f'“{SAYS[name]}”' for name in item.never])}"
        fields = (Field("never", NAMES[item.decision], never), self._when(item.when, "When"))
        return Entry("guarantee", "", item.cite, item.says, "", (*fields, *_span(item.span)))

    def _when(self, node: c.Node, label: str, element: str = "", name: str = "when") -> Field:
        return Field(name, label, worded(node, self.terms, element), str(node))

    def _with_doubts(self, kind: str, item: Definition | Provision, fields: list[Field], element: str) -> Entry:
        inner = tuple(self._doubts(item.doubts, element))
        return Entry(kind, item.id, item.cite, item.says, item.grade, tuple(fields), inner)

    def _doubts(self, doubts: tuple[Doubt, ...], element: str) -> Iterator[Entry]:
        asked = {question.id: question for question in self.layer.of(self.law.questions)}
        for doubt in doubts:
            question = asked.get(doubt.question)
            if question is None:
                continue
            label = "The other reading: also when" if doubt.adds else "The other reading: only when"
            fields = (
                Field("cautious", "Until it is answered", question.cautious),
                self._when(doubt.other, label, element, "also_if" if doubt.adds else "only_if"),
            )
            yield Entry("doubt", question.id, question.cite, question.asks, "", fields)


def acts(decisions: tuple[str, ...]) -> str:
    """Decisions as things to do: "hold past release or tell ICE of the release"."""
    if decisions == DECISIONS:
        return "anything"
    return listed([NAMES[name][0].lower() + NAMES[name][1:] for name in decisions])


def _hours(item: DutyRule) -> str:
    """From which step how many hours, and whose they are: "24 hours after the request was received"."""
    counted = f"{item.hours} hours after {_AFTER[item.after]}"
    return f"{counted}; the law gives no hours, the desk reminds then" if item.reminder else counted


_AFTER = {
    "received": "the request was received",
    "held": "the hold began",
    "told": "federal authorities were told",
    "transferred": "the person was handed over",
    "released": "the release",
}


def _effect(item: Provision) -> Field:
    return Field("effect", "Says", f"{SAYS[item.effect]} {acts(item.on)}")


def _span(span: Span) -> Iterator[Field]:
    """The days of an item that is not in force as long as its law."""
    if span.first:
        yield Field("first", "In force from", span.first.isoformat())
    if span.last:
        yield Field("last", "In force to", span.last.isoformat())

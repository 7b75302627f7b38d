"""An answer as a fragment of HTML: what to do first, then why, what is missing, and what must be done by when.

The same answer in the same order as `explain.text`; no style, no script. Tones are told in words and by class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from detainer.law.answer import Answer, Because, Change, Decision, Duty, Reason
from detainer.law.explain import NAMES, SAYS, when
from detainer.law.markup import Markup, join, tag

Link = Callable[[str, str, str], str]
"""From a law, a version and a provision to the address of its text; "" where there is none."""


def html(answer: Answer, zone: ZoneInfo, link: Link | None = None, level: int = 2) -> Markup:
    """The whole answer; times are told in the zone given, citations link to where `link` leads.

    The headline is a heading of this level, the decisions and lists one below.
    """
    return _Writer(zone, link or (lambda _law, _version, _provision: ""), level).answer(answer)


class _Writer:
    def __init__(self, zone: ZoneInfo, link: Link, level: int) -> None:
        self.zone, self.link, self.level = zone, link, level

    def answer(self, answer: Answer) -> Markup:
        asked = {name for name in answer.decisions if name in answer.asks or name in ("hold", "notify")}
        first = [self.decision(said) for name, said in answer.decisions.items() if name in asked]
        others = [self.decision(said) for name, said in answer.decisions.items() if name not in asked]
        return tag(
            "article",
            tag(f"h{self.level}", answer.headline(), class_="headline"),
            *first,
            *self.lists(answer),
            *([tag("details", tag("summary", "Not asked for, but judged"), *others)] if others else []),
            tag("p", "Law as it stood: ", join([_version(layer.law, layer.version) for layer in answer.laws], "; ")),
            class_="answer",
        )

    def decision(self, decision: Decision) -> Markup:
        """One decision with its reasons and what would change it."""
        until = [", until ", self.time(decision.until)] if decision.until else []
        said = tag("strong", SAYS[decision.modality], class_=decision.modality)
        return tag(
            "section",
            tag(f"h{self.level + 1}", NAMES[decision.name], ": ", said, *until),
            *self.ends(decision),
            *map(self.reason, decision.reasons),
            *(self.reason(reason, "Set aside by a wider law: ") for reason in decision.set_aside),
            *(
                self.reason(reason, "In conflict, and not resolved here: ", " commands it: ")
                for reason in decision.against
            ),
            *self.changes(decision),
            class_=f"decision decision-{decision.name}",
        )

    def ends(self, decision: Decision) -> Iterator[Markup]:
        """What it could be, and the ends of a hold under the other readings."""
        if decision.could_be:
            yield tag("p", f"It could be: {', '.join(SAYS[name] for name in decision.could_be)}.")
        ends = {decision.until, decision.outer_limit, decision.flat_48}
        if decision.until and decision.outer_limit and decision.flat_48 and len(ends) > 1:
            plain, outer = self.time(decision.flat_48), self.time(decision.outer_limit)
            yield tag("p", "Plain 48 hours: ", plain, ". Outer limit: ", outer, ".", class_="ends")

    def reason(self, reason: Reason, before: str = "", after: str = ": ") -> Markup:
        """A provision that decided, with the conditions that made it so."""
        because = [self.because(part) for part in reason.because]
        return tag(
            "div",
            tag("p", before, self.cited(reason), after, reason.text),
            *([tag("ul", *because)] if because else []),
            class_="reason",
        )

    def because(self, part: Because) -> Markup:
        """A condition; the facts that it rests on stand in an attribute, for a page that can show their sources."""
        met = {True: "met", False: "not-met", None: "not-known"}[part.value]
        return tag("li", part.text, " ", tag("cite", part.cite), class_=met, data_facts=" ".join(part.facts))

    def cited(self, reason: Reason) -> Markup:
        cite = tag("cite", reason.cite)
        address = self.link(reason.law, reason.version, reason.provision)
        return tag("a", cite, href=address) if address else cite

    def changes(self, decision: Decision) -> Iterator[Markup]:
        if decision.changes:
            yield tag("p", "What would change it:")
            yield tag("ul", *map(self.change, decision.changes), class_="changes")

    def change(self, change: Change) -> Markup:
        until = [" until ", self.time(change.until)] if change.until else []
        return tag("li", " ".join(change.if_), " → ", tag("strong", SAYS[change.modality]), *until)

    def lists(self, answer: Answer) -> Iterator[Markup]:
        """What is not known, what counsel must say, and what must be done."""
        needs = [tag("li", f"{need.asks} ({need.status})", *_why(need.why)) for need in answer.facts_needed]
        asked = [
            tag("li", f"{item.asks} Until answered: {item.cautious} ", tag("cite", item.cite))
            for item in answer.counsel
        ]
        yield from self.listed("Not known, and could still change the answer (most decisive first)", "needed", needs)
        yield from self.listed("For counsel", "counsel", asked)
        yield from self.listed("To do", "duties", list(map(self.duty, answer.duties)))

    def listed(self, title: str, name: str, items: list[Markup]) -> Iterator[Markup]:
        if items:
            yield tag("section", tag(f"h{self.level + 1}", title), tag("ol", *items), class_=name)

    def duty(self, duty: Duty) -> Markup:
        due = [" (by ", self.time(duty.due_at), ")"] if duty.due_at else [f" ({duty.due})"] if duty.due else []
        return tag("li", duty.says, *due, " ", tag("cite", duty.cite))

    def time(self, moment: datetime) -> Markup:
        return tag("time", when(moment, self.zone), datetime=moment.isoformat())


def _why(why: str) -> list[str]:
    return [f" {why}"] if why else []


def _version(law: str, version: str) -> str:
    return f"{law} {version}" if version else f"{law}: not in force"

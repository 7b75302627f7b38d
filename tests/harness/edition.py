"""One edition of an agency's laws: compiled as the product does, and read plainly, under the same names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from algebras import Names, Proofs, Tables
from naive_law import Reading, text_of

from detainer.law import LawBook
from detainer.law.stack import CAUTIOUS, SHOWN, Stack

NEVER_ASKED = "shown and never asked"


def editions(book: LawBook) -> list[Edition]:
    """Every agency with every day on which anything in its laws begins or ends."""
    return [
        Edition(book, agency.id, day)
        for agency in book.agencies.values()
        for day in sorted({edge for law in agency.laws for edge in book.edges[law]})
    ]


@dataclass(frozen=True)
class Edition:
    """The laws that bind an agency on a day."""

    book: LawBook
    agency: str
    day: date

    def __str__(self) -> str:
        return f"{self.agency}-{self.day}"

    @cached_property
    def stack(self) -> Stack:
        return self.book.stack(self.book.agencies[self.agency], self.day)

    @cached_property
    def atoms(self) -> dict[str, int]:
        """The number of each condition in the diagrams, by the name that a plain reading gives it."""
        return {self.name(number): number for number in range(len(self.stack.atoms))}

    def name(self, atom: int) -> str:
        if atom >= SHOWN:
            return f"known {atom - SHOWN}"
        return text_of(self.stack.atoms[atom].node, self.stack.atoms[atom].law)

    def reading(self, algebra: Any, *, opened: bool = False) -> Reading:
        return Reading(self.book, self.agency, self.day, algebra, opened=opened)

    def conditions(self, decision: str) -> list[str]:
        """The conditions that stand in a decision, those inside `shown(…)` included, in the order of the diagrams."""
        names = Names()
        for opened in (False, True):
            self.reading(names, opened=opened).outcome(decision)
        return sorted((name for name in names.seen if not name.startswith("shown: ")), key=self.atoms.__getitem__)

    def shown(self, decision: str) -> list[int]:
        """The numbers of the `shown(…)` that stand in the diagrams of a decision."""
        program = self.stack.program(CAUTIOUS)
        roots = [program.closed[decision], *(node for key, node in program.layers.items() if key[1] == decision)]
        return sorted({atom - SHOWN for root in roots for atom in self.stack.diagrams.atoms(root) if atom >= SHOWN})

    def tables(self, decision: str) -> Tables:
        """Truth tables over the conditions of a decision, the first of them in the highest place."""
        known = [f"known {number}" for number in self.shown(decision)]
        return self._named(decision, Tables([NEVER_ASKED, *known, *reversed(self.conditions(decision))]))

    def proofs(self, decision: str) -> Proofs:
        """Formulas for z3 over the conditions of a decision."""
        return self._named(decision, Proofs())

    def _named(self, decision: str, algebra: Any) -> Any:
        """The algebra with each `shown(…)` of the plain reading called as the one in the diagrams with its content."""
        for text, found in self.matched(decision, algebra).items():
            if isinstance(found, bool):
                algebra.aliases[text] = algebra.constant(value=found)
            else:
                algebra.aliases[text] = algebra.condition(NEVER_ASKED if found is None else f"known {found}")
        return algebra

    def matched(self, decision: str, algebra: Any) -> dict[str, int | bool | None]:
        """For each `shown(…)` of the plain reading the one in the diagrams with the same content, by number.

        One whose content always or never holds is that value; None is one that no diagram asks.
        """
        contents = {number: self.condition(self.stack.shown[number], algebra) for number in self.shown(decision)}
        found: dict[str, int | bool | None] = {}
        for text, content in self.contents(decision, algebra).items():
            fixed = [value for value in (True, False) if algebra.same(content, algebra.constant(value=value))]
            same = [number for number, one in contents.items() if algebra.same(one, content)]
            found[text] = next(iter([*fixed, *same]), None)
        return found

    def contents(self, decision: str, algebra: Any) -> dict[str, Any]:
        """The content of each `shown(…)` of a decision, read plainly."""
        listing, plain = self.reading(Names()), self.reading(algebra)
        listing.outcome(decision)
        return {
            text: plain.holds(content, law, decision, opened=True) for text, (content, law) in listing.contents.items()
        }

    def condition(self, root: int, algebra: Any, value: object = True) -> Any:
        """The condition under which a diagram has an outcome."""
        d = self.stack.diagrams
        done: dict[int, Any] = {}

        def walk(node: int) -> Any:
            if node not in done:
                if d._low[node] == -1:
                    done[node] = algebra.constant(value=d._value[node] == value)
                else:
                    asked = algebra.condition(self.name(d._atom[node]))
                    yes = algebra.both([asked, walk(d._high[node])])
                    no = algebra.both([algebra.negate(asked), walk(d._low[node])])
                    done[node] = algebra.either([yes, no])
            return done[node]

        return walk(root)

    def possible(self, tables: Tables) -> int:
        """The worlds that the constraints of the stack allow, whatever the conditions outside the tables may be."""
        d = self.stack.diagrams
        done: dict[int, int] = {}

        def walk(node: int) -> int:
            if node not in done:
                if d._low[node] == -1:
                    done[node] = tables.constant(value=d._value[node] is True)
                else:
                    name = self.name(d._atom[node])
                    asked = tables.condition(name) if name in tables.names else None
                    no, yes = walk(d._low[node]), walk(d._high[node])
                    done[node] = no | yes if asked is None else (yes & asked) | (no & ~asked)
            return done[node]

        return walk(self.stack.possible)

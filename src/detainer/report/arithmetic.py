"""Small sums over published figures: names, numbers, + - * /, `rise(before, after)` in percent, `days(figure)`."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from detainer.errors import UserError
from detainer.report.published import Published

LONGEST: Final = 300
_SIGNS: Final[dict[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class Sum:
    """An expression that can be computed and shown. `figures` are those it rests on, in the order of its words."""

    def __init__(self, text: str, known: Mapping[str, Published], where: str) -> None:
        self.text, self.where, self._known = text, where, known
        try:
            self._tree = ast.parse(text if len(text) < LONGEST else "", mode="eval").body
        except (SyntaxError, ValueError, RecursionError):
            raise UserError(f"{text[:80]!r} is no sum of figures", where=where) from None
        self.figures = tuple(self._named(self._tree))

    @property
    def computes(self) -> bool:
        """Whether there is anything to compute; a figure alone is told and not computed."""
        return not isinstance(self._tree, ast.Name)

    @property
    def gaps(self) -> tuple[Published, ...]:
        """The figures whose number is not known."""
        return tuple(figure for figure in self.figures if figure.value is None)

    def value(self) -> float:
        """The result; UserError where it divides by nothing or rests on a gap."""
        return self._of(self._tree)

    def shown(self) -> str:
        """The sum with the figures' numbers in place of their names."""
        return self._show(self._tree)

    def added_over_different_periods(self) -> bool:
        """Whether figures of different periods are added up or taken from each other."""
        return any(
            len({(figure.start, figure.end) for figure in self._named(part)}) > 1
            for part in ast.walk(self._tree)
            if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Add | ast.Sub)
        )

    def _named(self, node: ast.AST) -> Iterator[Published]:
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and part.id not in ("rise", "days"):
                if part.id not in self._known:
                    raise UserError(f"there is no figure {part.id!r}", where=self.where)
                yield self._known[part.id]

    def _of(self, node: ast.expr) -> float:
        match node:
            case ast.Constant(value=int() | float() as number):
                return number
            case ast.Name(id=name):
                value = self._known[name].value
                if value is None:
                    raise UserError(f"{name} is not known", where=self.where)
                return value
            case ast.BinOp(op=sign) if type(sign) in _SIGNS:
                left, right = self._of(node.left), self._of(node.right)
                if isinstance(sign, ast.Div) and right == 0:
                    raise self._nothing(node.right)
                return _SIGNS[type(sign)](left, right)
            case ast.Call(func=ast.Name(id="rise"), args=[before, after], keywords=[]):
                first, last = self._of(before), self._of(after)
                if first == 0:
                    raise self._nothing(before)
                return 100 * (last / first - 1)
            case ast.Call(func=ast.Name(id="days"), args=[ast.Name(id=name)], keywords=[]):
                return self._known[name].days
        raise UserError(f"{ast.unparse(node)[:80]!r} is no sum of figures", where=self.where)

    def _nothing(self, node: ast.expr) -> UserError:
        return UserError(f"divides by nothing: {ast.unparse(node)} is 0", where=self.where)

    def _show(self, node: ast.expr) -> str:
        match node:
            case ast.Constant(value=int() | float() as number):
                return f"{number:,}"
            case ast.Name(id=name):
                value = self._known[name].value
                return "not known" if value is None else f"{value:,}"
            case ast.BinOp(op=sign):
                left, right = self._bracketed(node.left, sign), self._bracketed(node.right, sign)
                return f"{left} {_WORD[type(sign)]} {right}"
            case ast.Call(func=ast.Name(id="rise"), args=[before, after]):
                last, first = self._bracketed(after, ast.Div()), self._bracketed(before, ast.Div())
                return f"({last} ÷ {first} - 1) × 100"
            case ast.Call(args=[ast.Name(id=name)]):
                return f"{self._known[name].days:,} days"
        return ast.unparse(node)

    def _bracketed(self, node: ast.expr, sign: ast.operator) -> str:
        inner = self._show(node)
        loose = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub | ast.Div)
        return f"({inner})" if loose and isinstance(sign, ast.Mult | ast.Div) else inner


_WORD: Final[dict[type[ast.operator], str]] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "×", ast.Div: "÷"}

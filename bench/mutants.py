"""Small changes to a Python module, one at a time: the kinds that mutmut makes, over syntax trees.

A change is named by its module, the function around it, its line and what it does. It is put into a running process
by giving the function that was read from the file the changed code, so that no module is read again.
"""

from __future__ import annotations

import ast
import gc
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Div,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
TURNED = {"lower": "upper", "upper": "lower", "lstrip": "rstrip", "rstrip": "lstrip", "find": "rfind", "rfind": "find"}
TURNED |= {"partition": "rpartition", "rpartition": "partition", "split": "rsplit", "rsplit": "split"}
TURNED |= {"removeprefix": "removesuffix", "removesuffix": "removeprefix"}
Function = ast.FunctionDef | ast.AsyncFunctionDef
Change = Callable[[], None]
Place = tuple[str, str, int]  # a file, a qualified name, the first line


@dataclass(frozen=True)
class Mutant:
    """One change: where it stands, and its number among the changes of its function."""

    path: Path
    function: str  # its qualified name; of the outermost function where it stands inside another
    first: int  # the line at which that function begins, its decorators included
    number: int
    line: int
    says: str

    @property
    def name(self) -> str:
        """A name for people."""
        return f"{self.path.stem}.{self.function}:{self.line} #{self.number}: {self.says}"

    def code(self) -> CodeType:
        """The changed code of the function."""
        tree = ast.parse(self.path.read_text(encoding="utf-8"))
        around = next(node for name, node in functions(tree) if (name, begins(node)) == (self.function, self.first))
        list(changes(around))[self.number][2]()
        ast.fix_missing_locations(tree)
        return _found(compile(tree, str(self.path), "exec"), self.function, self.first)

    def put_in(self, made: Mapping[Place, list[FunctionType]]) -> bool:
        """Give the function of this process the changed code; False where no function was made from the place."""
        found = made.get((str(self.path), self.function, self.first), [])
        if found:
            code = self.code()
            for one in found:
                one.__code__ = code
        return bool(found)


def made_functions() -> Mapping[Place, list[FunctionType]]:
    """Every function of this process by the place from which it was made."""
    found: dict[Place, list[FunctionType]] = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, FunctionType):
            code = one.__code__
            found[code.co_filename, code.co_qualname, code.co_firstlineno].append(one)
    return found


def mutants(path: Path) -> list[Mutant]:
    """Every change to the functions of a module, in the order of the file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        Mutant(path, name, begins(node), number, line, says)
        for name, node in functions(tree)
        for number, (line, says, _) in enumerate(changes(node))
    ]


def functions(tree: ast.AST, within: str = "") -> Iterator[tuple[str, Function]]:
    """The functions and methods of a module that stand in no other function."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield within + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from functions(node, f"{within}{node.name}.")


def begins(node: Function) -> int:
    """The first line of a function, as its code has it."""
    return min([node.lineno, *(one.lineno for one in node.decorator_list)])


def changes(function: Function) -> Iterator[tuple[int, str, Change]]:
    """The changes to a function: line, words, and what makes it in the tree."""
    for node in _inside(function):
        for says, change in _of(node):
            yield getattr(node, "lineno", function.lineno), says, change


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """What can be changed below a node: no annotations, no decorators, no defaults, no docstrings, no f-strings."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "args") and isinstance(
            node, (*_FUNCTION, ast.AnnAssign)
        ):
            continue
        for child in value if isinstance(value, list) else [value]:
            text = child.value if isinstance(child, ast.Expr) else None
            if not isinstance(child, ast.AST) or (isinstance(text, ast.Constant) and isinstance(text.value, str)):
                continue
            yield child
            if isinstance(child, ast.JoinedStr):
                parts = [part.value for part in child.values if isinstance(part, ast.FormattedValue)]
                for part in parts:
                    yield part
                    yield from _inside(part)
            else:
                yield from _inside(child)


_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def _set(node: Any, name: str, value: Any) -> Change:
    return lambda: setattr(node, name, value)


def _swap(items: list[Any], place: int, value: Any) -> Change:
    def change() -> None:
        items[place] = value

    return change


def _drop(items: list[Any], place: int) -> Change:
    def change() -> None:
        del items[place]

    return change


def _become(node: Any, other: Any) -> Change:
    """Make a node another one in its place."""

    def change() -> None:
        node.__class__ = other.__class__
        old = dict(vars(node))
        vars(node).clear()
        places = ("lineno", "col_offset", "end_lineno", "end_col_offset")
        vars(node).update({**vars(other), **{key: old[key] for key in places if key in old}})

    return change


def _none() -> ast.Constant:
    return ast.Constant(None)


def _of(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.AugAssign)):
        yield from _operator(node)
    elif isinstance(node, ast.Constant):
        yield from _constant(node)
    elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
        empty = isinstance(node.value, ast.Constant) and node.value.value is None
        yield "assigns None" if not empty else 'assigns ""', _set(node, "value", ast.Constant("") if empty else _none())
    elif isinstance(node, ast.Lambda):
        yield "gives None", _set(node, "body", _none())
    elif isinstance(node, (ast.Break, ast.Continue)):
        yield "break and continue", _become(node, ast.Continue() if isinstance(node, ast.Break) else ast.Break())
    elif isinstance(node, ast.Call):
        yield from _call(node)


def _operator(
    node: ast.Compare | ast.BoolOp | ast.UnaryOp | ast.BinOp | ast.AugAssign,
) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            other = COMPARED[type(operator)]
            yield f"{type(operator).__name__} becomes {other.__name__}", _swap(node.ops, place, other())
    elif isinstance(node, ast.BoolOp):
        turned = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"{type(node.op).__name__} becomes {type(turned).__name__}", _set(node, "op", turned)
    elif isinstance(node, ast.UnaryOp):
        if isinstance(node.op, ast.Not):
            yield "not is left out", _become(node, node.operand)
    elif type(node.op) in COUNTED:
        counted = COUNTED[type(node.op)]
        yield f"{type(node.op).__name__} becomes {counted.__name__}", _set(node, "op", counted())
        if isinstance(node, ast.AugAssign):
            yield "a plain assignment", _become(node, ast.Assign(targets=[node.target], value=node.value))


def _constant(node: ast.Constant) -> Iterator[tuple[str, Change]]:
    value = node.value
    if isinstance(value, bool):
        yield f"{value} becomes {not value}", _set(node, "value", not value)
    elif isinstance(value, (int, float)):
        yield f"{value} becomes {value + 1}", _set(node, "value", value + 1)
    elif isinstance(value, str):
        yield f"{value[:30]!r} becomes XX…XX", _set(node, "value", f"XX{value}XX")


def _call(node: ast.Call) -> Iterator[tuple[str, Change]]:
    name = node.func
    if isinstance(name, ast.Attribute) and name.attr in TURNED:
        yield f"{name.attr} becomes {TURNED[name.attr]}", _set(name, "attr", TURNED[name.attr])
    several = len(node.args) + len(node.keywords) > 1
    for place, given in enumerate(node.args):
        if isinstance(given, ast.Starred):
            continue
        if not (isinstance(given, ast.Constant) and given.value is None):
            yield f"argument {place + 1} of {ast.unparse(name)[:30]} becomes None", _swap(node.args, place, _none())
        if several:
            yield f"argument {place + 1} of {ast.unparse(name)[:30]} is left out", _drop(node.args, place)
    for place, named in enumerate(node.keywords):
        if named.arg is None:
            continue
        if not (isinstance(named.value, ast.Constant) and named.value.value is None):
            yield f"{named.arg}= of {ast.unparse(name)[:30]} becomes None", _set(named, "value", _none())
        if several:
            yield f"{named.arg}= of {ast.unparse(name)[:30]} is left out", _drop(node.keywords, place)


def _found(code: CodeType, name: str, first: int) -> CodeType:
    """The code of a function inside the code of its module."""
    open_codes = [code]
    while open_codes:
        here = open_codes.pop()
        for inner in here.co_consts:
            if isinstance(inner, CodeType):
                if (inner.co_qualname, inner.co_firstlineno) == (name, first):
                    return inner
                open_codes.append(inner)
    raise LookupError(name)

"""`detainer law check`: the laws examined like a proof."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from detainer.commands.laws import Laws
from detainer.errors import UserError
from detainer.law import LawBook
from detainer.law.check import Report, check


class Format(StrEnum):
    """How the report is printed."""

    text = "text"
    json = "json"


def run(
    folder: Annotated[
        Path | None, typer.Argument(help="A folder of laws; the laws that are shipped if not given.")
    ] = None,
    as_: Annotated[Format, typer.Option("--format", help="Text for people, or one JSON object.")] = Format.text,
    laws: Laws = None,
) -> None:
    """Check every law: names, gaps, contradictions, provisions that never decide, guarantees, worked cases, coverage.

    Ends with 1 when anything is found.
    """
    if folder and laws:
        raise UserError("two folders of laws", fix="Name one, alone or after --laws.")
    book = LawBook.load(folder or laws)
    report = check(book)
    print(_json(report) if as_ is Format.json else _text(report, book.root))
    if report.faults:
        raise typer.Exit(1)


def _text(report: Report, root: Path) -> str:
    lines = [f"{fault.where.removeprefix(f'{root}/')}: {fault.kind}: {fault.says}" for fault in report.faults]
    lines += [
        f"proved for {proof.editions} editions: {proof.says} [{proof.law}, {proof.cite}]" for proof in report.proofs
    ]
    found = f"{len(report.faults)} findings" if report.faults else "no finding"
    shown = len(report.coverage.asked) - len(report.coverage.missing)
    lines.append(
        f"{found}; {len(report.proofs)} guarantees proved; {report.cases} worked cases show {shown} of "
        f"{len(report.coverage.asked)} conditions deciding ({report.coverage.share:.1%})"
    )
    return "\n".join(lines)


def _json(report: Report) -> str:
    return json.dumps(
        {
            "findings": [{"where": fault.where, "kind": fault.kind, "says": fault.says} for fault in report.faults],
            "proved": [
                {"law": proof.law, "cite": proof.cite, "says": proof.says, "editions": proof.editions}
                for proof in report.proofs
            ],
            "coverage": {"share": report.coverage.share, "asked": len(report.coverage.asked), "cases": report.cases},
        },
        ensure_ascii=False,
        indent=2,
    )

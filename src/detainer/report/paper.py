"""A report set for print: PDF/UA-1 and PDF/A-3a, the same report the same bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from detainer.report import render, splits

if TYPE_CHECKING:
    from detainer.report.figures import Figure, Report

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"


def pdf(report: Report) -> bytes:
    """The file. All words reach the typesetter as data, so that none is read as markup."""
    return typst.compile(
        TEMPLATE,
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=["ua-1", "a-3a"],
        sys_inputs={"report": json.dumps(_data(report), ensure_ascii=False)},
    )


def _data(report: Report) -> dict[str, Any]:
    when = report.basis.as_of
    counted = [figure.item for figure in report.items if figure.item.id in report.months]
    months = report.months[counted[0].id] if counted else {}
    return {
        "title": report.definition.title,
        "agency": report.agency.name,
        "period": f"{render.day(report.start)} to {render.day(report.end)}",
        "law": f"{report.definition.cite}, {report.version.source}. {render.period(report)}",
        "date": [when.year, when.month, when.day],
        "figures": [_figure(figure) for figure in report.items],
        "months": {
            "heads": ["Month", *(item.noun for item in counted)],
            "rows": [[month, *(f"{report.months[item.id][month]:,}" for item in counted)] for month in months],
        },
        "notes": list(report.notes),
        "basis": [
            ["As of", render.as_of(report)],
            ["Checkpoint", f"{report.basis.size:,} events, root {report.basis.root}"],
        ],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "number": f"{figure.item.number}" if figure.item.number else "–",
        "label": figure.item.label,
        "value": render.number(figure),
        "says": figure.item.says,
        "basis": figure.basis,
        "heads": [*(splits.HEADS[name] for name in figure.item.split), "Number"],
        "parts": [[*words, part.said] for words, part in render.parts(figure)],
    }

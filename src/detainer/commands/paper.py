"""`detainer paper`: makes a paper for a request, as a PDF and its HTML twin."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detainer import setup
from detainer.errors import UserError

KIND = (
    "reply, notice, told, hold, hold-end, release-order, interview, rights, judge, file; or `check`, for the templates."
)


def paper(
    kind: Annotated[str, typer.Argument(help=KIND)],
    request: Annotated[str, typer.Argument(help="The request's number, such as 2026-0412, or its id.")] = "",
    lang: Annotated[str, typer.Option(help="The language: en, es, or one of the agency's own.")] = "en",
    out: Annotated[Path | None, typer.Option(help="The PDF; its HTML twin is written beside it.")] = None,
    reason: Annotated[str, typer.Option(help="For `told`: the written reason; else the law's own sentence.")] = "",
    agency: Annotated[str, typer.Option(help="The agency, where several have the number.")] = "",
    author: Annotated[str, typer.Option(help="The account that makes it, such as staff:17.")] = "system:command",
) -> int:
    """Make a paper for a request and record it; `detainer paper check` reads every template and says what it lacks."""
    if kind == "check":
        return _check()
    if not request:
        raise UserError("which request?", fix=f"`detainer paper {kind[:20]} 2026-0412`.")
    setup.django()
    from detainer.answer import papers
    from detainer.record import export

    made = papers.make(export.find(request, agency), kind, lang, author=author, reason=reason)
    file = out or Path(made.name("pdf"))
    twin = file.with_suffix(".html")
    for path, content in ((file, made.pdf), (twin, made.html)):
        try:
            path.write_bytes(content)
        except OSError as error:
            raise UserError(f"cannot be written: {error.strerror}", where=str(path)) from None
    print(f"{file}\n{twin}")
    return 0


def _check() -> int:
    from detainer.answer import language

    wrong = 0
    for code in language.codes():
        try:
            found = language.language(code)
            print(f"{code}: {found.name}, {len(found.papers)} papers")
        except UserError as error:
            wrong = 1
            print(error.line())
    return wrong

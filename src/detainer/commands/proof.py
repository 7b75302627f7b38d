"""`detainer proof`: a request's steps as evidence that they stand in the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detainer import setup
from detainer.clock import now
from detainer.errors import UserError


def proof(
    request: Annotated[str, typer.Argument(help="The request's number, such as 2026-0412, or its id.")],
    agency: Annotated[str, typer.Option(help="The agency, where several have the number.")] = "",
    out: Annotated[Path | None, typer.Option(help="A file to write to; printed if not given.")] = None,
    *,
    personal: Annotated[bool, typer.Option("--personal", help="With the personal data; needs --author.")] = False,
    author: Annotated[str, typer.Option(help="The account that looks, such as officer:17.")] = "",
) -> None:
    """Every step of a request with its proof, to hand to a court; `verify.py FILE --key KEYS` checks it."""
    setup.django()
    from detainer.record import export, journal

    found = export.find(request, agency)
    if personal and not author:
        raise UserError("a look at a person's record is recorded", fix="Say whose it is: --author officer:17.")
    if personal and found.sealed_at:
        raise UserError("the record is sealed: its personal data is exported at the desk alone", where=found.number)
    if personal:
        journal.act(found, "viewed", happened=now(), author=author, detail={"what": "proof"})
    text = export.as_text(export.proof(found, personal=personal))
    if out is None:
        print(text, end="")
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"cannot be written: {error.strerror}", where=str(out)) from None

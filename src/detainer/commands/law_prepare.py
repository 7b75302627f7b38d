"""`detainer law prepare`: what the pages of the law show and takes long, worked out before anybody asks."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Annotated

import typer

from detainer import setup

if TYPE_CHECKING:
    from detainer.law.lawfile import LawFile

_LEAST_WANTED = 19  # the lowest priority that a process may have
_PATIENCE = 20.0  # seconds in which the desk comes up


def run(
    *, idle: Annotated[bool, typer.Option("--idle", help="Wait a little first and take only time left over.")] = False
) -> None:
    """Work out what the public pages of the law show and keep it on disk: each last change, each provision's cases.

    `serve` has it done beside the desk; what is there already is not worked out again.
    """
    if idle:
        os.nice(_LEAST_WANTED)
        time.sleep(_PATIENCE)
    setup.django()
    # Both need the addresses of the pages, which Django knows only now.
    from detainer.record.agencies import book
    from detainer.site import law_changes, law_shown

    laws = _laws()
    for law in laws:
        for version in law.versions:
            law_shown.shown(book(), law, version)
        days = law_changes.last_change(law)
        if days and any(law.id in agency.laws for agency in book().agencies.values()):
            law_changes.work_out(book(), law.id, days)
    if not idle:
        print(f"{len(laws)} laws are ready for their pages." if len(laws) != 1 else "1 law is ready for its pages.")


def _laws() -> list[LawFile]:
    from detainer.record.agencies import book

    return list(book().laws.values())

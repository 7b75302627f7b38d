"""`detainer verify`: re-read the whole record and name everything that was changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detainer import setup


def verify(
    checkpoint: Annotated[
        Path | None, typer.Option(help="A file of checkpoints published earlier, to compare the record with.")
    ] = None,
) -> None:
    """Re-read every event, personal body, checkpoint and projection; name each change, or say that all is sound.

    Without a published checkpoint, a record that was cut at its end or restored from an old copy can look sound.
    """
    setup.django()
    from detainer.record import audit

    report = audit.run(audit.published(checkpoint) if checkpoint else ())
    for finding in report.findings:
        print(finding)
    if report.findings:
        raise typer.Exit(1)
    print(report.summary())

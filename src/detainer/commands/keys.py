"""`detainer keys`: the keys that sign the record."""

from __future__ import annotations

from typing import Annotated

import typer

from detainer import setup
from detainer.errors import UserError

keys = typer.Typer(no_args_is_help=True, help="The keys that sign the record.")


@keys.command()
def new(
    name: Annotated[str, typer.Option(help="What people know the record by, such as police.example.gov/detainers.")],
) -> None:
    """Make the key for a record that holds nothing yet; print its public half, to be published."""
    setup.django()
    from detainer.record import keys as files
    from detainer.record import ledger

    if ledger.head().size:
        raise UserError(
            "the record is signed already", fix="Restore its keys, or change them with `detainer keys rotate`."
        )
    print(files.new(name).verifier)


@keys.command()
def rotate() -> None:
    """Change the signing key. The checkpoint of the change is signed by both, and an event names both."""
    setup.django()
    from detainer.record import opening

    before, after = opening.rotate()
    print(f"before: {before}\nafter:  {after}\nPublish the new one; the old one stays good for what it signed.")


@keys.command()
def lost(
    because: Annotated[str, typer.Option(help="How it was lost. It is kept in the record; name nobody.")],
) -> None:
    """Replace a signing key that is gone for good, and print the statement to publish.

    What the lost key signed stays good. From here on only what was published tells the record's owner from somebody who
    merely says that the key was lost: `detainer verify` says so of every record in which this was done.
    """
    setup.django()
    from detainer.record import ledger, opening

    before, after = opening.lost(because)
    note = ledger.latest().note
    print(
        STATEMENT.format(before=before, after=after, because=because.strip(), origin=note.split("\n")[0]) + note, end=""
    )


STATEMENT = """\
Publish this where the record's checkpoints are published, and give the new key to whoever verifies:

The key with which the record {origin} was signed is lost:
  {before}
It was lost because: {because}
What it signed stays good. From the checkpoint below on the record is signed by:
  {after}

"""


@keys.command("list")
def listed() -> None:
    """Print the public keys, oldest first; the last one signs now."""
    from detainer.record import keys as files

    for key in files.verifiers():
        print(key)

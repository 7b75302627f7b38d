"""`detainer token`: the tokens by which programs use the HTTP interface."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from detainer import setup

if TYPE_CHECKING:
    from detainer.api.models import Token

token = typer.Typer(no_args_is_help=True, help="The tokens by which programs use the HTTP interface.")

YEAR = 365
Days = Annotated[int, typer.Option(min=1, max=730, help="How many days it lasts.")]


@token.command()
def new(
    name: Annotated[str, typer.Argument(help="What the program is called, such as booking-system.")],
    agency: Annotated[str, typer.Option(help="The agency that it acts for.")],
    allow: Annotated[str, typer.Option(help="What it may do, separated by commas: read, receive, custody, search …")],
    days: Days = YEAR,
) -> None:
    """Make a token and print it, this once."""
    setup.django()
    from detainer.api import tokens

    actions = [action.strip() for action in allow.split(",") if action.strip()]
    _shown(*tokens.new(name, agency, actions, lasts=timedelta(days=days)))


@token.command("list")
def listed() -> None:
    """List the tokens: for whom, what each may do, until when."""
    setup.django()
    from detainer import clock
    from detainer.api import tokens
    from detainer.api.models import Token

    now = clock.now()
    for one in Token.objects.order_by("made_at", "id"):
        until = f"{one.expires_at:%Y-%m-%d}"
        print(f"{one.id}  {tokens.state(one, now):8}  until {until}  {one.agency}  {','.join(one.actions)}  {one.name}")


@token.command()
def rotate(
    token_id: Annotated[str, typer.Argument(metavar="TOKEN", help="The token's id, as `list` prints it.")],
    days: Days = YEAR,
    overlap: Annotated[int, typer.Option(min=0, max=720, help="For how many hours the old secret stays good.")] = 24,
) -> None:
    """Give a token a new secret and print it, this once."""
    setup.django()
    from detainer.api import tokens

    _shown(*tokens.rotate(token_id, lasts=timedelta(days=days), overlap=timedelta(hours=overlap)))


@token.command()
def revoke(
    token_id: Annotated[str, typer.Argument(metavar="TOKEN", help="The token's id, as `list` prints it.")],
) -> None:
    """End a token at once."""
    setup.django()
    from detainer.api import tokens

    print(f"{tokens.revoke(token_id).id} is revoked.")


def _shown(made: Token, text: str) -> None:
    print(text)
    until = f"{made.expires_at:%Y-%m-%d}"
    note = f"{made.id}: {', '.join(made.actions)} for {made.agency} until {until}. It is shown this once; keep it safe."
    typer.echo(note, err=True)

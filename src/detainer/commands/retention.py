"""`detainer retention`: what the agencies' rules would have gone, and its expunging by two people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from detainer import setup
from detainer.clock import now
from detainer.errors import UserError
from detainer.house import house

if TYPE_CHECKING:
    from detainer.record.retention import Due

WHO = "One of two people with the duty to expunge at each agency concerned, by the account's name."


def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would go and why; change nothing.")] = False,
    agency: Annotated[str, typer.Option(help="The records of one agency alone.")] = "",
    author: Annotated[str, typer.Option(help=f"Who asks. {WHO}")] = "",
    second: Annotated[str, typer.Option(help=f"Who does it. {WHO}")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it without being asked once more.")] = False,
) -> None:
    """Expunge the records whose time is over under DETAINER_RETENTION; each is an event, by two people.

    Kept is what has an open hold, duty or question, whatever its age.
    """
    rules = house().retention
    if not rules:
        raise UserError("no rule says how long records are kept", fix="Set DETAINER_RETENTION=us-ny-nyc-police=5y")
    setup.django()
    from detainer.record import retention as rule

    moment = now()
    found = list(rule.due(rules, moment, agency))
    going = [one for one in found if not one.kept]
    for one in found:
        print(_line(one))
    if dry_run or not going:
        print(f"{len(going)} would be expunged, {len(found) - len(going)} kept. Nothing was changed.")
        return
    asks, does = (_person(name, option, going) for name, option in ((author, "--author"), (second, "--second")))
    if not yes and not typer.confirm(f"Expunge {len(going)} records for good?"):
        raise UserError("nothing was expunged")
    for one in going:
        rule.expunge(one, asks, does, moment)
    print(f"{len(going)} expunged, {len(found) - len(going)} kept.")


def _line(one: Due) -> str:
    what = f"kept: {one.kept}" if one.kept else "to be expunged"
    return f"{one.request.number}  {one.request.agency}  settled {one.settled:%Y-%m-%d}  {one.rule}  {what}"


def _person(name: str, option: str, going: list[Due]) -> str:
    """The author id of an account that may expunge at every agency concerned."""
    from django.contrib.auth import get_user_model

    from detainer.desk.duties.accounts import duties_of
    from detainer.desk.duties.permissions import Action

    if not name:
        raise UserError("expunging takes two people", fix="Name both: --author NAME --second NAME, or add --dry-run.")
    user = get_user_model().objects.filter(username=name, is_active=True).first()
    if user is None:
        raise UserError("there is no such account", where=f"{option} {name[:40]}")
    duties = duties_of(user)
    for agency in sorted({one.request.agency for one in going}):
        if agency not in duties.agencies(Action.EXPUNGE):
            raise UserError(f"may not expunge at {agency}", where=f"{option} {name}", fix="Name another, or --agency.")
    return duties.author

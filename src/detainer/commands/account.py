"""`detainer account`: the first administrator of a real record, who makes all other accounts on the desk's pages."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer

from detainer import setup
from detainer.errors import UserError

Name = Annotated[str, typer.Argument(help="The account's name.")]
Agency = Annotated[str, typer.Option(help="The agency whose accounts this person manages.")]
Again = Annotated[bool, typer.Option("--again", help="A new password for an administrator who is there; factors go.")]


def account(name: Name, agency: Agency, again: Again = False) -> None:
    """Make an administrator of an agency, and print the first password once.

    An administrator sees no case. At the first sign-in a second factor is set up.
    """
    setup.django()
    with setup.failures_told():
        password = _make(name, agency, again)
    print(f"{name} is an administrator of {agency}. The password, shown this once: {password}")


def _make(name: str, agency: str, again: bool) -> str:
    from django.contrib.auth.models import User

    from detainer.desk.duties.accounts import author, enrol
    from detainer.desk.duties.roles import Role
    from detainer.desk.signing_in import factors, passwords
    from detainer.record import access, journal
    from detainer.record.agencies import book

    if agency not in book().agencies:
        raise UserError("there is no such agency", where=f"--agency {agency}", fix="See `detainer law list`.")
    there = User.objects.filter(username=name).first()
    if there and not (again and there.memberships.filter(role=Role.ADMINISTRATOR, agency=agency).exists()):
        raise UserError("this name is taken", where=name, fix="An administrator of the agency? Then add --again.")
    if again and not there:
        raise UserError("there is no such account", where=name, fix="Leave --again out.")
    journal.open_record(demonstration=journal.is_demo())
    if there:
        factors.take_away(there)
        access.happened("factor_reset", "system:detainer", account=author(there))
        return passwords.first(there)
    made = enrol(name, secrets.token_urlsafe(15), first="", last="", roles=[(Role.ADMINISTRATOR, agency)])
    access.happened("account_changed", "system:detainer", account=author(made), what="opened")
    return passwords.first(made)

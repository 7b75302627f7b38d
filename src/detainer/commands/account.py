"""`detainer account`: a duty by the operator's own act, such as the first administrator and the first supervisor."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated

import typer

from detainer import setup
from detainer.errors import UserError

if TYPE_CHECKING:
    from django.contrib.auth.models import User

BY = "system:command"
Name = Annotated[str, typer.Argument(help="The account's name.")]
Agency = Annotated[str, typer.Option(help="The agency that the duty is at.")]
DutyOption = Annotated[
    str, typer.Option("--duty", help="officer, reviewer, supervisor, records, auditor or administrator.")
]
Again = Annotated[
    bool, typer.Option("--again", help="A new password for somebody who has the duty; their second factor goes.")
]


def account(name: Name, agency: Agency, duty: DutyOption = "administrator", again: Again = False) -> None:
    """Give an account a duty at an agency, or make the account, and print its first password once.

    On the desk's pages a duty takes two people; here the operator of the machine acts alone, on record.
    At the first sign-in a second factor is set up.
    """
    setup.django()
    with setup.failures_told():
        password = _make(name, agency, duty, again)
    article = "an" if duty[0] in "aeiou" else "a"
    told = f" The password, shown this once: {password}" if password else " The password stays as it is."
    print(f"{name} is {article} {duty} of {agency}.{told}")


def _make(name: str, agency: str, duty: str = "administrator", again: bool = False) -> str:
    """The first password, or "" where an account that was there keeps its own."""
    from django.contrib.auth.models import User
    from django.db import transaction

    from detainer.desk.duties.roles import Role
    from detainer.record import journal
    from detainer.record.agencies import book

    if agency not in book().agencies:
        raise UserError("there is no such agency", where=f"--agency {agency}", fix="See `detainer law list`.")
    if duty not in Role.values:
        raise UserError("there is no such duty", where=f"--duty {duty}", fix=f"One of: {', '.join(Role.values)}.")
    there = User.objects.filter(username=name).first()
    has = there is not None and there.memberships.filter(role=duty, agency=agency).exists()
    if again and not has:
        raise UserError(f"has no such duty: {duty} of {agency}", where=name, fix="Leave --again out to give it.")
    if has and not again:
        raise UserError(f"is {duty} of {agency} already", where=name, fix="A new password? Add --again.")
    journal.open_record(demonstration=journal.is_demo())
    with transaction.atomic():
        return _anew(there) if again and there else _given(there, name, agency, duty)


def _anew(user: User) -> str:
    from detainer.desk.duties.accounts import author
    from detainer.desk.models import Opening
    from detainer.desk.signing_in import factors, passwords
    from detainer.record import access

    factors.take_away(user)
    Opening.objects.filter(account=user).delete()  # who has the machine hands over everything
    user.is_active = True
    user.save(update_fields=["is_active"])
    access.happened("factor_reset", BY, account=author(user))
    return passwords.first(user)


def _given(there: User | None, name: str, agency: str, duty: str) -> str:
    from detainer.desk.duties.accounts import author, enrol
    from detainer.desk.duties.roles import Role
    from detainer.desk.models import Membership
    from detainer.desk.signing_in import passwords
    from detainer.record import access

    said = {"what": "duty", "duty": duty, "at": agency}
    if there and there.memberships.exists():
        Membership.objects.create(account=there, role=duty, agency=agency)
        access.happened("change_agreed", BY, account=author(there), **said)
        return ""
    if there:
        raise UserError("this name is taken by an account without a duty", where=name, fix="Choose another.")
    made = enrol(name, secrets.token_urlsafe(15), first="", last="", roles=[(Role(duty), agency)])
    access.happened("account_changed", BY, account=author(made), what="made")
    access.happened("change_agreed", BY, account=author(made), **said)
    return passwords.first(made)

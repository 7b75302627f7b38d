"""The demonstration's sign-ins: made-up people, one for each duty, with a password that everybody may know."""

from __future__ import annotations

from dataclasses import dataclass

from detainer.desk.accounts import enrol
from detainer.desk.roles import Role

PASSWORD = "night desk demonstration"  # noqa: S105  # nosec B105  printed at every start of a made-up record
_PEOPLE = (
    ("ruiz", "Officer", "Ruiz", Role.OFFICER),
    ("okafor", "Counsel", "Okafor", Role.REVIEWER),
    ("lindqvist", "Sergeant", "Lindqvist", Role.SUPERVISOR),
    ("marsh", "Clerk", "Marsh", Role.RECORDS),
    ("abadi", "Auditor", "Abadi", Role.AUDITOR),
    ("stone", "Administrator", "Stone", Role.ADMINISTRATOR),
)


@dataclass(frozen=True)
class SignIn:
    """One account of the demonstration."""

    account: str
    password: str
    duty: str


def sign_ins(agency: str) -> tuple[SignIn, ...]:
    """Make the demonstration's accounts at an agency and say how to sign in; call it on a demonstration only."""
    for username, title, last, role in _PEOPLE:
        enrol(username, PASSWORD, first=title, last=last, roles=[(role, agency)])
    return tuple(SignIn(username, PASSWORD, role.label) for username, _, _, role in _PEOPLE)

"""The demonstration's sign-ins: made-up people, one for each duty, with a password that everybody may know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User

from detainer.desk.duties.accounts import author, enrol
from detainer.desk.duties.roles import Role

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
    """One account of the demonstration, and what the record knows it as."""

    account: str
    password: str
    duty: str
    author: str


_SHERIFFS = (("taylor", "Deputy", "Taylor", Role.OFFICER), ("moreno", "Counsel", "Moreno", Role.REVIEWER))


def sheriffs_sign_ins(agencies: Iterable[str]) -> tuple[SignIn, ...]:
    """The accounts of the second demonstration: one officer and one reviewer, each with that duty at every sheriff."""
    found = []
    for name, title, last, role in _SHERIFFS:
        user = enrol(name, PASSWORD, first=title, last=last, roles=[(role, agency) for agency in agencies])
        found.append(SignIn(name, PASSWORD, role.label, author(user)))
    return tuple(found)


def sign_ins(agency: str) -> tuple[SignIn, ...]:
    """Make the demonstration's accounts at an agency where they are missing, and say how to sign in.

    Call it on a demonstration only. An account that is there stays as it is: to hash a password is slow by design.
    """
    there = {user.username: user for user in User.objects.filter(username__in=[name for name, *_ in _PEOPLE])}
    for name, title, last, role in _PEOPLE:
        if name not in there:
            there[name] = enrol(name, PASSWORD, first=title, last=last, roles=[(role, agency)])
    return tuple(SignIn(name, PASSWORD, role.label, author(there[name])) for name, _, _, role in _PEOPLE)

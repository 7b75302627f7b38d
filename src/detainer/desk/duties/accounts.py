"""Accounts: who somebody is in the record, what they are called, which duties they have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import transaction

from detainer.desk.duties.permissions import Duties
from detainer.desk.duties.roles import Role
from detainer.desk.models import Membership
from detainer.desk.wording.words import say, tr

_STAFF = "staff:"
_PROGRAM = "token:"
_SYSTEM_WORDS = {
    "demo:officer": "a demonstration officer",
    "demo:reviewer": "a demonstration reviewer",
    "system:intake": "the import",
    "system:watch": "the watch",
    "system:command": "the command line",
    "system:detainer": "Detainer Desk",
}


def author(user: AbstractBaseUser | AnonymousUser) -> str:
    """The id under which the record knows an account: opaque, and the same whatever the duty."""
    return f"{_STAFF}{user.pk}"


def duties_of(user: AbstractBaseUser | AnonymousUser) -> Duties:
    """A person's duties at every agency."""
    held = Membership.objects.filter(account_id=user.pk).values_list("role", "agency")
    return Duties(author(user), frozenset((Role(role), agency) for role, agency in held))


def names_of(authors: Iterable[str]) -> Mapping[str, str]:
    """What the authors of events are called on a page: "Officer Ruiz", "the program 4f2a"; others keep their id."""
    wanted = {one for one in authors if one}
    keys = [int(one.removeprefix(_STAFF)) for one in wanted if one.startswith(_STAFF) and one[len(_STAFF) :].isdigit()]
    found = {author(user): name_of(user) for user in get_user_model().objects.filter(pk__in=keys)}
    return {one: found.get(one) or tr(_SYSTEM_WORDS.get(one, "")) or _program(one) for one in wanted}


def _program(author: str) -> str:
    return say("the program {id}", id=author.removeprefix(_PROGRAM)) if author.startswith(_PROGRAM) else author


def name_of(user: User) -> str:
    """What an account is called on a page: its full name, or the account's own name."""
    return user.get_full_name() or user.get_username()


@transaction.atomic
def enrol(username: str, password: str, *, first: str, last: str, roles: Iterable[tuple[Role, str]]) -> User:
    """Make an account, or bring an existing one to this password, name and set of (role, agency)."""
    user, _ = User.objects.get_or_create(username=username)
    user.first_name, user.last_name = first, last
    user.set_password(password)
    user.save()
    wanted = set(roles)
    for role, agency in wanted:
        Membership.objects.get_or_create(account=user, role=role, agency=agency)
    for membership in Membership.objects.filter(account=user):
        if (Role(membership.role), membership.agency) not in wanted:
            membership.delete()
    return user

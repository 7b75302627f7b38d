"""Accounts: the administrator's pages. No case stands on them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from detainer.desk.duties.accounts import author, name_of
from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.duties.roles import Role
from detainer.desk.models import Membership, Proposal
from detainer.desk.pages import NotYours, agency_name, entry_of, house_zone, require, show, staff
from detainer.desk.signing_in import binding, factors, opening, passwords, proposals, sessions
from detainer.desk.signing_in.agency import provider
from detainer.desk.wording.mistakes import told
from detainer.desk.wording.words import tr
from detainer.errors import UserError
from detainer.record import access

What = Proposal.What


@staff
def listing(request: HttpRequest, duties: Duties) -> HttpResponse:
    """The people of one's agencies, and a form for another one."""
    agencies = require(duties, Action.MANAGE_ACCOUNTS)
    context = {"page": "accounts", "roles": Role.choices, "agencies": [(one, agency_name(one)) for one in agencies]}
    if request.method == "POST":
        try:
            made, password = _make(request, duties, agencies)
        except UserError as error:
            return show(
                request,
                "accounts.html",
                context | _rows(agencies) | {"wrong": told(error, house_zone()), "typed": request.POST},
                422,
            )
        context |= {"made": made.get_username(), "password": password}
    return show(request, "accounts.html", context | _rows(agencies))


@staff
def one(request: HttpRequest, duties: Duties, number: int) -> HttpResponse:
    """One account: its duties, whether it is open, its password and second factor."""
    agencies = require(duties, Action.MANAGE_ACCOUNTS)
    user = _people(agencies).filter(pk=number).first()
    if user is None:
        raise NotYours if User.objects.filter(pk=number).exists() else Http404
    shown: dict[str, str] = {}
    wrong = ""
    if request.method == "POST":
        try:
            shown = _change(request, duties, agencies, user)
        except UserError as error:
            wrong = told(error, house_zone())
        else:
            if not shown:
                waits = proposals.waiting(agencies).filter(account=user).exists()
                words = _("On record. What was proposed waits for a supervisor to agree.")
                messages.success(request, words if waits else _("Changed. It is on record."))
                return redirect("account", user.pk) if _people(agencies).filter(pk=user.pk) else redirect("accounts")
    held = set(Membership.objects.filter(account=user).values_list("role", "agency"))
    context = {
        "page": "accounts",
        "who": user,
        "name": name_of(user),
        "myself": user.pk == request.user.pk,
        "has_factor": factors.has(user),
        "open_sessions": len(sessions.of(user)),
        "claim": found.claim if (found := provider()) else "",
        "bound": binding.is_bound(user),
        "expected": binding.expected(user),
        "waits_for_this": [
            {"number": one.pk, "what": tr(proposals.words(one)), "agency": agency_name(one.agency)}
            for one in proposals.waiting(agencies).filter(account=user)
        ],
        "has_duty": Membership.objects.filter(account=user).exists(),
        "duties": [
            (agency, agency_name(agency), [(role, tr(label), (role, agency) in held) for role, label in Role.choices])
            for agency in agencies
        ],
        "wrong": wrong,
    }
    return show(request, "account.html", context | shown, 422 if wrong else 200)


def _people(agencies: tuple[str, ...]) -> QuerySet[User]:
    """Who has a duty at these agencies, and who has none anywhere but was proposed for one here."""
    mine = Q(memberships__agency__in=agencies)
    proposed = Q(memberships__isnull=True, proposals__agency__in=agencies)
    return User.objects.filter(mine | proposed).distinct()


def _rows(agencies: tuple[str, ...]) -> dict[str, object]:
    people = _people(agencies).order_by("username")
    waits = proposals.waiting(agencies)
    held = Membership.objects.filter(agency__in=agencies)
    return {
        "rows": [
            {
                "number": user.pk,
                "account": user.get_username(),
                "name": name_of(user),
                "open": user.is_active,
                "has_factor": factors.has(user),
                "duties": [
                    f"{tr(Role(one.role).label)}, {agency_name(one.agency)}"
                    for one in held
                    if one.account_id == user.pk
                ],
                "waiting": [
                    f"{tr(proposals.words(one))}, {agency_name(one.agency)}"
                    for one in waits
                    if one.account_id == user.pk
                ],
            }
            for user in people
        ]
    }


@transaction.atomic
def _make(request: HttpRequest, duties: Duties, agencies: tuple[str, ...]) -> tuple[User, str]:
    """The new account, closed until its first duty is agreed to, and its first password.

    UserError says what is wrong with the form.
    """
    said = {key: request.POST.get(key, "").strip() for key in ("username", "first", "last", "role", "agency")}
    if said["role"] not in Role.values or said["agency"] not in agencies:
        raise UserError(_("Say which duty, at which agency"))
    try:
        ASCIIUsernameValidator()(said["username"])
    except ValidationError:
        raise UserError(_("An account’s name is letters of English, digits and @ . + - _ only")) from None
    if not all(_plain(said[key]) for key in ("first", "last")):
        raise UserError(_("A name is letters of one alphabet"), fix=_("Type it anew."))
    if len(said["username"]) > 150 or User.objects.filter(username__iexact=said["username"]).exists():
        raise UserError(_("This name is taken"), fix=_("Choose another."))
    named = {"first_name": said["first"][:150], "last_name": said["last"][:150]}
    made = User.objects.create_user(said["username"], is_active=False, **named)
    password = passwords.first(made)
    access.happened("account_changed", duties.author, account=author(made), what="made")
    proposals.propose(made, What.DUTY, said["agency"], duties, said["role"])
    return made, password


def _plain(name: str) -> bool:
    """Whether a name has nothing invisible, and no letter of another alphabet that looks like one of its own."""
    if not name.isprintable():
        return False
    return len({unicodedata.name(letter, "").split(" ")[0] for letter in name if letter.isalpha()}) <= 1


@transaction.atomic
def _change(request: HttpRequest, duties: Duties, agencies: tuple[str, ...], user: User) -> dict[str, str]:
    """Do what the form asks for, or propose it; a new password, to be shown once, where it made one."""
    what, by = request.POST.get("what", ""), request.user
    if not isinstance(by, User):
        raise UserError(_("Sign in first"))
    if user.pk == by.pk:
        raise UserError(_("Nobody changes their own account here"), fix=_("Ask another administrator."))
    held = Membership.objects.filter(account=user)
    if held.exclude(agency__in=agencies).exists() and what not in ("duties", "withdraw"):
        raise UserError(_("This person works for another agency too"), fix=_("An administrator of both must do this."))
    if what in (What.FACTOR, What.OPENED):
        _propose(what, user, duties)
        return {}
    steps: dict[str, Callable[[], object]] = {
        "duties": lambda: _set_duties(request, agencies, user, duties),
        "withdraw": lambda: _withdraw(request, agencies, user, duties),
        "password": lambda: _password(user),
        "sessions": lambda: None,
        "closed": lambda: _close(user, agencies, duties),
        "expected": lambda: _expect(user, request.POST.get("named", "")),
        "unbound": lambda: binding.unbind(user),
    }
    if what not in steps:
        raise UserError(_("There is no such step"))
    done = steps[what]()
    if what in ("duties", "withdraw"):
        return {}
    if what != "expected":
        sessions.end_all(user)
    access.happened("account_changed", duties.author, account=author(user), what=what)
    return {"password": str(done)} if what == "password" else {}


def _propose(what: str, user: User, duties: Duties) -> None:
    """A new second factor, or a closed account opened again: it waits at an agency of the person's."""
    held = Membership.objects.filter(account=user).first()
    if held is None or (what == What.OPENED and user.is_active):
        raise UserError(_("There is nothing to propose"), fix=_("Propose a duty: with the first one an account opens."))
    proposals.propose(user, what, held.agency, duties)


def _password(user: User) -> str:
    _guarded(user)
    return passwords.first(user)


def _expect(user: User, named: str) -> None:
    _guarded(user)
    binding.expect(user, named)


def _guarded(user: User) -> None:
    """UserError unless a second factor, or the code for one, stands between a new way to sign in and the desk."""
    if factors.required(user) and not factors.has(user) and not opening.pending(user):
        fix = _("Propose a new second factor: whoever agrees gets a code for the person.")
        raise UserError(_("No second factor would stand before this account"), fix=fix)


def _close(user: User, agencies: tuple[str, ...], duties: Duties) -> None:
    user.is_active = False
    user.save(update_fields=["is_active"])
    proposals.overtaken(user, agencies, duties)


def _withdraw(request: HttpRequest, agencies: tuple[str, ...], user: User, duties: Duties) -> None:
    number = entry_of(request.POST.get("proposal", ""))
    found = proposals.waiting(agencies).filter(account=user, pk=number).first() if number is not None else None
    if found is None:
        raise UserError(_("This does not wait any more"))
    proposals.withdraw(found, duties)


def _set_duties(request: HttpRequest, agencies: tuple[str, ...], user: User, duties: Duties) -> None:
    """These duties at one's own agencies, those elsewhere stay: one that is taken goes at once, a new one waits."""
    sent = {tuple(one.split("|", 1)) for one in request.POST.getlist("duty") if "|" in one}
    wanted = {(role, agency) for role, agency in sent if role in Role.values and agency in agencies}
    held = {(one.role, one.agency): one for one in Membership.objects.filter(account=user, agency__in=agencies)}
    for duty in held.keys() - wanted:
        held[duty].delete()
    if held.keys() - wanted:
        access.happened("account_changed", duties.author, account=author(user), what="duties")
    for role, agency in sorted(wanted - held.keys()):
        proposals.propose(user, What.DUTY, agency, duties, role)

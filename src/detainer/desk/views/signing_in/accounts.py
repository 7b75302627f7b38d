"""Accounts: the administrator's pages. No case stands on them."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from detainer.desk.duties.accounts import author, name_of
from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.duties.roles import Role
from detainer.desk.models import Membership
from detainer.desk.pages import NotYours, agency_name, require, show, staff
from detainer.desk.signing_in import binding, factors, passwords, saml, sessions
from detainer.desk.wording.words import tr
from detainer.errors import UserError
from detainer.house import house
from detainer.record import access


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
                context | _rows(agencies) | {"wrong": error.line(), "typed": request.POST},
                422,
            )
        context |= {"made": made.get_username(), "password": password}
    return show(request, "accounts.html", context | _rows(agencies))


@staff
def one(request: HttpRequest, duties: Duties, number: int) -> HttpResponse:
    """One account: its duties, whether it is open, its password and second factor."""
    agencies = require(duties, Action.MANAGE_ACCOUNTS)
    user = User.objects.filter(pk=number, memberships__agency__in=agencies).distinct().first()
    if user is None:
        raise NotYours if User.objects.filter(pk=number).exists() else Http404
    shown: dict[str, str] = {}
    wrong = ""
    if request.method == "POST":
        try:
            shown = _change(request, duties, agencies, user)
        except UserError as error:
            wrong = error.line()
        else:
            if not shown:
                messages.success(request, _("Changed. It is on record."))
                return redirect("account", user.pk) if _still_there(user, agencies) else redirect("accounts")
    held = set(Membership.objects.filter(account=user).values_list("role", "agency"))
    context = {
        "page": "accounts",
        "who": user,
        "name": name_of(user),
        "myself": user.pk == request.user.pk,
        "has_factor": factors.has(user),
        "open_sessions": len(sessions.of(user)),
        "claim": _claim(),
        "bound": binding.is_bound(user),
        "expected": binding.expected(user),
        "duties": [
            (agency, agency_name(agency), [(role, tr(label), (role, agency) in held) for role, label in Role.choices])
            for agency in agencies
        ],
        "wrong": wrong,
    }
    return show(request, "account.html", context | shown, 422 if wrong else 200)


def _claim() -> str:
    """What the agency's provider calls the name that binds an account; "" where there is no provider."""
    if saml.configured():
        return house().saml_claim or "NameID"
    return house().oidc_claim if house().oidc_issuer else ""


def _rows(agencies: tuple[str, ...]) -> dict[str, object]:
    people = User.objects.filter(memberships__agency__in=agencies).distinct().order_by("username")
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
            }
            for user in people
        ]
    }


@transaction.atomic
def _make(request: HttpRequest, duties: Duties, agencies: tuple[str, ...]) -> tuple[User, str]:
    """The new account and its first password; UserError says what is wrong with the form."""
    said = {key: request.POST.get(key, "").strip() for key in ("username", "first", "last", "role", "agency")}
    if said["role"] not in Role.values or said["agency"] not in agencies:
        raise UserError(_("Say which duty, at which agency"))
    try:
        UnicodeUsernameValidator()(said["username"])
    except ValidationError:
        raise UserError(_("An account’s name is letters, digits and @ . + - _ only")) from None
    if len(said["username"]) > 150 or User.objects.filter(username__iexact=said["username"]).exists():
        raise UserError(_("This name is taken"), fix=_("Choose another."))
    made = User.objects.create_user(said["username"], first_name=said["first"][:150], last_name=said["last"][:150])
    password = passwords.first(made)
    Membership.objects.create(account=made, role=said["role"], agency=said["agency"])
    access.happened("account_changed", duties.author, account=author(made), what="opened")
    return made, password


@transaction.atomic
def _change(request: HttpRequest, duties: Duties, agencies: tuple[str, ...], user: User) -> dict[str, str]:
    """Do what the form asks for; a new password, to be shown once, where it made one."""
    what, by = request.POST.get("what", ""), request.user
    if not isinstance(by, User):
        raise UserError(_("Sign in first"))
    if user.pk == by.pk:
        raise UserError(_("Nobody changes their own account here"), fix=_("Ask another administrator."))
    elsewhere = Membership.objects.filter(account=user).exclude(agency__in=agencies).exists()
    if elsewhere and what != "duties":
        raise UserError(_("This person works for another agency too"), fix=_("An administrator of both must do this."))
    if what == "factor":
        factors.reset(user, by)
        return {}
    steps: dict[str, Callable[[], object]] = {
        "duties": lambda: _set_duties(request, agencies, user),
        "password": lambda: passwords.first(user),
        "sessions": lambda: None,
        "closed": lambda: setattr(user, "is_active", False),
        "opened": lambda: setattr(user, "is_active", True),
        "expected": lambda: binding.expect(user, request.POST.get("named", "")),
        "unbound": lambda: binding.unbind(user),
    }
    if what not in steps:
        raise UserError(_("There is no such step"))
    done = steps[what]()
    user.save(update_fields=["is_active"])
    if what not in ("duties", "expected"):
        sessions.end_all(user)
    access.happened("account_changed", duties.author, account=author(user), what=what)
    return {"password": str(done)} if what == "password" else {}


def _set_duties(request: HttpRequest, agencies: tuple[str, ...], user: User) -> None:
    """Exactly these duties at one's own agencies; those elsewhere stay."""
    sent = {tuple(one.split("|", 1)) for one in request.POST.getlist("duty") if "|" in one}
    wanted = {(role, agency) for role, agency in sent if role in Role.values and agency in agencies}
    for held in Membership.objects.filter(account=user, agency__in=agencies):
        if (held.role, held.agency) not in wanted:
            held.delete()
    for role, agency in wanted:
        Membership.objects.get_or_create(account=user, role=role, agency=agency)


def _still_there(user: User, agencies: tuple[str, ...]) -> bool:
    return Membership.objects.filter(account=user, agency__in=agencies).exists()

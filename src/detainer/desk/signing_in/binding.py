"""Which account a person of the agency's provider signs in to: an administrator says it, the provider never does."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from detainer.desk.duties.accounts import author
from detainer.desk.models import Expected
from detainer.desk.signing_in import factors
from detainer.errors import UserError
from detainer.record import access

_LONGEST = 191


class NotKnown(PermissionDenied):
    """The provider names nobody whom the desk lets in; the account that it nearly was, if any."""

    def __init__(self, user: User | None = None) -> None:
        self.user = user
        super().__init__()


def expect(user: User, named: str) -> None:
    """Let the provider's next sign-in under this name be this account's; UserError where it cannot be."""
    named = named.strip()
    if SocialAccount.objects.filter(user=user).exists():
        raise UserError(_("This account is bound already"), fix=_("Unbind it first."))
    if not named or len(named) > _LONGEST or not named.isprintable():
        raise UserError(_("Say the name that the agency’s sign-in sends"))
    if Expected.objects.filter(name=named).exclude(account=user).exists():
        raise UserError(_("Another account expects this name"))
    Expected.objects.update_or_create(account=user, defaults={"name": named})


def unbind(user: User) -> None:
    """The provider opens this account no more."""
    SocialAccount.objects.filter(user=user).delete()
    Expected.objects.filter(account=user).delete()


def is_bound(user: User) -> bool:
    """Whether somebody at the provider signs in to this account."""
    return bool(SocialAccount.objects.filter(user=user).exists())


def expected(user: User) -> str:
    """The name that would bind it; "" where none is expected."""
    return Expected.objects.filter(account=user).values_list("name", flat=True).first() or ""


@transaction.atomic
def bind(request: HttpRequest, login: SocialLogin) -> None:
    """Tie the provider's subject to the account that expects its name, once: from then on the subject alone counts.

    NotKnown where no open account expects it.
    """
    named = login.named if isinstance(login.named, str) else ""
    found = Expected.objects.select_for_update().filter(name=named).first() if named else None
    user = User.objects.get(pk=found.account_id) if found else None
    if found is None or user is None or not user.is_active or is_bound(user):
        raise NotKnown(user)
    login.connect(request, user)
    found.delete()
    access.happened("account_changed", factors.DESK, account=author(user), what="bound")

"""What one person proposes for an account and another agrees to: a duty, a new second factor, an account opened again.

An administrator proposes, a supervisor of the agency agrees: nobody to what they proposed, and nobody to what is about
their own account. With its first duty, and with a new second factor, an account begins anew: what it had to sign in
with goes, and the one who agreed is given a code to hand over (`opening`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from detainer import clock
from detainer.desk.duties.accounts import author
from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.duties.roles import Role
from detainer.desk.models import Membership, Proposal
from detainer.desk.signing_in import opening
from detainer.errors import UserError
from detainer.record import access

What, State = Proposal.What, Proposal.State


@transaction.atomic
def propose(user: User, what: str, agency: str, by: Duties, role: str = "") -> None:
    """Let it wait for a second person; nothing where the same waits already."""
    told = {"what": what, "role": role, "agency": agency}
    made, fresh = Proposal.objects.get_or_create(
        account=user, state=State.WAITING, **told, defaults={"by": by.author, "at": clock.now()}
    )
    if fresh:
        access.happened("change_proposed", by.author, **_said(made))


def waiting(agencies: Iterable[str]) -> QuerySet[Proposal]:
    """What waits at these agencies, the oldest first."""
    found = Proposal.objects.filter(state=State.WAITING, agency__in=list(agencies))
    return found.select_related("account").order_by("at", "pk")


def settled(user: User, most: int = 20) -> list[Proposal]:
    """What was agreed about an account, the last first."""
    return list(Proposal.objects.filter(account=user, state=State.AGREED).order_by("-settled_at", "-pk")[:most])


def why_not(one: Proposal, duties: Duties) -> str:
    """Why this person cannot agree to it, in one line; empty where they can."""
    if one.by == duties.author:
        return _("You proposed this. Another person must agree.")
    if author(one.account) == duties.author:
        return _("This is about your own account. Another person must agree.")
    held = set(Membership.objects.filter(account=one.account).values_list("agency", flat=True))
    if not held <= set(duties.agencies(Action.AGREE)) and one.what != What.DUTY:
        return _("This person works for another agency too. A supervisor of every one of them must agree.")
    return ""


@transaction.atomic
def agree(one: Proposal, duties: Duties) -> str:
    """Let it be so; the code that the person needs to set up a second factor, "" where they need none.

    UserError where this person cannot agree, or it does not wait any more.
    """
    reason = why_not(one, duties)
    if reason:
        raise UserError(reason)
    _settle(one, State.AGREED, duties.author)
    user = User.objects.select_for_update().get(pk=one.account_id)
    held = Membership.objects.filter(account=user)
    first, code = not held.exists(), ""
    if one.what == What.DUTY:
        Membership.objects.get_or_create(account=user, role=one.role, agency=one.agency)
    if one.what == What.OPENED or first:
        user.is_active = True
        user.save(update_fields=["is_active"])
    if one.what == What.FACTOR or first:
        code = opening.begin(user)
        access.happened("factor_reset", duties.author, account=author(user), by=one.by)
    access.happened("change_agreed", duties.author, by=one.by, **_said(one))
    return code


@transaction.atomic
def refuse(one: Proposal, duties: Duties) -> None:
    """Let it not be so."""
    _settle(one, State.REFUSED, duties.author)
    access.happened("change_refused", duties.author, by=one.by, **_said(one))


@transaction.atomic
def withdraw(one: Proposal, duties: Duties) -> None:
    """Take it back."""
    _settle(one, State.WITHDRAWN, duties.author)
    access.happened("change_withdrawn", duties.author, by=one.by, **_said(one))


def overtaken(user: User, agencies: Collection[str], by: Duties) -> None:
    """Take back all that waits for an account at these agencies: it was closed."""
    for one in waiting(agencies).filter(account=user):
        withdraw(one, by)


def untold(user: User) -> list[Proposal]:
    """What was agreed about an account since its owner was last told; from now on they are."""
    with transaction.atomic():
        found = list(Proposal.objects.select_for_update().filter(account=user, state=State.AGREED, told_at=None))
        Proposal.objects.filter(pk__in=[one.pk for one in found]).update(told_at=clock.now())
    return found


def words(one: Proposal) -> str:
    """What it is, in the reader's words; a duty by its own."""
    return str(Role(one.role).label if one.what == What.DUTY else What(one.what).label)


def _settle(one: Proposal, state: str, by: str) -> None:
    """Exactly once, whoever else is at it."""
    mine = Proposal.objects.filter(pk=one.pk, state=State.WAITING)
    if not mine.update(state=state, settled_by=by, settled_at=clock.now()):
        raise UserError(_("This does not wait any more"))


def _said(one: Proposal) -> dict[str, str]:
    return {"account": author(one.account), "what": one.what, "duty": one.role, "at": one.agency}

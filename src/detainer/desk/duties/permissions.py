"""Who may do what: one truth table of action × role, and the conditions that no role lifts.

A person acts for an agency through their memberships there. The table says which duties allow an action; the
conditions look at the record: whether it is still open, and whether the person would be approving their own entry.
What the law forbids is no permission of anybody's and stands in the record itself, which refuses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from detainer.desk.duties.roles import Role
from detainer.desk.wording.words import say, tr


class Action(StrEnum):
    """Everything a person can do at the desk."""

    SEE_LIST = "see the list"
    SEE_PERSON = "see a person's record"
    ENTER = "enter a request and its facts"
    DECLINE = "decline"
    RELEASE = "record a release"
    WITHDRAW = "record a withdrawal"
    ASK = "ask for approval"
    APPROVE = "approve as second person"
    ADVISE = "answer for counsel"
    REPLY = "reply to the requester"
    NOTE = "add a note or correction"
    CONTACT = "log a contact"
    LINK = "say how two requests belong together"
    EXPORT = "export, with a reason"
    SEE_LOOKS = "see who has looked"
    SEAL = "seal a record by order"
    SEE_SEALED = "see a sealed record"
    UNSEAL = "unseal a record by order"
    EXPUNGE = "ask for expunging, or expunge as second person"
    SEE_SYSTEM = "see the system’s state"
    MANAGE_ACCOUNTS = "manage accounts"
    AGREE = "agree to a duty or a new second factor"
    SEE_TOKENS = "see and revoke programs’ tokens"
    MAKE_TOKENS = "make programs’ tokens and their new secrets"


_CASE_WORK = frozenset({Role.OFFICER, Role.SUPERVISOR})
_LEGAL = frozenset({Role.REVIEWER, Role.SUPERVISOR})
_KEEPERS = frozenset({Role.REVIEWER, Role.RECORDS})
_READERS = frozenset({Role.OFFICER, Role.REVIEWER, Role.SUPERVISOR, Role.RECORDS, Role.AUDITOR})

TABLE: dict[Action, frozenset[Role]] = {
    Action.SEE_LIST: _READERS,
    Action.SEE_PERSON: _READERS,
    Action.ENTER: _CASE_WORK,
    Action.DECLINE: _CASE_WORK | _LEGAL,
    Action.RELEASE: _CASE_WORK | _LEGAL,
    Action.WITHDRAW: _CASE_WORK | {Role.RECORDS},
    Action.ASK: _CASE_WORK,
    Action.APPROVE: _LEGAL,
    Action.ADVISE: frozenset({Role.REVIEWER}),
    Action.REPLY: _CASE_WORK | _LEGAL | {Role.RECORDS},
    Action.NOTE: _CASE_WORK | _LEGAL | {Role.RECORDS},
    Action.CONTACT: _CASE_WORK | _LEGAL | {Role.RECORDS},
    Action.LINK: _CASE_WORK | _LEGAL | {Role.RECORDS},
    Action.EXPORT: frozenset({Role.REVIEWER, Role.SUPERVISOR, Role.RECORDS, Role.AUDITOR}),
    Action.SEE_LOOKS: frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.RECORDS}),
    Action.SEAL: _KEEPERS | {Role.SUPERVISOR},
    Action.SEE_SEALED: _KEEPERS,
    Action.UNSEAL: _KEEPERS,
    Action.EXPUNGE: _KEEPERS,
    Action.SEE_SYSTEM: frozenset({Role.AUDITOR, Role.ADMINISTRATOR}),
    Action.MANAGE_ACCOUNTS: frozenset({Role.ADMINISTRATOR}),
    # What lets somebody see a case is never an administrator's alone (docs/decisions/no-duty-by-one-person.md).
    Action.AGREE: frozenset({Role.SUPERVISOR}),
    Action.SEE_TOKENS: frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
    Action.MAKE_TOKENS: frozenset({Role.SUPERVISOR}),
}

# A settled record takes no more acts but the release; it can still be read, answered and corrected.
_ONLY_WHILE_OPEN = frozenset({Action.ENTER, Action.DECLINE, Action.WITHDRAW, Action.ASK, Action.APPROVE, Action.ADVISE})

# What can be done about a sealed record, by those who may see it; all else waits until it is opened again.
_WHILE_SEALED = frozenset(
    {
        Action.SEE_PERSON,
        Action.RELEASE,
        Action.NOTE,
        Action.EXPORT,
        Action.SEE_LOOKS,
        Action.SEE_SEALED,
        Action.UNSEAL,
        Action.EXPUNGE,
    }
)
_WITHOUT_A_RECORD = frozenset(
    {
        Action.SEE_LIST,
        Action.SEE_SYSTEM,
        Action.MANAGE_ACCOUNTS,
        Action.AGREE,
        Action.SEE_TOKENS,
        Action.MAKE_TOKENS,
    }
)


@dataclass(frozen=True)
class Duties:
    """A person's duties: the role at each agency."""

    author: str
    held: frozenset[tuple[Role, str]]

    @property
    def everywhere(self) -> frozenset[str]:
        """The agencies where this person has any duty."""
        return frozenset(where for _, where in self.held)

    def at(self, agency: str) -> frozenset[Role]:
        """The roles at one agency."""
        return frozenset(role for role, where in self.held if where == agency)

    def agencies(self, action: Action) -> tuple[str, ...]:
        """The agencies for which the table lets this person do something."""
        return tuple(sorted({where for role, where in self.held if role in TABLE[action]}))


@dataclass(frozen=True)
class Standing:
    """What a permission needs of a record: its agency, whether it is open or sealed, who entered what it rests on.

    `programs_of`: who had the secret of a program that entered some of it.
    """

    agency: str
    is_open: bool = True
    is_sealed: bool = False
    entered_by: frozenset[str] = frozenset()
    programs_of: frozenset[str] = frozenset()


def may(duties: Duties, action: Action, standing: Standing) -> bool:
    """Whether a person may do this to this record."""
    return not refusal(duties, action, standing)


def refusal(duties: Duties, action: Action, standing: Standing) -> str:
    """Why not, in one line; empty when allowed."""
    roles = duties.at(standing.agency)
    if not roles & TABLE[action]:
        return say("Your duties at this agency do not include this: {action}.", action=tr(action.value))
    if standing.is_sealed and action not in _WITHOUT_A_RECORD:
        if not roles & TABLE[Action.SEE_SEALED]:
            return say("Your duties at this agency do not include this: {action}.", action=tr(Action.SEE_SEALED.value))
        if action not in _WHILE_SEALED:
            return tr("This record is sealed. It has to be unsealed first.")
    if action is Action.UNSEAL and not standing.is_sealed:
        return tr("This record is not sealed.")
    if action in _ONLY_WHILE_OPEN and not standing.is_open:
        return tr("This request is settled. Add a note or a correction instead.")
    return own_entry(duties, standing.entered_by, standing.programs_of) if action is Action.APPROVE else ""


def own_entry(duties: Duties, entered_by: frozenset[str], programs_of: frozenset[str]) -> str:
    """Why a person may not approve what they entered themselves, or could have through a program; empty if neither."""
    if duties.author in entered_by:
        return tr("You entered what this rests on. Another person must approve it.")
    if duties.author in programs_of:
        return tr("A program entered what this rests on, and you had its secret. Another person must approve it.")
    return ""


def allowed(duties: Duties, standing: Standing, among: Iterable[Action] = Action) -> frozenset[Action]:
    """All of these actions that a person may do to this record."""
    return frozenset(action for action in among if may(duties, action, standing))

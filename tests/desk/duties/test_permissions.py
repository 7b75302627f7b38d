"""The truth table of permissions: role × action × agency × state of the record, whole."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from desk_people import person, take
from django.test import Client
from erasing import ORDER

from detainer.desk.duties.accounts import author
from detainer.desk.duties.permissions import TABLE, Action, Duties, Standing, allowed, may, refusal
from detainer.desk.duties.roles import Role
from detainer.record import journal
from detainer.record.models import Event

HERE, ELSEWHERE = "us-ny-nyc-police", "us-ny-nyc-correction"

# One row an action, one column a role: `a` always, `o` while the record is open, `.` never.
# The roles:      officer reviewer supervisor records auditor administrator
EXPECTED = {
    Action.SEE_LIST: "a a a a a .",
    Action.SEE_PERSON: "a a a a a .",
    Action.ENTER: "o . o . . .",
    Action.DECLINE: "o o o . . .",
    Action.RELEASE: "a a a . . .",
    Action.WITHDRAW: "o . o o . .",
    Action.ASK: "o . o . . .",
    Action.APPROVE: ". o o . . .",
    Action.ADVISE: ". o . . . .",
    Action.REPLY: "a a a a . .",
    Action.NOTE: "a a a a . .",
    Action.CONTACT: "a a a a . .",
    Action.LINK: "a a a a . .",
    Action.EXPORT: ". a a a a .",
    Action.SEE_LOOKS: ". . a a a .",
    Action.SEAL: ". a a a . .",
    Action.SEE_SEALED: ". a . a . .",
    Action.UNSEAL: ". . . . . .",
    Action.EXPUNGE: ". a . a . .",
    Action.SEE_SYSTEM: ". . . . a a",
    Action.MANAGE_ACCOUNTS: ". . . . . a",
    Action.AGREE: ". . a . . .",
    Action.SEE_TOKENS: ". . a . . a",
    Action.MAKE_TOKENS: ". . a . . .",
}
# The same of a sealed record: `a` whether it is open or settled. The two beside the record are as ever.
SEALED = {
    Action.SEE_LIST: "a a a a a .",
    Action.SEE_PERSON: ". a . a . .",
    Action.RELEASE: ". a . . . .",
    Action.NOTE: ". a . a . .",
    Action.EXPORT: ". a . a . .",
    Action.SEE_LOOKS: ". . . a . .",
    Action.SEE_SEALED: ". a . a . .",
    Action.UNSEAL: ". a . a . .",
    Action.EXPUNGE: ". a . a . .",
    Action.SEE_SYSTEM: ". . . . a a",
    Action.MANAGE_ACCOUNTS: ". . . . . a",
    Action.AGREE: ". . a . . .",
    Action.SEE_TOKENS: ". . a . . a",
    Action.MAKE_TOKENS: ". . a . . .",
}
NOBODY = ". . . . . ."
CELLS = [(action, role, mark) for action, row in EXPECTED.items() for role, mark in zip(Role, row.split(), strict=True)]


def duties(role: Role, agency: str = HERE) -> Duties:
    return Duties("staff:1", frozenset({(role, agency)}))


def test_the_table_names_every_action_and_every_role() -> None:
    assert set(EXPECTED) == set(Action) == set(TABLE)
    assert len(CELLS) == len(Action) * len(Role)


@pytest.mark.parametrize(("action", "role", "mark"), CELLS)
def test_each_cell_of_the_table(action: Action, role: Role, mark: str) -> None:
    assert may(duties(role), action, Standing(HERE, is_open=True)) is (mark in "ao")
    assert may(duties(role), action, Standing(HERE, is_open=False)) is (mark == "a")


@pytest.mark.parametrize(("action", "role"), list(product(Action, Role)))
def test_each_cell_of_a_sealed_record(action: Action, role: Role) -> None:
    mark = SEALED.get(action, NOBODY).split()[list(Role).index(role)]
    for is_open in (True, False):
        assert may(duties(role), action, Standing(HERE, is_open=is_open, is_sealed=True)) is (mark == "a")
    assert not may(duties(role, ELSEWHERE), action, Standing(HERE, is_sealed=True))


def test_no_two_duties_together_show_a_sealed_record_that_neither_shows_alone() -> None:
    both = Duties("staff:1", frozenset({(Role.SUPERVISOR, HERE), (Role.OFFICER, HERE), (Role.RECORDS, ELSEWHERE)}))
    sealed = Standing(HERE, is_sealed=True)
    assert allowed(both, sealed) == {Action.SEE_LIST, Action.AGREE, Action.SEE_TOKENS, Action.MAKE_TOKENS}


@pytest.mark.parametrize(("action", "role", "is_open"), list(product(Action, Role, (True, False))))
def test_a_duty_at_one_agency_is_none_at_another(action: Action, role: Role, is_open: bool) -> None:
    assert not may(duties(role, ELSEWHERE), action, Standing(HERE, is_open=is_open))


@pytest.mark.parametrize("roles", [{Role.SUPERVISOR}, {Role.REVIEWER}, set(Role)])
def test_nobody_approves_what_they_entered_whatever_their_duties(roles: set[Role]) -> None:
    somebody = Duties("staff:1", frozenset((role, HERE) for role in roles))
    assert may(somebody, Action.APPROVE, Standing(HERE, entered_by=frozenset({"staff:2"})))
    assert "Another person" in refusal(somebody, Action.APPROVE, Standing(HERE, entered_by=frozenset({"staff:1"})))
    assert "had its secret" in refusal(somebody, Action.APPROVE, Standing(HERE, programs_of=frozenset({"staff:1"})))
    assert may(somebody, Action.APPROVE, Standing(HERE, programs_of=frozenset({"staff:2"})))


def test_an_auditor_changes_nothing() -> None:
    reading = {Action.SEE_LIST, Action.SEE_PERSON, Action.SEE_LOOKS, Action.EXPORT, Action.SEE_SYSTEM}
    assert allowed(duties(Role.AUDITOR), Standing(HERE)) == reading


def test_an_administrator_sees_no_case() -> None:
    own = {Action.MANAGE_ACCOUNTS, Action.SEE_SYSTEM, Action.SEE_TOKENS}
    assert allowed(duties(Role.ADMINISTRATOR), Standing(HERE)) == own


def test_two_duties_add_up_and_stay_where_they_are() -> None:
    both = Duties("staff:1", frozenset({(Role.OFFICER, HERE), (Role.REVIEWER, ELSEWHERE)}))
    assert both.agencies(Action.ENTER) == (HERE,)
    assert both.agencies(Action.APPROVE) == (ELSEWHERE,)
    assert not may(both, Action.APPROVE, Standing(HERE))


# For each action what a browser sends; what is allowed goes through, or is told that the form is not filled in.
SENDS: dict[Action, tuple[str, dict[str, str]]] = {
    Action.SEE_LIST: ("/requests/", {}),
    Action.SEE_PERSON: ("/requests/{id}/", {}),
    Action.ENTER: ("/requests/{id}/facts/", {}),
    Action.DECLINE: ("/requests/{id}/act/", {"kind": "declined"}),
    Action.RELEASE: ("/requests/{id}/act/", {"kind": "released", "when": "rubbish"}),
    Action.WITHDRAW: ("/requests/{id}/act/", {"kind": "withdrawn", "when": "rubbish"}),
    Action.ASK: ("/requests/{id}/act/", {"kind": "asked"}),
    Action.APPROVE: ("/requests/{id}/act/", {"kind": "approved", "step": "held"}),
    Action.ADVISE: ("/requests/{id}/act/", {"kind": "advised"}),
    Action.REPLY: ("/requests/{id}/reply/", {"paper": "poster"}),
    Action.NOTE: ("/requests/{id}/act/", {"kind": "note"}),
    Action.CONTACT: ("/requests/{id}/act/", {"kind": "contact"}),
    Action.LINK: ("/duplicates/", {"late": "{id}", "early": "{id}"}),
    Action.EXPORT: ("/requests/{id}/export/", {"reason": "rubbish"}),
    Action.SEE_LOOKS: ("/audit/", {}),
    Action.SEAL: ("/requests/{id}/seal/", {"kind": "sealed"}),
    Action.SEE_SEALED: ("/sealed/", {}),
    Action.UNSEAL: ("/requests/{id}/seal/", {"kind": "unsealed"}),
    Action.EXPUNGE: ("/requests/{id}/seal/", {"kind": "asked"}),
    Action.SEE_SYSTEM: ("/system/", {}),
    Action.MANAGE_ACCOUNTS: ("/accounts/{account}/", {}),
    Action.AGREE: ("/accounts/proposed/", {}),
    Action.SEE_TOKENS: ("/programs/", {}),
    Action.MAKE_TOKENS: ("/programs/", {"what": "new", "agency": "us-ny-nyc-police"}),
}
OF_NO_RECORD = {
    Action.SEE_LIST,
    Action.SEE_LOOKS,
    Action.SEE_SEALED,
    Action.SEE_SYSTEM,
    Action.AGREE,
    Action.SEE_TOKENS,
    Action.MAKE_TOKENS,
}
DUTY_FIRST = {Action.LINK, Action.MANAGE_ACCOUNTS}  # pages that ask for the duty before they look for the record


def _status(action: Action, role: Role, agency: str, state: str) -> int:
    """What the table says of an attempt: 0 where it is allowed."""
    column = list(Role).index(role)
    mark = EXPECTED[action].split()[column]
    if action in OF_NO_RECORD:
        return 0 if mark == "a" else 403
    if action in DUTY_FIRST and mark == ".":
        return 403
    if agency != HERE:
        return 404
    if action is Action.MANAGE_ACCOUNTS:
        return 0
    if state == "sealed":
        sees = SEALED[Action.SEE_SEALED].split()[column] == "a"
        return (0 if SEALED.get(action, NOBODY).split()[column] == "a" else 403) if sees else 404
    return 0 if mark == "a" or (mark == "o" and state == "open") else 403


@pytest.mark.django_db
@pytest.mark.parametrize("action", Action)
def test_an_attempt_outside_the_table_is_refused_and_is_an_event(action: Action) -> None:
    """The whole row, over the pages: role × agency × state of the record."""
    account = person("ruiz", Role.OFFICER)
    records = {state: take(author(account)) for state in ("open", "settled", "sealed")}
    at = records["settled"].received_at
    journal.act(records["settled"], "withdrawn", happened=at, author=author(account))
    journal.act(records["sealed"], "sealed", happened=at, author=author(account), detail=ORDER)
    path, sent = SENDS[action]
    for role, (agency, state) in product(Role, [*product([HERE], records), (ELSEWHERE, "open")]):
        somebody = person(f"{role}-{agency}-{state}", role, agency=agency)
        client = Client(headers={"host": "localhost"})
        client.force_login(somebody)
        names = {"id": records[state].id, "account": account.pk}
        said = {name: value.format(**names) for name, value in sent.items()}
        where = path.format(**names)
        status = (client.post(where, said) if sent else client.get(where)).status_code
        told = Event.objects.filter(kind="not_allowed", author=author(somebody)).count()
        refused = _status(action, role, agency, state)
        if refused:
            assert (status, told) == (refused, 1), (role, agency, state)
        else:
            assert (status in (200, 302, 422), told) == (True, 0), (role, agency, state, status)


def test_the_documentation_shows_this_table() -> None:
    text = (Path(__file__).parents[3] / "docs" / "desk.md").read_text(encoding="utf-8")
    words = {"always": "a", "open": "o", "": ".", "sealed": "."}
    for action, row in EXPECTED.items():
        line = next(line for line in text.splitlines() if line.startswith(f"| {action.value} |"))
        assert [words[cell.strip()] for cell in line.split("|")[2:-1]] == row.split()

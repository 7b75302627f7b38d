"""Each page for each duty: who may open it, and who is told that it is not theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_people import person, take
from django.test import Client

from detainer.desk.duties.accounts import author, names_of
from detainer.desk.duties.demonstration import PASSWORD, sign_ins
from detainer.desk.duties.roles import Role
from detainer.desk.models import Membership

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db
#               officer reviewer supervisor records auditor administrator nobody
PAGES = {
    "/requests/": "200 200 200 200 200 403 403",
    "/requests/new/": "200 403 200 403 403 403 403",
    "/requests/ID/": "200 200 200 200 200 403 404",
    "/requests/ID/facts/": "200 403 200 403 403 403 404",
    "/approvals/": "403 200 200 403 403 403 403",
    "/duplicates/": "200 200 200 200 403 403 403",
    "/exports/": "403 200 200 200 200 403 403",
    "/system/": "403 403 403 403 200 200 403",
    "/sealed/": "403 200 403 200 403 403 403",
    "/accounts/proposed/": "403 403 200 403 403 403 403",
    "/programs/": "403 403 200 403 403 200 403",
}
POSTS = {
    ("act", "released"): "302 302 302 403 403 403 404",
    ("act", "withdrawn"): "302 403 302 302 403 403 404",
    ("act", "note"): "422 422 422 422 403 403 404",
    ("act", "decide"): "302 403 302 403 403 403 404",
    ("act", "held"): "422 403 422 403 403 403 404",
    ("act", "approved"): "403 422 422 403 403 403 404",
    ("act", "contact"): "422 422 422 422 403 403 404",
    ("export", ""): "403 422 422 422 422 403 404",
    ("seal", "sealed"): "403 422 422 422 403 403 404",
    ("seal", "unsealed"): "403 403 403 403 403 403 404",
    ("seal", "expunged"): "403 422 403 422 403 403 404",
    ("reply", ""): "200 200 200 200 403 403 404",
}
WHO: tuple[Role | None, ...] = (*Role, None)


def somebody(role: Role | None) -> User:
    return person("somebody", *([role] if role else []))


@pytest.mark.parametrize(
    ("path", "role", "status"),
    [(path, role, int(one)) for path, row in PAGES.items() for role, one in zip(WHO, row.split(), strict=True)],
)
def test_each_page(officer: User, as_: Callable[[User], Client], path: str, role: Role | None, status: int) -> None:
    made = take(author(officer))
    answer = as_(somebody(role)).get(path.replace("ID", made.id))
    assert answer.status_code == status
    if status != 200:
        assert "Ana Example" not in answer.content.decode()


@pytest.mark.parametrize(
    ("page", "kind", "role", "status"),
    [(*way, role, int(one)) for way, row in POSTS.items() for role, one in zip(WHO, row.split(), strict=True)],
)
def test_each_step(
    officer: User, as_: Callable[[User], Client], page: str, kind: str, role: Role | None, status: int
) -> None:
    made = take(author(officer))
    before = made.events().count()
    answer = as_(somebody(role)).post(f"/requests/{made.id}/{page}/", {"kind": kind})
    assert answer.status_code == status
    assert (made.events().count() > before) == (status in (200, 302))


@pytest.mark.parametrize("path", ["/", "/requests/", "/requests/new/", "/approvals/", "/requests/abc/"])
def test_who_is_not_signed_in_sees_the_sign_in_page_and_nothing_else(path: str, db: None) -> None:
    answer = Client(headers={"host": "localhost"}).get(path, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/sign-in/")


def test_the_page_that_says_no_says_why_in_plain_words(as_: Callable[[User], Client]) -> None:
    shown = as_(person("abadi", Role.AUDITOR)).get("/requests/new/").content.decode()
    assert "Your duties do not include this: enter a request and its facts." in shown


def test_the_demonstration_has_one_sign_in_for_each_duty(db: None) -> None:
    made = sign_ins("us-ny-nyc-police")
    assert sign_ins("us-ny-nyc-police") == made
    assert [one.duty for one in made] == [role.label for role in Role]
    assert Membership.objects.count() == len(Role)
    assert Client(headers={"host": "localhost"}).login(username=made[0].account, password=PASSWORD)


def test_the_house_and_programs_are_called_by_words_in_the_timeline(db: None) -> None:
    assert names_of(["system:watch", "system:command", "system:detainer", "token:4f2a"]) == {
        "system:watch": "the watch",
        "system:command": "the command line",
        "system:detainer": "Detainer Desk",
        "token:4f2a": "the program 4f2a",
    }


def test_an_account_that_is_gone_keeps_its_id_in_the_timeline(officer: User) -> None:
    me = author(officer)
    assert names_of([me, "system:intake", "staff:999", "officer:old"]) == {
        me: "Made-up Ruiz",
        "system:intake": "the import",
        "staff:999": "staff:999",
        "officer:old": "officer:old",
    }

"""If-Match: a program that read an old state overwrites nothing by mistake."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import Program, ago, problem

from detainer.record.models import Event

pytestmark = pytest.mark.django_db
WRITES: dict[str, dict[str, Any]] = {
    "papers": {"warrants": [{"issuer": "state_judge"}]},
    "custody": {"custody": {"held": True}},
    "releasable": {"releasable_at": None},
    "search": {"watch_list": "match"},
    "withdrawal": {"withdrawn_at": ago(minutes=5)},
    "release": {"released_at": ago(minutes=5)},
}


def steps(taken: dict[str, Any]) -> list[str]:
    found = Event.objects.filter(request_id=taken["request"]).exclude(kind="viewed").order_by("seq")
    return list(found.values_list("kind", flat=True))


@pytest.mark.parametrize("way", WRITES)
def test_a_write_upon_the_version_that_was_read_is_taken_and_upon_an_older_one_refused(
    way: str, booking: Program, taken: dict[str, Any]
) -> None:
    here = f"/requests/{taken['request']}"
    old = booking.get(here)["ETag"]
    booking.post(f"{here}/search", {"watch_list": "no_match"})
    before = steps(taken)
    assert "Read it again" in problem(booking.post(f"{here}/{way}", WRITES[way], If_Match=old), 412)
    assert steps(taken) == before
    new = booking.get(here)["ETag"]
    assert new != old
    answer = booking.post(f"{here}/{way}", WRITES[way], If_Match=new)
    assert answer.status_code == 200
    assert answer["ETag"] == booking.get(here)["ETag"]
    assert len(steps(taken)) > len(before)


def test_without_it_a_write_is_taken_as_before_and_a_look_changes_no_version(
    booking: Program, taken: dict[str, Any]
) -> None:
    here = f"/requests/{taken['request']}"
    one, other = booking.get(here)["ETag"], booking.get(f"{here}/answer")["ETag"]
    assert one == other == booking.get(here)["ETag"]
    assert booking.post(f"{here}/search", {"watch_list": "match"}).status_code == 200


def test_the_same_write_again_is_answered_as_before_though_the_version_moved(
    booking: Program, taken: dict[str, Any]
) -> None:
    here = f"/requests/{taken['request']}"
    read = booking.get(here)["ETag"]
    sent = [booking.post(f"{here}/search", {"watch_list": "match"}, key="the-same-key", If_Match=read) for _ in "12"]
    assert [one.status_code for one in sent] == [200, 200]
    assert sent[0].content == sent[1].content


@pytest.mark.parametrize("said", ["1", "*", '"x"', 'W/"1"', '"1", "2"', '""', f'"{"9" * 40}"'])
def test_what_is_no_version_is_told(said: str, booking: Program, taken: dict[str, Any]) -> None:
    problem(booking.post(f"/requests/{taken['request']}/search", {"watch_list": "match"}, If_Match=said), 422)

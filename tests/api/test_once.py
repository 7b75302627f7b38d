"""The same write sent again is recorded once and answered alike, however it comes."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from api_client import Program, new_request
from django.db import connection

from detainer.api.models import Kept
from detainer.record.models import Event, Request

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_repeat_gets_the_same_answer_and_records_nothing(booking: Program) -> None:
    said = new_request()
    first = booking.post("/requests", said, key="one-and-the-same")
    events = Event.objects.count()
    again = booking.post("/requests", said, key="one-and-the-same")
    assert (again.status_code, again.json(), again["Location"]) == (201, first.json(), first["Location"])
    assert again["Idempotent-Replayed"] == "true"
    assert (Event.objects.count(), Request.objects.count()) == (events, 1)


def test_what_was_refused_can_be_mended_under_the_same_key(booking: Program) -> None:
    wrong = new_request(person={"name": " "})
    assert booking.post("/requests", wrong, key="mended-later").status_code == 422
    assert booking.post("/requests", new_request(), key="mended-later").status_code == 201


def test_two_programs_may_choose_the_same_key(program: Any) -> None:
    one, other, said = program(), program(), new_request()
    assert one.post("/requests", said, key="a-common-key").status_code == 201
    assert other.post("/requests", said, key="a-common-key").status_code == 201
    assert Request.objects.count() == 2


def test_what_is_kept_of_a_write_says_nothing_of_the_person(booking: Program) -> None:
    booking.post("/requests", new_request(), key="booking-00017-a")
    kept = Kept.objects.get()
    text = f"{kept.key} {kept.asked} {kept.receipt}"
    assert "Example" not in text
    assert "00017" not in text


def test_repeats_that_come_together_are_recorded_once(booking: Program) -> None:
    said, answers = new_request(), []
    gate = threading.Barrier(6)

    def send() -> None:
        gate.wait()
        answer = Program(booking.token, booking.text).post("/requests", said, key="sent-six-times")
        answers.append((answer.status_code, answer.content))
        connection.close()

    senders = [threading.Thread(target=send) for _ in range(6)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(answers) == 6
    assert set(answers) == {answers[0]}
    assert answers[0][0] == 201
    assert Request.objects.count() == 1
    assert Event.objects.filter(kind="received").count() == 1

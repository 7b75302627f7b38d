"""When the watch itself stops, every page and /healthz say so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from detainer.clock import now
from detainer.watch import loop
from detainer.watch.models import Beat

pytestmark = pytest.mark.django_db(transaction=True)


def test_healthz_is_well_while_a_worker_goes_round_and_not_half_a_minute_later(client: Client) -> None:
    loop.turn("one")
    assert client.get("/healthz").status_code == 200
    Beat.objects.update(at=now() - timedelta(seconds=29))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"the watch has stopped\n")


def test_one_worker_that_goes_round_is_enough(client: Client) -> None:
    Beat.objects.create(worker="dead", at=now() - timedelta(days=1))
    loop.turn("alive")
    assert client.get("/healthz").status_code == 200


def test_a_watch_that_never_started_is_told(client: Client) -> None:
    assert client.get("/healthz").status_code == 503


def test_every_page_says_that_the_watch_has_stopped(client: Client) -> None:
    assert b"The watch has stopped" in client.get("/", follow=True).content
    loop.turn("one")
    assert b"The watch has stopped" not in client.get("/", follow=True).content

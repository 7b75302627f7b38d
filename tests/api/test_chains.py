"""Operations one after another, each with what those before have made: no failure, nothing undocumented."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

import pytest
import schemathesis
from api_client import Program, ago, new_request
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from detainer.api.document import openapi
from detainer.record import ledger

pytestmark = pytest.mark.django_db(transaction=True)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def chains(booking: Program, monkeypatch: pytest.MonkeyPatch, examples: int, steps: int) -> Counter[str]:
    """Walk so many chains by the links of the description; how often each operation was carried out."""
    from detainer.house import house

    monkeypatch.setenv("DETAINER_API_RATE", "100000")
    house.cache_clear()
    schema = schemathesis.openapi.from_dict(openapi())
    schema.app = WSGIHandler()
    schema.config.generation.update(modes=[GenerationMode.POSITIVE])
    done: Counter[str] = Counter()

    class Chain(schema.as_state_machine()):  # type: ignore[misc]  # made at run time
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": {"Authorization": f"Bearer {booking.text}", "Host": "localhost"}}

        def before_call(self, case: Any) -> None:
            if case.method == "POST":
                case.headers["Idempotency-Key"] = str(uuid.uuid4())
            if (case.method, case.path) == ("POST", "/api/v1/requests"):
                case.body = new_request() | {"person": {"name": "Ana Example", "file_number": uuid.uuid4().hex[:12]}}
            # No moment that is drawn by lot lies between the request's receipt and now.
            for way, name in (("withdrawal", "withdrawn_at"), ("release", "released_at")):
                if (case.method, case.path) == ("POST", f"/api/v1/requests/{{request_id}}/{way}"):
                    case.body = {name: ago(minutes=1)}

        def after_call(self, response: Any, case: Any) -> None:
            if response.status_code < 300:
                done[f"{case.method} {case.path}"] += 1

        def validate_response(self, response: Any, case: Any, **_: Any) -> None:
            case.validate_response(response, checks=CHECKS)

    run_state_machine_as_test(
        Chain,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    return done


def test_a_request_keeps_its_description_through_all_that_is_told_of_it(
    booking: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = chains(booking, monkeypatch, examples=8, steps=8)
    assert done["POST /api/v1/requests"] > 0
    assert sum(times for name, times in done.items() if "{request_id}" in name) > 0
    assert ledger.verify() == []


@pytest.mark.soak
def test_many_long_chains_keep_it_too(booking: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    done = chains(booking, monkeypatch, examples=400, steps=20)
    assert {name for name, times in done.items() if times > 10} >= {
        f"POST /api/v1/requests/{{request_id}}/{what}"
        for what in ("custody", "papers", "releasable", "search", "withdrawal", "release")
    }, done
    assert ledger.verify() == []

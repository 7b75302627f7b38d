"""Every operation, asked with what a machine makes up from its own description: no failure, nothing undocumented."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import schemathesis
from api_client import Program
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from detainer.api.document import openapi

pytestmark = pytest.mark.django_db(transaction=True)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]
EXAMPLES = 12  # an operation and kind of data; on each database
OPERATIONS = [(method, path) for path, methods in openapi()["paths"].items() for method in methods]


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=[f"{method} {path}" for method, path in OPERATIONS])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_an_operation_keeps_its_description(
    method: str, path: str, mode: GenerationMode, booking: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from detainer.house import house

    monkeypatch.setenv("DETAINER_API_RATE", "100000")
    house.cache_clear()
    made = booking.entered()["request"]
    schema = schemathesis.openapi.from_dict(openapi())
    schema.app = WSGIHandler()
    operation = schema[path][method.upper()]
    strategy = operation.as_strategy(generation_mode=mode)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def holds(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            # What is made up names no request that is there.
            if "request_id" in (case.path_parameters or {}):
                case.path_parameters["request_id"] = made
            if method == "post":
                case.headers["Idempotency-Key"] = str(uuid.uuid4())
        headers = {"Authorization": f"Bearer {booking.text}", "Host": "localhost"}
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)
        assert response.status_code != 503

    holds()

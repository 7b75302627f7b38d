"""The interface described: as OpenAPI 3.1 for programs, as one plain page for people. It says nothing of a record."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from detainer.api import problems
from detainer.api.actions import SAYS
from detainer.api.gate import PREFIX
from detainer.api.operations import api

_METHODS = ("get", "post", "delete")

# What an operation makes → how its answer names it, and where that name goes.
_LINKS = {
    ("post", "/api/v1/requests"): ("request", "request_id"),
    ("post", "/api/v1/incoming"): ("paper", "paper_id"),
    ("post", "/api/v1/hooks"): ("hook", "hook_id"),
}


@lru_cache(maxsize=1)
def openapi() -> dict[str, Any]:
    """The whole interface as an OpenAPI 3.1 document."""
    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="api/v1/")))
    made["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    for operations in made["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    answer["content"] = {problems.MEDIA: {"schema": {"$ref": "#/components/schemas/ProblemShape"}}}
                if int(status) == 429:
                    answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    for (method, path), (name, place) in _LINKS.items():
        taken = next(answer for status, answer in made["paths"][path][method]["responses"].items() if status < "300")
        taken["links"] = {
            said["operationId"]: {"operationId": said["operationId"], "parameters": {place: f"$response.body#/{name}"}}
            for other, operations in made["paths"].items()
            for said in operations.values()
            if f"{{{place}}}" in other
        }
    return made


def document(request: HttpRequest) -> HttpResponse:
    """The document as JSON."""
    return HttpResponse(json.dumps(openapi(), indent=1), content_type="application/json")


def page(request: HttpRequest) -> HttpResponse:
    """The same for people."""
    made = openapi()
    schemas = made["components"]["schemas"]
    operations = [
        {"method": method.upper(), "path": path, **said, "statuses": sorted(said["responses"]), "body": _body(said)}
        for path, methods in made["paths"].items()
        for method, said in methods.items()
        if method in _METHODS
    ]
    shown = [(name, said.get("description", ""), _fields(said)) for name, said in sorted(schemas.items())]
    context = {"operations": operations, "schemas": shown, "actions": SAYS.items(), "version": made["info"]["version"]}
    return render(request, "api/page.html", context)


def nowhere(request: HttpRequest) -> HttpResponse:
    """Any other address."""
    return problems.response(404, f"There is nothing at this address. The interface is described at {PREFIX}.")


def _body(said: dict[str, Any]) -> str:
    if "requestBody" not in said:
        return ""
    content = said["requestBody"]["content"]
    if "application/json" not in content:
        return " or ".join(content)
    return _named(content["application/json"]["schema"])


def _fields(schema: dict[str, Any]) -> list[tuple[str, str, str]]:
    needed = schema.get("required", [])
    return [
        (f"{name}{'' if name in needed else ' (may be left out)'}", _named(said), said.get("description", ""))
        for name, said in schema.get("properties", {}).items()
    ]


def _named(said: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in said:
        return str(said["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in said:
        return " or ".join(dict.fromkeys(_named(way) for way in said["anyOf"]))
    if "const" in said:
        return f"“{said['const']}”"
    if "enum" in said:
        return f"one of {', '.join(said['enum'])}"
    if said.get("type") == "array":
        return f"list of {_named(said.get('items', {}))}"
    if said.get("type") == "object" and "properties" in said:
        return f"object ({', '.join(said['properties'])})"
    return {"date-time": "time with offset", "date": "day"}.get(said.get("format", ""), str(said.get("type", "any")))

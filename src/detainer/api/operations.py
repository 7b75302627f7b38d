"""The operations of the interface: each reads what was sent, calls one deed, and says what came of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Annotated, Any, Literal

from django.db import DatabaseError, InterfaceError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Header, NinjaAPI, Path, Query
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from detainer import __version__, clock
from detainer.api import deeds, hooked, limits, problems, shapes, tokens
from detainer.api.actions import Action
from detainer.api.models import Token
from detainer.api.once import Asked, once
from detainer.api.problems import Problem
from detainer.api.strict import Strict
from detainer.errors import UserError
from detainer.record.conduct import Refused
from detainer.record.models import Request
from detainer.watch import hooks

_log = logging.getLogger("detainer.api")
_PAPERS = ("application/pdf", "image/png", "image/jpeg", "image/tiff", "application/octet-stream")
_CHALLENGE = {"WWW-Authenticate": "Bearer"}

api = NinjaAPI(
    title="Detainer Desk",
    version=__version__,
    description="For an agency's booking system: state what happened, ask what the law answers.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
    parser=Strict(),
)


class Bearer(HttpBearer):
    """A token that is allowed one action; 401 without a good one, 429 where it asks too often, 403 for another."""

    def __init__(self, action: Action) -> None:
        self.action = action
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Token:
        """The token behind the text."""
        found, why = tokens.found(token)
        if found is None or why:
            if found:
                tokens.refused(found, why)
            words = f"This token is {why}." if found else "This is no token of this house."
            raise Problem(401, f"{words} Ask a supervisor of the agency for one.", _CHALLENGE)
        limits.counted(found)
        if self.action not in found.actions:
            tokens.refused(found, str(self.action))
            raise Problem(403, f"This token is not allowed to {self.action}.")
        return found


READ = dict.fromkeys((401, 403, 404, 422, 429), shapes.ProblemShape)
WRITE = READ | dict.fromkeys((400, 409, 412, 413, 415), shapes.ProblemShape)
Id = Annotated[str, Path(pattern="^[0-9a-f]{24}$", description="The request's id, as its receipt gave it.")]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9._:-]{8,100}$",
        description="Made anew for each write, such as a UUID; the same write sent again carries the same one.",
    ),
]
Match = Annotated[
    str | None,
    Header(
        alias="If-Match",
        pattern=r'^"[0-9]{1,18}"$',
        description="The ETag that was read; the write is refused with 412 where something was recorded since.",
    ),
]
_TAKES = {
    Action.READ: "Needs a token that may `read`.",
    Action.RECEIVE: "Needs a token that may `receive`.",
    Action.CUSTODY: "Needs a token that may `custody`.",
    Action.SEARCH: "Needs a token that may `search`.",
    Action.WITHDRAW: "Needs a token that may `withdraw`.",
    Action.RELEASE: "Needs a token that may `release`.",
    Action.HOOKS: "Needs a token that may `hooks`.",
}


def _write(path: str, action: Action, summary: str, status: int = 200) -> Callable[[Any], Any]:
    """A POST that is recorded once under its key."""
    return api.post(
        path,
        auth=Bearer(action),
        response={status: shapes.Receipt, **WRITE},
        summary=summary,
        description=_TAKES[action],
        tags=[str(action)],
        by_alias=True,
    )


def _read(path: str, shape: Any, summary: str) -> Callable[[Any], Any]:
    return api.get(
        path,
        auth=Bearer(Action.READ),
        response={200: shape, **READ},
        summary=summary,
        description=_TAKES[Action.READ],
        tags=["read"],
        by_alias=True,
    )


@_write("/requests", Action.RECEIVE, "Enter a request", 201)
def receive(request: HttpRequest, key: Key, said: shapes.NewRequest) -> HttpResponse:
    """Takes it in, asks the law, answers with the receipt; `Location` is the request's address."""
    sent = _plain(said)
    return _once(request, key, lambda token: (201, deeds.receive(token, sent)))


@api.post(
    "/incoming",
    auth=Bearer(Action.RECEIVE),
    response={202: shapes.Came, **WRITE},
    summary="Send a paper as it came",
    description=_TAKES[Action.RECEIVE],
    tags=[str(Action.RECEIVE)],
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in _PAPERS},
        }
    },
)
def incoming(request: HttpRequest, key: Key) -> HttpResponse:
    """Kept at once and read in the background; whatever could be read, it waits at the desk for a person to confirm."""
    token = _token(request)
    if (request.content_type or "").strip().lower() not in _PAPERS:
        raise Problem(415, f"Send the paper itself, as {', '.join(_PAPERS)}.")
    try:
        data = request.read()
    except OSError:
        raise Problem(400, "The body could not be read to its end.") from None
    if not data:
        raise Problem(422, "The body is empty.")
    digest = sha256(data).hexdigest()
    asked = Asked(token, key, request.method or "", request.path, digest.encode())
    given = once(asked, lambda: (202, deeds.come(token, data)))
    headers = {"Idempotent-Replayed": "true"} if given.again else {}
    return HttpResponse(given.receipt, content_type="application/json", status=given.status, headers=headers)


@api.get(
    "/incoming/{paper_id}",
    auth=Bearer(Action.RECEIVE),
    response={200: shapes.Came, **READ},
    summary="Ask whether a paper was read",
    description=_TAKES[Action.RECEIVE],
    tags=[str(Action.RECEIVE)],
)
def incoming_paper(
    request: HttpRequest,
    paper_id: Annotated[str, Path(pattern="^[0-9a-f]{24}$", description="As the answer to its sending gave it.")],
) -> dict[str, Any]:
    """What each form on it is and how much of it was read; nothing of what it says."""
    return deeds.came(deeds.find_paper(_token(request), paper_id))


@_write("/requests/{request_id}/papers", Action.RECEIVE, "State the warrants and court orders that came")
def papers(
    request: HttpRequest,
    request_id: Id,
    key: Key,
    said: shapes.Papers,  # type: ignore[valid-type]
    match: Match = None,
) -> HttpResponse:
    """Replaces the list of papers."""
    return _learn(request, request_id, key, _plain(said), match)


@_write("/requests/{request_id}/custody", Action.CUSTODY, "State custody, arrest and the person held")
def custody(
    request: HttpRequest,
    request_id: Id,
    key: Key,
    said: shapes.Custody,  # type: ignore[valid-type]
    match: Match = None,
) -> HttpResponse:
    """Adds to what is known; what changes an earlier fact is kept as a correction."""
    return _learn(request, request_id, key, _plain(said), match)


@_write("/requests/{request_id}/releasable", Action.CUSTODY, "State when the person would walk out")
def releasable(
    request: HttpRequest,
    request_id: Id,
    key: Key,
    said: shapes.Releasable,
    match: Match = None,
) -> HttpResponse:
    """A detainer never moves this moment."""
    return _learn(request, request_id, key, {"custody": _plain(said)}, match)


@_write("/requests/{request_id}/search", Action.SEARCH, "State what the criminal-history search showed")
def search(
    request: HttpRequest,
    request_id: Id,
    key: Key,
    said: shapes.Search,  # type: ignore[valid-type]
    match: Match = None,
) -> HttpResponse:
    """`[]` says: looked, none."""
    return _learn(request, request_id, key, _plain(said), match)


@_write("/requests/{request_id}/withdrawal", Action.WITHDRAW, "Record that the request was taken back")
def withdrawal(
    request: HttpRequest, request_id: Id, key: Key, said: shapes.Withdrawal, match: Match = None
) -> HttpResponse:
    """Settles the request."""
    return _once(request, key, lambda token: (200, deeds.withdraw(token, request_id, said.withdrawn_at, match)))


@_write("/requests/{request_id}/release", Action.RELEASE, "Record that the person was released")
def release(request: HttpRequest, request_id: Id, key: Key, said: shapes.Release, match: Match = None) -> HttpResponse:
    """Never waits for anybody; only its own `If-Match` can hold it up."""
    return _once(request, key, lambda token: (200, deeds.release(token, request_id, said.released_at, match)))


@_read("/requests", shapes.Page, "List the agency's requests")
def listing(
    request: HttpRequest,
    state: Annotated[Literal["open", "settled"] | None, Query()] = None,
    after: Annotated[str | None, Query(pattern="^[0-9a-f]{24}$")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> dict[str, Any]:
    """The earliest received first, page by page. No sealed one, and no names."""
    token = _token(request)
    rows = Request.objects.filter(agency=token.agency, sealed_at=None).order_by("received_at", "id")
    if state:
        rows = rows.filter(state=state)
    if after:
        last = deeds.find(token, after)
        rows = rows.filter(Q(received_at__gt=last.received_at) | Q(received_at=last.received_at, id__gt=last.id))
    found = list(rows[: limit + 1])
    return {
        "requests": [_state(row) for row in found[:limit]],
        "next": found[limit - 1].id if len(found) > limit else None,
    }


@_read("/requests/{request_id}", shapes.State, "Read a request's state and clock")
def one(request: HttpRequest, request_id: Id, response: HttpResponse) -> dict[str, Any]:
    """How it stands now. Looking is an event, once in ten minutes."""
    token = _token(request)
    found = deeds.find(token, request_id)
    deeds.looked(token, found, "state")
    response["ETag"] = deeds.version(found.id)
    return _state(found)


@_read("/requests/{request_id}/answer", shapes.Answered, "Read the law's answer")
def answer(request: HttpRequest, request_id: Id, response: HttpResponse) -> dict[str, Any]:
    """The last answer with its reasons, as it was given. Looking is an event, once in ten minutes."""
    token = _token(request)
    found = deeds.find(token, request_id)
    story = found.story()
    law = story.determination
    if law is None or law.answer is None:
        raise Problem(404, "The law has not been asked about this request yet.")
    deeds.looked(token, found, "answer")
    response["ETag"] = deeds.version(found.id)
    return {"request": found.id, "at": law.at, "stale": story.stale, "answer": dict(law.answer)}


@api.post(
    "/hooks",
    auth=Bearer(Action.HOOKS),
    response={201: shapes.NewHookSaid, **WRITE},
    summary="Name an address that is told of every step",
    description=_TAKES[Action.HOOKS],
    tags=["hooks"],
)
def new_hook(request: HttpRequest, key: Key, said: shapes.NewHook) -> HttpResponse:
    """The address is judged here and again at each message."""
    token = _token(request)
    asked = Asked(token, key, request.method or "", request.path, request.body)
    given = once(asked, lambda: (201, hooked.add(token, said.address)))
    made = json.loads(given.receipt)
    body = json.dumps({**made, "secret": hooks.secret(made["hook"])})
    return HttpResponse(body, content_type="application/json", status=201)


@api.get(
    "/hooks",
    auth=Bearer(Action.HOOKS),
    response={200: shapes.Hooks, **READ},
    summary="List the addresses that are told",
    description=_TAKES[Action.HOOKS],
    tags=["hooks"],
)
def list_hooks(request: HttpRequest) -> dict[str, Any]:
    """Those of the token's agency."""
    return {"hooks": hooked.living(_token(request))}


@api.delete(
    "/hooks/{hook_id}",
    auth=Bearer(Action.HOOKS),
    response={200: shapes.Hook, **READ},
    summary="Tell an address no more",
    description=_TAKES[Action.HOOKS],
    tags=["hooks"],
)
def end_hook(request: HttpRequest, hook_id: Annotated[str, Path(pattern="^[0-9a-f]{12}$")]) -> dict[str, Any]:
    """At once; what was on its way is dropped."""
    return hooked.end(_token(request), hook_id)


def _state(row: Request) -> dict[str, Any]:
    now = clock.now()
    due = row.alarm_at if row.held_at or row.hold_started else row.releasable_at
    out = row.released_at or row.transferred_at
    return {
        "request": row.id,
        "number": row.number,
        "agency": row.agency,
        "state": row.state,
        "form": row.form,
        "asks": row.asks,
        "from_": row.sender,
        "purpose": row.purpose,
        "received_at": row.received_at,
        "decided_at": row.decided_at,
        "decisions": deeds.decisions(row),
        "steps": deeds.steps(row),
        "clock": {
            "now": now,
            "releasable_at": row.releasable_at,
            "hold_started": row.hold_started,
            "hold_ends": row.hold_ends,
            "alarm_at": row.alarm_at,
            "overdue": bool(due and due <= now and not out),
            "past_release_seconds": row.past_release,
        },
    }


def _plain(said: shapes.Sent) -> dict[str, Any]:
    """What was sent, without the keys that were left out."""
    return said.model_dump(mode="json", by_alias=True, exclude_unset=True)


def _token(request: HttpRequest) -> Token:
    found: Token = request.auth  # type: ignore[attr-defined]  # set by the authentication above
    return found


def _learn(
    request: HttpRequest, request_id: str, key: str, facts: Mapping[str, Any], match: str | None
) -> HttpResponse:
    if not facts:
        raise Problem(422, "Nothing was stated.")
    return _once(request, key, lambda token: (200, deeds.learn(token, request_id, facts, match)))


def _once(request: HttpRequest, key: str, deed: Callable[[Token], tuple[int, dict[str, Any]]]) -> HttpResponse:
    token = _token(request)
    asked = Asked(token, key, request.method or "", request.path, request.body)
    given = once(asked, lambda: deed(token))
    made = json.loads(given.receipt)["request"]
    headers = {"Idempotent-Replayed": "true"} if given.again else {"ETag": deeds.version(made)}
    if given.status == 201:
        headers["Location"] = f"{request.path}/{made}"
    return HttpResponse(given.receipt, content_type="application/json", status=given.status, headers=headers)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    if error.attempt:
        tokens.refused(_token(request), error.attempt)
    return problems.response(error.status, error.detail, error.headers)


@api.exception_handler(HttpError)
def _unread(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the reader of bodies refused, which the library hides behind words of its own."""
    cause = error.__cause__
    if isinstance(cause, Problem):
        return problems.response(cause.status, cause.detail, cause.headers)
    return problems.response(error.status_code, str(error))


@api.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problems.response(401, "Send a token: `Authorization: Bearer dd_…`.", _CHALLENGE)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return problems.response(409, error.line())


@api.exception_handler(UserError)
def _mistake(request: HttpRequest, error: UserError) -> HttpResponse:
    return problems.response(422, error.lines()[0].removeprefix("the facts of the request: case new: "))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    place = [str(part) for part in first["loc"] if part not in ("body", "said", "header", "query", "path")]
    where = ".".join(place) or "the body"
    words = str(first["msg"]).removeprefix("Value error, ")
    return problems.response(422, f"{where}: {words}")


@api.exception_handler(DatabaseError)
@api.exception_handler(InterfaceError)
def _busy(request: HttpRequest, error: Exception) -> HttpResponse:
    _log.error("the database did not answer the interface", exc_info=error)
    return problems.response(
        503, "The record cannot be written now. Send it again with the same key.", {"Retry-After": "5"}
    )


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    _log.error("the interface failed", exc_info=error)
    return problems.response(500, "The program failed; it is logged. Nothing was recorded.")

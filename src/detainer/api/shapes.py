"""What is sent and what is answered, as schemas.

The facts are those of the case format: their schemas are made from the vocabulary itself, and their values are checked
where the desk's are, by the reader of case files. Names are checked here: what is not asked for is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StrictStr, WithJsonSchema, create_model

from detainer.law.vocabulary import FACTS, LISTS, NO_ANSWER_WORD, Fact

_UNKNOWN: dict[str, Any] = {"const": NO_ANSWER_WORD, "description": "Asked, and nobody knows."}
_MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
_DAY: dict[str, Any] = {"type": "string", "format": "date"}
_MOST = 200

# Left to people: on what a law's ground rests, what a local policy forbids, where somebody asks to be let in.
_FOR_CUSTODY = ("custody", "arrest", "person")
_FOR_SEARCH = ("search", "record", "watch_list", "reentry")


class Sent(Schema):
    """Something sent; a key that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


def fact_schema(fact: Fact) -> dict[str, Any]:
    """The JSON schema of one fact's value."""
    kinds: dict[str, list[dict[str, Any]]] = {
        "flag": [{"type": "boolean"}],
        "choice": [{"type": "string", "enum": list(fact.values)}],
        "choices": [
            {"type": "array", "items": {"type": "string", "enum": list(fact.values)}, "maxItems": len(fact.values)}
        ],
        "moment": [_MOMENT],
        "day": [_DAY],
        "text": [{"type": "string", "maxLength": 120}],
        "spells": [{"type": "array", "maxItems": 50, "items": _SPELL}],
    }
    ways = [*kinds[fact.kind]]
    ways += [_MOMENT] if fact.or_moment else []
    ways += [{"type": "null"}] if fact.nullable else []
    ways += [_UNKNOWN] if fact.kind != "text" else []
    return {"description": fact.asks, **(ways[0] if len(ways) == 1 else {"anyOf": ways})}


_SPELL: dict[str, Any] = {
    "type": "object",
    "properties": {"from": _DAY, "to": {"anyOf": [_DAY, {"type": "null"}]}},
    "required": ["from"],
    "additionalProperties": False,
}


def _object(facts: Mapping[str, Fact]) -> dict[str, Any]:
    """The JSON schema of a mapping of facts by dotted path."""
    made: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}
    inner: dict[str, dict[str, Fact]] = {}
    for path, fact in facts.items():
        head, _, rest = path.partition(".")
        if rest:
            inner.setdefault(head, {})[rest] = fact
        else:
            made["properties"][head] = fact_schema(fact)
    made["properties"] |= {head: _object(below) for head, below in inner.items()}
    return made


def _list(path: str) -> dict[str, Any]:
    items = {"type": "array", "items": _object(LISTS[path]), "maxItems": _MOST}
    return {"description": FACTS[path].asks, "anyOf": [items, _UNKNOWN]}


def _no_null(value: Any) -> Any:
    """A null where a mapping belongs would take away what is known beneath it."""
    if value is None:
        raise ValueError("it is null; leave the key out instead")
    return value


def _value(schema: dict[str, Any], *, nullable: bool) -> Any:
    kept = Annotated[Any, WithJsonSchema(schema)]
    return kept if nullable else Annotated[kept, AfterValidator(_no_null)]


def _model(name: str, prefix: str, without: tuple[str, ...] = ()) -> type[Sent]:
    """The schema of everything that the vocabulary has below a prefix."""
    fields: dict[str, Any] = {}
    inner: set[str] = set()
    for path, fact in FACTS.items():
        if not path.startswith(prefix) or path in without:
            continue
        head, _, rest = path.removeprefix(prefix).partition(".")
        if rest:
            inner.add(head)
        else:
            schema = _list(path) if path in LISTS else fact_schema(fact)
            fields[f"{head}_"] = (_value(schema, nullable=fact.nullable), Field(default_factory=_absent, alias=head))
    for head in sorted(inner):
        below = _model(f"{name}{head.title().replace('_', '')}", f"{prefix}{head}.")
        fields[f"{head}_"] = (below, Field(default_factory=_absent, alias=head))
    return create_model(name, __base__=Sent, **fields)


def _absent() -> None:
    """What stands for a key that was left out; it is never sent on."""


def _branch(path: str) -> Any:
    """The type of a first key of the case format: a list, a fact, or a schema of what lies beneath."""
    if path in LISTS:
        return _value(_list(path), nullable=False)
    if path in FACTS:
        return _value(fact_schema(FACTS[path]), nullable=False)
    return _model(path.title().replace("_", ""), f"{path}.")


def _together(name: str, says: str, paths: tuple[str, ...]) -> type[Sent]:
    fields: dict[str, Any] = {path: (_branch(path), Field(default_factory=_absent)) for path in paths}
    made = create_model(name, __base__=Sent, **fields)
    made.__doc__ = says
    return made


Line = Annotated[StrictStr, Field(min_length=1, max_length=200)]
Moment = Annotated[StrictStr, Field(max_length=40, json_schema_extra={"format": "date-time"})]
Day = Annotated[StrictStr, Field(max_length=10, json_schema_extra={"format": "date"})]

RequestFacts = _model("RequestFacts", "request.")
RequestFacts.__doc__ = "What the form says. `form`, `asks`, `from` and `received` must be there."
Custody = _together("CustodyAndArrest", "What is known of the custody, the arrest and the person held.", _FOR_CUSTODY)
Search = _together("SearchResults", "What the criminal-history search showed.", _FOR_SEARCH)
Papers = _together("Papers", "The warrants and court orders that came; the whole list, each time.", ("warrants",))


class Person(Sent):
    """Who is meant, as the form and the booking say; no answer ever says it again."""

    name: Line
    born: Day | None = None
    file_number: Annotated[StrictStr, Field(min_length=1, max_length=40)] | None = None
    booking_number: Annotated[StrictStr, Field(min_length=1, max_length=40)] | None = None


class NewRequest(Sent):
    """A request as it came, with what is known at once."""

    request: RequestFacts  # type: ignore[valid-type]  # made from the vocabulary
    person: Person
    warrants: _branch("warrants") = Field(default_factory=_absent)  # type: ignore[valid-type]
    reference: Line | None = Field(default=None, description="Your own number for it; kept as personal data.")


class Releasable(Sent):
    """When the person would otherwise walk out: a time, null for never, or `unknown`."""

    releasable_at: Annotated[Any, WithJsonSchema(fact_schema(FACTS["custody.releasable_at"]))]


class Withdrawal(Sent):
    """That the request was taken back."""

    withdrawn_at: Moment


class Release(Sent):
    """That the person was released."""

    released_at: Moment


class NewHook(Sent):
    """Where to be told of what is recorded: an https address that is not inside this house's own network."""

    address: Annotated[StrictStr, Field(min_length=1, max_length=500, json_schema_extra={"format": "uri"})]


class Step(Schema):
    """One event of the ledger, by its place."""

    seq: int
    kind: str


class Receipt(Schema):
    """What was recorded, and what the law answers now. It names nobody."""

    request: str
    number: str
    state: Literal["open", "settled"]
    recorded: list[Step]
    decisions: dict[str, str] = Field(description="What the law says of each decision: may, must, must_not and so on.")


class CameForm(Schema):
    """A form or a page that was told apart on a paper: where it waits, what it is, how much of it was read."""

    draft: str
    form: str | None = Field(description="Null where no form could be read.")
    pages: list[int]
    values: int
    problems: int = Field(description="How many things a person must look at closely; they are shown at the desk.")


class Came(Schema):
    """A paper in the queue. Nothing of it is a fact until a person has confirmed it, and nothing here names anybody."""

    paper: str
    already: bool = Field(False, description="The same bytes came before; nothing was added.")
    read: bool = Field(description="Whether it has been read; `GET /incoming/PAPER` tells when it has.")
    forms: list[CameForm] = Field(description="Empty until it has been read.")


class Clock(Schema):
    """The moments that matter, each null while it is not known or does not apply."""

    now: datetime
    releasable_at: datetime | None
    hold_started: datetime | None
    hold_ends: datetime | None
    alarm_at: datetime | None = Field(description="The earliest end of the hold under any reading of the law.")
    overdue: bool = Field(description="Whether the person should be out by now.")
    past_release_seconds: int | None = Field(
        description="How long the person was kept past release, once they are out."
    )


class State(Schema):
    """A request as it now stands. It names nobody."""

    request: str
    number: str
    agency: str
    state: Literal["open", "settled"]
    form: str
    asks: list[str]
    from_: str = Field(serialization_alias="from")
    purpose: str
    received_at: datetime
    decided_at: datetime | None
    decisions: dict[str, str]
    steps: dict[str, datetime] = Field(description="What was done, by kind: held, told, declined, released and so on.")
    clock: Clock


class Page(Schema):
    """Some requests, the earliest received first; `next` is the `after` of the page that follows, null at the end."""

    requests: list[State]
    next: str | None


class Answered(Schema):
    """The last answer of the law, as `detainer decide` prints it, and whether something became known since."""

    request: str
    at: datetime
    stale: bool
    answer: dict[str, Any]


class Hook(Schema):
    """An address that is told of every step."""

    hook: str
    address: str


class NewHookSaid(Hook):
    """The same, with what signs the messages to it."""

    secret: str


class Hooks(Schema):
    """The addresses of the agency that are told."""

    hooks: list[Hook]


class ProblemShape(Schema):
    """What is wrong, in one sentence (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str

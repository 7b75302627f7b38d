"""A mapping: how the columns of a table become requests. Written in YAML, one file a kind of table."""

from __future__ import annotations

from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from detainer.errors import UserError
from detainer.law.files import parse_documents


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Received(_Part):
    """From which column, and in which form, the day comes that a request is counted on."""

    column: str
    format: Literal["YYYY-MM-DD", "MM/DD/YYYY", "DD/MM/YYYY", "DD.MM.YYYY"]
    precision: Literal["day"]
    earliest: date
    says: str


class Place(_Part):
    """The columns that name the facility and its state, and the table that says which agency runs it."""

    column: str
    state: str
    table: str


class Facts(_Part):
    """What every row says, and what the values of a column say; all in the form of a case file."""

    always: dict[str, Any]
    columns: dict[str, dict[str, dict[str, Any]]]


class Mapping(_Part):
    """How one kind of table is read. `columns` gives each column's names in files; a cell in `blank` is empty."""

    id: str
    title: str
    source: str
    columns: dict[str, tuple[str, ...]]
    required: tuple[str, ...]
    blank: tuple[str, ...]
    received: Received
    place: Place
    facts: Facts
    keep: tuple[str, ...]

    @model_validator(mode="after")
    def _columns_are_listed(self) -> Self:
        used = {self.received.column, self.place.column, self.place.state, *self.required, *self.facts.columns}
        if unknown := sorted((used | set(self.keep)) - set(self.columns)):
            raise ValueError(f"uses the column {unknown[0]!r}, which `columns` does not list")
        return self

    @classmethod
    def load(cls, name: str) -> Mapping:
        """The shipped mapping `name`, or the mapping in the file `name` (a path ending in .yaml); UserError if bad."""
        shipped = resources.files("detainer.intake") / "mappings"
        file = Path(name) if name.endswith((".yaml", ".yml")) else shipped / f"{name}.yaml"
        if not file.is_file():
            known = ", ".join(sorted(entry.name.removesuffix(".yaml") for entry in shipped.iterdir()))
            raise UserError(f"there is no mapping {name!r}", where="--mapping", fix=f"Known: {known}.")
        try:
            return cls.model_validate(next(parse_documents(file.read_text(encoding="utf-8"), name), {}))
        except UnicodeDecodeError:
            raise UserError("is not UTF-8 text", where=name) from None
        except ValidationError as error:
            first = error.errors()[0]
            at = ".".join(str(step) for step in first["loc"])
            raise UserError(f"{at}: {first['msg']}" if at else first["msg"], where=name) from error

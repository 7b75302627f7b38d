"""The data of the site: CSV tables, each column described, as a Frictionless package and a DCAT-US catalog entry."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final

from detainer.record.agencies import book
from detainer.report import claims, offenses, published
from detainer.site.numbers import month_days, name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detainer.site.gather import Material

Cells = list[str | int | float]
TEXT, WHOLE, NUMBER, DAY = "string", "integer", "number", "date"
_WHO: Final = (
    ("figure", TEXT, "the number's name, as pages and record/figures.json have it"),
    ("agency", TEXT, "the agency's id"),
    ("item", TEXT, "what is counted, as an id"),
)
Columns = tuple[tuple[str, str, str], ...]  # of each: name, type, what it is
Described = tuple[str, Columns]  # what a table holds, and its columns
TABLES: Final[dict[str, Described]] = {
    "record-years.csv": (
        "Counts of the record by year.",
        (
            *_WHO,
            ("label", TEXT, "what is counted, in words"),
            ("kind", TEXT, "calendar year, year to June or year to September; never to be mixed"),
            ("from", DAY, "first day, by the agency's clock"),
            ("to", DAY, "last day, which belongs to it"),
            ("over", TEXT, "yes, or no where the year was not over when it was counted"),
            ("value", WHOLE, "the number; empty where the record cannot say"),
            ("not_recorded", WHOLE, "requests received in the year whose outcome nobody recorded; empty in a gap"),
            ("definition", TEXT, "what the number counts"),
            ("basis", TEXT, "what was counted, and what is not known of it"),
        ),
    ),
    "record-months.csv": (
        "Counts of the record by month; a month without any is left out.",
        (
            *_WHO,
            ("month", TEXT, "the month, as 2016-01"),
            ("value", WHOLE, "the number"),
        ),
    ),
    "published-figures.csv": (
        "Figures that others published.",
        (
            ("id", TEXT, "the figure's own name"),
            ("agency", TEXT, "whose figure it is"),
            ("from", DAY, "first day of the period"),
            ("to", DAY, "last day of the period"),
            ("kind", TEXT, "calendar year, year to June, year to September, or another span"),
            ("measure", TEXT, "what it counts, as an id"),
            ("label", TEXT, "what it counts, in words"),
            ("value", NUMBER, "the number; empty for a gap"),
            ("state", TEXT, "stands, gap, replaced or withdrawn"),
            ("sure", TEXT, "how sure it is: high, medium, low; empty for a gap"),
            ("source", TEXT, "who published it, when and where"),
            ("see", TEXT, "the figure that replaced it"),
            ("note", TEXT, "what a reader should know of it"),
        ),
    ),
    "claims.csv": (
        "Claims made in public, computed again.",
        (
            ("id", TEXT, "the claim's own name"),
            ("who", TEXT, "who made it"),
            ("when", TEXT, "when, as far as known"),
            ("says", TEXT, "our short account of it"),
            ("claimed", TEXT, "the number that was claimed, and how it must fit"),
            ("sum", TEXT, "what was computed, over ids of published-figures.csv"),
            ("series", TEXT, "own: what the claim speaks of; other: another series"),
            ("result", NUMBER, "what came out; empty where a figure is not known"),
            ("fits", TEXT, "yes or no"),
            ("verdict", TEXT, "of the whole claim"),
            ("note", TEXT, "what to add to it"),
        ),
    ),
    "offenses.csv": (
        "The list of violent or serious crimes of New York City's law, as this program ships it.",
        (
            ("jurisdiction", TEXT, "whose law the offense is of"),
            ("law", TEXT, "PL for the Penal Law, VTL for the Vehicle and Traffic Law"),
            ("section", TEXT, "the section, to be compared as text"),
            ("subdivisions", TEXT, "the subdivisions that count, where not all do"),
            ("title", TEXT, "the offense's title"),
            ("class", TEXT, "its class as a felony"),
            ("marks", TEXT, "how it came onto the list"),
            ("from", TEXT, "first day on the list"),
            ("to", TEXT, "last day on the list; empty while it stands"),
            ("grade", TEXT, "how well its being on the list is confirmed, A best"),
            ("source", TEXT, "where that was read"),
            ("note", TEXT, "what to know of it"),
        ),
    ),
}


def tables(material: Material) -> Iterator[tuple[str, list[Cells]]]:
    """Each file of TABLES with its rows."""
    yield "record-years.csv", list(_years(material))
    yield "record-months.csv", list(_months(material))
    yield "published-figures.csv", list(_published())
    yield "claims.csv", list(_claims())
    with (book().root / offenses.FILE).open(encoding="utf-8", newline="") as file:
        offense_rows: list[Cells] = [[*row] for row in csv.reader(file)]
    yield "offenses.csv", offense_rows[1:]


def csv_bytes(file: str, rows: Iterable[Cells]) -> bytes:
    """The table as a CSV file with its head."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column for column, _, _ in TABLES[file][1]])
    writer.writerows(rows)
    return out.getvalue().encode()


def _years(material: Material) -> Iterator[Cells]:
    for told in material.agencies:
        for year in told.years:
            for item in told.items:
                found = year.figure(item.id)
                yield [
                    name(told.agency.id, item.id, year.start, year.end),
                    told.agency.id,
                    item.id,
                    item.label,
                    year.kind,
                    year.start.isoformat(),
                    year.end.isoformat(),
                    "yes" if year.over else "no",
                    "" if found is None or found.value is None else found.value,
                    "" if found is None else found.not_recorded,
                    item.says,
                    "no event in the record" if found is None else found.basis,
                ]


def _months(material: Material) -> Iterator[Cells]:
    for told in material.agencies:
        for item in told.items:
            for month, count in sorted(told.months[item.id].items()):
                named = name(told.agency.id, item.id, *month_days(month))
                yield [named, told.agency.id, item.id, month, count]


def _published() -> Iterator[Cells]:
    for one in published.shipped().values():
        value = "" if one.value is None else one.value
        span = [one.start.isoformat(), one.end.isoformat(), one.kind_of_period]
        said = [one.measure.id, one.measure.label, value, one.state, one.sure, one.source, one.see, one.note]
        yield [one.id, one.agency, *span, *said]


def _claims() -> Iterator[Cells]:
    for judged in claims.shipped_claims():
        claim = judged.claim
        for outcome in judged.outcomes:
            for computed in (*outcome.own, *outcome.instead):
                yield [
                    claim.id,
                    claim.who,
                    str(claim.when),
                    claim.says,
                    claims.claimed(outcome.check),
                    computed.sum.text,
                    "other" if computed in outcome.instead else "own",
                    "" if computed.value is None else round(computed.value, 4),
                    "yes" if computed.fits else "no",
                    str(judged.verdict),
                    claim.note,
                ]


def datapackage(material: Material) -> dict[str, Any]:
    """The package as Frictionless Data describes one."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "detainer-requests",
        "title": "Detainer requests in figures",
        "description": _ABOUT,
        "version": f"{material.basis.size}",
        "created": material.basis.as_of.isoformat(timespec="seconds"),
        "resources": [resource(file, says, columns) for file, (says, columns) in TABLES.items()],
    }


def resource(file: str, says: str, columns: Columns) -> dict[str, Any]:
    """A table as a resource of a package."""
    return {
        "name": file.removesuffix(".csv"),
        "path": file,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "description": says,
        "schema": {
            "fields": [{"name": key, "type": kind, "description": words} for key, kind, words in columns],
            "missingValues": [""],
        },
    }


_ABOUT: Final = (
    "Counts over a ledger of federal immigration detainer requests, figures that others published, and claims computed "
    "again. No personal data."
)


def catalog(material: Material) -> dict[str, Any]:
    """The catalog entry as DCAT-US 1.1 (data.json) has it."""
    modified = material.basis.as_of.date().isoformat()
    publisher = material.agencies[0].agency.name if len(material.agencies) == 1 else "The agencies of this record"
    return {
        "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld",
        "@type": "dcat:Catalog",
        "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
        "dataset": [
            {
                "@type": "dcat:Dataset",
                "identifier": f"detainer-requests/{file.removesuffix('.csv')}",
                "title": says.rstrip("."),
                "description": f"{says} {_ABOUT}",
                "keyword": ["detainer", "immigration", "transparency"],
                "modified": modified,
                "publisher": {"@type": "org:Organization", "name": publisher},
                "contactPoint": {"@type": "vcard:Contact", "fn": publisher, "hasEmail": ""},
                "accessLevel": "public",
                "describedBy": "data/datapackage.json",
                "describedByType": "application/json",
                "distribution": [
                    {
                        "@type": "dcat:Distribution",
                        "downloadURL": f"data/{file}",
                        "mediaType": "text/csv",
                        "format": "CSV",
                    }
                ],
            }
            for file, (says, _) in TABLES.items()
        ],
    }


def as_text(said: dict[str, Any]) -> bytes:
    """An object as a file."""
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()

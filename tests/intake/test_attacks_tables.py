"""Tables that unpack to more than they are, or reach elsewhere: none is read, nothing is recorded, nothing is asked.

docs/security/attacks.md counts them.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from own_home import home

from detainer.intake import uploads
from detainer.record.models import Request

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["home"]
pytestmark = [pytest.mark.django_db, pytest.mark.attack]
POLICE = "us-ny-nyc-police"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
TYPES = (
    f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
LINKED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{{}}</Relationships>'
FIRST = f'<Relationship Id="rId1" Type="{LINKED}/officeDocument" Target="xl/workbook.xml"/>'
SHEET = f'<Relationship Id="rId1" Type="{LINKED}/worksheet" Target="worksheets/sheet1.xml"/>'
BOOK = (
    f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{LINKED}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets>'
    "</workbook>"
)
MEGABYTE = b" " * 1024**2


def book(rows: str, head: str = HEAD, *, more: str = "", dimension: str = "A1:B2") -> dict[str, bytes]:
    """The parts of a spreadsheet."""
    sheet = f'{head}<worksheet xmlns="{MAIN}"><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'
    return {
        "[Content_Types].xml": TYPES.encode(),
        "_rels/.rels": RELS.format(FIRST).encode(),
        "xl/workbook.xml": BOOK.encode(),
        "xl/_rels/workbook.xml.rels": RELS.format(SHEET + more).encode(),
        "xl/worksheets/sheet1.xml": sheet.encode(),
    }


def packed(parts: dict[str, bytes], *, swollen: str = "", megabytes: int = 0) -> bytes:
    """One file; the part `swollen` ends in so many megabytes of blanks, which pack to next to nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name, data in parts.items():
            with made.open(name, "w", force_zip64=False) as part:
                part.write(data)
                for _ in range(megabytes if name == swollen else 0):
                    part.write(MEGABYTE)
    return out.getvalue()


def text(ref: str, said: str) -> str:
    return f'<c r="{ref}" t="inlineStr"><is><t>{said}</t></is></c>'


ROW = f'<row r="1">{text("A1", "prepare_date")}{text("B1", "detainer_type")}</row>'
SWOLLEN = "xl/sharedStrings.xml"


def swollen() -> bytes:
    return packed(book(ROW), swollen="xl/worksheets/sheet1.xml", megabytes=210)


def strings() -> bytes:
    """Two million shared texts, each told by a few bytes."""
    more = f'<Relationship Id="rId2" Type="{LINKED}/sharedStrings" Target="sharedStrings.xml"/>'
    table = f'{HEAD}<sst xmlns="{MAIN}">' + "<si><t>a</t></si>" * 2_000_000 + "</sst>"
    return packed({**book(ROW, more=more), SWOLLEN: table.encode()})


def entities() -> bytes:
    """A text that names itself ten times, ten times over."""
    deep = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    head = f'{HEAD}<!DOCTYPE worksheet [<!ENTITY e0 "lol">{deep}]>'
    return packed(book(f'<row r="1">{text("A1", "&e9;")}</row>', head))


def outside() -> bytes:
    """A text that stands in a file of this machine."""
    head = f'{HEAD}<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return packed(book(f'<row r="1">{text("A1", "&x;")}</row>', head))


def linked() -> bytes:
    """Cells of another book, on another machine."""
    more = f'<Relationship Id="rId9" Type="{LINKED}/externalLink" Target="http://127.0.0.1:9/x" TargetMode="External"/>'
    cells = '<row r="2"><c r="A2"><f>[1]Sheet1!$A$1</f><v>7</v></c></row>'
    return packed(book(ROW + cells, more=more))


def service() -> bytes:
    cells = '<row r="2"><c r="A2"><f>WEBSERVICE("http://127.0.0.1:9/")</f><v>7</v></c></row>'
    return packed(book(ROW + cells))


def far() -> bytes:
    """Two cells that stand as far apart as a sheet goes."""
    return packed(book(f'{ROW}<row r="1048576">{text("XFD1048576", "x")}</row>', dimension="A1:XFD1048576"))


def nested() -> bytes:
    """A file in a file in a file."""
    inner = packed({"a": b"0" * 1000})
    for _ in range(50):
        inner = packed({"inner.xlsx": inner})
    return inner


def climbing() -> bytes:
    return packed({**book(ROW), "../../../../tmp/detainer-climbed": b"x", "/tmp/detainer-climbed": b"x"})  # noqa: S108


def lying() -> bytes:
    """The directory says that the parts are small."""
    made = bytearray(swollen())
    at = made.rindex(b"PK\x01\x02")
    made[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(made)


def many() -> bytes:
    """So many parts that the list of them is the load."""
    return packed({**book(ROW), **{f"xl/media/{n}": b"" for n in range(60_000)}})


MADE: dict[str, Callable[[], bytes]] = {
    "one part of 210 MB": swollen,
    "two million shared texts": strings,
    "entities of entities": entities,
    "a file of this machine": outside,
    "cells of another book": linked,
    "a service asked": service,
    "cells as far apart as they go": far,
    "files in files": nested,
    "names that climb out": climbing,
    "a directory that lies": lying,
    "sixty thousand parts": many,
}


@pytest.mark.parametrize("what", MADE)
def test_a_table_that_is_more_than_it_seems_is_not_taken_in(what: str) -> None:
    told = uploads.take([("t.xlsx", MADE[what]())], POLICE, mapping="ice-foia-2015", only_look=False, author="staff:1")
    assert told.tables == ()
    (problem,) = told.problems
    assert problem.startswith("t.xlsx: ")
    assert "root:" not in problem
    assert len(problem) < 300
    assert not Request.objects.exists()

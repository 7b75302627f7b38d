"""Writing the public site: one folder of plain files, whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from detainer.errors import UserError
from detainer.record import export as evidence
from detainer.report import publication
from detainer.site import gather, package
from detainer.site.numbers import numbers
from detainer.site.pages import elsewhere, figures, laws, reports, start, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detainer.site.gather import Material
    from detainer.site.shell import Page

STYLE: Final = Path(__file__).parent / "static" / "site" / "site.css"
OURS: Final = "record/figures.json"  # what tells a folder of ours from somebody's own


@dataclass(frozen=True)
class Done:
    """What was written."""

    files: int
    figures: int
    size: int


def publish(folder: Path) -> Done:
    """Write the site into a folder that is new, empty, or an earlier site, which it replaces; what was written.

    UserError where the folder holds anything else, or the record is empty. Until all is written the earlier one stays.
    """
    _may_replace(folder)
    material = gather.gather()
    material = replace(material, reports=tuple(publication.as_public(report) for report in material.reports))
    with _beside(folder) as making:
        return _write(making, material)


def published(folder: Path) -> int:
    """How many events the site in a folder tells of; 0 where there is none."""
    try:
        return int(json.loads((folder / OURS).read_text(encoding="utf-8"))["size"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _write(folder: Path, material: Material) -> Done:
    evidence.write(folder / "record", size=material.basis.size)
    told = list(numbers(material))
    digests = {}
    for path, content in _files(material):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        digests[path] = sha256(content).hexdigest()
    statement = {
        "size": material.basis.size,
        "root": material.basis.root,
        "as_of": material.basis.as_of.isoformat(timespec="seconds"),
        "figures": [number.as_json() for number in told],
        "files": digests,
    }
    (folder / OURS).write_bytes(package.as_text(statement))
    return Done(sum(1 for path in folder.rglob("*") if path.is_file()), len(told), material.basis.size)


def _files(material: Material) -> Iterator[tuple[str, bytes]]:
    """Every file but the record's own, as (path, content)."""
    lengths = {}
    for file, rows in package.tables(material):
        lengths[file] = len(rows)
        yield f"data/{file}", package.csv_bytes(file, rows)
    yield "data/datapackage.json", package.as_text(package.datapackage(material))
    yield "data.json", package.as_text(package.catalog(material))
    for page in _pages(material, lengths):
        yield page.path, page.html(material).encode()
    yield from reports.files(material)
    yield "site.css", STYLE.read_bytes()


def _pages(material: Material, lengths: dict[str, int]) -> Iterator[Page]:
    yield start.page(material)
    yield from figures.pages(material)
    yield from elsewhere.pages(material)
    yield elsewhere.claims_page()
    yield from reports.pages(material)
    yield from laws.pages(material.basis.as_of.date())
    yield words.methods(material)
    yield words.dictionary(package.TABLES, lengths)
    yield words.check(material)


def _may_replace(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UserError("is a file, and a folder is needed", where=str(folder))
    if folder.is_dir() and any(folder.iterdir()) and not (folder / OURS).is_file():
        raise UserError("holds something that is no site of ours", where=str(folder), fix="Name a new folder.")


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A folder beside the other, which takes its place when all went well and is gone when not."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        making.chmod(0o755)
        yield making
        old = making.with_name(f"{making.name}-old")
        if folder.exists():
            folder.rename(old)
        making.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(making, ignore_errors=True)

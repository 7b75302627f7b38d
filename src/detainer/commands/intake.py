"""`detainer intake`: papers, and rows of tables, into the record's reach."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from detainer import setup
from detainer.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from detainer.intake.mailbox import Mailbox
    from detainer.intake.models import Paper
    from detainer.intake.paper.reading import Reading

Files = Annotated[
    list[Path] | None,
    typer.Argument(help="Papers (PDF, PNG, JPEG, TIFF), or one table (CSV, XLSX, JSON) with --mapping."),
]
Agency = Annotated[str, typer.Option(help="The agency whose requests to take in, such as us-ny-nyc-police.")]
MappingName = Annotated[str, typer.Option("--mapping", help="How to read a table's columns: a name, or a .yaml file.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be read in; write nothing.")]
Format = Annotated[Literal["text", "json"], typer.Option("--format", help="How to tell what was done.")]
Watch = Annotated[Path | None, typer.Option(help="A folder to take in what is put into it, until stopped.")]
FromMail = Annotated[bool, typer.Option("--mailbox", help="Take in what is mailed to DETAINER_MAILBOX, until stopped.")]
Clear = Annotated[int, typer.Option(help="Remove the papers set aside that came more than so many days ago.", min=0)]
Once = Annotated[bool, typer.Option("--once", help="With --watch or --mailbox: go round once and end.")]
_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".json")
_ROUND = 2.0  # seconds between two looks into a folder
_MAIL_ROUND = 30.0  # and into a mailbox


def intake(  # noqa: PLR0913  an argument an option
    files: Files = None,
    *,
    agency: Agency,
    mapping: MappingName = "",
    dry_run: DryRun = False,
    form: Format = "text",
    watch: Watch = None,
    mailbox: FromMail = False,
    once: Once = False,
    clear: Clear = 0,
) -> int:
    """Take papers into the queue, where a person confirms what was read; or a table's rows into the record.

    The same paper, and the same row, is never taken in twice. Exit code 1 where something could not be read.
    """
    if clear:
        return _clear(agency, clear)
    if watch or mailbox:
        if files or dry_run:
            raise UserError("--watch and --mailbox take no files and no --dry-run")
        return _waiting(watch, agency, mapping, mailbox=mailbox, once=once)
    if not files:
        raise UserError("name a file, or --watch FOLDER, or --mailbox")
    tables = [file for file in files if mapping or file.suffix.lower() in _TABLES]
    if not tables:
        return _papers(files, agency, dry_run=dry_run, form=form)
    if len(files) > 1:
        raise UserError("a table is read alone, without other files", where=str(tables[0]))
    if not mapping:
        raise UserError("is a table and needs --mapping to say how to read it", where=str(tables[0]))
    return _table(files[0], agency, mapping, dry_run=dry_run, form=form)


def _clear(agency: str, days: int) -> int:
    setup.django(make=True)
    from detainer.intake import papers
    from detainer.record.agencies import book

    book().agency(agency, "--agency")
    gone = papers.clear(agency, days)
    print(f"{gone} paper{'' if gone == 1 else 's'} that had been set aside removed")
    return 0


def _waiting(watch: Path | None, agency: str, mapping: str, *, mailbox: bool, once: bool) -> int:
    """Take in what comes and read it, until stopped.

    A folder or mailbox that fails is told and tried again, or ends `--once`.
    """
    setup.django(make=True)
    from detainer.intake import background
    from detainer.record.agencies import book

    book().agency(agency, "--agency")
    look = _looking(watch, agency, mapping, _mailbox() if mailbox else None, still=0 if once else 2.0)
    if once:
        look(mail_too=True)
        background.drain(_was_read)
        return 0
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    reading = background.start(stop, _was_read)
    last = -_MAIL_ROUND
    while not stop.is_set():
        mail_too = time.monotonic() - last >= _MAIL_ROUND
        last = time.monotonic() if mail_too else last
        try:
            look(mail_too=mail_too)
        except UserError as error:
            print(error.line(), file=sys.stderr, flush=True)
        stop.wait(_ROUND)
    for thread in reading:
        thread.join()
    return 0


def _was_read(paper: Paper, found: Reading) -> None:
    from detainer.intake import uploads

    _tell(uploads.read(uploads.shown(paper.name) if paper.way == "folder" else f"paper {paper.id[:8]}", found))


def _looking(
    watch: Path | None, agency: str, mapping: str, box: Mailbox | None, *, still: float
) -> Callable[..., None]:
    """One look into the folder and, where its turn has come, into the mailbox."""
    from detainer.intake import folder, papers
    from detainer.intake import mailbox as mail

    def look(*, mail_too: bool) -> None:
        if watch:
            folder.turn(watch, agency, mapping=mapping, author=papers.AUTHOR, told=_tell, still=still)
        if box and mail_too:
            mail.turn(box, agency, author=papers.AUTHOR, told=_tell)

    return look


def _mailbox() -> Mailbox:
    from detainer.house import house
    from detainer.intake.mailbox import Mailbox

    address = house().mailbox
    if address is None:
        raise UserError("is not set", where="DETAINER_MAILBOX", fix="Write imaps://user:password@host/INBOX.")
    return Mailbox.read(address.get_secret_value())


def _tell(line: str) -> None:
    print(line, flush=True)


def _table(file: Path, agency: str, mapping: str, *, dry_run: bool, form: str) -> int:
    setup.django(make=True)
    from detainer.intake import csvfile

    console = Console(stderr=True)
    columns = SpinnerColumn(), TextColumn("{task.completed:,} rows"), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task("rows", total=None)
        summary = csvfile.read(
            file, agency, mapping, dry_run=dry_run, progress=lambda done: shown.update(task, completed=done)
        )
    print(json.dumps(summary.as_json(), ensure_ascii=False) if form == "json" else summary.as_text())
    return 1 if summary.bad else 0


def _papers(files: list[Path], agency: str, *, dry_run: bool, form: str) -> int:
    setup.django(make=True)
    from detainer.intake import papers

    bad = False
    for file in files:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise UserError(f"cannot be read: {(error.strerror or str(error)).lower()}", where=str(file)) from None
        taken = papers.take(data, str(file), agency, "file", dry_run=dry_run)
        told = taken.as_json()
        bad = bad or all(one["form"] is None for one in told)
        for one in told:
            print(json.dumps(one, ensure_ascii=False) if form == "json" else _told(one))
        if form == "text" and taken.already:
            print("  already in the queue or the record: the same bytes came before")
    return 1 if bad else 0


def _told(one: dict[str, Any]) -> str:
    """A form for the person who ran the command: each value with its page and score."""
    pages = ", ".join(map(str, one["pages"]))
    lines = [f"{one['file']}: {one['form'] or 'no form'}{f', page {pages}' if pages else ''}"]
    for name, said in one["fields"].items():
        value = said["value"]
        words = ", ".join(value) if isinstance(value, list) else {True: "yes", False: "no"}.get(value, value)
        lines.append(f"  {name:16} {words or 'none'}   (page {said['page']}, {said['source']}, {said['score']:.2f})")
    return "\n".join([*lines, *(f"  ! {problem}" for problem in one["problems"])])

"""`detainer demo`: the public story of 2016 and 2017, loaded through the same steps as any request, and served."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from detainer import setup
from detainer.commands.serve import HOST, PORT, Host, Port, anew, claim

if TYPE_CHECKING:
    from detainer.desk.duties.demonstration import SignIn

Sheriffs = Annotated[
    bool,
    typer.Option("--sheriffs", help="Also the same ten requests before a Texas and a California sheriff."),
]
Serve = Annotated[bool, typer.Option("--serve/--no-serve", help="Start the desk, or only load and return.")]


def demo(serve: Serve = True, sheriffs: Sheriffs = False, host: Host = HOST, port: Port = PORT) -> None:
    """Load the demonstration where it is not loaded yet, say how to sign in, and start the desk.

    Everybody in it is made up. It is never loaded into a record that holds real requests.
    """
    if serve:
        claim(host, port)
    setup.django(make=True)
    with setup.failures_told():
        people = _load()
        if sheriffs:
            people += _load_sheriffs()
            print(_side_by_side())
        _publish()
    print("A demonstration of Detainer Desk: made-up people, the totals that the public knows.")
    print(f"The record is {setup.place()}. Sign in as\n")
    for person in people:
        print(f"  {person.account:<12}{person.duty:<20}password: {person.password}")
    if not serve:
        print("\nStart the desk with `./run serve`.")
        return
    print(flush=True)
    anew(host, port)


def _publish() -> None:
    """The public site of the demonstration, where what was published last does not tell of all that is loaded."""
    from detainer.house import house
    from detainer.record import ledger
    from detainer.site import export

    loaded = ledger.head().size
    if export.published(house().public) < loaded:
        export.publish(house().public)


def _load_sheriffs() -> tuple[SignIn, ...]:
    """The second demonstration in the record, and its accounts."""
    from detainer import demo as demonstration
    from detainer.desk.duties.demonstration import sheriffs_sign_ins

    people = sheriffs_sign_ins(demonstration.SHERIFFS)
    by = {person.account: person.author for person in people}
    demonstration.load_sheriffs(authors=demonstration.Authors(officer=by["taylor"], reviewer=by["moreno"]))
    return people


def _side_by_side() -> str:
    """How the two sheriffs' answers to the ten requests differ, and why."""
    from detainer import demo as demonstration
    from detainer.clock import now
    from detainer.law import Case, LawBook
    from detainer.law import land as the_land

    book, moment, told = LawBook.load(), now().replace(second=0, microsecond=0), []
    for number, (about, tale) in enumerate(demonstration.ten(moment), start=1):
        head = {"id": f"request {number}", "about": about, "agency": demonstration.SHERIFFS[0], "at": tale.steps[0].at}
        case = Case.read(head | dict(tale.facts))
        told.append(the_land.text(case, the_land.land(book, case, demonstration.SHERIFFS)))
    return "\n\n".join(told) + "\n"


def _load() -> tuple[SignIn, ...]:
    """The demonstration in the record, and the accounts that its steps were entered by."""
    from rich.console import Console
    from rich.progress import Progress

    from detainer import demo as demonstration
    from detainer.demo.story import AGENCY
    from detainer.desk.duties.demonstration import sign_ins
    from detainer.record import journal

    # Before any account is made: this refuses a record that holds real requests.
    journal.open_record(demonstration=True)
    people = sign_ins(AGENCY)
    by = {person.account: person.author for person in people}
    authors = demonstration.Authors(officer=by["ruiz"], reviewer=by["okafor"])
    with Progress(console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("Loading the demonstration", total=None)
        demonstration.load(lambda done, of: bar.update(task, completed=done, total=of), authors=authors)
    return people

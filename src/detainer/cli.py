"""The command `detainer`: assembles the commands, each of which lives in a module of its own."""

from __future__ import annotations

import difflib
import importlib
import sys
from typing import NoReturn

from detainer import __version__
from detainer.errors import UserError

# name → (module, attribute, one line for `--help`); a module is imported only when its command is called.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "demo": ("detainer.commands.demo", "demo", "Load the demonstration, say how to sign in, start the desk."),
    "watch": ("detainer.commands.watch", "watch", "Watch the clocks and raise alerts; serve runs one beside the desk."),
    "serve": ("detainer.commands.serve", "serve", "Start the desk on the record that is there."),
    "migrate": ("detainer.commands.migrate", "migrate", "Make the database, or bring an older one up to date."),
    "intake": ("detainer.commands.intake", "intake", "Take papers into the queue, or a table's rows into the record."),
    "report": ("detainer.commands.report", "report", "Count what a law wants reported."),
    "brief": ("detainer.commands.brief", "brief", "Compare one period of a report with another."),
    "publish": ("detainer.commands.publish", "publish", "Write the public site as plain files."),
    "figures": ("detainer.commands.figures", "figures", "List what others published, with period and source."),
    "claims": ("detainer.commands.claims", "claims", "Judge what was said in public, with the arithmetic shown."),
    "backup": (
        "detainer.commands.backup",
        "backup",
        "Copy the embedded record into one file, while the desk works.",
    ),
    "land": ("detainer.commands.land", "land", "Show what each place says of the same facts."),
    "verify": ("detainer.commands.verify", "verify", "Re-read the record and name everything that was changed."),
    "checkpoint": ("detainer.commands.checkpoint", "checkpoint", "Print or export the record's signed checkpoints."),
    "proof": ("detainer.commands.proof", "proof", "Prove a request's steps to a court."),
    "paper": ("detainer.commands.paper", "paper", "Make a reply, a notice, an order or a file for a court."),
    "retention": (
        "detainer.commands.retention",
        "retention",
        "Expunge what the agencies keep no longer, by two people.",
    ),
    "rebuild": ("detainer.commands.rebuild", "rebuild", "Derive every request's present state anew from its events."),
    "keys": ("detainer.commands.keys", "keys", "Make, change and list the keys that sign the record."),
    "token": ("detainer.commands.token", "token", "The tokens by which programs use the HTTP interface."),
    "account": ("detainer.commands.account", "account", "Give an account a duty, by the operator's own act."),
    "decide": (
        "detainer.commands.decide",
        "decide",
        "Decide the cases of a file under every law that binds the agency.",
    ),
    "replay": ("detainer.commands.replay", "replay", "Decide published rows under the law of their day, and count."),
    "data": ("detainer.commands.data", "data", "Judge a published table before use; count it over time."),
    "law": ("detainer.commands.law", "law", "The laws: read them, try them, compare them."),
}


def main() -> NoReturn:
    """Run the command line; a user's mistake ends as one line on standard error and exit code 2."""
    try:
        code = _run(sys.argv[1:])
    except UserError as error:
        _fail(*error.lines())
    except KeyboardInterrupt:
        _fail("stopped.", code=130)
    except Exception as error:
        from detainer.setup import told

        known = told(error)
        if known is None:
            raise
        _fail(*known.lines())
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    """Run one command; its exit code."""
    if not arguments or arguments[0] in {"--help", "-h", "help"}:
        print(usage())
        return 0
    name, *rest = arguments
    if name == "--version":
        print(f"Detainer Desk {__version__}")
        return 0
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, n=1)
        raise UserError(
            "is no command", where=name, fix=f"Meant `{near[0]}`?" if near else "`detainer --help` lists them."
        )
    return _call(name, rest)


def _call(name: str, arguments: list[str]) -> int:
    import typer

    module, attribute, _ = COMMANDS[name]
    found = getattr(importlib.import_module(module), attribute)
    if isinstance(found, typer.Typer):
        app = found
    else:
        app = typer.Typer(add_completion=False)
        app.command()(found)
    app.pretty_exceptions_enable = False
    try:
        code = app(args=arguments, prog_name=f"detainer {name}", standalone_mode=False)
    except typer.TyperException as error:
        raise UserError(error.format_message(), fix=f"Try `detainer {name} --help`.") from None
    except typer.Abort:
        raise KeyboardInterrupt from None
    return code if isinstance(code, int) else 0


def usage() -> str:
    """What `detainer --help` says."""
    width = max(map(len, COMMANDS))
    return "\n".join(
        [
            "Usage: detainer COMMAND [OPTIONS]",
            "",
            "Detainer Desk: decide, record, answer and count federal immigration detainer requests.",
            "",
            *(f"  {name:{width}}  {line}" for name, (_, _, line) in COMMANDS.items()),
            "",
            "`detainer COMMAND --help` tells more of one command, `detainer --version` the version.",
        ]
    )


def _fail(*lines: str, code: int = 2) -> NoReturn:
    for line in lines:
        print(f"error: {line}", file=sys.stderr)
    sys.exit(code)

"""The command `detainer`: assembles the commands, each of which lives in a module of its own."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

import click
import typer
import typer.main

from detainer.errors import UserError

# name → (module, attribute, one line for `--help`); a module is imported only when its command is called.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "decide": ("detainer.commands.decide", "decide", "Decide the cases of a case file under every law that binds the agency."),
}


class _Lazy(click.Group):
    """A group that imports a command only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[name]
        return _command(name, getattr(importlib.import_module(module), attribute))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


def _command(name: str, found: Callable[..., Any] | typer.Typer) -> click.Command:
    """The click command behind a plain function or a typer group."""
    if isinstance(found, typer.Typer):
        return typer.main.get_command(found)
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(name)(found)
    command = typer.main.get_command(app)
    command.name = name
    return command


@click.group(cls=_Lazy, help="Detainer Desk: decide, record, answer and count federal immigration detainer requests.")
@click.version_option(package_name="detainer-desk", prog_name="detainer")
def entry() -> None:
    """The root of all commands."""


def main() -> None:
    """Run the command line; a user's mistake ends as one line on standard error and exit code 2."""
    try:
        entry.main(standalone_mode=False)
    except UserError as error:
        _fail(error.line())
    except click.UsageError as error:
        _fail(f"{error.format_message()} Try `detainer --help`.")
    except (click.Abort, KeyboardInterrupt):
        _fail("stopped.", 130)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)


def _fail(line: str, code: int = 2) -> None:
    print(f"error: {line}", file=sys.stderr)
    sys.exit(code)

"""`detainer law`: the laws themselves, read, tried, compared and begun; each command in a module of its own."""

from __future__ import annotations

import typer

from detainer.commands import law_check, law_diff, law_list, law_new, law_offense, law_prepare, law_show, law_worked

law = typer.Typer(add_completion=False)
law.command("list")(law_list.run)
law.command("show")(law_show.run)
law.command("offense")(law_offense.run)
law.command("test")(law_worked.run)
law.command("check")(law_check.run)
law.command("diff")(law_diff.run)
law.command("new")(law_new.run)
law.command("prepare")(law_prepare.run)


@law.callback(invoke_without_command=True)
def group(context: typer.Context) -> None:
    """The laws: read them, try them, compare them."""
    if context.invoked_subcommand is None:
        print(context.get_help())

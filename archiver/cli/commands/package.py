"""``archiver package``: what is done with a package as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.output import AsJson
from archiver.cli.terminal.console import say, show_json
from archiver.cli.terminal.help import TranslatedTyper, argument_word
from archiver.cli.terminal.language import localize
from formats.words import mark

app = TranslatedTyper(mark("What lies beside a package."))


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    program.add_typer(app, name="package")


@app.command("tools", help=localize(mark("Put beside a package what opens it by hand.")))
def tools(
    *,
    package: Annotated[Path, typer.Argument(help=localize(mark("The package: a file.")))],
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            metavar=argument_word("folder"),
            help=localize(mark("The folder to make; tools beside the package otherwise.")),
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    from archiver.operations.lay_tools import lay_tools

    laid = lay_tools(package, to or package.with_name("tools"))
    if as_json:
        show_json({"tools": 1, "folder": str(laid.folder), "files": list(laid.names)})
        return
    say(
        mark("{folder}: what checks and opens {package} by hand; begin with OPEN-BY-HAND.en.txt."),
        folder=str(laid.folder),
        package=package.name,
    )

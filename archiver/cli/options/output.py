"""Where what a command notices or writes goes: the same options for every such command."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.terminal.help import argument_word
from archiver.cli.terminal.language import localize
from formats.words import mark

Into = Annotated[Path, typer.Option("--into", help=localize(mark("The practice store.")))]
AsJson = Annotated[bool, typer.Option("--json", help=localize(mark("Print one JSON document.")))]


@dataclass(frozen=True, kw_only=True, slots=True)
class OutputOptions:
    """Where all findings are listed, and whether the result is one JSON document, which has them too."""

    report: Annotated[
        Path | None,
        typer.Option("--report", help=localize(mark("Where to list everything that was noticed (CSV)."))),
    ] = None
    as_json: AsJson = False


@dataclass(frozen=True, kw_only=True, slots=True)
class AttributionOutput(OutputOptions):
    """Options of a command that gives what it reads to patients."""

    assign: Annotated[
        Path | None,
        typer.Option(
            "--assign", help=localize(mark("A report in which you filled in the patients' numbers."))
        ),
    ] = None
    preview: Annotated[
        bool,
        typer.Option(
            "--preview", help=localize(mark("Write nothing: say whose everything would be, and why."))
        ),
    ] = False
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            help=localize(
                mark(
                    "Where to list all findings, and what belongs to nobody for sure; in a preview everything (CSV)."
                )
            ),
        ),
    ] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperworkOptions:
    """What the commands that write documents ask."""

    to: Annotated[
        Path,
        typer.Option(
            "--to",
            metavar=argument_word("folder"),
            help=localize(mark("The folder for the documents; made if it is not there.")),
        ),
    ]
    templates: Annotated[
        Path | None,
        typer.Option(
            "--templates",
            help=localize(mark("Folder whose templates take the place of the program's (fr/slip.typ).")),
        ),
    ] = None
    with_data: Annotated[
        bool,
        typer.Option(
            "--with-data", help=localize(mark("Write beside each document, as JSON, what its template gets."))
        ),
    ] = False

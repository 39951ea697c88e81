"""``archiver collect``: from the practice and imaging software into the practice store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AttributionOutput, OutputOptions
from archiver.cli.options.passphrases import from_file
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from formats.words import mark

app = TranslatedTyper(mark("Take everything into the practice store."))

Into = Annotated[Path, typer.Option("--into", help=localize(mark("The practice store.")))]
IntoNew = Annotated[
    Path, typer.Option("--into", help=localize(mark("The practice store; made if it is not there.")))
]
Folder = Annotated[Path, typer.Argument(help=localize(mark("The folder.")))]
Assign = Annotated[
    Path | None,
    typer.Option("--assign", help=localize(mark("A report in which you filled in the patients' numbers."))),
]


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.add_typer(app, name="collect")


@app.command("opendental", help=localize(mark("Collect Open Dental: a server's URL or a SQLite copy.")))
@taking_groups
def opendental(
    *,
    source: Annotated[str, typer.Argument(help=localize(mark("mysql://USER@HOST/DATABASE, or a file.")))],
    into: IntoNew,
    images: Annotated[
        Path | None,
        typer.Option("--images", help=localize(mark("The folder of images and documents (A to Z)."))),
    ] = None,
    practice: Annotated[
        str | None,
        typer.Option(
            "--practice", help=localize(mark("A stable number of the practice, such as its FINESS."))
        ),
    ] = None,
    password_file: Annotated[
        Path | None,
        typer.Option(
            "--password-file", help=localize(mark("File whose first line is the server's password."))
        ),
    ] = None,
    time_zone: Annotated[
        str,
        typer.Option("--time-zone", help=localize(mark("The practice's time zone; Open Dental notes none."))),
    ] = "Europe/Paris",
    output: OutputOptions,
) -> int:
    from archiver.cli.run import collect

    password = from_file(password_file) if password_file else ""
    return collect.opendental(
        source,
        into,
        password=password,
        images=images,
        practice=practice,
        time_zone=time_zone,
        output=output,
    )


@app.command("dicom", help=localize(mark("Collect a folder of DICOM images or a DICOMDIR.")))
@taking_groups
def dicom(
    *,
    folder: Folder,
    into: Into,
    assign: Assign = None,
    output: AttributionOutput,
) -> int:
    from archiver.cli.run import collect

    return collect.imaging(folder, into, assign=assign, output=output)


@app.command("documents", help=localize(mark("Collect a folder of documents that a list (CSV) describes.")))
@taking_groups
def documents(
    *,
    folder: Folder,
    into: Into,
    listing: Annotated[
        Path | None, typer.Option("--csv", help=localize(mark("The list, if it is not beside the folder.")))
    ] = None,
    assign: Assign = None,
    output: AttributionOutput,
) -> int:
    from archiver.cli.run import collect

    return collect.papers(folder, into, listing=listing, assign=assign, output=output)

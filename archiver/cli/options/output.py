"""Where what a command notices or writes goes: the same options for every such command."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.terminal.language import localize
from archiver.cli.terminal.names import visible_name
from archiver.cli.terminal.usage_errors import SayHow
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
        typer.Option("--to", help=localize(mark("The folder for the documents; made if it is not there."))),
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


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryOptions:
    """Whose dossiers go where, and for whom, as the command line says it.

    Raises:
        SayHow: when it is not said whose, or two things are said that do not go together.
    """

    to: Annotated[
        Path,
        typer.Option(
            "--to",
            help=localize(
                mark(
                    "The folder to make; with --zip and one patient, the ZIP; with --node or --server, "
                    "the list of what was sent."
                )
            ),
        ),
    ]
    patient: Annotated[
        list[str] | None,
        typer.Option("--patient", help=localize(mark("Whose dossier: as archiver show takes a patient."))),
    ] = None
    roster: Annotated[
        Path | None,
        typer.Option("--roster", help=localize(mark("The dossiers of the patients of this list."))),
    ] = None
    everybody: Annotated[
        bool, typer.Option("--all", help=localize(mark("The dossiers of all patients.")))
    ] = False
    zipped: Annotated[
        bool,
        typer.Option("--zip", help=localize(mark("One encrypted ZIP a person, for a passphrase of words."))),
    ] = False
    tables: Annotated[
        bool,
        typer.Option(
            "--tables", help=localize(mark("The records as tables for a spreadsheet (CSV), one a kind."))
        ),
    ] = False
    xlsx: Annotated[
        bool,
        typer.Option("--xlsx", help=localize(mark("With --tables: one workbook of all tables as well."))),
    ] = False
    node: Annotated[
        str,
        typer.Option(
            "--node", help=localize(mark("Send the DICOM images to this node: PACS@192.168.1.20:104."))
        ),
    ] = ""
    server: Annotated[
        str,
        typer.Option(
            "--server",
            help=localize(mark("Send dossiers and documents to this FHIR server: https://HOST/fhir.")),
        ),
    ] = ""
    token_file: Annotated[
        Path | None,
        typer.Option(
            "--token-file",
            help=localize(mark("File whose first line the FHIR server lets in (access token).")),
        ),
    ] = None
    by: Annotated[
        str,
        typer.Option(
            "--by", callback=visible_name, help=localize(mark("Who hands over (journal of the store)."))
        ),
    ] = ""
    receiver: Annotated[
        str,
        typer.Option(
            "--receiver",
            callback=visible_name,
            help=localize(mark("Who receives it (journal of the store).")),
        ),
    ] = ""

    def __post_init__(self) -> None:
        if bool(self.patient) + (self.roster is not None) + self.everybody != 1:
            raise SayHow(mark("Say whose dossiers: --patient, --roster or --all"))
        if self.zipped + self.tables + bool(self.node) + bool(self.server) > 1:
            raise SayHow(mark("Say one of --zip, --tables, --node and --server"))
        if self.xlsx and not self.tables:
            raise SayHow(mark("A workbook is of tables: --tables"))
        if self.token_file is not None and not self.server:
            raise SayHow(mark("An access token is for a FHIR server: --server"))

"""Whose dossiers go where, in which form, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

import typer

from archiver.cli.options.delivery.forms import SEALED, AsForm, DeliveryForm
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.names import visible_name
from archiver.cli.terminal.usage_errors import SayHow
from formats.words import mark


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
                    "What to make: a folder, the ZIP of one patient or the archive, by --as; with --node, --dicomweb "
                    "or --server the list of what was sent."
                )
            ),
        ),
    ]
    form: AsForm = DeliveryForm.FOLDER
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
    node: Annotated[
        str,
        typer.Option(
            "--node", help=localize(mark("Send the DICOM images to this node: PACS@192.168.1.20:104."))
        ),
    ] = ""
    dicomweb: Annotated[
        str,
        typer.Option(
            "--dicomweb",
            help=localize(mark("Send the DICOM images to this server (STOW-RS): https://HOST/dicom-web.")),
        ),
    ] = ""
    encapsulate: Annotated[
        bool,
        typer.Option(
            "--encapsulate",
            help=localize(
                mark("With --node or --dicomweb: pictures, PDF and 3D models too, as DICOM objects.")
            ),
        ),
    ] = False
    user: Annotated[
        str,
        typer.Option("--user", help=localize(mark("Whom the DICOMweb server lets in by a password."))),
    ] = ""
    password_file: Annotated[
        Path | None,
        typer.Option("--password-file", help=localize(mark("File whose first line is the user's password."))),
    ] = None
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
            help=localize(mark("File whose first line the server lets in (access token).")),
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

    @property
    def sends(self) -> bool:
        """Whether the dossiers go to a target on the network."""
        return bool(self.node or self.dicomweb or self.server)

    @property
    def zipped(self) -> bool:
        """Whether each person's dossiers become one encrypted ZIP."""
        return self.form is DeliveryForm.ZIP

    def __post_init__(self) -> None:
        chosen = bool(self.patient) + (self.roster is not None) + self.everybody
        if chosen and self.form in SEALED:
            raise SayHow(mark("A sealed package goes as a whole: leave out --patient, --roster and --all"))
        if chosen != 1 and self.form not in SEALED:
            raise SayHow(mark("Say whose dossiers: --patient, --roster or --all"))
        asked = (self.form is not DeliveryForm.FOLDER, self.node, self.dicomweb, self.server)
        if sum(map(bool, asked)) > 1:
            raise SayHow(mark("Say one of --as, --node, --dicomweb and --server"))
        self._require_server()

    def _require_server(self) -> None:
        if self.token_file is not None and not (self.server or self.dicomweb):
            raise SayHow(mark("An access token is for a server: --server or --dicomweb"))
        if (self.user or self.password_file is not None) and not self.dicomweb:
            raise SayHow(mark("A user and a password are for a DICOMweb server: --dicomweb"))
        if self.user and self.token_file is not None:
            raise SayHow(mark("A user and an access token exclude each other"))
        if self.password_file is not None and not self.user:
            raise SayHow(mark("A password goes with a user: --user"))
        if self.encapsulate and not (self.node or self.dicomweb):
            raise SayHow(mark("DICOM objects are made for --node or --dicomweb, or by --as dicom"))


@dataclass(frozen=True, kw_only=True, slots=True)
class TablesOptions:
    """What tables may be besides."""

    form: ClassVar[DeliveryForm] = DeliveryForm.TABLES
    xlsx: Annotated[
        bool,
        typer.Option("--xlsx", help=localize(mark("With --as tables: one workbook of all tables as well."))),
    ] = False
    sqlite: Annotated[
        bool,
        typer.Option(
            "--sqlite", help=localize(mark("With --as tables: one SQLite database of all tables as well."))
        ),
    ] = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FhirOptions:
    """How resources of FHIR are laid down."""

    form: ClassVar[DeliveryForm] = DeliveryForm.FHIR
    ndjson: Annotated[
        bool | None,
        typer.Option(
            "--ndjson/--documents",
            help=localize(
                mark(
                    "With --as fhir: all dossiers as NDJSON, or each as a document; if not said, documents for "
                    "--patient."
                )
            ),
        ),
    ] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SedaOptions:
    """What a transfer to an archiving system may say besides."""

    form: ClassVar[DeliveryForm] = DeliveryForm.SEDA
    transfer_terms: Annotated[
        Path | None,
        typer.Option(
            "--transfer-terms",
            help=localize(mark("With --as seda: agreement, agencies and rules of the archive (TOML).")),
        ),
    ] = None

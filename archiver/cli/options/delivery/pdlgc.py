"""What ``deliver --as pdlgc`` takes besides: who signs, who asked, which dossiers, what the practice has not said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, ClassVar

import typer

from archiver import disk
from archiver.cli.options.delivery.forms import DeliveryForm
from archiver.cli.options.passphrases import SignerPassphrase
from archiver.cli.options.register_entries import require_period
from archiver.cli.options.signing import Chain, DeviceModule, TimestampAuthorities
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.names import visible_name
from archiver.cli.terminal.usage_errors import SayHow
from formats.folders import NotAFolder
from formats.mapping.check_digits import is_finess
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class PdlgcOptions:
    """Options of the French portability archive."""

    form: ClassVar[DeliveryForm] = DeliveryForm.PDLGC
    signer: Annotated[
        str | None,
        typer.Option(
            "--signer",
            help=localize(
                mark(
                    "With --as pdlgc: the key that signs, a PKCS#12 file, or pkcs11:token=…;object=… on a device."
                )
            ),
        ),
    ] = None
    signer_passphrase_file: SignerPassphrase = None
    pkcs11_module: DeviceModule = None
    chain: Chain = None
    tsa: TimestampAuthorities = None
    practitioner: Annotated[
        str,
        typer.Option(
            "--practitioner",
            help=localize(
                mark(
                    "With --as pdlgc: of the dossiers those with care by this practitioner, by name or RPPS."
                )
            ),
        ),
    ] = ""
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since",
            formats=["%Y-%m-%d", "%d/%m/%Y"],
            help=localize(
                mark("With --as pdlgc: of the dossiers those with something dated from this day on.")
            ),
        ),
    ] = None
    until: Annotated[
        datetime | None,
        typer.Option(
            "--until",
            formats=["%Y-%m-%d", "%d/%m/%Y"],
            help=localize(
                mark("With --as pdlgc: of the dossiers those with something dated up to this day.")
            ),
        ),
    ] = None
    requester: Annotated[
        str,
        typer.Option(
            "--requester",
            callback=visible_name,
            help=localize(
                mark("With --as pdlgc: who asked for the archive, for the trace that the guide wants.")
            ),
        ),
    ] = ""
    requested_on: Annotated[
        datetime | None,
        typer.Option(
            "--requested-on",
            formats=["%Y-%m-%d", "%d/%m/%Y"],
            help=localize(mark("With --as pdlgc: the day on which it was asked for, for that trace.")),
        ),
    ] = None
    finess: Annotated[
        str,
        typer.Option(
            "--finess",
            help=localize(
                mark(
                    "With --as pdlgc: the FINESS number of the practice, where its software names none; the store "
                    "keeps it."
                )
            ),
        ),
    ] = ""
    contact: Annotated[
        str,
        typer.Option(
            "--contact",
            callback=visible_name,
            help=localize(
                mark(
                    "With --as pdlgc: an e-mail address or a telephone number for questions about the archive."
                )
            ),
        ),
    ] = ""
    rpps: Annotated[
        list[str] | None,
        typer.Option(
            "--rpps",
            help=localize(
                mark("With --as pdlgc: the RPPS number of a practitioner without one: “Kerbrat=99900000029”.")
            ),
        ),
    ] = None

    pdf: Annotated[
        bool,
        typer.Option(
            "--pdf/--no-pdf",
            help=localize(
                mark("With --as pdlgc: readable copies (PDF/A-1) of all documents, as the guide demands.")
            ),
        ),
    ] = True
    pdf_cache: Annotated[
        Path | None,
        typer.Option(
            "--pdf-cache",
            help=localize(
                mark(
                    "With --as pdlgc: a private folder where readable copies stay for the next delivery; they are "
                    "patients' data."
                )
            ),
        ),
    ] = None

    def __post_init__(self) -> None:
        if self.finess and not is_finess(self.finess):
            sentence = mark(
                "{number} is no FINESS number: nine characters, the last of which is their key (Luhn)"
            )
            raise SayHow(localize(sentence, number=self.finess))
        if self.pdf_cache and not self.pdf:
            raise SayHow(mark("--pdf-cache is for readable copies, and --no-pdf makes none"))
        if self.pdf_cache and self.pdf_cache.exists() and not self.pdf_cache.is_dir():
            raise NotAFolder(folder=str(self.pdf_cache))
        if self.pdf_cache and disk.is_open_to_writers(self.pdf_cache):
            raise SayHow(
                localize(
                    mark(
                        "Others can write into {path}, and could give a patient the readable copy of another: take a "
                        "folder that you alone write into (chmod go-w), or a new one"
                    ),
                    path=str(self.pdf_cache),
                )
            )
        require_period(self.since.date() if self.since else None, self.until.date() if self.until else None)

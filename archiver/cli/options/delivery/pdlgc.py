"""What ``deliver --as pdlgc`` takes besides: who signs, who asked, which dossiers, what the practice has not said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

import typer

from archiver.cli.options.delivery.forms import DeliveryForm
from archiver.cli.options.passphrases import SignerPassphrase
from archiver.cli.options.register_entries import require_period
from archiver.cli.options.signing import Chain, DeviceModule
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.names import visible_name
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
                mark("With --as pdlgc: who asked for the archive; whoever receives it, if not said.")
            ),
        ),
    ] = ""
    requested_on: Annotated[
        datetime | None,
        typer.Option(
            "--requested-on",
            formats=["%Y-%m-%d", "%d/%m/%Y"],
            help=localize(mark("With --as pdlgc: the day on which it was asked for; today, if not said.")),
        ),
    ] = None
    finess: Annotated[
        str,
        typer.Option(
            "--finess",
            help=localize(mark("With --as pdlgc: the FINESS number of the practice, where it has none yet.")),
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

    def __post_init__(self) -> None:
        require_period(self.since.date() if self.since else None, self.until.date() if self.until else None)

"""How a signature comes about, as options: whose keys, on which device, stamped by whom, revoked or not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.passphrases import SignerPassphrase
from archiver.cli.terminal.language import localize
from formats.words import mark

DeviceModule = Annotated[
    Path | None,
    typer.Option("--pkcs11-module", help=localize(mark("The library that speaks with the signing device."))),
]
Chain = Annotated[
    list[Path] | None,
    typer.Option(
        "--chain",
        help=localize(
            mark("Certificates above your signing key's that its file lacks: a PEM file or a folder.")
        ),
    ),
]
TimestampAuthorities = Annotated[
    list[str] | None,
    typer.Option(
        "--tsa", help=localize(mark("Address of a time-stamping authority; the next one if it fails."))
    ),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class SigningOptions:
    """What the command line says about signatures; ``archiver.cli.options.signers`` reads it."""

    signer: Annotated[
        str,
        typer.Option(
            "--signer",
            help=localize(mark("Your signing key: a PKCS#12 file, or pkcs11:token=…;object=… on a device.")),
        ),
    ]
    signer_passphrase_file: SignerPassphrase = None
    co_signer: Annotated[
        str | None,
        typer.Option(
            "--co-signer", help=localize(mark("The key of the second practitioner, who signs as well."))
        ),
    ] = None
    co_signer_passphrase_file: Annotated[
        Path | None,
        typer.Option(
            "--co-signer-passphrase-file",
            help=localize(mark("File whose first line opens the second signing key.")),
        ),
    ] = None
    pkcs11_module: DeviceModule = None
    chain: Chain = None
    tsa: TimestampAuthorities = None
    crl: Annotated[
        list[Path] | None,
        typer.Option("--crl", help=localize(mark("Revocation list of today, kept with the signature."))),
    ] = None
    ocsp: Annotated[
        list[Path] | None,
        typer.Option("--ocsp", help=localize(mark("OCSP response of today, kept with the signature."))),
    ] = None

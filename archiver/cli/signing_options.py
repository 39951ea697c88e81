"""How a signature comes about, as options: whose keys, on which device, stamped by whom, revoked or not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.language import tell
from formats.words import mark

SignerKey = Annotated[
    str,
    typer.Option(
        "--signer",
        help=tell(mark("Your signing key: a PKCS#12 file, or pkcs11:token=…;object=… on a device.")),
    ),
]
CoSigner = Annotated[
    str | None,
    typer.Option("--co-signer", help=tell(mark("The key of the second practitioner, who signs as well."))),
]
CoSignerPassphrase = Annotated[
    Path | None,
    typer.Option(
        "--co-signer-passphrase-file", help=tell(mark("File whose first line opens the second signing key."))
    ),
]
DeviceModule = Annotated[
    Path | None,
    typer.Option("--pkcs11-module", help=tell(mark("The library that speaks with the signing device."))),
]
TimestampAuthorities = Annotated[
    list[str] | None,
    typer.Option("--tsa", help=tell(mark("Address of a time-stamping authority; the next one if it fails."))),
]
RevocationLists = Annotated[
    list[Path] | None,
    typer.Option("--crl", help=tell(mark("Revocation list of today, kept with the signature."))),
]
OcspResponses = Annotated[
    list[Path] | None,
    typer.Option("--ocsp", help=tell(mark("OCSP response of today, kept with the signature."))),
]

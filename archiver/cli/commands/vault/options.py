"""Options of the commands of a vault: which one, who hosts its storages, and who signs its receipts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.passphrases import SignerPassphrase
from archiver.cli.options.register_entries import text_option
from archiver.cli.options.signing import Chain, DeviceModule, TimestampAuthorities
from archiver.cli.terminal.language import localize
from formats.words import mark

VaultPath = Annotated[Path, typer.Argument(help=localize(mark("The folder of the vault.")))]
Credentials = Annotated[
    Path | None,
    typer.Option(
        "--credentials",
        help=localize(
            mark(
                "File with the credentials of the object storages, in the section of a storage's name or"
                " [default]; without it, those of the environment."
            )
        ),
    ),
]
PackageName = Annotated[str, typer.Argument(help=localize(mark("The identifier of the package or the set.")))]


@dataclass(frozen=True, kw_only=True, slots=True)
class HostingOptions:
    """Who hosts a storage, and by which HDS certificate, or why without one."""

    host: Annotated[str, text_option("--host", mark("The name of the host."))] = ""
    certificate: Annotated[
        str, text_option("--certificate", mark("The number of the certificate (HDS)."))
    ] = ""
    scope: Annotated[str, text_option("--scope", mark("The activities that the certificate covers."))] = ""
    certifier: Annotated[str, text_option("--certifier", mark("The body that certified."))] = ""
    until: Annotated[
        str, typer.Option("--until", help=localize(mark("The last day of the certificate.")))
    ] = ""
    uncertified: Annotated[
        str, text_option("--uncertified", mark("Why the host has no certificate; it is written down."))
    ] = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptSignerOptions:
    """Who signs the receipts of deposits."""

    signer: Annotated[
        str,
        typer.Option(
            "--signer",
            help=localize(mark("The signing key of the vault: a PKCS#12 file, or pkcs11:… on a device.")),
        ),
    ]
    signer_passphrase_file: SignerPassphrase = None
    pkcs11_module: DeviceModule = None
    chain: Chain = None
    tsa: TimestampAuthorities = None

"""Options of the commands of a vault: which one, who hosts its storages, and who signs its receipts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.passphrases import SignerPassphrase
from archiver.cli.options.register_entries import (
    CertificateEnd,
    CertificateNumber,
    CertificateScope,
    Certifier,
    text_option,
)
from archiver.cli.options.signing import Chain, DeviceModule, TimestampAuthorities
from archiver.cli.terminal.language import localize
from archiver.vault.description import MAX_PARITY_PERCENT
from formats.regular_files import open_regular
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
ParityPercent = Annotated[
    int,
    typer.Option(
        "--parity",
        min=0,
        max=MAX_PARITY_PERCENT,
        help=localize(
            mark("Parity (PAR2) that every deposit gets, in percent of its bytes, such as 10; 0: none.")
        ),
    ),
]
PackageName = Annotated[str, typer.Argument(help=localize(mark("The identifier of the package or the set.")))]


@dataclass(frozen=True, kw_only=True, slots=True)
class HostingOptions:
    """Who hosts a storage, and by which HDS certificate, or why without one."""

    host: Annotated[str, text_option("--host", mark("The name of the host."))] = ""
    certificate: CertificateNumber = ""
    scope: CertificateScope = ""
    certifier: Certifier = ""
    until: CertificateEnd = ""
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


@dataclass(frozen=True, kw_only=True, slots=True)
class ApproverSignerOptions(ReceiptSignerOptions):
    """Who asks for a destruction or approves it: a person of the list, with a key of their own."""

    signer: Annotated[
        str,
        typer.Option(
            "--signer",
            help=localize(mark("This person's own signing key: a PKCS#12 file, or pkcs11:… on a device.")),
        ),
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessOptions:
    """Who asks for what is given back, and why: both stand in the journal."""

    agent: Annotated[str, text_option("--by", mark("Who asks; it stands in the journal."))] = ""
    reason: Annotated[
        str, text_option("--reason", mark("Why, and nothing about any patient; it stands in the journal."))
    ] = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerOptions:
    """How many processes work, or which Dask cluster does, and by which files both sides know each other."""

    processes: Annotated[
        int,
        typer.Option(
            "--processes", min=0, max=61, help=localize(mark("How many at a time; 0: by the cores."))
        ),
    ] = 0
    engine: Annotated[
        str,
        typer.Option(
            "--engine",
            help=localize(mark("The cluster that reads instead of this machine: dask://HOST:PORT.")),
        ),
    ] = ""
    cluster_ca: Annotated[
        Path | None,
        typer.Option("--cluster-ca", help=localize(mark("The authority of the cluster (PEM)."))),
    ] = None
    cluster_certificate: Annotated[
        Path | None,
        typer.Option("--cluster-certificate", help=localize(mark("The certificate of this machine (PEM)."))),
    ] = None
    cluster_key: Annotated[
        Path | None, typer.Option("--cluster-key", help=localize(mark("Its key (PEM).")))
    ] = None

    def require_files(self) -> None:
        """Refuse a file that was named and is none, even where no cluster needs it.

        Raises:
            FileNotFound, NotARegularFile, DiskFault: why it is none.
        """
        for path in (self.cluster_ca, self.cluster_certificate, self.cluster_key):
            if path is not None:
                open_regular(path).close()

"""``archiver verify``: examine packages without any key."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson
from archiver.cli.options.passphrases import SignerPassphrase
from archiver.cli.options.signing import Chain, DeviceModule, TimestampAuthorities
from archiver.cli.options.trust import TrustOptions
from archiver.cli.terminal.language import localize
from formats.words import mark


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.command(
        "verify", help=localize(mark("Examine packages without any key: intact, signed by whom?"))
    )(taking_groups(verify))


def verify(
    *,
    packages: Annotated[
        list[Path],
        typer.Argument(help=localize(mark("Packages, unpacked or not, sets, and folders that hold them."))),
    ],
    trust: TrustOptions,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            help=localize(mark("Where to file a signed report (PDF; JSON and signatures beside it).")),
        ),
    ] = None,
    report_signer: Annotated[
        str | None,
        typer.Option(
            "--report-signer", help=localize(mark("Who signs the report: PKCS#12 file or pkcs11: address."))
        ),
    ] = None,
    signer_passphrase_file: SignerPassphrase = None,
    pkcs11_module: DeviceModule = None,
    chain: Chain = None,
    tsa: TimestampAuthorities = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run import verify as verification

    if (report is None) != (report_signer is None):
        raise typer.BadParameter(
            localize(mark("--report and --report-signer belong together")), param_hint="--report"
        )
    if report is not None and report.suffix.lower() != ".pdf":
        raise typer.BadParameter(localize(mark("the name of a report ends in .pdf")), param_hint="--report")
    filing = None
    if report is not None and report_signer is not None:
        filing = verification.Filing(
            target=report,
            signer=report_signer,
            secret_file=signer_passphrase_file,
            module=pkcs11_module,
            chain=tuple(chain or ()),
            authorities=tuple(tsa or ()),
        )
    return verification.run(packages, trust, filing=filing, as_json=as_json)

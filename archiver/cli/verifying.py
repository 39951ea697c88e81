"""``archiver verify``: examine a package without any key."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.language import tell
from archiver.cli.secrets import SignerPassphrase
from archiver.cli.signing_options import DeviceModule, TimestampAuthorities
from formats.words import mark

Roots = Annotated[
    Path | None,
    typer.Option("--roots", help=tell(mark("Certificates you accept: a PEM file or a folder of them."))),
]
Fingerprints = Annotated[
    list[str] | None,
    typer.Option("--accept", help=tell(mark("SHA-256 fingerprint of a signer you accept."))),
]
TrustLists = Annotated[
    list[Path] | None,
    typer.Option(
        "--trust-list",
        help=tell(mark("Trust list of a state (ETSI TS 119 612) whose authorities you accept.")),
    ),
]
TrustFirst = Annotated[
    bool,
    typer.Option(
        "--trust-first", help=tell(mark("Accept a sender's first certificate, remember it, refuse another."))
    ),
]
At = Annotated[
    datetime | None,
    typer.Option(
        "--at",
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
        help=tell(mark("Judge certificates at this moment instead of now.")),
    ),
]


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.command(
        "verify", help=tell(mark("Examine a package without any key: intact, complete, signed by whom?"))
    )(verify)


def verify(
    *,
    package: Annotated[Path, typer.Argument(help=tell(mark("The package, or the same tree unpacked.")))],
    roots: Roots = None,
    signer: Fingerprints = None,
    trust_list: TrustLists = None,
    trust_first: TrustFirst = False,
    at: At = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report", help=tell(mark("Where to file a signed report (PDF; JSON and signatures beside it)."))
        ),
    ] = None,
    report_signer: Annotated[
        str | None,
        typer.Option(
            "--report-signer", help=tell(mark("Who signs the report: PKCS#12 file or pkcs11: address."))
        ),
    ] = None,
    signer_passphrase_file: SignerPassphrase = None,
    pkcs11_module: DeviceModule = None,
    tsa: TimestampAuthorities = None,
    as_json: Annotated[bool, typer.Option("--json", help=tell(mark("Print one JSON document.")))] = False,
) -> int:
    from archiver.cli import verification

    if (report is None) != (report_signer is None):
        raise typer.BadParameter(
            tell(mark("--report and --report-signer belong together")), param_hint="--report"
        )
    if report is not None and report.suffix.lower() != ".pdf":
        raise typer.BadParameter(tell(mark("the name of a report ends in .pdf")), param_hint="--report")
    accepted = verification.trust(roots, signer or [], at, trust_list or [])
    filing = None
    if report is not None and report_signer is not None:
        filing = verification.Filing(
            target=report,
            signer=report_signer,
            secret_file=signer_passphrase_file,
            module=pkcs11_module,
            authorities=tuple(tsa or ()),
        )
    return verification.run(package, accepted, trust_first=trust_first, filing=filing, as_json=as_json)

"""Trust anchors and the moment of validation, as options: the same for every command.

Roots of signers (``--roots``) and roots of time-stamping authorities (``--tsa-roots``) are two sets;
neither is taken for the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.terminal.language import localize
from formats.words import mark

Roots = Annotated[
    list[Path] | None,
    typer.Option(
        "--roots", help=localize(mark("Roots of signers you accept: a PEM file or a folder of them."))
    ),
]
TsaRoots = Annotated[
    list[Path] | None,
    typer.Option(
        "--tsa-roots",
        help=localize(mark("Roots of time-stamping authorities you accept: a PEM file or a folder of them.")),
    ),
]
TrustLists = Annotated[
    list[Path] | None,
    typer.Option(
        "--trust-list",
        help=localize(mark("Trust list of a state (ETSI TS 119 612) whose authorities you accept.")),
    ),
]
Policy = Annotated[
    Path | None,
    typer.Option(
        "--policy",
        help=localize(mark("Until when algorithms are relied on: a catalogue of ETSI TS 119 322 in JSON.")),
    ),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class TrustOptions:
    """What the command line says about signers and authorities; ``archiver.cli.options.accepted_signers`` reads it."""

    roots: Roots = None
    tsa_roots: TsaRoots = None
    accept: Annotated[
        list[str] | None,
        typer.Option("--accept", help=localize(mark("SHA-256 fingerprint of a signer you accept."))),
    ] = None
    expect: Annotated[
        list[str] | None,
        typer.Option(
            "--expect",
            help=localize(
                mark(
                    "Whom you expect to have signed: RPPS number, name or fingerprint; remembered for later."
                )
            ),
        ),
    ] = None
    trust_list: TrustLists = None
    trust_first: Annotated[
        bool,
        typer.Option(
            "--trust-first",
            help=localize(mark("Accept a sender's first certificate, remember it, refuse another.")),
        ),
    ] = False
    at: Annotated[
        datetime | None,
        typer.Option(
            "--at",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
            help=localize(mark("Judge certificates at this moment instead of now.")),
        ),
    ] = None
    policy: Policy = None
    check_crl: Annotated[
        list[Path] | None,
        typer.Option(
            "--crl", help=localize(mark("Revocation list to judge signers with, besides those enclosed."))
        ),
    ] = None
    check_ocsp: Annotated[
        list[Path] | None,
        typer.Option(
            "--ocsp", help=localize(mark("OCSP response to judge signers with, besides those enclosed."))
        ),
    ] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OpeningOptions(TrustOptions):
    """What a command that opens packages asks besides."""

    accept_ended: Annotated[
        list[str] | None,
        typer.Option(
            "--accept-ended",
            help=localize(
                mark(
                    "SHA-256 of the signed list of a package to open although its signature's algorithm has ended."
                )
            ),
        ),
    ] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ResigningOptions(OpeningOptions):
    """Trust options of a command that signs as well, whose ``--crl`` and ``--ocsp`` go into the new signature."""

    check_crl: Annotated[
        list[Path] | None,
        typer.Option("--check-crl", help=localize(mark("Revocation list to judge the earlier signer with."))),
    ] = None
    check_ocsp: Annotated[
        list[Path] | None,
        typer.Option("--check-ocsp", help=localize(mark("OCSP response to judge the earlier signer with."))),
    ] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorityOptions:
    """Which time-stamping authorities are accepted, now; nobody's signature is judged."""

    tsa_roots: TsaRoots = None
    trust_list: TrustLists = None
    policy: Policy = None

    def trust(self) -> TrustOptions:
        """Return the trust options as a command without a signature has them."""
        return TrustOptions(tsa_roots=self.tsa_roots, trust_list=self.trust_list, policy=self.policy)


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterSignerOptions(AuthorityOptions):
    """Whose signature on a roster is accepted, besides those who sign now."""

    roots: Annotated[
        list[Path] | None,
        typer.Option(
            "--roots", help=localize(mark("Roots of those whose signature on the roster you accept (PEM)."))
        ),
    ] = None
    accept: Annotated[
        list[str] | None,
        typer.Option(
            "--accept",
            help=localize(mark("SHA-256 fingerprint of one whose signature on the roster you accept.")),
        ),
    ] = None

    def roster_trust(self) -> TrustOptions:
        """Return the trust options with which the signatures of a roster are judged."""
        return replace(self.trust(), roots=self.roots, accept=self.accept)

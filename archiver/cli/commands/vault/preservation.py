"""``archiver vault renew`` and ``archiver vault profile``: evidence of since when packages exist, for decades."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.commands.evidence import HashName
from archiver.cli.commands.vault.options import Credentials, VaultPath
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson
from archiver.cli.options.trust import Policy
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from archiver.vault.preservation.profile import MAX_HORIZON_DAYS
from formats.words import mark

profiles = TranslatedTyper(
    mark("The preservation profile: who attests, under which hash function, how early.")
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ProfileOptions:
    """What changes in a preservation profile; nothing where it stays as it is."""

    tsa: Annotated[
        list[str] | None,
        typer.Option(
            "--tsa",
            help=localize(
                mark(
                    "Address of a time-stamping authority, in the order in which they are asked; all are replaced."
                )
            ),
        ),
    ] = None
    tsa_policy: Annotated[
        str,
        typer.Option(
            "--tsa-policy",
            help=localize(mark("Policy (object identifier) that the authorities are asked for.")),
        ),
    ] = ""
    tsa_roots: Annotated[
        list[Path] | None,
        typer.Option(
            "--tsa-roots",
            help=localize(
                mark("Roots of authorities, added to those before: a PEM file or a folder of them.")
            ),
        ),
    ] = None
    remove_root: Annotated[
        list[str] | None,
        typer.Option(
            "--remove-root",
            help=localize(mark("SHA-256 fingerprint of a root that is no longer accepted.")),
        ),
    ] = None
    hash_name: Annotated[
        list[HashName] | None,
        typer.Option(
            "--hash", help=localize(mark("Hash function, in the order of preference; all are replaced."))
        ),
    ] = None
    ends: Annotated[
        list[str] | None,
        typer.Option(
            "--ends",
            help=localize(mark("Day from which a hash function is not relied on: sha256=2035-01-01.")),
        ),
    ] = None
    within: Annotated[
        int | None,
        typer.Option(
            "--within",
            min=0,
            max=MAX_HORIZON_DAYS,
            help=localize(mark("How many days before its end evidence is renewed.")),
        ),
    ] = None
    service_policy: Annotated[
        str | None,
        typer.Option(
            "--service-policy",
            help=localize(
                mark(
                    "Policy (object identifier) of your preservation service, such as 0.4.0.19511.1.1 (TS 119 511)."
                )
            ),
        ),
    ] = None
    evidence_policy: Annotated[
        str | None,
        typer.Option(
            "--evidence-policy",
            help=localize(mark("Object identifier of your preservation evidence policy.")),
        ),
    ] = None


def register(group: typer.Typer) -> None:
    """Add the commands to the group ``vault``."""
    group.command(
        "renew",
        help=localize(
            mark(
                "Give packages evidence, and renew it before something under it ends: no key, only digests leave."
            )
        ),
    )(taking_groups(renew))
    profiles.command("show", help=localize(mark("Show the preservation profile.")))(profile_show)
    profiles.command("set", help=localize(mark("Set the preservation profile: what is named changes.")))(
        taking_groups(profile_set)
    )
    group.add_typer(profiles, name="profile")


def renew(
    *,
    vault: VaultPath,
    within: Annotated[
        int | None,
        typer.Option(
            "--within",
            min=0,
            max=MAX_HORIZON_DAYS,
            help=localize(mark("What ends within so many days; without it, as the profile says.")),
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=localize(mark("Say what ends when, and change nothing.")))
    ] = False,
    policy: Policy = None,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.vault import renewal

    return renewal.run(
        vault,
        within=within,
        dry_run=dry_run,
        policy=policy,
        credentials=credentials,
        as_json=as_json,
    )


def profile_show(*, vault: VaultPath, credentials: Credentials = None, as_json: AsJson = False) -> int:
    from archiver.cli.run.vault import profile

    return profile.show(vault, credentials, as_json=as_json)


def profile_set(
    *, vault: VaultPath, changes: ProfileOptions, credentials: Credentials = None, as_json: AsJson = False
) -> int:
    from archiver.cli.run.vault import profile

    return profile.set_(vault, changes, credentials, as_json=as_json)

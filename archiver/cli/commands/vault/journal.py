"""``archiver vault journal`` and ``vault witness``: what was done in a vault, sealed, verified, and seen by others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.commands.vault.options import Credentials, VaultPath
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson
from archiver.cli.options.register_entries import day_of
from archiver.cli.options.signing import TimestampAuthorities
from archiver.cli.options.trust import TrustOptions, TsaRoots
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from archiver.vault.journal.entry import VaultAct
from formats.words import mark

app = TranslatedTyper(
    mark("The journal of a vault: every act, chained, sealed and witnessed (C2SP tlog-tiles).")
)
WitnessKeys = Annotated[
    list[str] | None,
    typer.Option(
        "--witness", help=localize(mark("The key of a witness (vkey) that you expect; again for each."))
    ),
]


def register(group: typer.Typer) -> None:
    """Add the commands to the group ``vault``."""
    for name, command, sentence in (
        ("seal", seal, mark("Seal what was recorded, with a time-stamp.")),
        ("verify", taking_groups(verify), mark("Compute the journal again and compare every copy.")),
        ("show", show, mark("Show what was done.")),
        ("export", export, mark("Write the journal as PREMIS 3.0, or as JSON.")),
        ("proof", proof, mark("Write what a witness needs who has no copy: the checkpoint and a proof.")),
        ("add-cosignature", add_cosignature, mark("Put what a witness cosigned beside the seal.")),
    ):
        app.command(name, help=localize(sentence))(command)
    group.add_typer(app, name="journal")
    group.command("witness", help=localize(mark("Cosign the journal of another vault, if it only grew.")))(
        witness
    )


def seal(
    *,
    vault: VaultPath,
    tsa: TimestampAuthorities = None,
    tsa_roots: TsaRoots = None,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.vault import journal

    return journal.seal(vault, tsa or (), tsa_roots, credentials, as_json=as_json)


def verify(
    *,
    vault: VaultPath,
    log_key: Annotated[
        str, typer.Option("--log-key", help=localize(mark("The key of the journal (vkey) that you expect.")))
    ] = "",
    witness: WitnessKeys = None,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(
            "--checkpoint", help=localize(mark("A checkpoint that you have from before; again for each."))
        ),
    ] = None,
    trust: TrustOptions,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.vault import verify_journal

    return verify_journal.run(
        vault, log_key, witness or (), checkpoint or (), trust, credentials=credentials, as_json=as_json
    )


def show(
    *,
    vault: VaultPath,
    package: Annotated[str, typer.Option("--package", help=localize(mark("One package alone.")))] = "",
    act: Annotated[
        VaultAct | None, typer.Option("--act", help=localize(mark("One kind of act alone.")))
    ] = None,
    since: Annotated[str, typer.Option("--since", help=localize(mark("From this day on.")))] = "",
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.vault import journal

    day = day_of(since, "--since") if since else None
    journal.show(vault, package, act, day, as_json=as_json)


def export(
    *,
    vault: VaultPath,
    to: Annotated[
        Path,
        typer.Option("--to", help=localize(mark("The new file."))),
    ],
    premis: Annotated[
        bool,
        typer.Option(
            "--premis/--json-lines", help=localize(mark("PREMIS 3.0, or one entry of JSON a line."))
        ),
    ] = True,
) -> None:
    from archiver.cli.run.vault import journal

    journal.export(vault, to, premis=premis)


def proof(
    *,
    vault: VaultPath,
    since: Annotated[
        int,
        typer.Option("--from", min=0, help=localize(mark("How many entries the witness saw; 0: none."))),
    ] = 0,
    to: Annotated[Path, typer.Option("--to", help=localize(mark("The new file.")))],
) -> None:
    from archiver.cli.run.vault import witness as witnessing

    witnessing.write_proof(vault, since, to)


def add_cosignature(
    *,
    vault: VaultPath,
    checkpoint: Annotated[Path, typer.Argument(help=localize(mark("The file that the witness gave back.")))],
    witness: WitnessKeys = None,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.vault import witness as witnessing

    return witnessing.add_cosignature(vault, checkpoint, witness or (), credentials, as_json=as_json)


def witness(
    *,
    vault: VaultPath,
    journal: Annotated[
        Path,
        typer.Argument(
            help=localize(
                mark(
                    "The folder of the other journal, or a file with its checkpoint and a consistency proof."
                )
            )
        ),
    ],
    to: Annotated[
        Path,
        typer.Option("--to", help=localize(mark("The new file for the cosignature."))),
    ],
    log_key: Annotated[
        str,
        typer.Option(
            "--log-key", help=localize(mark("The key of the other journal (vkey); needed the first time."))
        ),
    ] = "",
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.vault import witness as witnessing

    witnessing.run(vault, journal, to, log_key, credentials, as_json=as_json)

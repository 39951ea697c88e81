"""``archiver backup``: a practice's store and its live sources, continuously, into a vault; and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.commands.backup import storage
from archiver.cli.commands.backup.options import (
    Again,
    BackupFolder,
    BackupSignerOptions,
    MailOptions,
    NewBackupOptions,
    RestoreOptions,
)
from archiver.cli.commands.backup.refusals import for_backup
from archiver.cli.commands.vault.options import HostingOptions
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.keys import PackageKeys
from archiver.cli.options.new_passphrase import NewPassphraseOptions
from archiver.cli.options.output import AsJson
from archiver.cli.terminal.help import TranslatedTyper, argument_word
from archiver.cli.terminal.language import localize
from formats.words import mark

app = TranslatedTyper(mark("Back up a practice, see that the copies are good, and restore from them."))


def register(program: typer.Typer) -> None:
    """Add the commands to the program, in the order in which people need them."""
    for name, command, sentence in (
        ("init", init, mark("Set up a backup: keys, cards, a first run, a first drill.")),
        ("run", run, mark("Back up what changed.")),
        ("watch", watch, mark("Back up whenever something changed, until it is ended.")),
        ("status", status, mark("Say whether the newest copy is as good as agreed.")),
        ("drill", drill, mark("Try a restore: one dossier, compared with the store.")),
        ("restore", restore, mark("Restore everything, one patient, or one document.")),
        ("schedule", schedule, mark("Write files for systemd and Windows that run the backup.")),
    ):
        app.command(name, help=localize(sentence))(for_backup(taking_groups(command)))
    storage.register(app)
    program.add_typer(app, name="backup")


def init(
    *,
    backup: BackupFolder,
    new: NewBackupOptions,
    hosting: HostingOptions,
    protection: NewPassphraseOptions,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.backup import init as initial

    return initial.init(backup, new, hosting, protection, as_json=as_json)


def run(*, backup: BackupFolder, again: Again = False, as_json: AsJson = False) -> int:
    from archiver.cli.run.backup import run as running

    return running.run(backup, again=again, as_json=as_json)


def watch(
    *,
    backup: BackupFolder,
    seconds: Annotated[
        int,
        typer.Option(
            "--every", min=1, help=localize(mark("How many seconds between two looks at the sources."))
        ),
    ] = 300,
    runs: Annotated[
        int, typer.Option("--runs", min=0, help=localize(mark("End after so many runs; 0: never.")))
    ] = 0,
) -> int:
    from archiver.cli.run.backup import watch as watching

    return watching.watch(backup, seconds=seconds, runs=runs)


def status(
    *,
    backup: BackupFolder,
    report: Annotated[
        Path | None,
        typer.Option("--report", help=localize(mark("Where to write the status (JSON); it is replaced."))),
    ] = None,
    mail: MailOptions,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.backup import status as state

    return state.status(backup, report, mail, as_json=as_json)


def drill(*, backup: BackupFolder, keys: PackageKeys, as_json: AsJson = False) -> None:
    from archiver.cli.run.backup import drill as drilling

    drilling.drill(backup, keys, as_json=as_json)


def restore(
    *,
    backup: Annotated[
        Path | None,
        typer.Argument(help=localize(mark("The folder of the backup; without it, --storage says where."))),
    ] = None,
    what: RestoreOptions,
    keys: PackageKeys,
    signers: BackupSignerOptions,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.backup import restore as restoring

    return restoring.restore(backup, what, keys, signers.trust(), as_json=as_json)


def schedule(
    *,
    backup: BackupFolder,
    to: Annotated[
        Path,
        typer.Option(
            "--to", metavar=argument_word("folder"), help=localize(mark("The folder for the files."))
        ),
    ],
    minutes: Annotated[
        int, typer.Option("--every", min=1, help=localize(mark("How many minutes between two runs.")))
    ] = 60,
    mail: MailOptions,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.backup import schedule as scheduling

    scheduling.schedule(backup, to, mail, minutes=minutes, as_json=as_json)

"""Options of the commands of a backup: what, where to and who; how it is mailed about; where it is restored from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.commands.vault.options import Credentials
from archiver.cli.options.trust import Roots, TrustOptions
from archiver.cli.terminal.help import argument_word
from archiver.cli.terminal.language import localize
from formats.words import mark

BackupFolder = Annotated[Path, typer.Argument(help=localize(mark("The folder of the backup.")))]
Again = Annotated[
    bool,
    typer.Option("--again", help=localize(mark("Seal every dossier once more, changed or not."))),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class NewBackupOptions:
    """The three answers, and what is agreed; what is not said is asked for at a terminal."""

    source: Annotated[
        str,
        typer.Option(
            "--source",
            help=localize(
                mark(
                    "What is backed up: a practice store, or what archiver collect takes (folder, database)."
                )
            ),
        ),
    ] = ""
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            metavar=argument_word("folder"),
            help=localize(
                mark(
                    "Where to: a folder on another disk, or s3:https://SERVER/BUCKET/PREFIX; one for each copy."
                )
            ),
        ),
    ] = None
    name: Annotated[
        str, typer.Option("--name", help=localize(mark("Whose backup it is: the practice, or you.")))
    ] = ""
    collect: Annotated[
        list[str] | None,
        typer.Option(
            "--collect",
            help=localize(
                mark("A live source, as typed behind archiver collect: {one}"),
                one="'opendental mysql://… --images Z:\\images'",
            ),
        ),
    ] = None
    credentials: Credentials = None
    unlocked: Annotated[
        str,
        typer.Option(
            "--unlocked",
            help=localize(mark("Why an object storage is taken that does not lock; it is written down.")),
        ),
    ] = ""
    agreed_hours: Annotated[
        int,
        typer.Option(
            "--agreed-hours", min=1, help=localize(mark("How old the newest verified copy may be."))
        ),
    ] = 26
    lock_days: Annotated[
        int,
        typer.Option(
            "--lock-days",
            min=1,
            max=3650,
            help=localize(mark("For how many days an object storage locks what is written.")),
        ),
    ] = 90


@dataclass(frozen=True, kw_only=True, slots=True)
class MailOptions:
    """By which server, from whom and to whom a status is mailed that is not good."""

    mail_to: Annotated[
        list[str] | None,
        typer.Option("--mail-to", help=localize(mark("Whom to mail when something is not as agreed."))),
    ] = None
    mail_from: Annotated[str, typer.Option("--mail-from", help=localize(mark("The sender of the mail.")))] = (
        ""
    )
    mail_server: Annotated[
        str,
        typer.Option(
            "--mail-server",
            help=localize(mark("smtps://HOST, or smtp://HOST with STARTTLS; a port may follow.")),
        ),
    ] = ""
    mail_user: Annotated[
        str, typer.Option("--mail-user", help=localize(mark("The account at the mail server.")))
    ] = ""
    mail_password_file: Annotated[
        Path | None,
        typer.Option(
            "--mail-password-file",
            help=localize(mark("File whose first line is the password of the account.")),
        ),
    ] = None
    mail_roots: Annotated[
        Path | None,
        typer.Option(
            "--mail-roots",
            help=localize(mark("Authorities of the mail server's certificate, besides the system's (PEM).")),
        ),
    ] = None
    mail_always: Annotated[
        bool, typer.Option("--mail-always", help=localize(mark("Mail when everything is as agreed, too.")))
    ] = False


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupSignerOptions:
    """Who is accepted as the signer of a backup; else whoever its folder, or what lies beside the key, says."""

    roots: Roots = None
    accept: Annotated[
        list[str] | None,
        typer.Option("--accept", help=localize(mark("SHA-256 fingerprint of a signer you accept."))),
    ] = None

    def trust(self) -> TrustOptions:
        """Return the trust options of a command that judges the signatures of a backup."""
        return TrustOptions(roots=self.roots, accept=self.accept)


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreOptions:
    """What is restored, from where, as of when."""

    into: Annotated[
        Path | None,
        typer.Option(
            "--into",
            help=localize(mark("The practice store to make; one patient also goes into one that is there.")),
        ),
    ] = None
    patient: Annotated[
        str,
        typer.Option(
            "--patient", help=localize(mark("One patient alone: a number, or a name that fits one."))
        ),
    ] = ""
    document: Annotated[
        str,
        typer.Option(
            "--document", help=localize(mark("One document of that patient: its name, title or identifier."))
        ),
    ] = ""
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar=argument_word("folder"), help=localize(mark("The folder for the document."))
        ),
    ] = None
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
            help=localize(mark("As it was at the end of this day, or at this moment; else the newest.")),
        ),
    ] = None
    storage: Annotated[
        str,
        typer.Option(
            "--storage",
            metavar=argument_word("folder"),
            help=localize(
                mark("The storage, where the folder of the backup is lost: a folder, or s3:https://…")
            ),
        ),
    ] = ""
    credentials: Credentials = None

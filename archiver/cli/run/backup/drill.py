"""What ``backup drill`` does."""

from __future__ import annotations

import secrets
from pathlib import Path

from archiver.backup.description import PERSON
from archiver.cli.clock import now
from archiver.cli.data_folder import data_folder
from archiver.cli.options.key_files import keys_of
from archiver.cli.options.keys import KeySources
from archiver.cli.terminal.console import notice, say, show_json
from archiver.operations.backup.backup_vault import open_backup
from archiver.operations.backup.drill_backup import BackupDrillRequest, drill_backup
from archiver.operations.make_keys import IDENTITY
from archiver.sealing.age import HybridIdentity, Identity
from archiver.sealing.errors import WrongKey
from formats.words import mark


def drill(folder: Path, keys: KeySources, *, as_json: bool) -> None:
    """Try a restore with the person's key, and say what came back."""
    backup = open_backup(folder)
    found = [one for one in person_keys(folder, keys) if isinstance(one, HybridIdentity)]
    if not found:
        raise WrongKey
    done = drill_backup(
        backup,
        BackupDrillRequest(identity=found[0], register=data_folder()),
        clock=now,
        randomness=secrets.token_bytes,
        notice=notice,
    )
    if as_json:
        show_json(
            {
                "backup_drill": 1,
                "at": done.at.isoformat(),
                "run": done.number,
                "key_id": done.key_id,
                "records": done.records,
                "files": done.files,
            }
        )
        return
    say(
        mark(
            "Drill passed: a dossier of run {number} came back as the store has it (records: {records},"
            " files: {files})."
        ),
        number=done.number,
        records=done.records,
        files=done.files,
    )
    say(
        mark("Noted for {date}; in {days} days archiver backup status reminds."),
        date=done.at.date().isoformat(),
        days=backup.description.drill_days,
    )


def person_keys(folder: Path | None, keys: KeySources) -> list[Identity]:
    """Return the keys that are named, or the person's own where it still lies in the ``folder`` of the backup.

    Raises:
        SayHow: when there is none.
    """
    own = folder / PERSON / IDENTITY if folder else None
    if not keys.named and own is not None and own.is_file():
        return keys_of(KeySources(identity=[own], identity_passphrase_file=keys.identity_passphrase_file))
    keys.require()
    return keys_of(keys)

"""Ways in which a backup, or what lies in its vault, is not what it should be."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark


class NotABackup(Failure):
    code = "not-a-backup"
    sentence = mark("{path} is no backup: it has no backup.json. archiver backup init makes one.")


class BackupInvalid(Failure):
    code = "backup-invalid"
    sentence = mark("The description of the backup cannot be read: {reason}.")


class BackupVaultMissing(Failure):
    """A backup whose vault has no description any more: where its storages are, nothing on the machine says."""

    code = "backup-vault-missing"
    sentence = mark(
        "{path} has no vault.json: the machine does not know any more where the copies are. Everything comes back from"
        " one of them (archiver backup restore --storage, with your key); archiver backup init sets up another backup."
    )


class BackupAbsent(Failure):
    """A storage that answers, on which no backup lies, or did not at the moment asked for."""

    code = "backup-absent"
    sentence = mark(
        "No backup lies at {path}: name what was named with --to at archiver backup init, or a moment when it was there"
        " (--as-of)."
    )


class BackupNewer(Failure):
    code = "backup-newer"
    sentence = mark(
        "The backup is laid out in version {found}; this program knows version {known}: take a newer one."
    )


class BackupListInvalid(Failure):
    """A list of a run that is damaged, or that nobody signed whom the reader accepts."""

    code = "backup-list-invalid"
    sentence = mark("The list of run {number} of the backup cannot be relied on: {reason}.")


class BackupEmpty(Failure):
    code = "backup-empty"
    sentence = mark("No run of a backup is in this vault: perhaps it is another one.")


class BackupMomentUnknown(Failure):
    code = "backup-moment-unknown"
    sentence = mark("No complete run of the backup is as old as {moment}; the oldest is of {oldest}.")


class BackupForeign(Failure):
    """A vault in which another backup lies than the one that is asked for."""

    code = "backup-foreign"
    sentence = mark("In this vault lies the backup {found}, not {expected}: it is another vault.")


class DossierDiffers(Failure):
    """A dossier that comes back from the vault otherwise than the store has it."""

    code = "backup-dossier-differs"
    sentence = mark(
        "A dossier did not come back as the store has it ({kind}): the drill is not passed. archiver backup run --again"
        " seals everything again."
    )


class DocumentUnknown(Failure):
    code = "document-unknown"
    sentence = mark("The dossier has no document “{wanted}”. It has: {near}.")


class MailUnsent(Failure):
    code = "mail-unsent"
    sentence = mark("The mail server {server} did not take the message: {reason}.")


class SourceUncollected(Failure):
    code = "source-uncollected"
    sentence = mark(
        "The source “{source}” could not be collected (status {status}): archiver collect, typed so, says why."
    )

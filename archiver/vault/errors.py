"""Ways in which a vault, or what is to be deposited in it, is not what it should be."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

from formats.errors import Fact, Failure, FormatFailure
from formats.words import mark

VAULT_COMMANDS: Mapping[str, str] = {
    "audit": "archiver vault audit --all",
    "examine": "archiver vault audit, archiver vault renew",
    "rebuild": "archiver vault rebuild",
    "repair": "archiver vault repair",
    "verify": "archiver vault journal verify",
}
"""Commands that a sentence names as the next thing to do, by the fact that they are in it: those of a vault."""


class VaultFailure(Failure):
    """A refusal whose sentence names commands: facts by the keys of ``VAULT_COMMANDS``, which a backup replaces."""

    code = "vault"
    sentence = mark("The vault cannot be used.")

    def __init__(self, *, where: str = "", **facts: Fact) -> None:
        named = {name for _, name, _, _ in Formatter().parse(self.sentence)}
        commands = {name: one for name, one in VAULT_COMMANDS.items() if name in named}
        super().__init__(where=where, **{**commands, **facts})


class NotAVault(Failure):
    code = "not-a-vault"
    sentence = mark("{path} is no vault: it has no vault.json. archiver vault init makes one.")


class VaultNewer(Failure):
    code = "vault-newer"
    sentence = mark(
        "The vault is laid out in version {found}; this program knows version {known}: take a newer one."
    )


class VaultInvalid(Failure):
    code = "vault-invalid"
    sentence = mark("The description of the vault cannot be read: {reason}.")


class VaultStatementInvalid(Failure):
    """A receipt, a hold, a tombstone or a statement of a destruction, in the version that an object states."""

    code = "vault-statement-invalid"
    sentence = mark("This statement in the vault cannot be read, and nothing follows from it: {reason}.")


class VaultBusy(Failure):
    code = "vault-busy"
    sentence = mark("Another command works on this vault: {holder}. Run this one again when it has ended.")


class StorageOccupied(Failure):
    code = "storage-occupied"
    sentence = mark("The storage {storage} is not empty: it has {key}. A vault needs one of its own.")


class StorageShared(Failure):
    code = "storage-shared"
    sentence = mark(
        "The storage {storage} is the same place as {other}, or lies in it: what is lost in one is lost in the other."
        " Name a folder of another disk."
    )


class StorageForeign(Failure):
    """A storage that answers and is not one of this vault: another disk is mounted there."""

    code = "storage-foreign"
    sentence = mark("The storage {storage} is not one of this vault: perhaps another disk is mounted there.")


class HostingUnexplained(Failure):
    code = "hosting-unexplained"
    sentence = mark(
        "Health data are kept by a certified host (CSP L1111-8): say the certificate (--certificate, --until), or why"
        " there is none (--uncertified)."
    )


class CatalogueUnreadable(VaultFailure):
    code = "catalogue-unreadable"
    sentence = mark(
        "The catalogue of the vault is missing or cannot be read ({reason}): {rebuild} makes it again from the files."
    )


class VaultTableUnreadable(VaultFailure):
    """A file of a vault with what checks and renewals found, of which nothing is lost that is not found again."""

    code = "vault-table-unreadable"
    sentence = mark(
        "This file cannot be read ({reason}): move it aside. What was in it is then read again ({examine})."
    )


class VaultObjectUnknown(Failure):
    code = "vault-object-unknown"
    sentence = mark("No package {package} is in the vault.")


class DepositorUnknown(Failure):
    code = "depositor-unknown"
    sentence = mark("No package of {sender} is in the vault.")


class DepositUnproven(Failure):
    """A package of which something that a deposit asks for is not proven."""

    code = "deposit-unproven"
    sentence = mark("Not everything that a deposit asks for is proven: “{reason}”.")


class DepositUnpacked(Failure):
    code = "deposit-unpacked"
    sentence = mark(
        "An unpacked package is not deposited: the vault keeps files byte for byte. Name the file."
    )


class DepositNamesVault(Failure):
    """A package under the identifier of the vault, whose own object would take it, and no catalogue list it."""

    code = "deposit-names-vault"
    sentence = mark("The package has the identifier of this vault, {package}: it is not taken.")


class DepositChanged(Failure):
    code = "deposit-changed"
    sentence = mark(
        "The file was changed while it was examined: nothing was deposited. Run the command again."
    )


class DepositDuplicate(Failure):
    code = "deposit-duplicate"
    sentence = mark(
        "Package {package}, revision {revision}, is in the vault since {moment}; nothing was added."
    )


class DepositDiffers(Failure):
    """Other files under the name of a revision that is there: evidence was added to them, or somebody forged them."""

    code = "deposit-differs"
    sentence = mark(
        "Package {package}, revision {revision}, is in the vault since {moment} with other bytes: {file}. Nothing was"
        " added."
    )


class VaultObjectDamaged(Failure):
    code = "vault-object-damaged"
    sentence = mark("No storage gives {file} of package {package} back as it was deposited.")


class VaultFileDamaged(VaultFailure):
    """A file that one storage does not give back as it was deposited, where others are asked next."""

    code = "vault-file-damaged"
    sentence = mark(
        "This copy of {file} of package {package} is not as it was deposited; another storage is asked. {audit} reads"
        " everything again, {repair} mends what it finds."
    )


class VaultCopyDamaged(Failure):
    """A copy, of an object on one storage, of which a file is missing or is not the one that is listed."""

    code = "vault-copy-damaged"
    sentence = mark("This copy is damaged: {detail}.")


class VaultInventoryDamaged(VaultFailure, FormatFailure):
    """An inventory on one storage that is none, or for which no other file vouches: no version is made from it."""

    code = "vault-inventory-damaged"
    sentence = mark(
        "On {storage} the inventory of {object} is damaged, and nothing was written: {detail} Run {audit}, then"
        " {repair}, then this command again."
    )


class PreservationProfileAbsent(Failure):
    code = "preservation-profile-absent"
    sentence = mark(
        "The vault has no preservation profile: archiver vault profile set says which authorities attest, and how."
    )


class PreservationProfileInvalid(Failure):
    code = "preservation-profile-invalid"
    sentence = mark("The preservation profile cannot be read: {reason}.")


class StoredEvidenceInvalid(Failure):
    code = "stored-evidence-invalid"
    sentence = mark("The evidence of this package has no list of what it covers, or one that cannot be read.")


class EvidenceClockBehind(Failure):
    """A clock that says an earlier time than evidence that exists: nothing can be judged by it."""

    code = "evidence-clock-behind"
    sentence = mark(
        "The clock of this machine says {moment}, and a time-stamp of {authority} says {other}: set the clock, or find"
        " out who made that time-stamp. Nothing was renewed."
    )


class PreservationDigestsEnded(Failure):
    code = "preservation-digests-ended"
    sentence = mark(
        "Every digest algorithm of the preservation profile ends within the horizon: set another one with"
        " archiver vault profile set --hash."
    )


class StorageListed(Failure):
    code = "storage-listed"
    sentence = mark(
        "The storage {storage} is a whole copy of this vault already, as {name}: nothing was added."
    )


class StorageFormerCopy(Failure):
    """A storage with an old copy of the same vault: what was lawfully destroyed since may still be in it."""

    code = "storage-former-copy"
    sentence = mark(
        "The storage {storage} has an old copy of this vault, with what was destroyed since, perhaps: clear it"
        " ({command}), or take an empty place."
    )


class StorageRetired(Failure):
    code = "storage-retired"
    sentence = mark("The storage {name} was retired on {day}: nothing was done.")


class StorageInService(Failure):
    code = "storage-in-service"
    sentence = mark("The storage {name} is in service: nothing there is destroyed. {command} comes first.")


class StorageNotRetired(Failure):
    """The object of the vault that lies there has what only storages in service were given."""

    code = "storage-not-retired"
    sentence = mark(
        "What lies at {storage} is not {name} as it was retired: it has what was written to the vault later, or the"
        " storages in service lack it. Perhaps two disks were exchanged: nothing was destroyed."
    )


class StorageLast(Failure):
    code = "storage-last"
    sentence = mark(
        "No other storage of this vault is a whole copy: {name} is not retired. {command} makes one."
    )


class StorageOnlyCopy(Failure):
    """Copies were examined: elsewhere nothing is whole of what lies on the storage that is to be retired."""

    code = "storage-only-copy"
    sentence = mark(
        "Only the storage {name} has a whole copy of {package}; such packages are {count}. It is not retired: run"
        " {command}, then this again."
    )


class StorageDamagedCopy(Failure):
    """Copies were examined: nothing is whole anywhere, and what the storage has may serve a repair."""

    code = "storage-damaged-copy"
    sentence = mark(
        "No storage has a whole copy of {package}, and {name} has a damaged one; such packages are {count}. Run"
        " {command}; --despite-damage retires it all the same."
    )

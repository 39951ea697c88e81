"""Ways in which a vault, or what is to be deposited in it, is not what it should be."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark


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


class VaultBusy(Failure):
    code = "vault-busy"
    sentence = mark("Another command works on this vault: {holder}. Run this one again when it has ended.")


class StorageOccupied(Failure):
    code = "storage-occupied"
    sentence = mark("The storage {storage} is not empty: it has {key}. A vault needs one of its own.")


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


class CatalogueUnreadable(Failure):
    code = "catalogue-unreadable"
    sentence = mark(
        "The catalogue of the vault is missing or cannot be read ({reason}): archiver vault rebuild makes it again"
        " from the files."
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


class VaultCopyDamaged(Failure):
    """A copy, of an object on one storage, of which a file is missing or is not the one that is listed."""

    code = "vault-copy-damaged"
    sentence = mark("This copy is damaged: {detail}.")

"""Ways in which a storage, whose address is ``storage``, fails or cannot be used; ``key`` is the object."""

from __future__ import annotations

from archiver.errors import KeyFailure
from formats.errors import Failure
from formats.words import mark


class StorageObjectExists(Failure):
    code = "storage-object-exists"
    sentence = mark("{key} lies in the storage {storage} already and is not replaced.")


class StorageObjectMissing(Failure):
    code = "storage-object-missing"
    sentence = mark("{key} is not in the storage {storage}.")


class StorageUnreachable(Failure):
    code = "storage-unreachable"
    sentence = mark("The storage {storage} cannot be reached: {reason}.")


class StorageRefused(Failure):
    code = "storage-refused"
    sentence = mark("The storage {storage} refuses: {reason}.")


class StorageLockUnheld(Failure):
    """The storage answered, and the retention lock that was asked for is not there."""

    code = "storage-lock-unheld"
    sentence = mark("The storage {storage} does not lock {key}: {reason}.")


class StorageDigestMismatch(Failure):
    """What lies in the storage, or came to it, is not what was announced."""

    code = "storage-digest-mismatch"
    sentence = mark("The storage {storage} does not give {key} back as it was stored: {reason}.")


class StorageObjectLocked(Failure):
    code = "storage-object-locked"
    sentence = mark("The storage {storage} does not let {key} be removed: {reason}.")


class StorageKeepsRemoved(Failure):
    """A storage that answered that it removed something, and lists it still."""

    code = "storage-keeps-removed"
    sentence = mark(
        "The storage answered that everything was removed, and still has some of it. Objects left: {count}."
    )


class StorageAddressInvalid(Failure):
    code = "storage-address-invalid"
    sentence = mark(
        "{address} is not the address of a storage: {reason}. Write a folder, or s3:https://SERVER/BUCKET/PREFIX."
    )


class StorageCredentialsUnusable(KeyFailure):
    """Credentials of an object storage that are not there, or cannot be read; what they are is never said."""

    code = "storage-credentials-unusable"
    sentence = mark(
        "There are no usable credentials for the storage: {reason}. Name a file with --credentials, or set"
        " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    )


class StorageClockDiffers(Failure):
    """Two clocks that disagree: a lock until a day of ours would end on another day of theirs."""

    code = "storage-clock-differs"
    sentence = mark(
        "The clock of the storage {storage} and that of this machine differ by {seconds} seconds: set the right one."
        " Until then the end of a lock says nothing."
    )

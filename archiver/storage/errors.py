"""Ways in which a storage does not do what it was asked; ``storage`` is its address, ``key`` the object."""

from __future__ import annotations

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

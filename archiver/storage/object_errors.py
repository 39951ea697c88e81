"""Ways in which an address, its credentials or a clock keep an object storage from being used."""

from __future__ import annotations

from archiver.errors import KeyFailure
from formats.errors import Failure
from formats.words import mark


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

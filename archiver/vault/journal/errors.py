"""Ways in which the journal of a vault cannot be written on, or is not what it should be."""

from __future__ import annotations

from archiver.vault.errors import VaultFailure
from formats.errors import Failure
from formats.words import mark


class JournalMissing(VaultFailure):
    """A vault that has a journal, of which nothing is in its folder: nobody begins a second history."""

    code = "journal-missing"
    sentence = mark(
        "The journal of the vault, or its key, is not in its folder: nothing is done that cannot be written down."
        " {rebuild} brings it back from the storages."
    )


class JournalDamaged(VaultFailure):
    """A journal in the folder of the vault that cannot be continued: what it ends with does not fit together."""

    code = "journal-damaged"
    sentence = mark(
        "The journal in the folder of the vault cannot be continued: {reason}. Nothing is done that cannot be written"
        " down. {verify} says what is wrong, {rebuild} takes it from a storage that has it whole."
    )


class JournalDiffers(VaultFailure):
    """A file of the journal that is there already with other bytes: somebody changed it, or began a second history."""

    code = "journal-differs"
    sentence = mark(
        "The journal has another {file} on {place} than here: it was changed, or there is a second history."
        " {verify} compares them, {repair} mends a copy that is damaged."
    )


class JournalBehind(VaultFailure):
    """A journal in the folder of the vault that ends where a storage has more, signed by the same key."""

    code = "journal-behind"
    sentence = mark(
        "The journal in the folder of the vault ends before entry {size}, and {place} has more of it: the folder is an"
        " older copy of itself. Nothing is done that would begin a second history. {rebuild} takes what is missing from"
        " the storages."
    )


class CheckpointUnreadable(Failure):
    code = "checkpoint-unreadable"
    sentence = mark("This is no checkpoint of a journal, or none of the named keys signed it.")


class WitnessedKeyUnknown(Failure):
    """Another journal whose key nobody named, or that is not signed by the key that was named or known."""

    code = "witnessed-key-unknown"
    sentence = mark(
        "The checkpoint of {origin} is not signed by a key that is known here: name the key of that journal, which its"
        " owner gave you by another way (--log-key)."
    )


class WitnessedForked(Failure):
    """Another journal that does not continue what this vault cosigned before."""

    code = "witnessed-forked"
    sentence = mark(
        "The journal {origin}, which ends before entry {size}, does not continue what was cosigned here, which ends"
        " before entry {old}: it was changed, or has a second history. It is not cosigned; the journal of this vault"
        " says so."
    )


class WitnessedUnproven(Failure):
    """Another journal without what shows that it continues the one before."""

    code = "witnessed-unproven"
    sentence = mark(
        "Nothing shows that the journal {origin} continues what was cosigned here, which ends before entry {old}: bring"
        " its folder whole, or a consistency proof from there."
    )

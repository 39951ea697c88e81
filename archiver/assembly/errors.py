"""Ways in which a package cannot be made as it was asked for."""

from __future__ import annotations

from archiver.errors import KeyFailure
from formats.errors import Failure
from formats.words import mark, plural


class SenderUnknown(Failure):
    code = "sender-unknown"
    sentence = mark("This store has no practice of its own: say who sends (--sender).")


class FilesLost(Failure):
    """A dossier of which the store has lost files, or holds them otherwise than they were."""

    code = "files-lost"
    sentence = plural(
        "{count} file of this dossier cannot be taken: {name} ({digest}): {reason}. Collect it again (--again), or put "
        "it back from a backup; without it the dossier goes out by --without-lost, and names it.",
        "{count} files of this dossier cannot be taken, the first is {name} ({digest}): {reason}. Collect them again "
        "(--again), or put them back from a backup; without them it goes out by --without-lost, and names each.",
    )


class SignersAlike(KeyFailure):
    code = "signers-alike"
    sentence = mark("Both signatures would be of one certificate: the second signer must be somebody else.")

"""Ways in which a package cannot be made as it was asked for."""

from __future__ import annotations

from archiver.errors import KeyFailure
from formats.errors import Failure
from formats.words import mark


class SenderUnknown(Failure):
    code = "sender-unknown"
    sentence = mark("This store has no practice of its own: say who sends (--sender).")


class SignersAlike(KeyFailure):
    code = "signers-alike"
    sentence = mark("Both signatures would be of one certificate: the second signer must be somebody else.")


class WorkerLost(Failure):
    """One of several processes ended that nobody told to; the system does that when memory runs out."""

    code = "worker-lost"
    sentence = mark(
        "A part of the program was ended from outside, perhaps for want of memory; nothing was left behind."
    )

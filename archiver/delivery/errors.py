"""What keeps a delivery from reaching its target."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark


class TargetUnreachable(Failure):
    """What was taken before is in the list of the delivery, and is not sent again."""

    code = "target-unreachable"
    sentence = mark(
        "{target} takes nothing: {reason}. Run the same command again; it goes on where it ended."
    )


class SendingInterrupted(Failure):
    """What was taken before is in the list of the delivery, and is not sent again."""

    code = "sending-interrupted"
    sentence = mark("Interrupted. Run the same command again; it goes on where it ended.")


class NothingChosen(Failure):
    """An archive of nobody, which no form has a place for."""

    code = "nothing-chosen"
    sentence = mark("No dossier is chosen: nothing was written. Say another practitioner, period or list.")


class TargetAddress(Failure):
    """A node or a server that cannot be addressed like this."""

    code = "target-address"
    sentence = mark("{address} is not the address of a target: {reason}.")


class TransferTermsInvalid(Failure):
    """The file of a transfer's terms says what nobody can follow."""

    code = "transfer-terms-invalid"
    sentence = mark("The terms of the transfer cannot be followed: {reason}.")

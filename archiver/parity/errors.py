"""Ways in which parity cannot be made or used."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark


class ParityFailed(Failure):
    """The program for parity ended otherwise than it should; nothing relies on what it wrote."""

    code = "parity-failed"
    sentence = mark("The program par2 failed: {reason}.")

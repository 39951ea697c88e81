"""Ways in which a package cannot be split as it was asked for."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark, plural


class SplitIncomplete(Failure):
    """Somebody is on no roster, and nobody said what becomes of them."""

    code = "split-incomplete"
    sentence = plural(
        "{count} patient goes to no receiver: {patients}. Say who receives the rest (--rest), or that it is left "
        "out (--leave-out).",
        "{count} patients go to no receiver: {patients}. Say who receives the rest (--rest), or that it is left "
        "out (--leave-out).",
    )


class SplitReceiversAlike(Failure):
    code = "split-receivers-alike"
    sentence = mark("Two receivers would have one package: {name} and {other}. Call them otherwise.")


class SplitReceiverEmpty(Failure):
    """A receiver to whom nobody goes: a package that says so would be taken for a mistake."""

    code = "split-receiver-empty"
    sentence = mark("No patient goes to {name}.")

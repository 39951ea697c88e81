"""A request to the loopback server that this program failed to answer."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark


class RouteFailed(Failure):
    """An error of this program's while it answered: its ``kind`` and ``place``, for its words may name somebody."""

    code = "route-failed"
    sentence = mark(
        "The program made an error while it answered ({kind}, {place}). It goes on serving: ask again, and report it "
        "if it happens again."
    )

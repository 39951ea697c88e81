"""Decoders: what reads a cell of a private encoding, such as a dental chart in letters, into small rows of text.

A decoder knows how one software writes one thing, and nothing of the model: which field a column of its rows
fills is said by the mapping that asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from formats.databases.tables import Value

Decode = Callable[[Mapping[str, Value]], Iterator["DecodedPart | UnreadCell"]]
"""From the cells of a row, by the names that the mapping gives them, to what is in them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DecodedPart:
    """A part that was found; ``key`` tells it from every other of its row, whatever is written before or behind it."""

    key: str
    cells: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class UnreadCell:
    """What a decoder does not understand of ``column``; ``partly``: the rest of the cell was read."""

    column: str
    value: Value
    partly: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoder:
    """A decoder: its ``version``, the cells it takes, the columns of its rows with their meaning.

    ``words`` are all that a column of a closed vocabulary can hold.

    ``takes`` tells whether it knows a column by its name, ``reads`` says which those are; ``content`` is what a cell
    holds, in a sentence of what is no such thing. All three texts are for gettext.
    """

    version: int
    meaning: str
    reads: str
    content: str
    takes: Callable[[str], bool]
    columns: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    decode: Decode

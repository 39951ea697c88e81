"""Data dictionary of the lists that people write or fill in, and the columns by which one is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from formats.model.dictionary.entry import Privacy
from formats.names import comparable
from formats.words import Words

FREE_TEXT = Words("texte", "text")
PARTIAL_DATE = Words(
    "date : `1983-05-24`, `24/05/1983`, `24.05.1983` ou `24-05-1983` ; le mois ou l’année si l’on n’en sait pas "
    "plus : `1983-05`, `05/1983`, `1983` ; vide si elle est inconnue",
    "date: `1983-05-24`, `24/05/1983`, `24.05.1983` or `24-05-1983`; the month or the year if no more is known: "
    "`1983-05`, `05/1983`, `1983`; empty if it is unknown",
)
"""Date as ``formats.tables.read.parse_any_date`` takes it."""


@dataclass(frozen=True, slots=True)
class ListColumn:
    """Entry of one column.

    ``label`` is for people, ``meaning`` a sentence of the catalogue, ``form`` what a cell may hold. A person may
    head the column with its name or any of ``aliases``; a list that lacks a ``required`` column is refused.
    """

    label: Words
    meaning: str
    form: Words
    privacy: Privacy
    aliases: tuple[str, ...] = field(default=(), kw_only=True)
    required: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """The columns a list may have: our name of each with the headings people give it; some must be there."""

    aliases: Mapping[str, Sequence[str]]
    required: tuple[str, ...]

    @classmethod
    def of(cls, dictionary: Mapping[str, ListColumn]) -> Self:
        """Return the columns of a list whose ``dictionary`` has an entry for each, in the same order."""
        return cls(
            aliases={name: entry.aliases for name, entry in dictionary.items()},
            required=tuple(name for name, entry in dictionary.items() if entry.required),
        )

    def known(self, heading: str) -> str:
        """Return our name for ``heading``, or an empty text."""
        wanted = comparable(heading)
        return next(
            (name for name, aliases in self.aliases.items() if wanted in map(comparable, (name, *aliases))),
            "",
        )

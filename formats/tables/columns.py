"""Data dictionary of the lists that people write or fill in, and the columns by which one is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
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
WRITTEN_DATE = Words(
    "date ISO 8601, ou l’année ou le mois : `1983-05-24`, `1983-05`, `1983`",
    "ISO 8601 date, or the year or month: `1983-05-24`, `1983-05`, `1983`",
)
"""Date as the program writes it."""


@dataclass(frozen=True, slots=True)
class ListColumn:
    """Entry of one column.

    ``label`` is for people, ``meaning`` a sentence of the catalogue, ``form`` what a cell may hold. A person may
    head the column with its name or any of ``aliases``; a list that lacks a ``required`` column, and every column
    that ``stands_for`` it, is refused. A ``number`` is one that a spreadsheet must not compute with.
    """

    label: Words
    meaning: str
    form: Words
    privacy: Privacy
    aliases: tuple[str, ...] = field(default=(), kw_only=True)
    required: bool = field(default=False, kw_only=True)
    stands_for: str = field(default="", kw_only=True)
    number: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """The columns a list may have: our name of each with the headings people give it; some must be there.

    ``alternatives`` are the columns each of which may be there in place of a required one, ``numbers`` those whose
    cells a spreadsheet must not compute with.
    """

    aliases: Mapping[str, Sequence[str]]
    required: tuple[str, ...]
    alternatives: Mapping[str, Collection[str]] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()
    _names: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names: dict[str, str] = {}
        for name, aliases in self.aliases.items():
            for heading in (name, *aliases):
                names.setdefault(comparable(heading), name)
        object.__setattr__(self, "_names", names)

    @classmethod
    def of(
        cls,
        dictionary: Mapping[str, ListColumn],
        *,
        passing_over: Mapping[str, ListColumn] = MappingProxyType({}),
    ) -> Self:
        """Return the columns of a list whose ``dictionary`` has an entry for each, in the same order.

        Those of ``passing_over``, which are known by their labels as well, may stand behind them for people alone.
        """
        required = tuple(name for name, entry in dictionary.items() if entry.required)
        beside = {name: (*entry.label, *entry.aliases) for name, entry in passing_over.items()}
        return cls(
            aliases={**{name: entry.aliases for name, entry in dictionary.items()}, **beside},
            required=required,
            alternatives={
                one: {name for name, entry in dictionary.items() if entry.stands_for == one}
                for one in required
            },
            numbers=frozenset(name for name, entry in dictionary.items() if entry.number),
        )

    def known(self, heading: str) -> str:
        """Return our name for ``heading``, or an empty text."""
        return self._names.get(comparable(heading), "")

    def missing(self, names: Collection[str]) -> tuple[str, ...]:
        """Return the required columns that are not among ``names``, nor any that may stand for them."""
        return tuple(one for one in self.required if {one, *self.alternatives.get(one, ())}.isdisjoint(names))

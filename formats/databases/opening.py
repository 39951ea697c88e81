"""What is known before tables are opened, and what every opened source can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from formats.databases.files.table_file import TableFile
from formats.databases.tables import SortedSource
from formats.databases.text_order import MemorySorter, RowSorter


class OpenedSource(SortedSource, AbstractContextManager["OpenedSource"], Protocol):
    """A source that is open until the end of its ``with``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpeningOptions:
    """What a mapping and a person say of the tables; nothing has to be known.

    ``files`` says by table how its file is written, and so which tables the mapping names, ``keys`` which columns tell
    its rows apart. ``time_zone`` is where
    the practice is: a server that keeps moments in UTC is asked for them as its clocks showed them. ``encoding`` is
    that of text of which nothing says so itself. ``sorter`` makes what takes rows that have to be sorted.
    """

    files: Mapping[str, TableFile] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    time_zone: str = "Europe/Paris"
    encoding: str = ""
    password: str = field(default="", repr=False)
    sorter: Callable[[], RowSorter[Any]] = MemorySorter

"""What a reader of an outside source yields, one item at a time; readers and checkers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Protocol

from formats.digests import Digest
from formats.findings import Finding
from formats.model.documents import Attachment
from formats.model.record import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class FileBody:
    """The bytes behind an attachment; ``open`` may be called more than once.

    ``header_facts`` is what a reader of its format found in its header and a writer of that format
    will ask for, in a form that only they know and check; empty where there is none.
    """

    attachment: Attachment
    open: Callable[[], BinaryIO]
    header_facts: bytes = b""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many rows the source itself counts in ``table``; one per table read, after its rows.

    Of these, ``unselected`` are those that a mapping describes and none of its conditions accepts.
    ``beside`` are the tables whose rows are looked at where these become records; ``None``: it may be any.
    """

    table: str
    rows: int
    unselected: int = 0
    beside: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StateMoment:
    """Of which moment the dossier of ``patient`` is that follows, or, without one, what is said of ``practice``.

    ``at`` is ``None`` where the source does not say: then nothing is replaced of which the moment is known.
    ``collected`` says that it comes from the software of ``practice`` itself, whose practitioners practise there.
    """

    practice: str
    patient: str | None
    at: datetime | None
    collected: bool = False


Item = Record | FileBody | Finding | Tally | StateMoment


@dataclass(slots=True)
class EarlierRecords:
    """What was collected from a source before: rows may name what it has deleted since, which stays what it was.

    ``owner`` gives, for kind and identity, the patient whose record it is, "" for one of the practice as a whole, and
    ``None`` where there is none, as before anything was collected.
    """

    owner: Callable[[str, str], str | None] = lambda kind, identity: None  # noqa: ARG005


class SourceItems(Iterator[Item]):
    """Items of a source, and ``digest`` of what they are made of, computed when asked for, if there is one.

    ``reading`` tells by what of a person's making they are read, a mapping: another text where that is another one.
    ``kinds`` are those of which it may have records: of one with none the count is 0. ``earlier`` is asked while they
    are read; whoever takes them says beforehand what is known.
    """

    def __init__(
        self,
        items: Iterator[Item],
        digest: Callable[[], Digest | None],
        *,
        reading: str = "",
        kinds: tuple[str, ...] = (),
        earlier: EarlierRecords | None = None,
    ) -> None:
        self._items = items
        self.earlier = earlier or EarlierRecords()
        self.digest = digest
        self.reading = reading
        self.kinds = kinds

    def __next__(self) -> Item:
        return next(self._items)


class Reader(Protocol):
    """Opens a source, and gives its items one at a time, in one pass.

    It prints nothing and drops nothing silently: what it cannot take is a finding. Items are
    ``formats.reading.Item``, or studies and papers before anyone has said whose they are.
    """

    def __call__(self, place: str, /, *_: Any, **options: Any) -> AbstractContextManager[Iterator[Any]]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceDescription:
    """A source: its title, to translate, what opens it, and what tells by its content that it lies at a place.

    ``system`` is the name under which a store has its records, where that is not the one of the source.
    ``holds`` are the sources of which files lie in one of this kind: it is not one of these besides. ``outside`` says
    that it comes from other organisations than the practice into whose store it is collected. With
    ``rows_of_others`` its rows keep the names of the systems they were collected from.
    """

    title: str
    open: Reader
    system: str = ""
    recognize: Callable[[str], bool] | None = None
    holds: frozenset[str] = frozenset()
    outside: bool = False
    rows_of_others: bool = False


class Checker(Protocol):
    """Reads one file of the format to its end and yields what is noticed.

    Raises:
        FormatFailure: when it is no such file, or more than a limit allows.
    """

    def __call__(self, source: BinaryIO, /) -> Iterator[Finding]: ...

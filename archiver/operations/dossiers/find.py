"""Find persons in a practice store or in a package, and tell one whom words say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from archiver.practice.store import PracticeStore
from archiver.search.errors import PatientAmbiguous, PatientUnknown
from archiver.search.persons import SearchedPerson
from archiver.search.query import query_of
from archiver.search.records import (
    SearchRecord,
    last_seen,
    persons_of_store,
    records_of_keyring,
    records_of_store,
)
from archiver.search.search import FoundPerson, SearchResult, persons_of, search
from formats.errors import Failure
from formats.words import mark

if TYPE_CHECKING:  # whoever looks into a store opens no package
    from archiver.handover.opening import OpenedHandover

SHOWN = 20
"""Persons that are shown unless another number is asked for."""
CANDIDATES = 5
"""Persons that a refusal names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FindOutcome:
    """The persons found, and when each record was last seen (ISO 8601), where the source knows."""

    result: SearchResult
    last_seen: Mapping[str, str] = field(default_factory=dict)


def persons_in(content: PracticeStore | OpenedHandover) -> list[SearchedPerson]:
    """Return every person of a store, or whom the keyrings of a package tell."""
    if isinstance(content, PracticeStore):
        return persons_of(records_of_store(content))
    return persons_of(_records_of_package(content))


def each_person(content: PracticeStore | OpenedHandover) -> Iterator[tuple[SearchRecord, ...]]:
    """Yield the records of every person, in the order of ``persons_in``; of a store few are in memory at a time."""
    if isinstance(content, PracticeStore):
        yield from persons_of_store(content)
    else:
        yield from (tuple(one.records) for one in persons_of(_records_of_package(content)))


def _records_of_package(content: OpenedHandover) -> Iterator[SearchRecord]:
    return records_of_keyring(entry.patient for _, entry in content.entries() if entry.patient)


def find(
    content: PracticeStore | OpenedHandover, words: Iterable[str], *, today: date, limit: int = SHOWN
) -> FindOutcome:
    """Return the persons who fit ``words``, or come nearest.

    Raises:
        NothingToFind: when ``words`` say nothing.
    """
    query = query_of(words, today)
    return outcome_of(content, search(persons_in(content), query, limit=limit))


def outcome_of(content: PracticeStore | OpenedHandover, result: SearchResult) -> FindOutcome:
    """Return ``result`` with what tells the persons apart besides."""
    shown = [record.id for one in (*result.found, *result.nearest) for record in one.records]
    seen = last_seen(content, shown) if shown and isinstance(content, PracticeStore) else {}
    return FindOutcome(result=result, last_seen=seen)


def one_person(
    persons: Sequence[SearchedPerson], wanted: str, *, today: date
) -> tuple[SearchRecord, ...] | SearchResult:
    """Return the records of the one person whom ``wanted`` tells, else those who fit or come nearest.

    A number or an identity tells whoever has it, even where it could be something else as well.
    """
    named = [one for one in persons if any(wanted in {record.id, *record.numbers} for record in one.records)]
    if len(named) == 1:
        return tuple(named[0].records)
    result = search(persons, query_of([wanted], today), limit=SHOWN)
    return tuple(result.found[0].records) if result.count == 1 else result


def not_one(wanted: str, result: SearchResult) -> Failure:
    """Return the refusal of words that tell nobody, or several persons, with those who are meant perhaps."""
    shown = result.found or result.nearest
    numbers = Counter(number for one in shown for number in _numbers(one))
    near = ", ".join(_called(one, numbers) for one in shown[:CANDIDATES]) or mark("none")
    if result.count:
        return PatientAmbiguous(wanted=wanted, count=result.count, near=near)
    return PatientUnknown(wanted=wanted, near=near)


def _numbers(person: FoundPerson) -> dict[str, None]:
    return dict.fromkeys(number for record in person.records for number in record.numbers)


def _called(person: FoundPerson, numbers: Mapping[str, int]) -> str:
    """Return the name, and a number that nobody else of ``numbers`` has: those of two practices begin at 1 alike."""
    record = person.records[0]
    number = next((one for one in _numbers(person) if numbers[one] == 1), record.id)
    names = record.names
    family, given = names.used_family or names.birth_family, names.used_given or " ".join(names.birth_givens)
    shown = f"{family} {given}".strip()
    return f"{shown} ({number})" if shown else number

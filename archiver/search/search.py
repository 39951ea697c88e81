"""Search the persons who fit a query; where nobody does, those who come nearest.

1. A person fits when every term does: names by their beginning, in any order and spelling; particles may be missing.
2. Those whom the terms fit best come first, then those whose birth is nearest, then by name.
3. Where nobody fits, each term counts by how near it comes: names by Jaro-Winkler similarity, a birth date by what
   people mistype. Nobody is offered who fits less than half of what was asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from archiver.identity.comparison import BirthLevel, level_of_births
from archiver.search.index import PersonIndex
from archiver.search.persons import Fit, SearchedPerson, TermFit, order_of
from archiver.search.query import SearchQuery, Term
from archiver.search.records import SearchRecord
from formats.model.dates import AnyDate

NEAREST = 10
"""Persons who are offered at most where nobody fits."""
LEAST_ALIKE = 0.82
"""Least Jaro-Winkler similarity of a word and a name: Lemoyne and Lemoine, Filipe and Philippe."""
LEAST_SHARE = 0.5
"""Least share of a query that somebody who is offered fits."""
_BEHIND = 0.25
"""How far behind the nearest, as a share of the query, somebody is still offered."""
_SHARES = {Fit.EQUAL: 1.0, Fit.BEGINNING: 0.95, Fit.WITHIN: 0.9, Fit.NONE: 0.0}
_ALIKE_SHARE, _NEAR_BIRTH_SHARE, _A_YEAR = 0.9, 0.7, 0.05
"""What a similar name, and a birth date that may be mistyped, count at most beside one that fits; and what every year
takes away by which a birth is not in the span that was named."""


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody found: every record of the person, and how each term of the query fits."""

    records: Sequence[SearchRecord]
    fits: tuple[TermFit, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """How many persons fit, the best of them, and, where nobody does, the nearest."""

    count: int
    found: tuple[FoundPerson, ...]
    nearest: tuple[FoundPerson, ...] = ()


def persons_of(records: Iterable[SearchRecord]) -> list[SearchedPerson]:
    """Return the persons whose records these are; the record that stands for each comes first."""
    by_person: dict[str, list[SearchRecord]] = {}
    for record in records:
        of_person = by_person.setdefault(record.person, [])
        of_person.insert(0 if record.id == record.person else len(of_person), record)
    return [SearchedPerson(one) for one in by_person.values()]


def search(
    persons: Sequence[SearchedPerson] | PersonIndex, query: SearchQuery, *, limit: int
) -> SearchResult:
    """Return the best ``limit`` of the persons who fit, or those who come nearest; an index finds the same, sooner."""
    needed = [term for term in query.terms if not term.may_be_left_out] or list(query.terms)
    fitting: list[tuple[tuple[float, ...], SearchedPerson]] = []
    for person in persons.may_fit(needed) if isinstance(persons, PersonIndex) else persons:
        total = 0
        for term in needed:
            fit = person.fit(term)
            if fit is Fit.NONE:
                break
            total += fit
        else:
            extra = sum(person.fit(term) for term in query.terms if term.may_be_left_out)
            fitting.append(((-total - extra, _years(person, needed)), person))
    if isinstance(persons, PersonIndex):  # they come in the order of the list
        fitting.sort(key=lambda one: one[0])
    else:
        fitting.sort(key=lambda one: (*one[0], *order_of(one[1])))
    if fitting:
        found = tuple(_explained(person, query) for _, person in fitting[:limit])
        return SearchResult(len(fitting), found)
    index = persons if isinstance(persons, PersonIndex) else PersonIndex(persons)
    return SearchResult(0, (), tuple(_explained(one, query) for one in _nearest(index, needed)))


def _explained(person: SearchedPerson, query: SearchQuery) -> FoundPerson:
    return FoundPerson(person.records, tuple(map(person.explain, query.terms)))


def _years(person: SearchedPerson, terms: Iterable[Term]) -> int:
    """Return how many years the births of a person are from those asked for."""
    spans = [term.birth for term in terms if term.birth]
    return sum(min((span.years_from(born) for born in person.births), default=0) for span in spans)


def _nearest(index: PersonIndex, terms: Sequence[Term]) -> list[SearchedPerson]:
    alike = [_alike(index, term) if term.name else {} for term in terms]
    scored: list[tuple[float, SearchedPerson]] = []
    for number in index.may_come_near(terms, alike):
        person = index.persons[number]
        share = 0.0
        for term, similar in zip(terms, alike, strict=True):
            share += max(_SHARES[person.fit(term)], similar.get(number, 0.0), _near_birth(person, term))
        if share >= LEAST_SHARE * len(terms):
            scored.append((-share, person))
    scored.sort(key=lambda one: (one[0], *order_of(one[1])))
    worst = scored[0][0] + _BEHIND * len(terms) if scored else 0.0
    return [person for share, person in scored[:NEAREST] if share <= worst]


def _alike(index: PersonIndex, term: Term) -> dict[int, float]:
    """Return, by place, the persons who have a name spelled nearly like ``term``, and what that counts."""
    from rapidfuzz import process  # noqa: PLC0415 - only where nobody fits
    from rapidfuzz.distance import JaroWinkler  # noqa: PLC0415

    holders = index.holders_of_forms()
    similar = process.extract(
        term.name, holders.keys(), scorer=JaroWinkler.similarity, score_cutoff=LEAST_ALIKE, limit=None
    )
    found: dict[int, float] = {}
    for form, likeness, _ in similar:
        for number in holders[form]:
            found[number] = max(found.get(number, 0.0), likeness * _ALIKE_SHARE)
    return found


def _near_birth(person: SearchedPerson, term: Term) -> float:
    """Return what a birth date counts that is not the one asked for and may be mistyped."""
    if term.birth is None:
        return 0.0
    day = term.birth.day
    if day:
        return _NEAR_BIRTH_SHARE if any(_mistyped(day, born) for born in person.births) else 0.0
    years = min(map(term.birth.years_from, person.births), default=None)
    return 0.0 if years is None else max(0.0, _NEAR_BIRTH_SHARE - _A_YEAR * years)


def _mistyped(day: date, born: AnyDate) -> bool:
    return level_of_births(day, born) is BirthLevel.NEAR

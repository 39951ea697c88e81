"""Index of persons for several searches: in one text, which of them have a name in which another text stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from archiver.search.persons import SearchedPerson, order_of
from archiver.search.query import Term


class PersonIndex:
    """Persons in the order in which they are listed; what it leaves out of a search could not be found by it."""

    def __init__(self, persons: Iterable[SearchedPerson]) -> None:
        self.persons: Sequence[SearchedPerson] = sorted(persons, key=order_of)
        self._text = ""
        self._starts: list[int] = []
        self._forms: dict[str, list[int]] = {}

    def may_fit(self, terms: Iterable[Term]) -> Iterator[SearchedPerson]:
        """Yield the persons whom all ``terms`` may fit, in their order."""
        found: set[int] | None = None
        for term in terms:
            holders = self._holders(term)
            if holders is not None:
                found = holders if found is None else found & holders
        if found is None:
            return iter(self.persons)
        return (self.persons[number] for number in sorted(found))

    def may_come_near(self, terms: Iterable[Term], alike: Iterable[Mapping[int, float]]) -> Collection[int]:
        """Return the places of those whom a term may fit, or who have a name that is ``alike``, in their order."""
        found: set[int] = set()
        for term, similar in zip(terms, alike, strict=True):
            holders = self._holders(term)
            if holders is None:
                return range(len(self.persons))
            found |= holders | similar.keys()
        return sorted(found)

    def holders_of_forms(self) -> Mapping[str, Sequence[int]]:
        """Return the places of the persons who have a name, by each of its forms."""
        if not self._forms:
            for number, person in enumerate(self.persons):
                for form in person.forms:
                    self._forms.setdefault(form, []).append(number)
        return self._forms

    def _holders(self, term: Term) -> set[int] | None:
        """Return the places of those whom ``term`` may fit, where it can only be a name."""
        if term.birth or term.telephone or term.number or term.ins or not term.name:
            return None
        holders = self._with(term.name)
        if term.parts:
            holders |= set.intersection(*map(self._with, term.parts))
        return holders

    def _with(self, text: str) -> set[int]:
        """Return the places of those in whose names ``text`` stands."""
        if not self._starts:
            texts = [person.text for person in self.persons]
            self._text = "\n".join(texts)
            self._starts = [0, *accumulate(len(one) + 1 for one in texts)]
        found: set[int] = set()
        at = self._text.find(text)
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            found.add(number)
            at = self._text.find(text, self._starts[number + 1])
        return found

"""Persons as a search compares them with a query, one term after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache
from itertools import chain

from archiver.compliance.plausibility import is_placeholder
from archiver.identity.compared_traits import BETWEEN_WORDS, spellings_of, telephone_digits
from archiver.search.birth_spans import BirthSpan
from archiver.search.query import Term
from archiver.search.records import SearchNames, SearchRecord
from formats.model.dates import AnyDate, parse_date
from formats.names import comparable

LEAST_WITHIN = 3
"""Letters from which a word may stand inside a name that is written together."""
INS_WITHOUT_KEY = 13
"""Characters of an INS, behind which its key may stand."""


class Fit(IntEnum):
    """How well one term fits a person."""

    NONE = 0
    WITHIN = 1
    """It stands inside a name, or the birth date may lie in the span that was named."""
    BEGINNING = 2
    """A name, or a telephone number, begins or ends with it."""
    EQUAL = 3


class Trait(StrEnum):
    """What of a person a term fits."""

    FAMILY = "family-name"
    GIVEN = "given-name"
    EARLIER = "earlier-name"
    BIRTH = "birth-date"
    NUMBER = "number"
    TELEPHONE = "telephone"
    INS = "ins"


@dataclass(frozen=True, slots=True)
class TermFit:
    """How one term fits a person; ``value`` is what it fits, as the record has it."""

    term: str
    fit: Fit
    trait: Trait | None = None
    value: str = ""


@lru_cache(1 << 15)
def forms_of(name: str) -> tuple[str, ...]:
    """Return a name in comparable form, whole and word by word; a practice repeats most names."""
    forms: dict[str, None] = {}
    for spelling in spellings_of(name):
        forms[comparable(spelling)] = None
        forms |= dict.fromkeys(map(comparable, BETWEEN_WORDS.split(spelling)))
    forms.pop("", None)
    return tuple(forms)


class SearchedPerson:
    """One person: every record of them, and what all of them are found by.

    What is compared is worked out when it is first asked for, and kept for the next search.
    """

    __slots__ = ("_births", "_numbers", "_telephones", "records", "text")

    def __init__(self, records: list[SearchRecord]) -> None:
        self.records = records
        names = (names for record in records for names in (record.names, *record.earlier))
        forms = (forms_of(name) for one in names for name in _written(one) if name)
        self.text = joined_forms(dict.fromkeys(chain.from_iterable(forms)))
        """Every form of every name, in which one of them, or how one begins, is looked for."""
        self._births: tuple[AnyDate, ...] | None = None
        self._numbers: frozenset[str] | None = None
        self._telephones: tuple[str, ...] | None = None

    @property
    def first(self) -> SearchRecord:
        """The record that stands for the person."""
        return self.records[0]

    @property
    def forms(self) -> list[str]:
        """Every form of every name."""
        return self.text.strip("|").split("|")

    @property
    def births(self) -> tuple[AnyDate, ...]:
        """The birth dates that somebody gave."""
        if self._births is None:
            self._births = tuple(births_of(one.names.birth_date for one in self.records))
        return self._births

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers and identities of the records, in comparable form."""
        if self._numbers is None:
            values = (value for one in self.records for value in (*one.numbers, one.id))
            self._numbers = frozenset(map(comparable, values))
        return self._numbers

    @property
    def telephones(self) -> tuple[str, ...]:
        """The national digits of the telephone numbers."""
        if self._telephones is None:
            values = (value for one in self.records for value in one.telephones)
            self._telephones = tuple(map(telephone_digits, values))
        return self._telephones

    def fit(self, term: Term) -> Fit:
        """Return how well ``term`` fits in its best reading."""
        if term.number and term.number in self.numbers:
            return Fit.EQUAL
        if term.ins and any(_is_ins(term, value) for one in self.records for value in one.ins):
            return Fit.EQUAL
        fit = fit_of_names(term, self.text) if term.name else Fit.NONE
        if term.birth:
            fit = max(fit, fit_of_births(term.birth, self.births))
        return max(fit, fit_of_telephones(term, self.telephones)) if term.telephone else fit

    def explain(self, term: Term) -> TermFit:
        """Return how ``term`` fits, and what of the person; only for the few persons who are shown."""
        fit = self.fit(term)
        for record in self.records if fit else ():
            for trait, value in _traits(record):
                if _fit_of_trait(term, trait, value) is fit:
                    return TermFit(term.text, fit, trait, value)
        return TermFit(term.text, fit)


def fit_of_names(term: Term, text: str) -> Fit:
    """Return how a term that may be a name fits the ``text`` of the forms of all names."""
    whole = _fit_of_form(term.name, text)
    return max(whole, min(_fit_of_form(part, text) for part in term.parts)) if term.parts else whole


def _fit_of_form(form: str, text: str) -> Fit:
    if form not in text:
        return Fit.NONE
    if f"|{form}" in text:
        return Fit.EQUAL if f"|{form}|" in text else Fit.BEGINNING
    return Fit.WITHIN if len(form) >= LEAST_WITHIN else Fit.NONE


def order_of(person: SearchedPerson) -> tuple[str, ...]:
    """Return what persons are listed by: names, birth date, number."""
    names = person.first.names
    family, given = names.used_family or names.birth_family, names.used_given or " ".join(names.birth_givens)
    return comparable(family), comparable(given), names.birth_date, person.first.number


def fit_of_births(span: BirthSpan, births: Iterable[AnyDate]) -> Fit:
    """Return how a span fits birth dates."""
    if not any(map(span.may_hold, births)):
        return Fit.NONE
    return Fit.EQUAL if span.about is None else Fit.WITHIN


def births_of(texts: Iterable[str]) -> Iterator[AnyDate]:
    """Yield the dates that ``texts`` write, but for those that a program writes where nobody gave one."""
    return (born for born in map(parse_date, filter(None, texts)) if not is_placeholder(born))


def fit_of_telephones(term: Term, telephones: Iterable[str]) -> Fit:
    """Return how a term that may be some or all digits of a telephone number fits the digits of numbers."""
    wanted = term.telephone
    if not wanted:
        return Fit.NONE
    fits = (
        Fit.EQUAL if one == wanted else Fit.BEGINNING
        for one in telephones
        if one.startswith(wanted) or one.endswith(wanted)
    )
    return max(fits, default=Fit.NONE)


def _is_number(term: Term, value: str) -> bool:
    return comparable(value) == term.number


def _is_ins(term: Term, value: str) -> bool:
    return comparable(value)[:INS_WITHOUT_KEY] == term.ins[:INS_WITHOUT_KEY]


def _written(names: SearchNames) -> tuple[str, ...]:
    return (names.used_family, names.birth_family, names.used_given, " ".join(names.birth_givens))


def _traits(record: SearchRecord) -> Iterator[tuple[Trait, str]]:
    """Yield what a record is found by, as it is written."""
    yield from ((Trait.NUMBER, value) for value in (*record.numbers, record.id))
    yield from ((Trait.INS, value) for value in record.ins)
    yield from ((Trait.TELEPHONE, value) for value in record.telephones)
    kinds = (Trait.FAMILY, Trait.FAMILY, Trait.GIVEN, Trait.GIVEN)
    yield from zip(kinds, _written(record.names), strict=True)
    yield Trait.BIRTH, record.names.birth_date
    yield from ((Trait.EARLIER, name) for names in record.earlier for name in _written(names))


def _fit_of_trait(term: Term, trait: Trait, value: str) -> Fit:
    if not value:
        return Fit.NONE
    if trait is Trait.NUMBER:
        return Fit.EQUAL if term.number and _is_number(term, value) else Fit.NONE
    if trait is Trait.INS:
        return Fit.EQUAL if term.ins and _is_ins(term, value) else Fit.NONE
    if trait is Trait.TELEPHONE:
        return fit_of_telephones(term, [telephone_digits(value)])
    if trait is Trait.BIRTH:
        return fit_of_births(term.birth, births_of([value])) if term.birth else Fit.NONE
    return fit_of_names(term, joined_forms(forms_of(value))) if term.name else Fit.NONE


def joined_forms(forms: Iterable[str]) -> str:
    """Return forms of names in one text in which one of them, or how one begins, is looked for."""
    return f"|{'|'.join(forms)}|"

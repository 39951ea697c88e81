"""Comparison of two patient records, trait by trait, each on a scale of levels (record linkage).

Whether a pair is worth a question follows from the levels by the table ``ASKED``; their sum only orders the
candidates of one arrival. Nothing here says that two records are one person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from archiver.identity.compared_traits import ComparedTraits, compatible
from formats.model.dates import AnyDate, PartialDate, contradict
from formats.words import mark

FAMILY_ALIKE = 0.9
GIVEN_ALIKE = 0.86
"""Least Jaro-Winkler similarity of names that are spelled nearly alike: above Léa and Lia, below Yassine and Yacine."""
_TWO_WORDS = 2


class NamesLevel(IntEnum):
    """How well the names of two records agree."""

    OTHER = 0
    GIVEN = 1
    """The given names alone."""
    ALIKE = 2
    """Both spelled nearly alike."""
    SHARED_WORDS = 3
    """The words of one are words of the other, wherever they stand: exchanged, double or shortened names."""
    EQUAL = 4


class BirthLevel(IntEnum):
    """How well two birth dates agree."""

    OTHER = 0
    UNKNOWN = 1
    """One of them, or both, is not known."""
    NEAR = 2
    """Day and month exchanged, or one of day, month and year is another."""
    PARTIAL = 3
    """They may be the same day, of which one record has only the year or the month."""
    SAME = 4


class Reason(NamedTuple):
    """Why a pair is a question (gettext sentences); ``other_ins`` where each has an INS, and they are two.

    Nothing is asked where it is empty: who have two INS and were born on two days are two people.
    """

    sentence: str
    other_ins: str


SAME_TRAITS = Reason(mark("same traits, without an INS to prove it"), mark("same traits, but another INS"))
SAME_NAMES = Reason(mark("same names and birth date"), mark("same names and birth date, but another INS"))
OTHER_SEX = Reason(
    mark("same names and birth date, and another sex"),
    mark("same names and birth date, and another sex and another INS"),
)
OTHER_BIRTH_PLACE = Reason(
    mark("same names and birth date, and another birthplace"),
    mark("same names and birth date, and another birthplace and another INS"),
)
SAME_CONTACT = Reason(
    mark("same given name, birth date and telephone or e-mail, under another family name"),
    mark("same given name, birth date and telephone or e-mail, under another family name and another INS"),
)
PLACEHOLDER = Reason(
    mark("same names, and a birth date that a program writes where nobody gave one"),
    mark("same names, a birth date that a program writes where nobody gave one, and another INS"),
)
ASKED: Mapping[tuple[NamesLevel, BirthLevel], Reason] = {
    (NamesLevel.EQUAL, BirthLevel.PARTIAL): Reason(
        mark("same names, and a birth date that is not known to the day"),
        mark("same names, a birth date that is not known to the day, and another INS"),
    ),
    (NamesLevel.EQUAL, BirthLevel.NEAR): Reason(
        mark("same names, and a birth date that may be mistyped"), ""
    ),
    (NamesLevel.EQUAL, BirthLevel.UNKNOWN): Reason(
        mark("same names, and no birth date to compare"),
        mark("same names, no birth date to compare, and another INS"),
    ),
    (NamesLevel.SHARED_WORDS, BirthLevel.SAME): Reason(
        mark("same birth date, and names that share their words"),
        mark("same birth date, names that share their words, and another INS"),
    ),
    (NamesLevel.SHARED_WORDS, BirthLevel.PARTIAL): Reason(
        mark("names that share their words, and a birth date that is not known to the day"),
        mark("names that share their words, a birth date that is not known to the day, and another INS"),
    ),
    (NamesLevel.SHARED_WORDS, BirthLevel.NEAR): Reason(
        mark("names that share their words, and a birth date that may be mistyped"), ""
    ),
    (NamesLevel.SHARED_WORDS, BirthLevel.UNKNOWN): Reason(
        mark("names that share their words, and no birth date to compare"),
        mark("names that share their words, no birth date to compare, and another INS"),
    ),
    (NamesLevel.ALIKE, BirthLevel.SAME): Reason(
        mark("same birth date, and names spelled nearly alike"),
        mark("same birth date, names spelled nearly alike, and another INS"),
    ),
}
"""Why a pair of these levels is a question; that of equal names and birth dates depends on the other traits."""
NO_REASON = Reason("", "")


def level_of_names(one: ComparedTraits, other: ComparedTraits) -> NamesLevel:
    """Return how well the names agree."""
    same_family = not one.families.isdisjoint(other.families)
    same_given = not one.givens.isdisjoint(other.givens) or not (one.givens or other.givens)
    if same_family and same_given:
        return NamesLevel.EQUAL
    if _share_words(one.words, other.words):
        return NamesLevel.SHARED_WORDS
    alike_given = same_given or _similarity(one.givens, other.givens) >= GIVEN_ALIKE
    if not alike_given:
        return NamesLevel.OTHER
    if same_family or _similarity(one.families, other.families) >= FAMILY_ALIKE:
        return NamesLevel.ALIKE
    return NamesLevel.GIVEN


def _share_words(one: frozenset[str], other: frozenset[str]) -> bool:
    return min(len(one), len(other)) >= _TWO_WORDS and (one <= other or other <= one)


def _similarity(ones: Iterable[str], others: Iterable[str]) -> float:
    from rapidfuzz.distance import JaroWinkler  # noqa: PLC0415 - most arrivals share a birth date with nobody

    pairs = (JaroWinkler.similarity(one, other) for one in ones for other in others)
    return max(pairs, default=0.0)


def level_of_births(one: AnyDate | None, other: AnyDate | None) -> BirthLevel:
    """Return how well two birth dates agree."""
    if one is None or other is None:
        return BirthLevel.UNKNOWN
    if isinstance(one, PartialDate) or isinstance(other, PartialDate):
        return BirthLevel.OTHER if contradict(one, other) else BirthLevel.PARTIAL
    if one == other:
        return BirthLevel.SAME
    return BirthLevel.NEAR if _near(one, other) else BirthLevel.OTHER


def _near(one: date, other: date) -> bool:
    parts = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    exchanged = one.year == other.year and (one.month, one.day) == (other.day, other.month)
    return exchanged or sum(mine != theirs for mine, theirs in parts) == 1


def reason_to_ask(one: ComparedTraits, other: ComparedTraits, *, other_ins: bool) -> tuple[str, int]:
    """Return why a human is asked whether both are one person, and how likely beside others; no reason, no question.

    ``other_ins`` says that each of them has an INS, and that they are two.
    """
    names, birth = level_of_names(one, other), level_of_births(one.born, other.born)
    reason = _reason(one, other, names, birth)
    return (reason.other_ins if other_ins else reason.sentence), int(names) + int(birth)


def _reason(one: ComparedTraits, other: ComparedTraits, names: NamesLevel, birth: BirthLevel) -> Reason:
    same_sex = compatible(one.sex, other.sex)
    if names is NamesLevel.GIVEN:
        shared = birth is BirthLevel.SAME and same_sex and not one.reached_at.isdisjoint(other.reached_at)
        return SAME_CONTACT if shared else NO_REASON
    if names is NamesLevel.EQUAL and birth is BirthLevel.SAME:
        return _equal(one, other)
    if not same_sex or not compatible(one.birth_place, other.birth_place):
        return NO_REASON
    if birth is BirthLevel.UNKNOWN and names is NamesLevel.EQUAL and (one.placeholder or other.placeholder):
        return PLACEHOLDER
    return ASKED.get((names, birth), NO_REASON)


def _equal(one: ComparedTraits, other: ComparedTraits) -> Reason:
    if not compatible(one.sex, other.sex):
        return OTHER_SEX
    if not compatible(one.birth_place, other.birth_place):
        return OTHER_BIRTH_PLACE
    return SAME_TRAITS if one.same_kind_of_name(other) else SAME_NAMES

"""The traits of a patient record in the form in which two of them are compared: names, birth, sex, how to reach.

Names are compared as ``formats.names`` folds them, whole and word by word, and as they read once text that
was decoded wrongly (``LÃ©ger``) is mended: each spelling counts, none replaces another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from archiver.compliance.plausibility import is_placeholder
from formats.model.dates import AnyDate
from formats.model.identity import ContactKind, Sex, Traits
from formats.model.people import Patient
from formats.names import beginnings, comparable

_BETWEEN_WORDS = re.compile(r"[\s\-'’,.]+")
_PHONES = frozenset({ContactKind.PHONE, ContactKind.MOBILE})
_NATIONAL_DIGITS = 9
"""Digits of a French telephone number after ``0`` or ``+33``."""
_SIGNS_OF_UTF8 = re.compile("[ÃÂÅÄ]")


@dataclass(frozen=True, slots=True)
class ComparedTraits:
    """The traits of one patient record; what is not known is empty, or ``None``.

    ``families`` and ``givens`` hold every form a whole name may have, ``words`` the words of all of them.
    ``born`` is ``None`` too where a program wrote a date in place of none, which ``placeholder`` then says.
    """

    families: frozenset[str]
    givens: frozenset[str]
    family_words: frozenset[str]
    given_words: frozenset[str]
    born: AnyDate | None
    placeholder: bool
    sex: str
    birth_place: str
    reached_at: frozenset[str]

    @property
    def words(self) -> frozenset[str]:
        """The words of all names."""
        return self.family_words | self.given_words

    @property
    def names(self) -> frozenset[tuple[str, str]]:
        """The whole names: each family name with each given name."""
        return frozenset(product(self.families, self.givens))


def compared_traits(patient: Patient) -> ComparedTraits:
    """Return the traits of ``patient`` for comparing."""
    traits = patient.traits
    families = [*_spellings(traits.birth_family_name), *_spellings(traits.used_family_name)]
    givens = [*_spellings(" ".join(traits.birth_given_names)), *_spellings(traits.used_given_name)]
    placeholder = is_placeholder(traits.birth_date)
    return ComparedTraits(
        families=frozenset(filter(None, map(comparable, families))),
        givens=frozenset(form for given in givens for form in beginnings(given)),
        family_words=_words(families),
        given_words=_words(givens),
        born=None if placeholder else traits.birth_date,
        placeholder=placeholder,
        sex=civil_sex(traits),
        birth_place=traits.birth_place.strip(),
        reached_at=frozenset(_reached_at(patient)),
    )


def compatible(one: str, other: str) -> bool:
    """Tell whether two traits may be one: they are equal, or one is not known."""
    return not one or not other or one == other


def civil_sex(traits: Traits) -> str:
    """Return the sex as civil status has it, ``M`` or ``F``; or nothing."""
    return traits.sex.value if traits.sex in {Sex.MALE, Sex.FEMALE} else ""


def _spellings(name: str) -> Iterator[str]:
    """Yield ``name``, and as it reads where its UTF-8 was taken for the code page of Windows."""
    if not name:
        return
    yield name
    if _SIGNS_OF_UTF8.search(name):
        try:
            yield name.encode("cp1252").decode("utf-8")
        except UnicodeError:
            return


def _words(names: list[str]) -> frozenset[str]:
    words = (comparable(word) for name in names for word in _BETWEEN_WORDS.split(name))
    return frozenset(filter(None, words))


def _reached_at(patient: Patient) -> Iterator[str]:
    """Yield telephone numbers by their national digits and addresses of e-mail, as two records may share them."""
    for contact in patient.contacts:
        if contact.kind is ContactKind.EMAIL and contact.value.strip():
            yield contact.value.strip().casefold()
        elif contact.kind in _PHONES:
            digits = re.sub(r"\D", "", contact.value)[-_NATIONAL_DIGITS:]
            if len(digits) == _NATIONAL_DIGITS:
                yield digits

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

BETWEEN_WORDS = re.compile(r"[\s\-'’,.]+")
"""What stands between the words of a name."""
_PHONES = frozenset({ContactKind.PHONE, ContactKind.MOBILE})
_NATIONAL_DIGITS = 9
"""Digits of a French telephone number after ``0`` or ``+33``."""
_SIGNS_OF_UTF8 = re.compile("[ÃÂÅÄ]")


@dataclass(frozen=True, slots=True)
class ComparedTraits:
    """The traits of one patient record; what is not known is empty, or ``None``.

    ``families`` and ``givens`` hold every form a whole name may have, ``words`` the words of all of them;
    ``birth_families`` and ``used_families`` are the forms of the birth name and of the name in use.
    ``born`` is ``None`` too where a program wrote a date in place of none, which ``placeholder`` then says.
    """

    birth_families: frozenset[str]
    used_families: frozenset[str]
    givens: frozenset[str]
    family_words: frozenset[str]
    given_words: frozenset[str]
    born: AnyDate | None
    placeholder: bool
    sex: str
    birth_place: str
    reached_at: frozenset[str]

    @property
    def families(self) -> frozenset[str]:
        """The family names, of birth and in use."""
        return self.birth_families | self.used_families

    @property
    def words(self) -> frozenset[str]:
        """The words of all names."""
        return self.family_words | self.given_words

    @property
    def names(self) -> frozenset[tuple[str, str]]:
        """The whole names: each family name with each given name."""
        return frozenset(product(self.families, self.givens))

    def same_kind_of_name(self, other: ComparedTraits) -> bool:
        """Tell whether both have a family name of birth, or else one in use, in common: not one the other's other."""
        if self.birth_families and other.birth_families:
            return not self.birth_families.isdisjoint(other.birth_families)
        return not self.used_families.isdisjoint(other.used_families)


def compared_traits(patient: Patient) -> ComparedTraits:
    """Return the traits of ``patient`` for comparing."""
    traits = patient.traits
    of_birth, in_use = [*spellings_of(traits.birth_family_name)], [*spellings_of(traits.used_family_name)]
    givens = [*spellings_of(" ".join(traits.birth_given_names)), *spellings_of(traits.used_given_name)]
    placeholder = is_placeholder(traits.birth_date)
    return ComparedTraits(
        birth_families=frozenset(filter(None, map(comparable, of_birth))),
        used_families=frozenset(filter(None, map(comparable, in_use))),
        givens=frozenset(form for given in givens for form in beginnings(given)),
        family_words=_words([*of_birth, *in_use]),
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


def spellings_of(name: str) -> Iterator[str]:
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
    words = (comparable(word) for name in names for word in BETWEEN_WORDS.split(name))
    return frozenset(filter(None, words))


def _reached_at(patient: Patient) -> Iterator[str]:
    """Yield telephone numbers by their national digits and addresses of e-mail, as two records may share them."""
    for contact in patient.contacts:
        if contact.kind is ContactKind.EMAIL and contact.value.strip():
            yield contact.value.strip().casefold()
        elif contact.kind in _PHONES:
            digits = telephone_digits(contact.value)
            if len(digits) == _NATIONAL_DIGITS:
                yield digits


def telephone_digits(written: str) -> str:
    """Return the last digits of a telephone number, as many as are behind ``0`` or ``+33`` in France, or fewer."""
    return re.sub(r"\D", "", written)[-_NATIONAL_DIGITS:]

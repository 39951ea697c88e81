"""Sentences a person reads, in French and English.

The English sentence in the code is the message identifier (gettext); the
catalogues lie beside the package in ``locale/<language>/LC_MESSAGES``.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import cache
from importlib.resources import as_file, files
from typing import NamedTuple, Self

LANGUAGES = ("fr", "en")
"""Languages every page carries, in the order in which they are shown."""

DOMAIN = "archiver"
MANY = 2
"""A number that is plural in every language here."""


class Words(NamedTuple):
    """A label in French and English; both always travel, whatever catalogue is installed."""

    fr: str
    en: str


class BilingualText(str):
    """Words as a text that any sentence can hold: English that brings its French and needs no catalogue."""

    __slots__ = ("words",)
    words: Words

    def __new__(cls, words: Words) -> Self:
        made = super().__new__(cls, words.en)
        made.words = words
        return made

    def __reduce__(self) -> tuple[type[BilingualText], tuple[Words]]:
        """Travel between processes whole."""
        return BilingualText, (self.words,)


class Sentence(str):
    """A text of the catalogue; every other text within a sentence is what somebody wrote, and stays as it is."""

    __slots__ = ()


def mark(sentence: str) -> str:
    """Return ``sentence`` as one of the catalogue; its call tells Babel to extract it."""
    return Sentence(sentence)


class Plural(str):
    """A message with one form for one and one for several (gettext ``msgid_plural``); as text, that for several.

    ``by`` names the fact whose number chooses the form; ``number`` is that number once it is known.
    What chooses is the rule of the catalogue's language: none is plural in English and singular in French.
    """

    __slots__ = ("by", "number", "one")
    one: str
    by: str
    number: int | None

    def __new__(cls, one: str, several: str, *, by: str = "count", number: int | None = None) -> Self:
        made = super().__new__(cls, several)
        made.one, made.by, made.number = one, by, number
        return made

    def __reduce__(self) -> tuple[Callable[..., Plural], tuple[str, str, str, int | None]]:
        """Travel between processes whole."""
        return _plural_again, (self.one, str(self), self.by, self.number)

    def of(self, number: object) -> Plural:
        """Return this message for ``number`` things."""
        known = number if isinstance(number, int) else None
        return Plural(self.one, str(self), by=self.by, number=known)


def _plural_again(one: str, several: str, by: str, number: int | None) -> Plural:
    return Plural(one, several, by=by, number=number)


def plural(one: str, several: str, *, by: str = "count") -> Plural:
    """Return the message; its call tells Babel to extract both forms."""
    return Plural(one, several, by=by)


class Counted(int):
    """A number of something, as a fact inside a sentence: ``{count} dossiers``; alone it is its number."""

    noun: Plural

    def __new__(cls, number: int, noun: Plural) -> Self:
        made = super().__new__(cls, number)
        made.noun = noun
        return made

    def __reduce__(self) -> tuple[type[Counted], tuple[int, Plural]]:
        """Travel between processes whole."""
        return Counted, (int(self), self.noun)


BYTES = plural("{count} byte", "{count} bytes")


@cache
def catalogue(package: str, language: str) -> gettext.NullTranslations:
    """Return the catalogue of ``package`` in ``language``; English is the empty one."""
    resource = files(package).joinpath("locale", language, "LC_MESSAGES", f"{DOMAIN}.mo")
    if language == "en" or not resource.is_file():
        return gettext.NullTranslations()
    with as_file(resource) as path, path.open("rb") as stream:
        return gettext.GNUTranslations(stream)


def translate(sentence: str, language: str, *packages: str) -> str:
    """Return ``sentence`` in ``language`` from the first of ``packages`` that knows it.

    Nothing stays nothing: a catalogue knows its own header under the empty sentence.
    """
    if isinstance(sentence, BilingualText):
        return sentence.words.fr if language == "fr" else sentence.words.en
    untranslated = _form(sentence, gettext.NullTranslations())
    for package in (packages or ("formats",)) if sentence else ():
        found = _form(sentence, catalogue(package, language))
        if found != untranslated:
            return found
    return untranslated


def _form(sentence: str, found: gettext.NullTranslations) -> str:
    if not isinstance(sentence, Plural):
        return found.gettext(sentence)
    number = MANY if sentence.number is None else sentence.number
    return found.ngettext(sentence.one, str(sentence), number)

"""Sentences a person reads, in French and English.

The English sentence in the code is the message identifier (gettext); the
catalogues lie beside the package in ``locale/<language>/LC_MESSAGES``.
"""

from __future__ import annotations

import gettext
from functools import cache
from importlib.resources import as_file, files

LANGUAGES = ("fr", "en")
"""Languages every page carries, in the order in which they are shown."""

DOMAIN = "archiver"


def mark(sentence: str) -> str:
    """Return ``sentence`` unchanged; its call tells Babel to extract it."""
    return sentence


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
    for package in (packages or ("formats",)) if sentence else ():
        found = catalogue(package, language).gettext(sentence)
        if found != sentence:
            return found
    return sentence

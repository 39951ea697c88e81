"""The language of the person at the terminal, and sentences in it."""

from __future__ import annotations

import locale
import os
from functools import cache

from formats.errors import Fact, Failure, failure_in_words, in_words, with_place
from formats.findings import Finding
from formats.words import LANGUAGES, translate

VARIABLE = "ARCHIVER_LANGUAGE"
"""Set to ``fr`` or ``en``, it wins over the system's own choice."""


@cache
def language() -> str:
    """Return ``fr`` or ``en``: our variable, the POSIX variables, the system's locale, else English."""
    for variable in (VARIABLE, "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if chosen := os.environ.get(variable):
            return _known(chosen)
    return _known(locale.getlocale()[0] or "")


def _known(name: str) -> str:
    short = "fr" if name.lower().startswith(("fr", "french")) else "en"
    return short if short in LANGUAGES else "en"


def localize(sentence: str, **facts: Fact) -> str:
    """Return ``sentence`` in the person's language with its facts in place."""
    return in_words(sentence, facts, translate_template)


def localize_failure(failure: Failure) -> str:
    """Return what ``failure`` says, with its place in front."""
    return failure_in_words(failure, translate_template)


def localize_finding(finding: Finding) -> str:
    """Return what ``finding`` says, with its place in front."""
    return with_place(
        finding.where, in_words(finding.sentence, finding.facts, translate_template), translate_template
    )


def translate_template(sentence: str) -> str:
    """Return ``sentence`` in the person's language, its facts still to be put in place."""
    return translate(sentence, language(), "archiver", "formats")

"""Terms of a handover: what the practice's unit says of the ground on which its dossiers change hands, code by code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from archiver.compliance.request_words import PURPOSE_WORDS, REQUESTER_WORDS
from archiver.scope.situations import (
    CONTROLLER_WORDS,
    COPY_LEFT_WORDS,
    INCLUSION_WORDS,
    OMISSION_WORDS,
    SITUATIONS,
    SituationCode,
)
from formats.pdlgc.practice.lists import TermRow
from formats.words import LANGUAGES, mark, translate


class HandoverTerm(StrEnum):
    """Codes of the terms, in the order in which people read them."""

    SITUATION = "situation"
    SOURCE = "source"
    CONTROLLER = "controller"
    INCLUSION = "inclusion"
    REQUESTER = "requester"
    PURPOSE = "purpose"
    IDENTITY_CHECK = "identity-check"
    COPY_LEFT = "copy-left"
    PATIENTS_LEFT_OUT = "patients-left-out"
    ROWS_LEFT_OUT = "practice-rows-left-out"
    SIGNATURES_ASKED = "signatures-asked"
    SIGNATURES_FOUND = "signatures-found"
    UNSIGNED = "unsigned"
    GONE = "gone-records"


TERM_WORDS: Mapping[HandoverTerm, str] = {
    HandoverTerm.SITUATION: mark("situation"),
    HandoverTerm.SOURCE: mark("where its rules stand"),
    HandoverTerm.CONTROLLER: mark("who answers for the dossiers afterwards"),
    HandoverTerm.INCLUSION: mark("whose dossiers are taken"),
    HandoverTerm.REQUESTER: mark("who asked for the dossier"),
    HandoverTerm.PURPOSE: mark("to what end an heir asked"),
    HandoverTerm.IDENTITY_CHECK: mark("how the identity of whoever asked was checked"),
    HandoverTerm.COPY_LEFT: mark("what becomes of the sender's copy"),
    HandoverTerm.PATIENTS_LEFT_OUT: mark("why the other patients are not taken"),
    HandoverTerm.ROWS_LEFT_OUT: mark("why the practice's own data are not taken"),
    HandoverTerm.SIGNATURES_ASKED: mark("practitioners who have to agree on the roster"),
    HandoverTerm.SIGNATURES_FOUND: mark("practitioners who signed the roster, or the package with it"),
    HandoverTerm.UNSIGNED: mark("why the roster was followed without the other signatures"),
    HandoverTerm.GONE: mark(
        "records in the dossiers that the software of the practice did not have any more"
    ),
}
_OMISSIONS = {code.value: words for code, words in OMISSION_WORDS.items()}
VALUE_WORDS: Mapping[HandoverTerm, Mapping[str, str]] = {
    HandoverTerm.SITUATION: {code.value: one.words for code, one in SITUATIONS.items()},
    HandoverTerm.CONTROLLER: {code.value: words for code, words in CONTROLLER_WORDS.items()},
    HandoverTerm.INCLUSION: {code.value: words for code, words in INCLUSION_WORDS.items()},
    HandoverTerm.REQUESTER: {code.value: words for code, words in REQUESTER_WORDS.items()},
    HandoverTerm.PURPOSE: {code.value: words for code, words in PURPOSE_WORDS.items()},
    HandoverTerm.COPY_LEFT: {code.value: words for code, words in COPY_LEFT_WORDS.items()},
    HandoverTerm.PATIENTS_LEFT_OUT: _OMISSIONS,
    HandoverTerm.ROWS_LEFT_OUT: _OMISSIONS,
}
"""Words of the values that are codes."""
LEFT_OUT_TERMS: Mapping[str, HandoverTerm] = {
    "patients": HandoverTerm.PATIENTS_LEFT_OUT,
    "practice_rows": HandoverTerm.ROWS_LEFT_OUT,
}
"""The term that says why a kind is left out."""
SITUATION_TERMS = tuple(HandoverTerm)[: tuple(HandoverTerm).index(HandoverTerm.SIGNATURES_ASKED)]
"""Terms that a situation gives."""


def situation_terms(code: SituationCode, *, everybody: bool) -> dict[HandoverTerm, str]:
    """Return what the practice's unit says of a situation; where ``everybody`` is taken, nothing is left out."""
    one = SITUATIONS[code]
    left_out = {} if everybody else one.left_out
    return {
        HandoverTerm.SITUATION: code.value,
        HandoverTerm.SOURCE: one.source,
        HandoverTerm.CONTROLLER: one.controller.value,
        HandoverTerm.INCLUSION: one.inclusion.value,
        HandoverTerm.COPY_LEFT: one.copy_left.value,
        **{LEFT_OUT_TERMS[kind]: why.value for kind, why in left_out.items()},
    }


def value_words(term: HandoverTerm, value: str) -> str:
    """Return the words (a gettext sentence) of a value that is a code; what a person wrote stays as it is."""
    return VALUE_WORDS.get(term, {}).get(value, value)


def situation_lines(terms: Mapping[HandoverTerm, str]) -> Iterator[tuple[str, str]]:
    """Yield the words of each term that a situation gives and those of its value, in their order."""
    for term in SITUATION_TERMS:
        if value := terms.get(term):
            yield TERM_WORDS[term], value_words(term, value)


def term_rows(terms: Mapping[HandoverTerm, str]) -> tuple[TermRow, ...]:
    """Return the rows of ``terms``, in the order of the codes; an empty one is left out."""
    return tuple(_row(term, terms[term]) for term in HandoverTerm if terms.get(term))


def _row(term: HandoverTerm, value: str) -> TermRow:
    words = VALUE_WORDS.get(term, {}).get(value)
    french, english = (_meaning(TERM_WORDS[term], words, language) for language in LANGUAGES)
    return TermRow(term=term.value, value=value, meaning_fr=french, meaning_en=english)


def _meaning(term: str, value: str | None, language: str) -> str:
    title = translate(term, language, "archiver")
    if value is None:
        return title
    colon = "\u00a0: " if language == "fr" else ": "
    return f"{title}{colon}{translate(value, language, 'archiver')}"


def known_terms(rows: Iterable[TermRow]) -> dict[HandoverTerm, str]:
    """Return the terms of ``rows`` by their codes; those that this version does not know are left out."""
    known = set(HandoverTerm)
    return {HandoverTerm(row.term): row.value for row in rows if row.term in known}


def terms_document(terms: Mapping[HandoverTerm, str]) -> dict[str, str]:
    """Return the terms that are stated by their codes, for JSON."""
    return {term.value: value for term, value in terms.items() if value}

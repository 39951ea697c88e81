"""What somebody types to find a person, as terms: each is a name, a birth date, a telephone, a number or an INS.

A term may be several of these (``1985`` is a year and perhaps a number); it fits who it fits in any reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from archiver.identity.compared_traits import BETWEEN_WORDS, telephone_digits
from archiver.search.birth_spans import PATTERNS, BirthSpan, year_span
from archiver.search.errors import NothingToFind
from formats.names import comparable

MAX_CHARACTERS = 400
"""Characters of all words together; nobody knows more of a person they look for."""
PARTIAL_TELEPHONE = 4
"""Digits from which a number may be the beginning or the end of a telephone number."""
PARTICLES = frozenset(
    ["D", "L", "DE", "DU", "DES", "LA", "LE", "LES", "VAN", "VON", "DER", "DEN", "EL", "AL", "BEN"]
)
"""Words of names that are often left out, or written together with the next."""

_INS = re.compile(r"\b[1-478]\s?\d\d\s?\d\d\s?(?:\d\d|2[AB])\s?\d{3}\s?\d{3}(?:\s?\d\d)?\b", re.IGNORECASE)
_TELEPHONE = re.compile(r"(?<![\w+])(?:\+33|0033|0)[\s.\-]*(?:\(0\)\s*)?[1-9](?:[\s.\-]*\d\d){4}\b")
_SOME_PAIRS = re.compile(r"(?<![\w+])0[1-9](?:[\s.]\d\d){1,3}\b(?![\s.]\d)")
_FOREIGN = re.compile(r"(?<![\w+])\+\d[\d\s.\-]{6,16}\d\b")
_NUMBER = re.compile(r"[\d./-]+")
_BORN = frozenset({"NE", "NEE", "NES", "NEES", "BORN", "DDN", "DOB"})
"""Words that only say what comes next: a birth date, or a birth name."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is known: ``text`` as typed, and each reading it may have, empty where it has none.

    ``name`` is in comparable form, as are its ``parts`` where it has several; ``telephone`` has the national
    digits, or some of them.
    """

    text: str
    name: str = ""
    parts: tuple[str, ...] = ()
    birth: BirthSpan | None = None
    telephone: str = ""
    number: str = ""
    ins: str = ""

    @property
    def may_be_left_out(self) -> bool:
        """Whether a person may fit without it."""
        return self.name in PARTICLES


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is known of a person, and the day on which it is asked."""

    text: str
    terms: tuple[Term, ...]


def query_of(words: Iterable[str], today: date) -> SearchQuery:
    """Return what ``words`` ask for.

    Raises:
        NothingToFind: when they say nothing, or too much.
    """
    text = " ".join(" ".join(words).split())
    if len(text) > MAX_CHARACTERS:
        raise NothingToFind(wanted=text[:60])
    terms: list[Term] = []
    rest = _take(text, terms, today)
    terms += _words(rest)
    if not terms or all(one.may_be_left_out for one in terms):
        terms += [_word(one) for one in text.split() if not terms and comparable(one)]
    if not terms:
        raise NothingToFind(wanted=text)
    return SearchQuery(text, tuple(terms))


def _take(text: str, terms: list[Term], today: date) -> str:
    """Take what is recognised by its shape out of ``text``, and return what is left."""

    def ins(found: re.Match[str]) -> str:
        terms.append(Term(found[0].strip(), ins=comparable(found[0]), number=comparable(found[0])))
        return " "

    def telephone(found: re.Match[str]) -> str:
        digits = telephone_digits(found[0].replace("(0)", "")).removeprefix("0")
        terms.append(Term(found[0].strip(), telephone=digits, number=comparable(found[0])))
        return " "

    for pattern, take in (
        (_INS, ins),
        (_TELEPHONE, telephone),
        (_FOREIGN, telephone),
        (_SOME_PAIRS, telephone),
    ):
        text = pattern.sub(take, text)
    for pattern, build in PATTERNS:

        def birth(found: re.Match[str]) -> str:
            span = build(found, today)  # noqa: B023 - called before the next turn
            if span is None:
                return found[0]
            number = comparable(found[0]) if _NUMBER.fullmatch(found[0].strip()) else ""
            terms.append(Term(found[0].strip(), birth=span, number=number))
            return " "

        text = pattern.sub(birth, text)
    return text


def _words(text: str) -> list[Term]:
    words = [one for one in re.split(r"[\s,;]+", text) if comparable(one)]
    telling = [one for one in words if comparable(one) not in _BORN]
    return [_word(one) for one in telling]


def _word(word: str) -> Term:
    form = comparable(word)
    digits = re.sub(r"\D", "", word)
    parts = tuple(filter(None, map(comparable, BETWEEN_WORDS.split(word))))
    telling = tuple(one for one in parts if one not in PARTICLES) or parts
    return Term(
        word,
        name="" if form.isdigit() else form,
        parts=telling if len(parts) > 1 else (),
        birth=year_span(word),
        telephone=digits.removeprefix("0") if form.isdigit() and len(digits) >= PARTIAL_TELEPHONE else "",
        number=form if digits else "",
    )

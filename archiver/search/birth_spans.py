"""Birth dates as people type them into a search: a day, a month, a year, an age, or about when.

``1985``, ``12/03/1985``, ``12.3.85``, ``1985-03-12``, ``03-1985``, ``12 mars 1985``, ``né vers 1970``,
``entre 1968 et 1972``, ``1968-1972``, ``années 70``, ``55 ans``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from formats.model.dates import AnyDate, PartialDate, first_day, last_day
from formats.names import comparable

ABOUT_YEARS = 5
"""Years before and after the one that somebody says a person was born about."""
_CENTURY = 100
_OLDEST = 120
"""Years that nobody is older than."""

_MONTHS = {
    comparable(name): number
    for names in (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "january february march april may june july august september october november december",
        "janv févr mars avr mai juin juil août sept oct nov déc",
        "jan feb mar apr may jun jul aug sep oct nov dec",
    )
    for number, name in enumerate(names.split(), 1)
}


@dataclass(frozen=True, slots=True)
class BirthSpan:
    """Days on one of which somebody was born; ``about`` is the year it is about, where that was said."""

    first: date
    last: date
    about: int | None = None

    @property
    def day(self) -> date | None:
        """The one day, where it is one."""
        return self.first if self.first == self.last else None

    def may_hold(self, born: AnyDate) -> bool:
        """Tell whether somebody with this birth date may be born in the span."""
        return first_day(born) <= self.last and self.first <= last_day(born)

    def years_from(self, born: AnyDate) -> int:
        """Return how many years lie between ``born`` and the span, or the year it is about."""
        if self.about is not None:
            return abs(born.year - self.about)
        return max(self.first.year - born.year, born.year - self.last.year, 0)


_BEFORE = r"(?:\b(?:n[ée]{1,2}s?(?:\(e\))?|born|ddn|dob)\b[ :,]*)?(?:\b(?:le|en|in|on|the|à|at)\b\s+)?"
_YEAR = r"((?:18|19|20)\d\d)"
_ABOUT = r"(?:(?:\b(?:vers|environ|env|autour de|circa|ca?|about|around|roughly)\b\.?|~|±)\s*(?:les?|en|l[’']an)?\s*)"
_NAMES = "[a-zéû]{3,9}"

Builder = Callable[[re.Match[str], date], BirthSpan | None]


def _span(value: AnyDate, about: int | None = None) -> BirthSpan:
    return BirthSpan(first_day(value), last_day(value), about)


def _years(first: int, last: int, about: int | None = None) -> BirthSpan | None:
    first, last = min(first, last), max(first, last)
    return BirthSpan(date(first, 1, 1), date(last, 12, 31), about) if first > 0 else None


def _day(year: str, month: int, day: str, today: date) -> BirthSpan | None:
    """Return the day; the month where it has no such day, as people mistype them."""
    whole = _whole_year(year, today)
    try:
        return _span(date(whole, month, int(day)))
    except ValueError:
        return _month(whole, month)


def _month(year: int, month: int) -> BirthSpan | None:
    try:
        return _span(PartialDate(year, month))
    except ValueError:
        return _years(year, year)


def _whole_year(text: str, today: date) -> int:
    """Return the year; of two digits the latest that is not to come."""
    year = int(text)
    if len(text) > 2:
        return year
    latest = today.year // _CENTURY * _CENTURY + year
    return latest if latest <= today.year else latest - _CENTURY


def _age(years: int, today: date) -> BirthSpan | None:
    if years > _OLDEST:
        return None
    return _years(today.year - years - 1, today.year - years)


def _named_month(found: re.Match[str], _: date) -> BirthSpan | None:
    month = _MONTHS.get(comparable(found[1]))
    return _month(int(found[2]), month) if month else None


def _named_day(found: re.Match[str], today: date) -> BirthSpan | None:
    month = _MONTHS.get(comparable(found[2]))
    return _day(found[3], month, found[1], today) if month else None


def _decade(found: re.Match[str], today: date) -> BirthSpan | None:
    first = _whole_year(found[1] or found[2], today) // 10 * 10
    return _years(first, first + 9)


def _about(found: re.Match[str], _: date) -> BirthSpan | None:
    year = int(found[1])
    return _years(year - ABOUT_YEARS, year + ABOUT_YEARS, year)


def _between(found: re.Match[str], _: date) -> BirthSpan | None:
    return _years(int(found[1]), int(found[2]))


def _iso_day(found: re.Match[str], today: date) -> BirthSpan | None:
    return _day(found[1], int(found[2]), found[3], today)


def _french_day(found: re.Match[str], today: date) -> BirthSpan | None:
    return _day(found[3], int(found[2]), found[1], today)


PATTERNS: tuple[tuple[re.Pattern[str], Builder], ...] = tuple(
    (re.compile(_BEFORE + pattern, re.IGNORECASE), build)
    for pattern, build in (
        (rf"{_ABOUT}{_YEAR}\b", _about),
        (rf"\b(?:entre|between)\s+{_YEAR}\s+(?:et|and)\s+{_YEAR}\b", _between),
        (rf"\b{_YEAR}\s?(?:-|–|\.\.|/)\s?{_YEAR}\b", _between),
        (r"\b(?:ann[ée]es\s+((?:(?:18|19|20))?\d0)|((?:18|19|20)\d0)s)\b", _decade),
        (rf"\b{_YEAR}[-/.](\d\d?)[-/.](\d\d?)\b", _iso_day),
        (rf"\b(\d\d?)[-/.](\d\d?)[-/.]({_YEAR[1:-1]}|\d\d)\b", _french_day),
        (rf"\b(\d\d?)(?:er|st|nd|rd|th)?\s+({_NAMES})\.?,?\s+{_YEAR}\b", _named_day),
        (rf"\b({_NAMES})\.?\s+{_YEAR}\b", _named_month),
        (rf"\b(\d\d?)[-/.]{_YEAR}\b", lambda found, _: _month(int(found[2]), int(found[1]))),
        (rf"\b{_YEAR}-(\d\d)\b", lambda found, _: _month(int(found[1]), int(found[2]))),
        (r"\b(\d{1,3})\s?(?:ans|years old)\b", lambda found, today: _age(int(found[1]), today)),
    )
)
"""How a birth date is recognised, in the order in which they are tried, and what it says; a year alone is a word."""

_YEAR_ALONE = re.compile(_YEAR)


def year_span(word: str) -> BirthSpan | None:
    """Return the span of a word that is a year, which may be a number as well."""
    return _years(int(word), int(word)) if _YEAR_ALONE.fullmatch(word) else None

"""How dates, times, sums, sizes and people are written on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from functools import lru_cache

from formats.model.dates import AnyDate, AnyMoment, PartialDate, on_clock
from formats.model.dictionary.codes.lists import COUNTRIES, LANGUAGES
from formats.model.dictionary.codes.systems import system_name
from formats.model.dictionary.entries import code_words
from formats.model.identity import Address, Contact, ContactUse, Identifier
from formats.model.people import Practitioner
from formats.pdlgc.page.markup import NOTHING, Html, both, html_text, join, small_text, stack
from formats.words import Words

_MONTHS = (
    Words("janvier", "January"),
    Words("février", "February"),
    Words("mars", "March"),
    Words("avril", "April"),
    Words("mai", "May"),
    Words("juin", "June"),
    Words("juillet", "July"),
    Words("août", "August"),
    Words("septembre", "September"),
    Words("octobre", "October"),
    Words("novembre", "November"),
    Words("décembre", "December"),
)
CACHED = 4096
"""Dates and sums kept once written; a dossier says most of them several times."""
PLAIN_DIGITS = 18
"""Digits before or behind the comma of a number that is written out; a longer one has a power of ten."""

_NARROW_SPACE, _SPACE = "\u202f", "\u00a0"


@lru_cache(CACHED)
def day(value: AnyDate | None) -> Html:
    """Return a date as day/month/year; a partial one as its year, or the name of the month and the year."""
    if value is None:
        return NOTHING
    if isinstance(value, PartialDate):
        return Html(f'<time datetime="{value.isoformat()}">{_partial(value)}</time>')
    shown = f"{value.day:02}/{value.month:02}/{value.year:04}"
    return Html(f'<time datetime="{value.year:04}-{value.month:02}-{value.day:02}">{shown}</time>')


def _partial(value: PartialDate) -> Html:
    year = f"{value.year:04}"
    if value.month is None:
        return Html(year)
    month = _MONTHS[value.month - 1]
    return both(Words(f"{month.fr}{_SPACE}{year}", f"{month.en}{_SPACE}{year}"))


def moment(value: AnyMoment | None, zone: tzinfo) -> Html:
    """Return a moment in ``zone``, to the minute, with the exact instant in the element; a date as ``day`` does."""
    if not isinstance(value, datetime):
        return day(value)
    local = on_clock(value, zone)
    shown = f"{local.day:02}/{local.month:02}/{local.year:04}"
    shown += f"{_SPACE}{local.hour:02}:{local.minute:02}"
    return Html(f'<time datetime="{value.isoformat()}">{shown}</time>')


def period(start: AnyDate | None, end: AnyDate | None) -> Html:
    """Return a period with open ends."""
    if start is None and end is None:
        return NOTHING
    return Html(f"{day(start) or '…'} → {day(end) or '…'}")


@lru_cache(CACHED)
def money(cents: int | None, currency: str) -> Html:
    """Return a sum of integer cents, e.g. ``1 234,56 €``."""
    if cents is None:
        return NOTHING
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", _NARROW_SPACE)
    sign = "−" if cents < 0 else ""
    unit = "€" if currency == "EUR" else currency
    return Html(f'<span class="sum">{sign}{grouped},{rest:02}{_SPACE}{html_text(unit)}</span>')


def size(length: int) -> Html:
    """Return a length in bytes, kilobytes (1000) or megabytes; French and English share the digits."""
    for unit, step in (("Go", 10**9), ("Mo", 10**6), ("ko", 10**3)):
        if length >= step:
            number = f"{length / step:.1f}".replace(".", ",")
            return Html(f"{number}{_SPACE}{unit}")
    return Html(f"{length}{_SPACE}o")


def decimal(value: float | None) -> Html:
    """Return a measure with a decimal comma and a real minus sign."""
    return NOTHING if value is None else html_text(f"{value:.10g}".replace("-", "−").replace(".", ","))


def exact_decimal(value: Decimal | None) -> Html:
    """Return a number with the digits it was written with, a decimal comma and a real minus sign."""
    if value is None:
        return NOTHING
    plain = f"{value:f}" if value.is_finite() and abs(value.adjusted()) <= PLAIN_DIGITS else str(value)
    return html_text(plain.replace("-", "−").replace(".", ","))


def code_text(system: str, code: str) -> Html:
    """Return a code with the name of its terminology."""
    return join([html_text(code), system_text(system)])


def system_text(system: str) -> Html:
    """Return the name of a terminology or of a system of identifiers, or its address where it has none here."""
    return join(
        (html_text(part) if isinstance(part, str) else both(part) for part in system_name(system)), ", "
    )


def code_in_words(codes: Mapping[str, Words], code: str) -> Html:
    """Return the words of ``code``, or ``code`` where the list does not have it."""
    words = codes.get(code)
    return both(words) if words else html_text(code)


def language(tag: str) -> Html:
    """Return what a language is called by its tag (BCP 47); a region stays behind it."""
    primary, _, region = tag.partition("-")
    if primary.lower() not in LANGUAGES:
        return html_text(tag)
    return join([both(LANGUAGES[primary.lower()]), html_text(f"({region})" if region else "")])


def name_in_images(name: str) -> Html:
    """Return a name as DICOM has it (PS3.5 §6.2.1) without the signs between its parts."""
    groups = (" ".join(part for part in group.split("^") if part.strip()) for group in name.split("="))
    return html_text(" = ".join(filter(None, groups)))


def teeth(numbers: Sequence[str]) -> Html:
    """Return FDI numbers."""
    return html_text(", ".join(numbers))


def practitioner_name(person: Practitioner) -> Html:
    """Return title and names as on a door plate."""
    return html_text(" ".join(filter(None, (person.title, person.given_name, person.family_name))))


def identifier(value: Identifier) -> Html:
    """Return an identifier with the system it belongs to."""
    return join([Html(f"<b>{html_text(value.value)}</b>"), small_text(system_text(value.system))])


def contacts(values: Sequence[Contact]) -> Html:
    """Return ways to reach someone, one a line."""
    return stack(
        join(
            [
                html_text(value.value),
                small_text(join([both(code_words(value.kind)), *_use(value.use)], ", ")),
            ]
        )
        for value in values
    )


def addresses(values: Sequence[Address]) -> Html:
    """Return postal addresses; the last line of each names its use."""
    return stack(
        stack([
            *(html_text(line) for line in value.lines if line),
            join([html_text(f"{value.postal_code} {value.city}".strip()), code_in_words(COUNTRIES, value.country)]),
            *(small_text(one) for one in _use(value.use)),
        ])
        for value in values
    )  # fmt: skip


def _use(use: ContactUse) -> list[Html]:
    """Return the words of a use; none where nobody said it."""
    return [] if use is ContactUse.UNKNOWN else [both(code_words(use))]

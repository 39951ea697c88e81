"""From a cell to a value of the model, for each form a field may have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from formats.mapping.tooth_notations import FRENCH_SURFACES, Notation, parse_surfaces, shown_tooth
from formats.model.dates import AnyMoment
from formats.model.mouth import is_fdi
from formats.sources.mapped.language.date_patterns import ISO_AND_FRENCH, DatePatterns
from formats.sources.mapped.language.targets import FieldTarget, Form
from formats.words import mark

Convert = Callable[[Any], Any]
"""From a text without blanks around it, or a number, to a value."""
CACHED = 4096
"""Values of one column whose conversion is remembered: days, codes and teeth repeat."""
MAX_CENTS = 10**14
"""A million million."""
TRUE = ("1", "-1", "O", "OUI", "V", "VRAI", "Y", "YES", "T", "TRUE", "X")
FALSE = ("0", "N", "NON", "F", "FAUX", "NO", "FALSE")
"""Words of yes and no where a mapping names none."""

KIND_WORDS: Mapping[Form, str] = {
    Form.TEXT: mark("a text"),
    Form.CODE: mark("a value of its code table"),
    Form.DATE: mark("a date"),
    Form.MOMENT: mark("a time"),
    Form.MONEY: mark("an amount"),
    Form.WHOLE: mark("a whole number"),
    Form.REAL: mark("a number"),
    Form.DECIMAL: mark("a number"),
    Form.BOOLEAN: mark("yes or no"),
    Form.TOOTH: mark("a tooth"),
    Form.TEETH: mark("teeth"),
    Form.SURFACES: mark("surfaces of a tooth"),
    Form.TEXTS: mark("a text"),
}
"""What each form is called where a value is not of it."""
_BLANKS = re.compile(r"[\s\u00a0\u202f']|€|EUR", re.IGNORECASE)
_BETWEEN_TEETH = re.compile(r"[\s,;/+]+")
_NOTATIONS = {
    "fdi": Notation.FDI,
    "universal": Notation.UNIVERSAL,
    "palmer": Notation.PALMER,
    "haderup": Notation.HADERUP,
}


class PartlyReadError(ValueError):
    """Only ``value`` of what a cell holds could be read."""

    def __init__(self, text: str, value: Any) -> None:
        super().__init__(text)
        self.value = value


class CodeUnknownError(ValueError):
    """The code table has not the ``codes``; ``value`` is what stands for them, as the source wrote it."""

    def __init__(self, codes: tuple[str, ...], value: Any) -> None:
        super().__init__(codes)
        self.codes, self.value = codes, value


def converter(target: FieldTarget, options: Mapping[str, Any], zone: ZoneInfo) -> Convert:
    """Return the conversion of values for ``target``; it raises ``ValueError`` for one that is unfit."""
    if target.form in {Form.DATE, Form.MOMENT}:
        return lru_cache(CACHED)(_dated(target.form, options, zone))
    makers: Mapping[Form, Callable[[FieldTarget, Mapping[str, Any]], Convert]] = {
        Form.TEXT: _coded_text,
        Form.CODE: _word,
        Form.MONEY: _money,
        Form.WHOLE: _whole,
        Form.REAL: lambda _, options: _real(number_reader(options.get("decimal", ""))),
        Form.DECIMAL: lambda _, options: number_reader(options.get("decimal", "")),
        Form.BOOLEAN: _boolean,
        Form.TOOTH: _tooth,
        Form.TEETH: _teeth,
        Form.SURFACES: _surfaces,
        Form.TEXTS: _texts,
    }
    made = makers[target.form](target, options)
    return made if target.form is Form.TEXT else lru_cache(CACHED)(made)


def number_reader(decimal: str) -> Callable[[Any], Decimal]:
    """Return how numbers with ``decimal`` as decimal sign are read; without it, what could be either is refused."""
    dot, comma = (_number_pattern(sign) for sign in ".,")
    patterns = [{".": dot, ",": comma}[decimal]] if decimal else [dot, comma]

    def read(value: Any) -> Decimal:
        if not isinstance(value, str):
            return _finite(str(value))
        text = _BLANKS.sub("", value)
        if text.startswith("(") and text.endswith(")"):
            text = f"-{text[1:-1]}"
        if text.endswith("-"):
            text = f"-{text[:-1]}"
        readings = {_finite(_plain(found, sign)) for sign, found in _found(patterns, text)}
        if len(readings) != 1:
            raise ValueError(value)
        return readings.pop()

    def _found(patterns: list[re.Pattern[str]], text: str) -> list[tuple[str, str]]:
        return [
            (decimal or (".", ",")[place], text) for place, one in enumerate(patterns) if one.fullmatch(text)
        ]

    return read


def _number_pattern(decimal: str) -> re.Pattern[str]:
    group, point = (re.escape(sign) for sign in ((",", ".") if decimal == "." else (".", ",")))
    return re.compile(rf"[+-]?(?:\d{{1,3}}(?:{group}\d{{3}})+|\d+|(?={point}))(?:{point}\d*)?", re.ASCII)


def _plain(text: str, decimal: str) -> str:
    group = "," if decimal == "." else "."
    return text.replace(group, "").replace(decimal, ".")


def _finite(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as fault:
        raise ValueError(text) from fault
    if not number.is_finite():
        raise ValueError(text)
    return number


def _money(_: FieldTarget, options: Mapping[str, Any]) -> Convert:
    read = number_reader(options.get("decimal", ""))
    factor = (1 if options.get("unit") == "cent" else 100) * (-1 if options.get("sign") == "-" else 1)

    def convert(value: Any) -> int:
        exact = read(value) * factor
        if abs(exact) > MAX_CENTS:
            raise ValueError(value)
        rounded = exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
        # a database that keeps amounts as binary numbers has 57.599999999999994
        if abs(rounded - exact) >= Decimal("0.005"):
            raise PartlyReadError(str(value), int(rounded))
        return int(rounded)

    return convert


def _whole(_: FieldTarget, options: Mapping[str, Any]) -> Convert:
    read = number_reader(options.get("decimal", ""))

    def convert(value: Any) -> int:
        number = read(value)
        if number != number.to_integral_value() or abs(number) > MAX_CENTS:
            raise ValueError(value)
        return int(number)

    return convert


def _real(read: Callable[[Any], Decimal]) -> Convert:
    return lambda value: float(read(value))


def _boolean(_: FieldTarget, options: Mapping[str, Any]) -> Convert:
    words = {word.casefold(): True for word in options.get("true", TRUE)}
    words |= {word.casefold(): False for word in options.get("false", FALSE)}

    def convert(value: Any) -> bool:
        if str(value).casefold() not in words:
            raise ValueError(value)
        return words[str(value).casefold()]

    return convert


def _coded_text(_: FieldTarget, options: Mapping[str, Any]) -> Convert:
    codes: Mapping[str, str] = options.get("codes", {})
    otherwise = options.get("otherwise")
    if not codes:
        return str

    def convert(value: Any) -> str:
        found = codes.get(str(value), otherwise)
        if found is None:
            raise CodeUnknownError((str(value),), str(value))
        return found

    return convert


def _word(target: FieldTarget, options: Mapping[str, Any]) -> Convert:
    own = {one.value.casefold(): one for one in target.type}
    codes = {value: target.type(word) for value, word in options.get("codes", {}).items()}
    otherwise = target.type(options["otherwise"]) if "otherwise" in options else None

    def convert(value: Any) -> Any:
        found = codes.get(str(value), otherwise) if codes else own.get(str(value).casefold(), otherwise)
        if found is None:
            raise ValueError(value)
        return found

    return convert


def _dated(form: Form, options: Mapping[str, Any], zone: ZoneInfo) -> Convert:
    patterns = DatePatterns(options.get("dates", ISO_AND_FRENCH), options.get("first_year"))
    if form is Form.DATE:
        return lambda value: patterns.date(str(value))

    def moment(value: Any) -> AnyMoment | None:
        found = patterns.moment(str(value))
        return found.replace(tzinfo=zone) if isinstance(found, datetime) else found

    return moment


def _tooth(_: FieldTarget, options: Mapping[str, Any]) -> Convert:
    notation = _NOTATIONS[options.get("notation", "fdi")]

    def convert(value: Any) -> str:
        word = str(value).replace(".", "") if notation is Notation.FDI else str(value)
        found = shown_tooth(word, notation)
        if not found or not is_fdi(found):
            raise ValueError(value)
        return found

    return convert


def _teeth(target: FieldTarget, options: Mapping[str, Any]) -> Convert:
    one, split = _tooth(target, options), options.get("split")
    between = re.compile(re.escape(split)) if split else _BETWEEN_TEETH

    def convert(value: Any) -> tuple[str, ...]:
        found: list[str] = []
        unknown = False
        for word in filter(None, map(str.strip, between.split(str(value)))):
            try:
                found.append(one(word))
            except ValueError:
                unknown = True
        if unknown:
            raise PartlyReadError(str(value), tuple(found))
        return tuple(dict.fromkeys(found))

    return convert


def _surfaces(_: FieldTarget, options: Mapping[str, Any]) -> Convert:
    french = options.get("letters", "french") == "french"

    def convert(value: Any) -> Any:
        found, unknown = parse_surfaces(str(value), FRENCH_SURFACES) if french else parse_surfaces(str(value))
        if unknown:
            raise PartlyReadError(str(value), found)
        return found

    return convert


def _texts(target: FieldTarget, options: Mapping[str, Any]) -> Convert:
    one, split = _coded_text(target, options), options.get("split", "\n")

    def convert(value: Any) -> tuple[str, ...]:
        found: list[str] = []
        unknown: list[str] = []
        for word in filter(None, map(str.strip, str(value).split(split))):
            try:
                found.append(one(word))
            except CodeUnknownError as fault:
                found.append(fault.value)
                unknown += fault.codes
        if unknown:
            raise CodeUnknownError(tuple(unknown), tuple(found))
        return tuple(found)

    return convert

"""Data of a document as its template gets it: a JSON object whose every field has a meaning.

The fields are those of frozen dataclasses, annotated with a ``FieldMeaning``; ``.ci/paperwork_page.py`` writes the
reference page from the same annotations.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any, get_args, get_origin, get_type_hints

from archiver.paper.typesetting import unprintable_letters
from formats.digests import Digest
from formats.printable import printable
from formats.words import translate


@dataclass(frozen=True, slots=True)
class FieldMeaning:
    """FieldMeaning of a field, a sentence of the catalogue.

    The value of a field in ``words`` is a sentence of the catalogue as well, which the template gets in its language.
    """

    text: str
    words: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DataField:
    """Field of the data: its place (``a.b`` in an object, ``a[].b`` in those of a list), its type in JSON."""

    place: str
    form: str
    meaning: str


def data_fields(kind: type, above: str = "") -> Iterator[DataField]:
    """Yield the fields of the dataclass ``kind`` and of those inside it, in their order."""
    for name, hint in get_type_hints(kind, include_extras=True).items():
        inner, form = _plain(get_args(hint)[0])
        place = f"{above}{name}"
        yield DataField(place=place, form=form, meaning=_meaning(hint).text)
        if isinstance(inner, type) and is_dataclass(inner):
            yield from data_fields(inner, f"{place}[]." if form == "list" else f"{place}.")


def _meaning(hint: Any) -> FieldMeaning:
    return next(one for one in get_args(hint) if isinstance(one, FieldMeaning))


def _plain(hint: Any) -> tuple[Any, str]:
    """Return the type inside a tuple or an optional, and what it is in JSON."""
    if get_origin(hint) is tuple:
        return get_args(hint)[0], "list"
    if get_origin(hint) is types.UnionType:
        inner, form = _plain(get_args(hint)[0])
        return inner, f"{form} | null"
    if is_dataclass(hint):
        return hint, "object"
    return hint, {
        str: "text",
        int: "number",
        bool: "boolean",
        date: "date",
        datetime: "moment",
        Digest: "text",
    }[hint]


def document_json(value: Any, language: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the data of a document in ``language``, and the letters no font has: each stands as its code point.

    Nothing in a text acts or is unseen (``formats.printable``).
    """
    letters: set[str] = set()
    found: dict[str, Any] = _json(value, language, letters)
    return found, tuple(sorted(letters))


def _json(value: Any, language: str, letters: set[str]) -> Any:
    if isinstance(value, str):
        return _text(value, letters)
    if isinstance(value, Digest):
        return value.hex
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_json(one, language, letters) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return dict(_members(value, language, letters))
    return value


def _members(value: Any, language: str, letters: set[str]) -> Iterator[tuple[str, Any]]:
    hints: Mapping[str, Any] = get_type_hints(type(value), include_extras=True)
    for one in fields(value):
        member = getattr(value, one.name)
        if _meaning(hints[one.name]).words:
            member = translate(member, language, "archiver", "formats")
        yield one.name, _json(member, language, letters)


def _text(text: str, letters: set[str]) -> str:
    shown = printable(text)
    without = unprintable_letters(shown)
    letters |= without
    return "".join(f"[U+{ord(one):04X}]" if one in without else one for one in shown) if without else shown

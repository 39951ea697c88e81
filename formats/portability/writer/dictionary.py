"""The dictionary of an export, made of that of the model: records and their fields, columns of tables, values of codes.

Nothing is written here a second time: a field without an entry in the model's dictionary cannot be written at all.
"""

from __future__ import annotations

import collections.abc
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from formats.model.dictionary.entries import CODES, FIELDS, entries_of
from formats.model.dictionary.entry import PRIVACY_WORDS, FieldEntry
from formats.model.dictionary.kinds import KINDS
from formats.model.record import Record
from formats.pdlgc import layout
from formats.pdlgc.columns import LISTS
from formats.portability.writer.transverse import ACCOUNT_COLUMNS, ACCOUNTS
from formats.words import Words, translate

COLUMNS: Mapping[str, Words] = {
    "file": Words("Fichier qui porte la donnée", "File that carries the datum"),
    "record": Words("Enregistrement, ou valeur qui s’y trouve", "Record, or a value within one"),
    "field": Words("Nom du champ ou de la colonne", "Name of the field or column"),
    "title_fr": Words("Intitulé", "Title, in French"),
    "title_en": Words("Intitulé en anglais", "Title, in English"),
    "definition_fr": Words("Définition", "Definition, in French"),
    "definition_en": Words("Définition en anglais", "Definition, in English"),
    "cardinality": Words("Cardinalité", "Cardinality"),
    "type": Words(
        "Type ; une énumération a ses valeurs dans VALUES.CSV", "Type; an enumeration has its values in VALUES.CSV"
    ),
    "terminology_fr": Words("Nomenclature ou unité", "Terminology or unit, in French"),
    "terminology_en": Words("Nomenclature ou unité en anglais", "Terminology or unit, in English"),
    "privacy_fr": Words("Catégorie de confidentialité", "Class of privacy, in French"),
    "absent_fr": Words("Comment se lit l’absence", "How its absence reads, in French"),
    "absent_en": Words("Comment se lit l’absence, en anglais", "How its absence reads, in English"),
}  # fmt: skip
"""Columns of DICO.CSV, which describes itself: these rows are its own first ones."""
VALUE_COLUMNS: Mapping[str, Words] = {
    "type": Words("Énumération, comme DICO.CSV la nomme", "Enumeration, as DICO.CSV names it"),
    "value": Words("Valeur", "Value"),
    "meaning_fr": Words("Sens", "Meaning, in French"),
    "meaning_en": Words("Sens en anglais", "Meaning, in English"),
}
"""Columns of VALUES.CSV."""
_NOT_FILLED = Words(
    "absent ou vide : non renseigné ; « aucun » explicite : HealthStatement.presence = none",
    "absent or empty: not filled in; explicitly none: HealthStatement.presence = none",
)
_EMPTY_CELL = Words("cellule vide : non renseigné", "empty cell: not filled in")
_PRIMITIVES: Mapping[Any, str] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "boolean",
    date: "date",
    datetime: "dateTime",
}


def dictionary_rows() -> Iterator[tuple[str, ...]]:
    """Yield the rows of DICO.CSV: those of its own columns, of every table, of every field of the model."""
    for place, columns in (("DICO.CSV", COLUMNS), ("VALUES.CSV", VALUE_COLUMNS)):
        for name, title in columns.items():
            yield (
                f"DOCUMENTATION/{place}",
                "",
                name,
                *title,
                *title,
                "1..1",
                "text",
                *[""] * 3,
                *_EMPTY_CELL,
            )
    for place, meanings in ((layout.NAMES, LISTS[layout.NAMES]), (ACCOUNTS, ACCOUNT_COLUMNS)):
        for name, meaning in meanings.items():
            words = _both(meaning)
            yield (place, "", name, name, name, *words, "1..1", "text", *[""] * 3, *_EMPTY_CELL)
    for kind in dictionary_kinds():
        for one in fields(kind):
            yield _field_row(kind, one, entries_of(kind)[one.name])


def value_rows() -> Iterator[tuple[str, ...]]:
    """Yield the rows of VALUES.CSV."""
    for vocabulary, words in CODES.items():
        for value, meaning in words.items():
            yield (vocabulary.__name__, str(value), *meaning)


@cache
def dictionary_kinds() -> tuple[type, ...]:
    """Return every kind of record, and of value within one, that the model's dictionary describes."""
    return tuple(kind for kind in FIELDS if kind is not Record and is_dataclass(kind))


def _field_row(kind: type, one: Field[Any], entry: FieldEntry) -> tuple[str, ...]:
    named = KINDS.get(getattr(kind, "kind", ""))
    record = f"{kind.__name__} ({named.one.fr})" if named else kind.__name__
    hint = _hints(kind)[one.name]
    terminology = entry.codes or entry.unit or Words("", "")
    return (
        " ".join(dict.fromkeys((layout.DOSSIER, *entry.tables))),
        record,
        one.name,
        *entry.label,
        *_both(entry.meaning),
        _cardinality(one, hint),
        _type(one, hint),
        *terminology,
        PRIVACY_WORDS[entry.privacy].fr,
        *_NOT_FILLED,
    )


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _cardinality(one: Field[Any], hint: Any) -> str:
    if get_origin(hint) in {tuple, collections.abc.Mapping}:
        return "0..*"
    required = one.default is MISSING and one.default_factory is MISSING
    return "1..1" if required and type(None) not in get_args(hint) else "0..1"


def _type(one: Field[Any], hint: Any) -> str:
    if refers := one.metadata.get("refers"):
        return f"reference({refers})"
    names = dict.fromkeys(_named(hint))
    return " | ".join(names) or "text"


def _named(hint: Any) -> Iterator[str]:
    inner = [part for part in get_args(hint) if part not in {type(None), Ellipsis}]
    if inner:
        for part in inner:
            yield from _named(part)
    elif hint in _PRIMITIVES:
        yield _PRIMITIVES[hint]
    elif isinstance(hint, type):
        yield hint.__name__


def _both(sentence: str) -> Words:
    return Words(translate(sentence, "fr"), translate(sentence, "en"))

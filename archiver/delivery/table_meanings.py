"""What the columns of the tables of a delivery mean: the data dictionary, column by column, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

from archiver.delivery.table_codes import codes_of_field
from archiver.practice.columns import StoreTable
from formats.model.dictionary.entries import entries_of
from formats.model.people import Practice, Practitioner
from formats.words import LANGUAGES, Words, mark, translate

HEADINGS = ("table", "column", *(f"{what}_{one}" for what in ("label", "meaning") for one in LANGUAGES))
"""Columns of the table of meanings, in their order."""
WHOSE = ("dossier_number", "dossier_family_name", "dossier_given_name")
"""Columns in front of every table of what a patient has; no table of the store has one of that name."""

_WHOSE = (
    (Words("Numéro du patient", "Patient number"), mark("Number of the patient in the practice.")),
    (Words("Nom du patient", "Patient's family name"), mark("Family name of the patient.")),
    (Words("Prénom du patient", "Patient's given name"), mark("Given name of the patient.")),
)
_OWNER = (Words("Enregistrement", "Record"), mark("Identity of the record that this is a part of."))
_POSITION = (Words("Rang", "Position"), mark("Which part of the record it is, counted from 0."))
_OF_PRACTICE = frozenset({Practice.kind, Practitioner.kind})


def is_of_patient(table: StoreTable) -> bool:
    """Tell whether a table holds what a patient has, and not what the practice is."""
    return (table.owner or table.name) not in _OF_PRACTICE


def meanings(table: StoreTable) -> Iterator[tuple[str, ...]]:
    """Yield a row of the table of meanings for each column of ``table``."""
    if is_of_patient(table):
        for name, (label, meaning) in zip(WHOSE, _WHOSE, strict=True):
            yield _row(table, name, label, meaning)
    for name in table.names[: len(table.names) - len(table.stored)]:
        yield _row(table, name, *(_OWNER if name == "owner" else _POSITION))
    for column in table.columns:
        yield _of_field(table, column.name, table.record_type, column.name)
    for holder, inner, columns, _ in table.values:
        label = entries_of(table.record_type)[holder].label
        for column in columns:
            yield _of_field(table, column.name, inner, column.name[len(holder) + 1 :], label)


def _of_field(
    table: StoreTable, column: str, kind: type, field: str, holder: Words | None = None
) -> tuple[str, ...]:
    entry = entries_of(kind)[field]
    label = (
        Words(*(f"{of}, {own}" for of, own in zip(holder, entry.label, strict=True)))
        if holder
        else entry.label
    )
    beside = [one for one in (entry.codes, entry.unit) if one]
    codes = [
        Words(*(f"{code.value}: {word}" for word in words))
        for code, words in codes_of_field(kind, field).items()
    ]
    return _row(table, column, label, entry.meaning, beside, codes)


def _row(
    table: StoreTable,
    column: str,
    label: Words,
    meaning: str,
    beside: list[Words] | None = None,
    codes: list[Words] | None = None,
) -> tuple[str, ...]:
    texts = []
    for language in LANGUAGES:
        sentence = translate(meaning, language, "archiver", "formats")
        more = "".join(f" ({getattr(one, language)})" for one in beside or ())
        listed = "; ".join(getattr(one, language) for one in codes or ())
        texts.append(f"{sentence}{more}{f' {listed}.' if listed else ''}")
    return (table.name, column, *(getattr(label, one) for one in LANGUAGES), *texts)

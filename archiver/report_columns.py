"""Columns of the report of findings, in their order: what waits for a patient, and everything that was noticed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from formats.model.dictionary.entry import Privacy
from formats.tables.columns import FREE_TEXT, WRITTEN_DATE, ListColumn
from formats.words import Words, mark

_COLUMNS: Mapping[str, ListColumn] = {
    "key": ListColumn(
        Words("Clé", "Key"),
        mark("What was found: the file of a document, the UID of a study; empty for a finding."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
        required=True,
    ),
    "number": ListColumn(
        Words("Numéro lu", "Number read"),
        mark("Patient number, in the words of the source."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
    ),
    "family_name": ListColumn(
        Words("Nom lu", "Family name read"),
        mark("Family name, in the words of the source."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
    ),
    "given_name": ListColumn(
        Words("Prénom lu", "Given name read"),
        mark("Given name, in the words of the source."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
    ),
    "birth_date": ListColumn(
        Words("Date de naissance lue", "Birth date read"),
        mark("Birth date that the source gives."),
        WRITTEN_DATE,
        Privacy.ADMINISTRATIVE,
    ),
    "state": ListColumn(
        Words("État", "State"),
        mark(
            "By what it is known whose it is, or why it waits (several patients are possible, or none); "
            "of a finding, how much it matters."
        ),
        Words(
            "code : `assigned`, `matched-by-number`, `matched-by-name` ; `ambiguous`, `unmatched` ; d’un constat "
            "`note`, `warning`, `error`",
            "code: `assigned`, `matched-by-number`, `matched-by-name`; `ambiguous`, `unmatched`; of a finding "
            "`note`, `warning`, `error`",
        ),
        Privacy.ADMINISTRATIVE,
    ),
    "reason": ListColumn(
        Words("Raison", "Reason"),
        mark("The reason in words, in the language of the command; a finding ends with its code."),
        FREE_TEXT,
        Privacy.CARE,
    ),
    "patient_number": ListColumn(
        Words("Numéro à remplir", "Number to fill in"),
        mark(
            "Number of the patient to whom it belongs: a person fills it in where it waits, mends it in a preview, "
            "and hands the list back."
        ),
        Words("numéro d’un patient du cabinet, ou rien", "number of a patient of the practice, or nothing"),
        Privacy.ADMINISTRATIVE,
        required=True,
        number=True,
    ),
}
DICTIONARY: Mapping[str, ListColumn] = {
    name: replace(entry, aliases=tuple(entry.label)) for name, entry in _COLUMNS.items()
}
"""A report is headed in the language of the command, and handed back as it is."""


def headings(language: str) -> tuple[str, ...]:
    """Return the heading of every column as a report in ``language`` has it."""
    return tuple(entry.label.fr if language == "fr" else name for name, entry in DICTIONARY.items())

"""Write reference/coverage-of-forms.md of both languages: every field of the model, and how each form carries it.

The unit and E-ARK are FHIR, whose descriptions declare their fields; the tables are derived from the model; of clinical
documents ``formats.cda.writer.coverage`` says it. A sealed package goes into SEDA and BagIt as it is.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # of the samples, as .ci/coverage_page.py

from archiver.practice.columns import StoreTable, table_of
from formats.cda.writer.coverage import LEFT_OUT_KINDS, NO_ELEMENT, Carriage, FieldCoverage, field_coverage
from formats.fhir.kinds import RESOURCES
from formats.fhir_interchange.resources import ROWS_LEFT_OUT
from formats.model.dictionary.entries import entries_of
from formats.model.dictionary.entry import FieldEntry
from formats.model.dictionary.kinds import KINDS
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.words import LANGUAGES, Words, translate

ROOT = Path(__file__).resolve().parents[1]
SOURCES_PAGE = runpy.run_path(str(ROOT / ".ci" / "coverage_page.py"))
"""The page of what each source fills, which knows the kinds and the values inside them."""
DATA, TEXT, VERBATIM, SEALED, NOT = "●", "◐", "○", "■", "–"
TITLE = Words("Ce que porte chaque forme écrite", "What each written form carries")
WRITTEN = "<!-- Written by .ci/forms_page.py from the code; do not edit. -->"
INTRO = (
    Words(
        "● : porté comme donnée, qu’un programme relit. ◐ : porté comme texte, qu’une personne lit. ○ : "
        "porté mot pour mot. ■ : porté scellé, illisible sans clé. – : non porté ; le numéro dit "
        "pourquoi, plus bas. Un numéro après ● : porté en partie.",
        "●: carried as data that a program reads back. ◐: carried as text that a person reads. ○: carried"
        " word for word. ■: carried sealed, unreadable without a key. –: not carried; the number says "
        "why, below. A number behind ●: carried in part.",
    ),
    Words(
        "`unit` : l’archive patient (FHIR et lignes d’origine), dans un paquet comme dans un dossier "
        "remis. `documents` : les documents cliniques (CDA, XDM) qui l’accompagnent. `tables` : CSV, "
        "classeur, SQLite. `eark` : paquet E-ARK. `fhir` : documents et NDJSON. "
        "`seda`, `bagit` : un paquet scellé, en entier. Les fichiers eux-mêmes "
        "(documents, images) sont dans toutes les formes sauf les tables, qui les nomment.",
        "`unit`: the patient archive (FHIR and rows of the source), in a package as in a delivered "
        "dossier. `documents`: the clinical documents (CDA, XDM) beside it. `tables`: CSV, workbook, "
        "SQLite. `eark`: E-ARK package. `fhir`: documents and NDJSON. "
        "`seda`, `bagit`: a sealed package as a whole. The files themselves (documents, "
        "images) are in every form but the tables, which name them.",
    ),
    Words(
        "Un titre avec un nom de code est une valeur à l’intérieur d’enregistrements. Numéro, patient et "
        "cabinet d’un enregistrement suivent de sa ligne et ne sont pas dans ce tableau.",
        "A heading with a name of the code is a value inside records. Number, patient and practice of a "
        "record follow from its row and are not in this table.",
    ),
)
HEAD = Words("champ", "field")
UNDESCRIBED = "No description of FHIR writes it."
"""A reason that no field has: ``tests/conformance/test_forms_page.py`` sees to it."""
REASONS = Words("## Pourquoi", "## Why")


@dataclass(frozen=True, slots=True)
class Cell:
    """What the page says of a field in one form, and why where it is not carried, or in part."""

    sign: str
    reason: str = ""


@cache
def written_fields() -> Mapping[type, frozenset[str]]:
    """Return the fields that the descriptions of FHIR write, by kind of record; of a value inside one they are all."""
    made: dict[type, set[str]] = {}
    for resource in RESOURCES:
        made.setdefault(resource.record, set()).update(
            name for part in resource.parts for name in part.fields
        )
    return {kind: frozenset(names) for kind, names in made.items()}


def in_fhir(kind: type, name: str) -> Cell:
    """Return how the unit carries a field."""
    if kind is SourceRow:
        return Cell(VERBATIM)
    carried = not issubclass(kind, Record) or name in written_fields().get(kind, ())
    return Cell(DATA) if carried else Cell(NOT, UNDESCRIBED)


def in_delivered_fhir(kind: type, name: str) -> Cell:
    """Return how delivered FHIR carries a field."""
    return Cell(NOT, ROWS_LEFT_OUT) if kind is SourceRow else in_fhir(kind, name)


def in_documents(kind: type, name: str) -> Cell:
    """Return how the clinical documents carry a field."""
    found = _holder_says(kind) or field_coverage(kind, name)
    return Cell(
        {Carriage.ELEMENT: DATA, Carriage.TEXT: TEXT, Carriage.LEFT_OUT: NOT}[found.carriage], found.reason
    )


def _holder_says(kind: type) -> FieldCoverage | None:
    """Return why a value is left out, where every kind of record that has such values is."""
    if issubclass(kind, Record):
        return None
    holders = [one for one in SOURCES_PAGE["EVERY"] if kind in SOURCES_PAGE["values_in"](one)]
    if holders and all(one in LEFT_OUT_KINDS for one in holders):
        return FieldCoverage(Carriage.LEFT_OUT, LEFT_OUT_KINDS[holders[0]])
    return None


def in_tables(kind: type, name: str) -> Cell:
    """Return how the tables carry a field."""
    return Cell(DATA) if (kind, name) in _columns() else Cell(NOT, NO_ELEMENT)


@cache
def _columns() -> frozenset[tuple[type, str]]:
    return frozenset(
        found for kind in kinds() if issubclass(kind, Record) for found in _fields_of(table_of(kind))
    )


def _fields_of(table: StoreTable) -> Iterator[tuple[type, str]]:
    kind = table.record_type
    yield from ((kind, one.name) for one in table.columns)
    for holder, inner, columns, _ in table.values:
        yield kind, holder
        yield from ((inner, one.name[len(holder) + 1 :]) for one in columns)
    for holder, child in table.children:
        yield kind, holder
        yield from _fields_of(child)


def in_sealed_package(_kind: type, _name: str) -> Cell:
    """Return how a sealed package carries a field."""
    return Cell(SEALED)


FORMS: Mapping[str, Callable[[type, str], Cell]] = {
    "unit": in_fhir,
    "documents": in_documents,
    "tables": in_tables,
    "eark": in_fhir,
    "fhir": in_delivered_fhir,
    "seda": in_sealed_package,
    "bagit": in_sealed_package,
}
"""Every form by the name of its column; a new one is one line."""


def kinds() -> tuple[type, ...]:
    """Return every kind of record and of value inside one, the rows of the source at the end."""
    return (*SOURCES_PAGE["described_kinds"](), SourceRow)


def fields_of(kind: type) -> Iterator[tuple[str, FieldEntry]]:
    """Yield the fields of a kind with their entries; those that follow from the row of a record are left out."""
    for name, entry in entries_of(kind).items():
        if kind is SourceRow or not SOURCES_PAGE["_follows"](kind, name):
            yield name, entry


@dataclass(slots=True)
class Reasons:
    """Reasons by their numbers, in the order in which they are met."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, reason: str) -> str:
        """Return the number of a reason; nothing without one."""
        return str(self.numbers.setdefault(reason, len(self.numbers) + 1)) if reason else ""


def page(language: str) -> str:
    """Return the page in one language."""
    reasons = Reasons()
    lines = [f"# {getattr(TITLE, language)}", "", WRITTEN, ""]
    lines += [part for words in INTRO for part in (getattr(words, language), "")]
    for kind in kinds():
        entry = KINDS.get(getattr(kind, "kind", ""))
        heading = getattr(entry.heading, language) if entry else kind.__name__
        lines += [f"## {heading}" if entry else f"### `{kind.__name__}`", ""]
        lines.append("| " + " | ".join((getattr(HEAD, language), *(f"`{one}`" for one in FORMS))) + " |")
        lines.append("|---" * (len(FORMS) + 1) + "|")
        for name, described_field in fields_of(kind):
            found = [form(kind, name) for form in FORMS.values()]
            cells = (f"{one.sign} {reasons.number(one.reason)}".strip() for one in found)
            lines.append(
                f"| `{name}` {getattr(described_field.label, language)} | " + " | ".join(cells) + " |"
            )
        lines.append("")
    lines += [getattr(REASONS, language), "", "| | |", "|---|---|"]
    for reason, number in reasons.numbers.items():
        lines.append(f"| {number} | {translate(reason, language, 'formats', 'archiver')} |")
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    from generated_files import write_or_check

    sys.exit(
        write_or_check(
            {ROOT / "docs" / one / "reference" / "coverage-of-forms.md": page(one) for one in LANGUAGES}
        )
    )

"""The vendor's note on the database of Molaire 3 says all of what its tables hold, in both languages."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from formats.sources.mapped.language.parse import load_mapping
from formats.sources.mapped.language.references import column_places
from samples.molaire_tables import TABLES, build_database, practice
from tests.docs.pages import ROOT

SAMPLES = ROOT / "samples"
ENGLISH, FRENCH = (SAMPLES / "molaire-documentation" / name for name in ("MOLAIRE-3.md", "MOLAIRE-3.fr.md"))
SECTION = re.compile(r"^### (?P<table>[A-Z]+)\n(?P<body>.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `(?P<column>\w+)` \| (?P<type>[^|]+) \| (?P<meaning>[^|]+) \|$", re.MULTILINE)
SPAN = re.compile(r"`([^`]+)`")
REFERENCE = re.compile(r"→ `(\w+)\.(\w+)`")
TYPES = {
    "text": ("texte", r".*"),
    "code": ("code", r".*"),
    "integer": ("entier", r"\d*"),
    "amount": ("montant", r"\d+,\d\d"),
    "date": ("date", r"(\d\d/\d\d/\d{4})?"),
    "time": ("heure", r"\d{1,2}:\d\d"),
    "date and time": ("date et heure", r"\d\d/\d\d/\d{4} \d\d:\d\d"),
}
"""Each type of the note: its French name, and how its values are written in the export."""
STORED: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "code": (str, int),
    "integer": (int, type(None)),
    "amount": (float,),
    "date": (str, type(None)),
    "time": (str,),
    "date and time": (str,),
}
"""What each type of the note is in the SQLite copy."""
STORED_DATE = re.compile(r"\d{4}-\d\d-\d\d|00/\d\d/\d{4}")
CODED = {
    *("PRATICIENS.STATUT", "PRATICIENS.ACTIF", "PATIENTS.CIVILITE", "PATIENTS.SEXE", "PATIENTS.SITFAM"),
    *("PATIENTS.ETAT", "ANTECEDENTS.TYPE", "NOTES.PERSO", "RDV.ETAT", "ACTES.FACES", "ACTES.ETAT"),
    *("FACTURES.ETAT", "REGLEMENTS.MODE", "DOCUMENTS.TYPE"),
}
TYPED_AMISS = {"douze euros"}
"""What stands in the sample where an amount should be; the note says that nothing checks it."""
LOST = {
    "ACTES.NUMPAT": {"540"},
    "ACTES.PRAT": {"ZZ"},
    "LIGNESFACT.NUMFACT": {"99"},
}
"""References of the sample that lead nowhere; the note says that nothing checks them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A row of the note: the type and the meaning of a column."""

    type: str
    meaning: str


def note(page: Path) -> dict[str, dict[str, Column]]:
    """Return the columns of each table that ``page`` documents, in its order."""
    return {
        section["table"]: {
            row["column"]: Column(type=row["type"], meaning=row["meaning"])
            for row in ROW.finditer(section["body"])
        }
        for section in SECTION.finditer(page.read_text(encoding="utf-8"))
    }


def values(table: str, column: str) -> set[str]:
    """Return what the export of the sample has in a column."""
    with (SAMPLES / "molaire" / f"{table}.csv").open(encoding="cp1252", newline="") as lines:
        return {row[column] for row in csv.DictReader(lines, delimiter=";")}


def typed(columns: Mapping[str, Mapping[str, Column]], name: str) -> set[str]:
    return {
        f"{table}.{column}"
        for table, documented in columns.items()
        for column, one in documented.items()
        if one.type == name
    }


@pytest.mark.parametrize("page", [ENGLISH, FRENCH], ids=lambda page: page.name)
def test_every_column_of_every_table_has_its_meaning(page: Path) -> None:
    documented = note(page)
    ours = {table: list(columns) for table, columns in documented.items()}
    assert ours == {table: columns.split() for table, columns in TABLES.items()}
    for table, columns in documented.items():
        for name, column in columns.items():
            assert re.search(r"\w{3}", SPAN.sub("", column.meaning)), f"{table}.{name}"


@pytest.mark.parametrize("page", [ENGLISH, FRENCH], ids=lambda page: page.name)
def test_every_value_of_a_coded_column_is_explained(page: Path) -> None:
    documented = note(page)
    assert typed(documented, "code") == CODED
    for one in CODED:
        table, column = one.split(".")
        meaning = documented[table][column].meaning
        found = {value for value in values(table, column) if value.strip()}
        if column == "FACES":
            found = set("".join(found))
        assert found
        explained = set(re.findall(r"`([^`]+)` \w{3}", meaning))
        assert found <= explained, f"{one}: {found - explained}"
    for column in ("ALLERGIES", "PORTABLE"):
        words = {value for value in values("PATIENTS", column) if value.isupper()}
        assert words
        assert words <= set(SPAN.findall(documented["PATIENTS"][column].meaning))


def test_both_languages_give_a_column_the_same_type_and_the_same_references() -> None:
    english, french = note(ENGLISH), note(FRENCH)
    for table, columns in english.items():
        for name, column in columns.items():
            other = french[table][name]
            assert other.type == TYPES[column.type][0], f"{table}.{name}"
            ours, theirs = (SPAN.findall(one.meaning) for one in (column, other))
            assert ours == theirs, f"{table}.{name}"


def test_the_sample_is_written_as_the_note_says() -> None:
    for table, columns in note(ENGLISH).items():
        for name, column in columns.items():
            pattern = re.compile(TYPES[column.type][1], re.DOTALL)
            amiss = {value for value in values(table, name) if not pattern.fullmatch(value)}
            assert amiss <= TYPED_AMISS, f"{table}.{name}: {amiss}"


def test_the_sqlite_copy_differs_as_the_note_says(tmp_path: Path) -> None:
    build_database(practice(), tmp_path / "molaire.sqlite")
    with closing(sqlite3.connect(tmp_path / "molaire.sqlite")) as connection:
        for table, columns in note(ENGLISH).items():
            for name, column in columns.items():
                stored = {
                    value for (value,) in connection.execute(f"SELECT {name} FROM {table}")
                } - TYPED_AMISS
                assert {type(value) for value in stored} <= {*STORED[column.type]}, f"{table}.{name}"
                if column.type == "date":
                    assert all(STORED_DATE.fullmatch(value) for value in stored - {None}), f"{table}.{name}"


def test_not_entered_is_written_where_the_note_says() -> None:
    places = {
        f"{table}.{name}"
        for table, columns in TABLES.items()
        for name in columns.split()
        if "NR" in values(table, name)
    }
    assert places == {"PATIENTS.PORTABLE", "PATIENTS.ALLERGIES"}
    for page in (ENGLISH, FRENCH):
        assert all(f"`{place}`" in page.read_text(encoding="utf-8") for place in places)


def test_references_lead_where_the_note_says() -> None:
    followed = 0
    for table, columns in note(ENGLISH).items():
        for name, column in columns.items():
            for to, key in REFERENCE.findall(column.meaning):
                lost = values(table, name) - values(to, key) - {""}
                assert lost == LOST.get(f"{table}.{name}", set()), f"{table}.{name}"
                followed += 1
    assert followed > 20


def test_the_mapping_knows_the_codes_of_the_sample_and_no_other() -> None:
    mapping = load_mapping(ROOT / "docs" / "mappings" / "molaire-3.toml")
    compared = 0
    for place in column_places(mapping):
        codes = place.value.options.get("codes") if place.value else None
        if not codes:
            continue
        found = {value for value in values(place.table, place.column) if value.strip()}
        others_known = place.value is not None and "otherwise" in place.value.options
        assert codes.keys() <= found, f"{place.table}.{place.column}: {codes.keys() - found}"
        assert others_known or found <= codes.keys(), f"{place.table}.{place.column}: {found - codes.keys()}"
        compared += 1
    assert compared >= 10
    explicit = [record.none for table in mapping.tables.values() for record in table.records if record.none]
    assert [one.values <= values("PATIENTS", one.column.name) for one in explicit] == [True]

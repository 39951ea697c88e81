"""Every form in which a practice goes out, and what reads it back: the second axis of the matrix of sources.

A form that holds whole dossiers is read back into records, which must be those of the store, field by field; one of
rows is summed. A form of ``deliver --as`` without a line here fails a test.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pyzipper

from archiver.cli.options.delivery.forms import DeliveryForm
from archiver.practice.columns import table_of
from archiver.practice.store import open_store
from formats.fhir.read import read_bundle
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.pdlgc.source_rows import read_source_rows
from tests.journeys.program import Program

WHO = ("--by", "Anne Exemple", "--receiver", "Cabinet Exemple")
SIGNER = ("--signer", "keys/signer.p12")
ROOTS = ("--roots", "keys/roots.pem")
PACKAGE = "sealed package"
"""What ``export`` makes: no form of ``deliver``, and what two of them are made of."""
CENTS = "cents"
ROWS_AT_ONCE = 1_000_000
"""Characters of a cell of a table at most: a row of the source may be long."""
Dossiers = dict[str, Dossier]


@dataclass(frozen=True, kw_only=True)
class FormContent:
    """What a form says: records by kind and sums of money in cents, and the dossiers, where it has them whole."""

    totals: Mapping[str, int]
    stated: Mapping[str, int] | None = None
    """Records by kind as the command printed them."""
    dossiers: Dossiers | None = None


def content_of(dossiers: Dossiers, stated: Mapping[str, int] | None = None) -> FormContent:
    return FormContent(totals=totals(dossiers.values()), stated=stated, dossiers=dossiers)


def stored(store: Path) -> Dossiers:
    """Return every dossier of a store."""
    with open_store(store, reading=True) as opened:
        return {one.id: plain(opened.dossier(one.id)) for one in opened.patients()}


def plain(dossier: Dossier) -> Dossier:
    """Return a dossier without what a store says of who came from elsewhere, nor the order in which it names people."""
    people = tuple(replace(one, active=True) for one in sorted(dossier.practitioners, key=lambda one: one.id))
    return replace(dossier, practitioners=people, patient=replace(dossier.patient, linked=()))


def totals(dossiers: Iterable[Dossier]) -> Counter[str]:
    """Return how many records of each kind there are, and the sum of each kind's money in cents."""
    found: Counter[str] = Counter()
    for dossier in dossiers:
        for record in dossier.records():
            found[record.kind] += 1
            found[f"{record.kind} {CENTS}"] += _cents(record)
    return Counter({name: number for name, number in found.items() if number})


def _cents(value: Any) -> int:
    if isinstance(value, tuple):
        return sum(map(_cents, value))
    if not is_dataclass(value):
        return 0
    found = 0
    for field in fields(value):
        part = getattr(value, field.name)
        found += (part or 0) if field.name.endswith(f"_{CENTS}") else _cents(part)
    return found


def differing(before: Dossiers, after: Dossiers) -> dict[str, list[str]]:
    """Return the fields that differ, by patient; who is there once alone differs as a whole."""
    found = {one: ["the whole dossier"] for one in before.keys() ^ after.keys()}
    for one in before.keys() & after.keys():
        names = [field.name for field in fields(Dossier)]
        unlike = [name for name in names if getattr(before[one], name) != getattr(after[one], name)]
        found |= {one: unlike} if unlike else {}
    return found


def digest_of(dossiers: Dossiers) -> str:
    """Return a digest that two stores have in common when all their dossiers are equal but for verbatim rows."""
    known = hashlib.sha256()
    for one in sorted(dossiers):
        known.update(repr(replace(dossiers[one], source_rows=())).encode("utf-8", "surrogatepass"))
    return known.hexdigest()


# -- the forms -----------------------------------------------------------------------------------


def _deliver(program: Program, form: str, *words: str) -> Any:
    return (
        program.here("deliver", "practice.db", "--all", "--as", form, "--to", form, *WHO, *words, "--json")
        .ok()
        .document
    )


def _collected(program: Program, source: str, place: str) -> Dossiers:
    ended = program.here("collect", source, place, "--into", f"{place}-back.db")
    assert ended.status in {0, 4}, ended.err
    return stored(program.folder / f"{place}-back.db")


def _counts(document: Any) -> Counter[str]:
    found: Counter[str] = Counter()
    for person in document["persons"]:
        for dossier in person["dossiers"]:
            found.update(dossier["counts"])
    return found


def _folders(program: Program) -> FormContent:
    document = _deliver(program, "folder")
    return content_of(_collected(program, "archive", "folder"), _counts(document))


def _zips(program: Program) -> FormContent:
    document = _deliver(program, "zip")
    for number, person in enumerate(document["persons"]):
        with pyzipper.AESZipFile(program.folder / person["path"]) as archive:
            archive.setpassword(person["passphrase"].encode())
            archive.extractall(program.folder / "opened" / str(number))
    return content_of(_collected(program, "archive", "opened"), _counts(document))


def _portability(program: Program) -> FormContent:
    document = _deliver(program, "pdlgc", *SIGNER, "--no-pdf")
    return content_of(_collected(program, "pdlgc", "pdlgc"), document["counts"])


def _health_archive(program: Program) -> FormContent:
    document = _deliver(program, "eark")
    found: Dossiers = {}
    with zipfile.ZipFile(program.folder / "eark") as package:
        for name in package.namelist():
            if name.endswith("/dossier.json"):
                dossier, _ = read_bundle(io.BytesIO(package.read(name)))
                rows = name.replace("dossier.json", "source-rows.ndj")
                if rows in package.namelist():
                    lines = tuple(read_source_rows(io.BytesIO(package.read(rows))))
                    dossier = replace(dossier, source_rows=lines)
                found[dossier.patient.id] = plain(dossier)
    return content_of(found, document["counts"])


def _tables(program: Program) -> FormContent:
    document = _deliver(program, "tables")
    csv.field_size_limit(min(sys.maxsize, ROWS_AT_ONCE))
    found: Counter[str] = Counter()
    for kind in PATIENT_KINDS:
        for place, table in enumerate(table_of(kind).family):
            path = program.folder / "tables" / f"{table.name}.csv"
            rows = _rows(path) if path.exists() else []
            assert document["rows_by_table"].get(table.name, 0) == len(rows), table.name
            found[kind.kind] += len(rows) if place == 0 else 0
            for row in rows:
                cells = (cell for name, cell in row.items() if name.endswith(f"_{CENTS}") and cell)
                found[f"{kind.kind} {CENTS}"] += sum(int(cell.removeprefix("'")) for cell in cells)
    return FormContent(totals=Counter({name: number for name, number in found.items() if number}))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def _package(program: Program) -> FormContent:
    words = ("export", "practice.db", "package.asice", "--all", "--to", "keys/receiver.recipient", *SIGNER)
    done = program.here(*words, "--sender", "Cabinet Exemple", "--json").ok()
    words = ("import", "package.asice", "--identity", "keys/receiver.identity", *ROOTS)
    ended = program.here(*words, "--into", "package-back.db")
    assert ended.status in {0, 4}, ended.err
    return content_of(stored(program.folder / "package-back.db"), done.document["counts"])


def _sealed(form: str, members: Callable[[Path], Counter[bytes]]) -> Callable[[Program], FormContent]:
    """Return what makes a form that holds the members of the sealed package, which must be those made before."""

    def make(program: Program) -> FormContent:
        package = program.folder / "package.asice"
        program.here("deliver", package.name, "--as", form, "--to", form, *ROOTS).ok()
        assert members(program.folder / form) == _members(package), form
        return content_of(stored(program.folder / "package-back.db"))

    return make


def _members(path: Path, below: str = "") -> Counter[bytes]:
    with zipfile.ZipFile(path) as archive:
        return Counter(archive.read(name) for name in archive.namelist() if name.startswith(below))


OUTPUTS: dict[str, Callable[[Program], FormContent]] = {
    DeliveryForm.FOLDER: _folders,
    DeliveryForm.ZIP: _zips,
    DeliveryForm.TABLES: _tables,
    DeliveryForm.EARK: _health_archive,
    DeliveryForm.PDLGC: _portability,
    PACKAGE: _package,
    DeliveryForm.SEDA: _sealed("seda", lambda path: _members(path, "content/")),
    DeliveryForm.BAGIT: _sealed("bagit", lambda folder: _members(folder / "data" / "package.asice")),
}
"""Every form by its word: what makes it of ``practice.db`` with the keys beside it, and reads it back.

Those of the sealed package come after it.
"""
ELSEWHERE = {
    DeliveryForm.DICOM: "images and documents alone: tests/journeys/test_file_sets.py",
    DeliveryForm.FHIR: "no rows word for word, and all else field by field: tests/journeys/test_fhir_deliveries.py",
}
"""Forms that cannot be compared as a whole dossier is, and what reads them back."""

"""Every source and every form of the invented practice of Molaire: whatever it comes and goes by, it says the same.

What is expected of a source is asked from the tables by SQL of the test's own, and what came of it from the tables of
the store; no code of ours stands between. A source is compared in what it can say. What came of it then goes out in
every form (``tests.interop.matrix_outputs``) and is read back; so do dossiers that hypothesis made. A source is
collected once, whoever needs it, and stores whose dossiers are all equal but for verbatim rows go out once.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archiver.cli.options.delivery.forms import DeliveryForm
from archiver.practice.store import open_store
from formats.fhir.write import write_bundle
from formats.registry import SOURCES as REGISTERED
from samples.molaire_tables import practice
from tests.docs.pages import ROOT
from tests.engines.molaire import Dialect, fill
from tests.engines.postgresql import PostgresqlServer
from tests.interop import matrix_writers
from tests.interop.matrix_dossiers import lay_dossiers
from tests.interop.matrix_outputs import ELSEWHERE, OUTPUTS, PACKAGE, differing, digest_of, stored, totals
from tests.interop.matrix_writers import NO_ALLERGY, NOT_ASKED, WHOLE_DATE, rows, tables
from tests.interop.table_writers import WRITERS, lay
from tests.interop.test_mapped_databases import MYSQL
from tests.journeys.line import once
from tests.journeys.program import Program
from tests.mariadb import Server

MAPPING = ROOT / "docs" / "mappings" / "molaire-3.toml"
FIELDS = ("identity", "allergies", "no allergy", "acts", "fees", "planned", "invoices", "payments", "appointments",
          "prescriptions", "notes", "documents")  # fmt: skip
"""What is compared of a dossier."""
CLINICAL = ("identity", "allergies", "no allergy", "acts")
OPENDENTAL = ("identity", "allergies", "acts", "fees", "planned", "payments", "appointments")
STATUS = {"F": "done", "P": "planned", "E": "existing", "X": "cancelled"}
Dossier = dict[str, Any]
"""By what is compared, what the dossier of one patient says."""


BESIDE = frozenset({"bridges", "dicom", "documents", "openmolar"})
"""Sources that bring files to patients who are there, or whose practice is another."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A source: what lays it into a folder and collects it, and what it can say.

    Not every one has acts that were ``cancelled``, patients of whose birth no ``whole_dates`` is known, or the
    ``years`` of those of whom nothing else is.
    """

    collect: Callable[[Matrix], Path]
    says: tuple[str, ...] = FIELDS
    cancelled: bool = True
    whole_dates: bool = False
    years: bool = True


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Where a source is laid, the tables of the practice, the servers, and the store that its export gave."""

    folder: Path
    database: Path
    mariadb: Server
    postgresql: PostgresqlServer
    collected: Path

    def run(self, *words: str) -> Path:
        """Run ``archiver collect`` and return the store."""
        ended = Program(folder=self.folder)("collect", *words, "--into", "practice.db")
        assert ended.status in {0, 4}, ended.err
        return self.folder / "practice.db"

    def mapped(self, place: str, mapping: Path = MAPPING) -> Path:
        """Collect tables by a mapping; the documents are those of the sample."""
        files = ROOT / "samples" / "molaire" / "documents"
        return self.run("mapped", place, "--mapping", str(mapping), "--files", str(files))


def _files(name: str) -> Callable[[Matrix], Path]:
    return lambda matrix: matrix.mapped("molaire", lay(name, practice(), matrix.folder))


def _says(name: str) -> tuple[str, ...]:
    """Return what files of a kind can say: in records of fixed width a note has no line break."""
    return tuple(one for one in FIELDS if one != "notes" or name not in {"fixed_width", "records"})


def _mariadb(matrix: Matrix) -> Path:
    matrix.mariadb.database("matrix", "CHARACTER SET utf8mb4")
    with closing(matrix.mariadb.connect("matrix")) as connection:
        fill(connection, practice(), MYSQL, typed=True)
    return matrix.mapped(f"mysql://root@/matrix?unix_socket={matrix.mariadb.socket}")


def _postgresql(matrix: Matrix) -> Path:
    matrix.postgresql.database("matrix")
    with closing(matrix.postgresql.connect("matrix")) as connection:
        fill(connection, practice(), Dialect(mark="%s"), typed=True)
    return matrix.mapped(matrix.postgresql.url("matrix"))


def _archive(matrix: Matrix) -> Path:
    shutil.copytree(matrix.collected, matrix.folder / "before")
    names = ("--by", "Anne Exemple", "--receiver", "Dr Exemple")
    Program(folder=matrix.folder)("deliver", "before/practice.db", "--all", "--to", "delivered", *names).ok()
    return matrix.run("archive", "delivered")


def _fhir(matrix: Matrix) -> Path:
    (matrix.folder / "bundles").mkdir()
    with open_store(matrix.collected / "practice.db", reading=True) as store:
        for number, patient in enumerate([one.id for one in store.patients()]):
            with (matrix.folder / "bundles" / f"{number:03}.json").open("wb") as target:
                write_bundle(store.dossier(patient), target, written_at=datetime(2026, 9, 1, tzinfo=UTC))
    return matrix.run("fhir", "bundles")


def _written(name: str, *more: str) -> Callable[[Matrix], Path]:
    def collect(matrix: Matrix) -> Path:
        place = getattr(matrix_writers, name)(matrix.database, matrix.folder)
        return matrix.run(name, str(place), *more)

    return collect


SOURCES: dict[str, Source] = {
    "mapped, as exported": Source(collect=lambda matrix: matrix.mapped(str(ROOT / "samples" / "molaire"))),
    "mapped, SQLite": Source(collect=lambda matrix: matrix.mapped(str(matrix.database))),
    "mapped, MariaDB": Source(collect=_mariadb),
    "mapped, PostgreSQL": Source(collect=_postgresql),
    **{f"mapped, {name}": Source(collect=_files(name), says=_says(name)) for name in WRITERS},
    "archive": Source(collect=_archive),
    "fhir": Source(collect=_fhir),
    "cda": Source(collect=_written("cda"), says=CLINICAL, whole_dates=True, cancelled=False),
    "xdm": Source(collect=_written("xdm"), says=CLINICAL, whole_dates=True, cancelled=False),
    "pdlgc": Source(collect=_written("pdlgc"), says=CLINICAL, whole_dates=True, cancelled=False),
    "opendental": Source(
        collect=_written("opendental", "--practice", "99900000000011"),
        says=OPENDENTAL,
        cancelled=False,
        years=False,
    ),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tables(tmp_path_factory.mktemp("tables"))


@pytest.fixture(scope="module")
def collected(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the store that the tables gave."""
    folder = tmp_path_factory.mktemp("collected")
    files = ROOT / "samples" / "molaire" / "documents"
    words = ("mapped", str(database), "--mapping", str(MAPPING), "--files", str(files))
    Program(folder=folder)("collect", *words, "--into", "practice.db").incomplete()
    return folder


@pytest.fixture(scope="module")
def store_of(
    tmp_path_factory: pytest.TempPathFactory,
    database: Path,
    collected: Path,
    mariadb_server: Server,
    postgresql_server: PostgresqlServer,
) -> Callable[[str], Path]:
    """Return what collects a source, the first time that it is asked for its store."""

    def collect(name: str) -> Path:
        def build(folder: Path) -> None:
            matrix = Matrix(
                folder=folder,
                database=database,
                mariadb=mariadb_server,
                postgresql=postgresql_server,
                collected=collected,
            )
            MADE[name](folder) if name in MADE else SOURCES[name].collect(matrix)

        return (
            once(tmp_path_factory, f"matrix-{re.sub(r'[^a-z0-9]+', '-', name.lower())}", build)
            / "practice.db"
        )

    return collect


# -- what the tables say, by SQL of their own ----------------------------------------------------


def of_tables(database: Path, source: Source) -> dict[str, Dossier]:
    """Return what the tables say of each patient, as far as ``source`` can."""
    where = WHOLE_DATE if source.whole_dates else "1"
    patients = rows(database, f"SELECT * FROM PATIENTS WHERE {where}")
    return {str(one["NUMPAT"]): _of_patient(database, one, source) for one in patients}


def _of_patient(database: Path, one: dict[str, Any], source: Source) -> Dossier:
    def asked(query: str) -> list[dict[str, Any]]:
        return rows(database, query.replace("PATIENT", f"NUMPAT = {one['NUMPAT']}"))

    acts = asked("SELECT * FROM ACTES WHERE PATIENT")
    if not source.cancelled:
        acts = [act for act in acts if act["ETAT"] != "X"]
    allergies = asked("SELECT LIBELLE FROM ANTECEDENTS WHERE TYPE = 'A' AND PATIENT")
    words = one["ALLERGIES"]
    labels = [row["LIBELLE"] for row in allergies] + ([words] if words not in NO_ALLERGY | NOT_ASKED else [])
    return {
        "identity": (
            one["NOM_NAISS"],
            one["PRENOMS"],
            _date(one["NAISSANCE"], source),
            "MF"[one["SEXE"] - 1],
        ),
        "allergies": sorted(labels),
        "no allergy": words in NO_ALLERGY,
        "acts": Counter((act["CODE"], act["DATEACTE"]) for act in acts if act["ETAT"] == "F"),
        "fees": sum(round(act["HONORAIRES"] * 100) for act in acts),
        "planned": Counter((act["CODE"], STATUS[act["ETAT"]]) for act in acts if act["ETAT"] != "F"),
        "invoices": _sums(asked("SELECT ETAT, TOTAL FROM FACTURES WHERE PATIENT"), "TOTAL"),
        "payments": _sums(
            asked("SELECT MONTANT FROM REGLEMENTS WHERE typeof(MONTANT) = 'real' AND PATIENT"), "MONTANT"
        ),
        "appointments": sorted(
            f"{row['JOUR']} {row['HEURE']:0>5}" for row in asked("SELECT * FROM RDV WHERE PATIENT")
        ),
        "prescriptions": Counter(row["PRODUIT"] for row in asked("SELECT * FROM ORDONNANCES WHERE PATIENT")),
        "notes": sorted(
            [row["TEXTE"] for row in asked("SELECT TEXTE FROM NOTES WHERE PATIENT")]
            + [one["REMARQUE"]] * bool(one["REMARQUE"])
        ),
        "documents": Counter(row["TITRE"] for row in asked("SELECT TITRE FROM DOCUMENTS WHERE PATIENT")),
    }


def _sums(found: list[dict[str, Any]], column: str) -> tuple[int, int]:
    return len(found), sum(round(row[column] * 100) for row in found)


def _date(written: str | None, source: Source) -> str | None:
    """Return a date of Molaire as ISO 8601 writes one of which not all is known."""
    if written is None or written[4] == "-":
        return written
    if written.startswith("00/00"):
        return written[6:] if source.years else None
    return f"{written[6:]}-{written[3:5]}"


# -- what the store says -------------------------------------------------------------------------


def of_store(store: Path) -> dict[str, Dossier]:
    """Return what the store says of each patient, by the number of the dossier in Molaire."""
    with closing(sqlite3.connect(store)) as connection:
        numbers = connection.execute(
            "SELECT owner, value FROM patients_identifiers WHERE type = 'LOCAL'"
        ).fetchall()
        return {str(value): _of_record(connection, owner) for owner, value in numbers}


def _of_record(connection: sqlite3.Connection, patient: str) -> Dossier:
    def asked(query: str) -> Iterator[tuple[Any, ...]]:
        yield from connection.execute(query, (patient,))

    def text(value: Any) -> str:
        return " ".join(json.loads(value)) if value and value.startswith("[") else value or ""

    traits = ", ".join(
        f"traits_{name}" for name in ("birth_family_name", "birth_given_names", "birth_date", "sex")
    )
    ((family, given, born, sex),) = asked(f"SELECT {traits} FROM patients WHERE id = ?")
    acts = list(asked("SELECT code, performed_on, status, fee_cents FROM acts WHERE patient = ?"))
    allergies = list(
        asked("SELECT presence, label FROM health_statements WHERE topic = 'allergy' AND patient = ?")
    )
    return {
        "identity": (family, text(given), born, sex),
        "allergies": sorted(label for presence, label in allergies if presence == "present"),
        "no allergy": any(presence == "none" for presence, _ in allergies),
        "acts": Counter((code, day) for code, day, status, _ in acts if status == "done"),
        "fees": sum(cents or 0 for *_, cents in acts),
        "planned": Counter((code, status) for code, _, status, _ in acts if status != "done"),
        "invoices": next(
            asked("SELECT count(*), coalesce(sum(total_cents), 0) FROM invoices WHERE patient = ?")
        ),
        "payments": next(
            asked("SELECT count(*), coalesce(sum(amount_cents), 0) FROM payments WHERE patient = ?")
        ),
        "appointments": sorted(
            at[:16].replace("T", " ")
            for (at,) in asked("SELECT starts_at FROM appointments WHERE patient = ?")
        ),
        "prescriptions": Counter(
            one for (one,) in asked("SELECT product FROM prescriptions WHERE patient = ?")
        ),
        "notes": sorted(one for (one,) in asked("SELECT text FROM notes WHERE patient = ?")),
        "documents": Counter(one for (one,) in asked("SELECT title FROM documents WHERE patient = ?")),
    }


MADE: dict[str, Callable[[Path], object]] = {"dossiers of hypothesis": lay_dossiers}
"""What besides sources makes a store in a folder, of which no tables say what is in it."""


@pytest.mark.parametrize("name", SOURCES)
def test_the_dossiers_are_those_of_the_tables(
    name: str, store_of: Callable[[str], Path], database: Path
) -> None:
    source = SOURCES[name]
    expected, found = of_tables(database, source), of_store(store_of(name))
    assert found.keys() == expected.keys() and len(expected) > 30
    for field in source.says:
        differing = {
            number: (found[number][field], expected[number][field])
            for number in expected
            if found[number][field] != expected[number][field]
        }
        assert differing == {}, field
        assert any(expected[number][field] for number in expected), field


def test_every_source_of_dossiers_is_in_the_matrix() -> None:
    known = {name.partition(",")[0] for name in SOURCES}
    assert set(REGISTERED) - known <= BESIDE


# -- and what goes out ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*SOURCES, *MADE])
def test_every_form_says_what_the_store_says(
    name: str, store_of: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = store_of(name)
    dossiers = stored(store)
    assert len(dossiers) > 20
    folder = once(
        tmp_path_factory, f"outputs-{digest_of(dossiers)[:16]}", lambda folder: go_out(store, folder)
    )
    found = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    assert found == {form: [] for form in OUTPUTS}


def go_out(store: Path, folder: Path) -> None:
    """Have a store go out in every form; write down where each says something else than the store, or nothing."""
    shutil.copy(store, folder)
    if store.with_suffix(".files").exists():
        shutil.copytree(store.with_suffix(".files"), folder / "practice.files")
    program = Program(folder=folder)
    program.here("keys", "new", "keys", "--name", "Anne Exemple", "--no-passphrase").ok()
    before = stored(store)
    expected = totals(before.values())
    assert expected["acts"] > 30
    found = {}
    for form, make in OUTPUTS.items():
        content = make(program)
        unlike = [f"{name}: {content.totals[name]}, not {expected[name]}" for name in content.totals | expected
                  if content.totals[name] != expected[name]]  # fmt: skip
        kinds = content.stated.keys() & expected.keys() if content.stated else set()
        unlike += [f"stated {kind}" for kind in kinds if content.stated[kind] != expected[kind]]
        if content.dossiers is not None:
            unlike += [
                f"{one}: {', '.join(names)}" for one, names in differing(before, content.dossiers).items()
            ]
        found[form] = unlike
    (folder / "found.json").write_text(json.dumps(found), encoding="utf-8")


def test_every_form_is_in_the_matrix() -> None:
    assert {*OUTPUTS, *ELSEWHERE} == {*DeliveryForm, PACKAGE} and not OUTPUTS.keys() & ELSEWHERE

"""A database by its address on the command line: collected, previewed, proposed; its password is shown nowhere."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from samples.molaire_tables import practice
from tests.docs.pages import ROOT
from tests.engines.molaire import Dialect, fill
from tests.engines.odbc import driver
from tests.engines.postgresql import PostgresqlServer
from tests.journeys.line import asked, lay_molaire
from tests.journeys.program import Program
from tests.unit.sources.described import decide

SECRET = "tr3s s@cret"
LOGOSW = ROOT / "docs" / "mappings" / "logosw-odbc-unverified.toml"


@pytest.fixture(scope="module")
def server(postgresql_server: PostgresqlServer) -> PostgresqlServer:
    """The server, with the practice in a database that the user ``collecte`` may read."""
    postgresql_server.database("molaire")
    postgresql_server.account("collecte", SECRET)
    with closing(postgresql_server.connect("molaire")) as connection:
        fill(connection, practice(), Dialect(mark="%s"), typed=True)
    postgresql_server.run("GRANT pg_read_all_data TO collecte")
    return postgresql_server


@pytest.fixture
def program(tmp_path: Path) -> Program:
    lay_molaire(tmp_path)
    (tmp_path / "password.txt").write_text(SECRET + "\n", encoding="utf-8")
    return Program(folder=tmp_path)


def collecting(place: str, store: str) -> tuple[str, ...]:
    files = ("--mapping", "molaire-3.toml", "--files", "molaire/documents")
    return ("collect", "mapped", place, *files, "--into", store)


def test_a_server_gives_what_its_files_give(server: PostgresqlServer, program: Program) -> None:
    address = server.url("molaire", "collecte")
    ended = program(*collecting(address, "server.db"), "--password-file", "password.txt").incomplete()
    assert SECRET not in ended.out + ended.err
    program(*collecting("molaire", "files.db")).incomplete()
    names = [
        str(name)
        for (name,) in asked(
            program.folder / "files.db", "SELECT name FROM sqlite_master WHERE type = 'table'"
        )
        if not str(name).startswith(("source_rows", "journal", "settings", "about", "sqlite"))
    ]
    assert len(names) > 30
    for name in names:
        both = [
            set(asked(program.folder / one, f"SELECT * FROM [{name}]")) for one in ("server.db", "files.db")
        ]
        assert both[0] == both[1], name
    again = program(
        *collecting(address, "server.db"), "--password-file", "password.txt", "--json"
    ).incomplete()
    assert again.document["changed"] is False


def test_a_password_may_come_from_the_environment_and_a_wrong_one_is_a_sentence(
    server: PostgresqlServer, program: Program
) -> None:
    address = server.url("molaire", "collecte")
    preview = ("mapping", "preview", address, "--mapping", "molaire-3.toml")
    right = program(*preview, ARCHIVER_DATABASE_PASSWORD=SECRET)
    assert right.status == 0 and "40" in right.out
    wrong = program(*preview, ARCHIVER_DATABASE_PASSWORD="falsch es")
    assert wrong.status == 40 and "[source-refused]" in wrong.err and wrong.err.count("\n") == 1
    traced = program(*preview, ARCHIVER_DATABASE_PASSWORD="falsch es", ARCHIVER_TRACE="1")
    for ended in (
        wrong,
        traced,
        program(*collecting(address.replace("collecte", "collecte:falsch+es"), "new.db")),
    ):
        assert ended.status == 40 and "falsch" not in ended.out + ended.err
    assert not (program.folder / "new.db").exists()


def test_a_proposal_is_made_from_a_server(server: PostgresqlServer, program: Program) -> None:
    ended = program("mapping", "propose", server.url("molaire"), "--software", "Molaire", "--to", "new.toml")
    assert ended.status == 0 and "PATIENTS" in ended.out
    decide(program.folder / "new.toml")
    program("mapping", "check", "new.toml", "--source", server.url("molaire")).ok()


def test_a_database_without_a_mapping_is_said_without_its_password(program: Program) -> None:
    for place in ("postgresql://u:geheim@h/d", "odbc:DSN=x;PWD=geheim", "oracle://u:geheim@h/d"):
        ended = program("collect", place, "--into", "new.db")
        assert "geheim" not in ended.out + ended.err
        code = "database-address-invalid" if place.startswith("oracle") else "source-unmapped"
        assert f"[{code}]" in ended.err, ended.err
    ended = program("collect", "opendental", "postgresql://u:geheim@h/d", "--into", "new.db")
    assert "[source-address]" in ended.err and "geheim" not in ended.err


@pytest.mark.parametrize(
    "place",
    [
        "postgresql://u:geheim@h/d?foo=1",
        "mysql://u:geheim@h/d?connect_timeout=abc",
        "mssql://u@h/d?password=geheim&conn_properties=x",
        "firebird://u:geheim@h/d?pwd=geheim&pwd=x",
        "sqlite:///x.db?password=geheim",
        "mysql://u:geheim@h/d?geh eim",
    ],
)
def test_an_odd_option_of_an_address_is_a_sentence(place: str, program: Program) -> None:
    for command in (
        collecting(place, "new.db"),
        ("mapping", "preview", place, "--mapping", "molaire-3.toml"),
        ("mapping", "propose", place, "--software", "X", "--to", "new.toml"),
        ("collect", place, "--into", "new.db"),
    ):
        ended = program(*command)
        assert "geh" not in ended.refused("database-option-unfit", 2)
    if place.startswith("mysql"):
        program("collect", "opendental", place, "--into", "new.db").refused("database-option-unfit", 2)
    assert not list(program.folder.glob("new.*"))


def test_the_example_of_logosw_reads_a_database_of_that_shape_over_odbc(tmp_path: Path) -> None:
    """Of the shape that public sources tell; that an installation has it, nobody has verified."""
    path, folder = tmp_path / "logosw.sqlite", tmp_path / "LIENS"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            """
            CREATE TABLE CIVIL (NUMPATIENT INTEGER PRIMARY KEY, TITRE VARCHAR(4), NOM VARCHAR(29), PRENOM VARCHAR(29),
              DATENAISSANCE CHAR(8), ADRESSE VARCHAR(80), CODEPOSTAL CHAR(8), VILLE VARCHAR(30), PORTABLE VARCHAR(20),
              EMAIL VARCHAR(100), PROFESSION VARCHAR(30), NIR VARCHAR(15), RELIQUAT VARCHAR(10));
            CREATE TABLE ACTES_2 (NUMACTE INTEGER PRIMARY KEY, NUMPATIENT INTEGER, DATEACTE CHAR(8), CODE VARCHAR(10),
              DENTS VARCHAR(20), MONTANT DOUBLE, MEMO TEXT);
            CREATE TABLE DEVIS (NUMDEVIS INTEGER PRIMARY KEY, NUMPATIENT INTEGER, TEXTE TEXT);
            CREATE TABLE DOCUMENT (NUMDOCUMENT INTEGER PRIMARY KEY, NUMPATIENT INTEGER, TITRE VARCHAR(40),
              FICHIER VARCHAR(80), DATEDOCUMENT CHAR(8));
            INSERT INTO CIVIL VALUES (12, 'MME', 'ABADIE', 'Agnès', '19480504', '3 quai des Tanneurs', '99420',
              'Sainte-Rive', '0639982020', '', 'Retraitée', '', 'x');
            INSERT INTO CIVIL VALUES (13, 'M', 'BELLEC', 'Côme', '19310000', '', '', '', '', '', '', '', '');
            INSERT INTO ACTES_2 VALUES (7, 12, '20250904', 'HBJD001', '16', 28.92, 'Sensible au froid.');
            INSERT INTO ACTES_2 VALUES (8, 13, '20250905', 'HBGD036', '36', 33.44, NULL);
            INSERT INTO DEVIS VALUES (1, 12, 'Devis du 4 septembre');
            INSERT INTO DOCUMENT VALUES (1, 12, 'Lettre', 'lettre.txt', '20250904');
            """
        )
    (folder / "12").mkdir(parents=True)
    (folder / "12" / "lettre.txt").write_bytes(b"Cher confr\xe8re,\n")
    program = Program(folder=tmp_path)
    address = f"odbc:Driver={driver('sqlite')};Database={path}"
    ended = program(
        *(
            "collect",
            "mapped",
            address,
            "--mapping",
            str(LOGOSW),
            "--files",
            "LIENS",
            "--practice",
            "99900000000011",
        ),
        *("--into", "practice.db"),
    )
    assert ended.status in {0, 4}, ended.err
    store = tmp_path / "practice.db"
    names = "SELECT traits_birth_family_name, traits_birth_given_names, traits_birth_date FROM patients ORDER BY 1"
    assert [(one[0], one[2]) for one in asked(store, names)] == [("ABADIE", "1948-05-04"), ("BELLEC", "1931")]
    assert list(asked(store, "SELECT sum(fee_cents), count(*) FROM acts")) == [(2892 + 3344, 2)]
    assert list(asked(store, "SELECT count(*) FROM source_rows WHERE [table] = 'DEVIS'")) == [(1,)]
    assert list(asked(store, "SELECT count(*) FROM documents WHERE attachment_sha256 IS NOT NULL")) == [(1,)]

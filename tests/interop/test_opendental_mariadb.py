"""A practice read from a real MariaDB with the official tables is the practice read from its SQLite copy."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator

import pytest

from formats.databases.mariadb import MariaDbSource
from formats.databases.sqlite_source import SqliteSource
from formats.databases.tables import Source, SourceUnreachable
from formats.findings import Finding, Severity, finding_document
from formats.model.care import Act, ActStatus, Quote
from formats.model.dates import AnyDate, PartialDate
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.health import HealthStatement, Presence
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.opendental.joins.ownership import ownership_closure, patient_columns
from formats.opendental.read import read
from formats.reading import FileBody, Item, Tally
from samples.story.book import build_sqlite
from samples.story.columns import tables
from tests.mariadb import SAMPLES, Server

ZONE = "Europe/Paris"
PRACTICE = SAMPLES / "practice"

MERGED_BY_PATNUM = tuple(
    """
    adjustment allergy anestheticrecord anesthvsdata appointment apptthankyousent asapcomm
    carecreditwebresponse claim claimproc clinicerx commlog commoptout confirmationrequest
    creditcard custreference discountplansub disease document ehramendment ehrcareplan ehrlab
    ehrmeasureevent ehrnotperformed ehrpatient ehrprovkey ehrquarterlykey ehrsummaryccd emailmessage
    emailsecure encounter erxlog eservicelog etrans famaging familyhealth formpat histappointment
    hl7msg installmentplan intervention labcase labpanel medicalorder medicationpat medlab
    mobileappdevice mobiledatabyte mount orthocase orthochart patfield patient patientnote
    patientportalinvite patientrace patplan patrestriction payconnectresponseweb payment payortype
    payplan payplancharge paysplit perioexam phonenumber plannedappt popup procedurelog procnote
    proctp promotionlog providererx question reactivation recall recurringcharge refattach referral
    registrationkey repeatcharge reqstudent reseller rxpat screenpat securitylog sheet smsfrommobile
    smstomobile statement terminalactive toothinitial treatplan tsitranslog vaccinepat vitalsign
    webschedrecall xchargetransaction xwebresponse
    """.split()  # noqa: SIM905 a list of quoted words would be four times as long
)
MERGED_OTHERWISE = tuple(
    """
    custrefentry.PatNumCust custrefentry.PatNumRef emailmessage.PatNumSubj guardian.PatNumChild
    guardian.PatNumGuardian inssub.Subscriber oidexternal.IDInternal patient.Guarantor
    patient.PatNumCloneFrom patient.ResponsParty patient.SuperFamily patientlink.PatNumFrom
    patientlink.PatNumTo payplan.Guarantor payplancharge.Guarantor securitylog.FKey task.KeyNum
    taskhist.KeyNum treatplan.ResponsParty
    """.split()  # noqa: SIM905
)
"""What the software itself rewrites or weighs when it merges two patients, as far as 21.1 has it."""


@pytest.fixture(scope="module")
def server_source(mariadb_server: Server, opendental_practice: str) -> Iterator[MariaDbSource]:
    with MariaDbSource(_url(mariadb_server, opendental_practice)) as source:
        yield source


@pytest.fixture(scope="module")
def copy_source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteSource]:
    target = tmp_path_factory.mktemp("copy") / "practice.sqlite"
    build_sqlite((PRACTICE / "opendental.sql").read_bytes().decode("utf-8"), target)
    with SqliteSource(target) as source:
        yield source


@pytest.fixture(scope="module")
def from_server(server_source: MariaDbSource) -> list[Item]:
    return _read(server_source)


@pytest.fixture(scope="module")
def from_copy(copy_source: SqliteSource) -> list[Item]:
    return _read(copy_source)


@pytest.fixture(scope="module")
def expected() -> dict[str, dict[str, dict[str, int]]]:
    found: dict[str, dict[str, dict[str, int]]] = json.loads((SAMPLES / "EXPECTED.json").read_text("utf-8"))[
        "practice"
    ]
    return found


def _url(server: Server, database: str) -> str:
    return f"mysql://{server.user}@/{database}?unix_socket={server.socket}"


def _read(source: Source) -> list[Item]:
    return list(read(source, images=PRACTICE / "images", practice_key=None, time_zone=ZONE))


def _records(items: list[Item], only: frozenset[str]) -> dict[str, Record]:
    """Records by identity; of verbatim rows those of the tables the sample fills."""
    records = (item for item in items if isinstance(item, Record))
    return {one.id: one for one in records if not isinstance(one, SourceRow) or one.table in only}


def test_server_and_copy_give_the_same_records(from_server: list[Item], from_copy: list[Item]) -> None:
    filled = frozenset(tables())
    server, copy = _records(from_server, filled), _records(from_copy, filled)
    assert server.keys() == copy.keys()
    assert [key for key in copy if server[key] != copy[key]] == []
    assert len(copy) > 3000


def test_server_and_copy_give_the_same_files_and_findings(
    from_server: list[Item], from_copy: list[Item]
) -> None:
    server, copy = (
        [item.attachment for item in items if isinstance(item, FileBody)]
        for items in (from_server, from_copy)
    )
    assert server == copy
    assert len(copy) >= 14
    only_server = {"opendental-no-snapshot", "opendental-tables-left"}
    findings = [
        [finding_document(one) for one in items if isinstance(one, Finding) and one.code not in only_server]
        for items in (from_server, from_copy)
    ]
    assert findings[0] == findings[1]
    codes = {item.code for item in from_server if isinstance(item, Finding)}
    assert only_server <= codes


def test_every_row_of_the_sample_travels_verbatim(
    from_copy: list[Item], copy_source: SqliteSource, expected: dict[str, dict[str, dict[str, int]]]
) -> None:
    rows: dict[str, dict[str, SourceRow]] = defaultdict(dict)
    for item in from_copy:
        if isinstance(item, SourceRow):
            assert item.key not in rows[item.table]
            rows[item.table][item.key] = item
    assert {table: len(by_key) for table, by_key in rows.items()} == expected["rows"]
    for table, by_key in rows.items():
        key = copy_source.tables()[table].key
        for cells in copy_source.rows(table):
            travelled = by_key[str(cells[key])].columns
            changed = {name for name, value in cells.items() if travelled.get(name) != value}
            allowed = set(cells) - {"UserNum", "UserName"} if table == "userod" else {"RawBase64"}
            assert changed <= allowed, (table, cells[key])


def test_every_row_that_names_a_patient_belongs_to_one(
    from_server: list[Item], server_source: MariaDbSource
) -> None:
    closure = ownership_closure(server_source.tables())
    patients = {item.id for item in from_server if isinstance(item, Patient)}
    owned = [item for item in from_server if isinstance(item, SourceRow) and item.table in closure]
    without = {item.table for item in owned if item.patient is None}
    assert without <= {"referral", "ehrmeasureevent"}
    assert {item.patient for item in owned if item.patient} <= patients


def test_tallies_match_the_rows(from_server: list[Item], from_copy: list[Item]) -> None:
    for items in (from_server, from_copy):
        counted: dict[str, int] = defaultdict(int)
        for item in items:
            if isinstance(item, SourceRow):
                counted[item.table] += 1
            elif isinstance(item, Tally):
                assert counted[item.table] == item.rows
        assert not [
            item for item in items if isinstance(item, Finding) and item.code == "opendental-rows-differ"
        ]


def test_the_closure_covers_what_the_software_merges(server_source: MariaDbSource) -> None:
    merged = {(table, "PatNum") for table in MERGED_BY_PATNUM}
    merged |= {(table, column) for table, column in (word.split(".") for word in MERGED_OTHERWISE)}
    assert len(server_source.tables()) == 379
    found = patient_columns(ownership_closure(server_source.tables()))
    assert merged - found == set()
    assert len(found) >= 119
    columns = {
        (table, column) for table, described in server_source.tables().items() for column in described.columns
    }
    assert {pair for pair in columns if pair[1] == "PatNum"} <= found


def test_the_closure_follows_children_of_children(server_source: MariaDbSource) -> None:
    closure = ownership_closure(server_source.tables())
    children = {
        "periomeasure",
        "sheetfield",
        "treatplanattach",
        "mountitem",
        "claimattach",
        "tasknote",
        "benefit",
        "ehrlabspecimencondition",
        "toothgridcell",
        "apptremindersent",
        "files",
        "screen",
        "vaccineobs",
    }
    assert children <= closure.keys()
    lists = {
        "provider",
        "definition",
        "procedurecode",
        "carrier",
        "insplan",
        "operatory",
        "preference",
        "fee",
    }
    assert not lists & closure.keys()


def test_every_dossier_holds_together(from_copy: list[Item]) -> None:
    practice, practitioners, patients = (
        [item for item in from_copy if isinstance(item, kind)] for kind in (Practice, Practitioner, Patient)
    )
    by_patient: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for item in from_copy:
        if isinstance(item, PATIENT_KINDS):
            by_patient[getattr(item, "patient", None) or ""][item.kind].append(item)
    by_patient.pop("", None)
    dossiers = [
        Dossier(
            practice=practice[0],
            practitioners=tuple(practitioners),
            patient=patient,
            **{kind: tuple(records) for kind, records in by_patient.pop(patient.id).items()},
        )
        for patient in patients
    ]
    assert len(dossiers) == 68
    assert not by_patient


def test_the_designated_cases_are_read_for_what_they_are(
    from_server: list[Item], expected: dict[str, dict[str, dict[str, int]]]
) -> None:
    acts = {
        row.key: row.records
        for row in from_server
        if isinstance(row, SourceRow) and row.table == "procedurelog"
    }
    records = {item.id: item for item in from_server if isinstance(item, Act | Quote)}
    read_as = {}
    for name, number in expected["designated"]["procedurelog"].items():
        (made,) = (one for one in acts[str(number)] if one in records)
        read_as[name] = records[made]
    statuses = {name: act.status for name, act in read_as.items() if isinstance(act, Act)}
    assert statuses["existing_other"] is ActStatus.EXISTING_ELSEWHERE
    assert statuses["deleted"] is ActStatus.CANCELLED
    assert statuses["planned_inactive"] is ActStatus.PLANNED
    teeth = {name: act.teeth for name, act in read_as.items() if isinstance(act, Act)}
    assert (teeth["implant"], teeth["range"], teeth["impossible_tooth"]) == (("36",), ("12", "11", "21"), ())
    assert (teeth["primary"], teeth["supernumerary"], teeth["supernumerary_primary"]) == (
        ("75",),
        ("11S",),
        ("51S",),
    )
    areas = {name: act.area for name, act in read_as.items() if isinstance(act, Act)}
    assert (areas["quadrant"], areas["sextant"], areas["arch"]) == ("UR", "4", "U")
    none = [
        item for item in from_server if isinstance(item, HealthStatement) and item.presence is Presence.NONE
    ]
    assert len({item.topic for item in none}) == 3


def test_the_server_is_only_read(server_source: MariaDbSource, mariadb_server: Server) -> None:
    with pytest.raises(Exception, match=r"READ ONLY|read only"):
        server_source._ask("DELETE FROM patient")
    assert server_source.count("patient") == 68


def test_the_server_digests_its_tables(mariadb_server: Server) -> None:
    """Its digest follows every change of a value, and is the same for the same rows."""
    mariadb_server.database("digests")
    mariadb_server.run(
        "CREATE TABLE t (n INT, words TEXT, amount DOUBLE, at DATETIME, body LONGBLOB)", "digests"
    )

    def digest() -> bytes:
        with MariaDbSource(_url(mariadb_server, "digests")) as found:
            own = found.table_checksum("t")
        assert own is not None
        return own

    seen = {digest()}
    rows = "(1, 'Évrard', 1.5, '2026-01-01 10:00:00', x'00ff'), (2, NULL, NULL, NULL, NULL)"
    mariadb_server.run(f"INSERT INTO t VALUES {rows}", "digests")
    before = digest()
    for change in (
        "UPDATE t SET words = 'Evrard' WHERE n = 1",
        "UPDATE t SET words = '' WHERE n = 2",
        "UPDATE t SET amount = 1.25 WHERE n = 1",
        "UPDATE t SET at = '2026-01-01 10:00:01' WHERE n = 1",
        "UPDATE t SET body = x'00fe' WHERE n = 1",
        "INSERT INTO t SELECT * FROM t WHERE n = 2",
    ):
        mariadb_server.run(change, "digests")
        seen.add(digest())
    assert len(seen) == 7 and before not in seen
    mariadb_server.run("DELETE FROM t", "digests")
    assert digest() in seen
    mariadb_server.run(
        "INSERT INTO t VALUES (2, NULL, NULL, NULL, NULL), (1, 'Évrard', 1.5, '2026-01-01 10:00:00', x'00ff')",
        "digests",
    )
    assert digest() == before


def test_streams_may_be_left_half_way(mariadb_server: Server, opendental_practice: str) -> None:
    with MariaDbSource(_url(mariadb_server, opendental_practice)) as source:
        for _ in range(6):
            stream = source.rows("procedurelog")
            assert next(stream)["ProcNum"] == 1
            del stream
        assert source.count("procedurelog") == len(list(source.rows("procedurelog")))
        left = source.rows("payment")
        next(left)
    with pytest.raises(SourceUnreachable, match="closed before the end"):
        list(left)


def test_bytes_numbers_and_broken_text_of_a_server(mariadb_server: Server) -> None:
    mariadb_server.database("oddities")
    mariadb_server.run(
        "CREATE TABLE Odd (OddNum bigint PRIMARY KEY,"
        " f float, d double, e decimal(10,2), b mediumblob, t text,"
        " day date, month date, year date, at datetime, clock time, bits bit(3), big longtext) CHARSET latin1",
        "oddities",
    )
    mariadb_server.run(
        "INSERT INTO Odd VALUES (9007199254740993, 0.1, 12.34, 5.50, x'00ff', 'é', '0000-00-00',"
        " '1983-05-00', '1983-00-00', '2024-01-02 03:04:05', '-01:02:03', b'101', 'x'),"
        " (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
        "oddities",
    )
    mariadb_server.run("CREATE VIEW seen AS SELECT * FROM Odd", "oddities")
    with MariaDbSource(_url(mariadb_server, "oddities")) as source:
        assert set(source.tables()) == {"odd"}
        empty, full = source.rows("odd")
    assert set(empty.values()) == {2, None}
    assert full == {
        "OddNum": 9007199254740993,
        "f": 0.1,
        "d": 12.34,
        "e": "5.50",
        "b": b"\x00\xff",
        "t": "é",
        "day": "0000-00-00",
        "month": "1983-05-00",
        "year": "1983-00-00",
        "at": "2024-01-02 03:04:05",
        "clock": "-01:02:03",
        "bits": b"\x05",
        "big": "x",
    }


def test_a_date_of_which_a_server_knows_no_day_is_partial(
    from_server: list[Item], mariadb_server: Server
) -> None:
    assert PartialDate(1983, 5) in _birth_dates(from_server)
    years = mariadb_server.opendental("years", SAMPLES / "successor" / "opendental.sql")
    mariadb_server.run("UPDATE patient SET Birthdate = '1983-00-00' WHERE PatNum = 1", years)
    with MariaDbSource(_url(mariadb_server, years)) as source:
        assert PartialDate(1983) in _birth_dates(_read(source))


def _birth_dates(items: list[Item]) -> set[AnyDate | None]:
    return {one.traits.birth_date for one in items if isinstance(one, Patient)}


def test_a_refused_account_is_a_sentence_without_its_password(mariadb_server: Server) -> None:
    mariadb_server.run("CREATE OR REPLACE USER 'reader'@'localhost' IDENTIFIED BY 'right'")
    with pytest.raises(SourceUnreachable, match=r"it says “Access denied .*” \(error 1045\)") as refused:
        MariaDbSource(f"mysql://reader:verywrong@/mysql?unix_socket={mariadb_server.socket}")
    assert "verywrong" not in str(refused.value)


def test_only_designated_flaws_are_errors(from_server: list[Item]) -> None:
    errors = [item for item in from_server if isinstance(item, Finding) and item.severity is Severity.ERROR]
    assert [(item.code, "secret.txt" in item.text) for item in errors] == [("opendental-file-refused", True)]

"""The official French archive: made of a store and of a package, judged by tools of others, read back."""

from __future__ import annotations

import hashlib
import io
import json
import re
import sqlite3
import subprocess
import zipfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import icalendar
import pytest

from archiver.practice.store import open_store
from formats.model.dossier import Dossier
from formats.portability.writer.documentation import mapping_rows
from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.tools import need

READING = ("--identity", "receiver.identity", "--roots", "roots.pem")
SIGNER = ("--signer", "kerbrat/signer.p12")
WHO = ("--by", "Anne Exemple", "--receiver", "Cabinet Exemple", "--requester", "Dr Exemple")
EXPORTS = {
    "mass": ("practice.db", "--all", *WHO, "--requested-on", "2026-11-02"),
    "unit": ("practice.db", "--patient", "1", *WHO),
    "unit-of-package": ("package.asice", "--patient", "1", *READING),
    "package": ("package.asice", "--all", *READING),
    "three": ("practice.db", "--patient", "1", "--patient", "16", "--patient", "45", *WHO),
    "period": ("practice.db", "--all", "--since", "2025-01-01", "--until", "2025-12-31", *WHO),
    "practitioner": ("practice.db", "--all", "--practitioner", "Kerbrat", *WHO),
}
TYPES = {"mass": "MASSIF", "package": "MASSIF", "unit": "UNITAIRE", "unit-of-package": "UNITAIRE"}
"""What kind each is; the others are CIBLE."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """An export: what the command printed as JSON, and the archive."""

    document: Any
    path: Path

    def zip(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(self.path)

    def inside(self, name: str) -> zipfile.ZipFile:
        with self.zip() as whole:
            return zipfile.ZipFile(io.BytesIO(whole.read(name)))

    def places(self) -> list[str]:
        """Return every file, those within the archives behind their names."""
        found = []
        with self.zip() as whole:
            for name in whole.namelist():
                found.append(name)
                if name.endswith(".ZIP"):
                    with self.inside(name) as inner:
                        found += [f"{name}/{one}" for one in inner.namelist()]
        return found

    def manifest(self) -> ET.Element:
        with self.zip() as whole:
            return ET.fromstring(whole.read("MANIFEST.XML"))  # noqa: S314 - our own


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    names = ("practice.db", "package.asice", "kerbrat", "receiver.identity", "roots.pem")
    return Program(folder=small_line.copy(tmp_path_factory.mktemp("official"), *names))


@pytest.fixture(scope="module")
def made(desk: Program) -> dict[str, Made]:
    """Every export of the list, made once."""
    found = {}
    for name, arguments in EXPORTS.items():
        source, *rest = arguments
        done = desk.here(
            "deliver", source, "--as", "pdlgc", "--to", name, *SIGNER, *rest, "--no-pdf", "--json"
        ).ok()
        (path,) = (desk.folder / name).iterdir()
        found[name] = Made(document=done.document, path=path)
    return found


@pytest.mark.parametrize("name", EXPORTS)
def test_names_counts_sizes_and_digests_are_those_of_the_guide(made: dict[str, Made], name: str) -> None:
    one = made[name]
    assert re.fullmatch(r"PA\d{8}T\d{6}\.ZIP", one.path.name)
    manifest = one.manifest()
    assert manifest.findtext("exportType") == TYPES.get(name, "CIBLE") == one.document["type"]
    assert manifest.findtext("exportStatus") == "COMPLETE"
    assert "1/1" in (manifest.findtext("comments") or "")
    lines = manifest.findall("Archives/Archive")
    patients = [line for line in lines if line.findtext("type") == "PATIENT"]
    assert (
        int(manifest.findtext("statistics/patientArchiveCount") or 0)
        == len(patients)
        == one.document["archives"][0]["patients"]
    )
    assert [line.findtext("archiveid") for line in lines if line not in patients] == ["TRANSV"]
    assert [line.findtext("archiveid") for line in patients] == [
        f"PAT{number:05}" for number in range(1, len(patients) + 1)
    ]
    with one.zip() as whole:
        names = set(whole.namelist())
        for line in lines:
            ident = line.findtext("archiveid")
            data = whole.read("TRANSVERSE.ZIP" if ident == "TRANSV" else f"{ident}.ZIP")
            assert (len(data), hashlib.sha256(data).hexdigest()) == (
                int(line.findtext("size") or 0),
                line.findtext("hash"),
            )
            assert bool(line.findtext("patientId")) == (ident != "TRANSV")
        readme = whole.read("README.TXT").decode("ascii")
        assert readme.count("\r\n") == readme.count("\n") and "Fournisseur Sortant :\r\n=====" in readme
    assert {name for name in names if name.count("/")} == {
        f"DOCUMENTATION/{one}" for one in ("MAPPING.CSV", "DICO.CSV", "VALUES.CSV")
    }


def test_every_patient_has_the_ins_else_the_number_of_the_practice(made: dict[str, Made]) -> None:
    numbers = [line.findtext("patientId") or "" for line in made["mass"].manifest().findall(".//Archive")]
    kinds = Counter(number.rsplit("^", 1)[-1] for number in numbers if number)
    assert set(kinds) == {"NH", "PI"} and sum(kinds.values()) == len(numbers) - 1
    assert all("&" in number and "&ISO^" in number for number in numbers if number)


@pytest.mark.parametrize("name", EXPORTS)
def test_every_file_is_in_exactly_one_row_of_the_mapping(made: dict[str, Made], name: str) -> None:
    places = made[name].places()
    assert len(places) > 10
    for place in places:
        assert len(mapping_rows(place)) == 1, place


@pytest.mark.parametrize("name", EXPORTS)
def test_no_name_outside_a_patients_archive_tells_of_a_patient(
    made: dict[str, Made], desk: Program, name: str
) -> None:
    with open_store(desk.folder / "practice.db", reading=True) as store:
        families = {one.traits.birth_family_name.casefold() for one in store.patients()} - {""}
    assert len(families) > 5
    outside = [one for one in made[name].places() if not one.startswith("PAT")]
    assert not [one for one in outside if any(family in one.casefold() for family in families)]


def test_one_patient_gets_no_agenda_no_traces_no_personal_notes(made: dict[str, Made], desk: Program) -> None:
    for name in ("unit", "unit-of-package"):
        with made[name].inside("TRANSVERSE.ZIP") as transverse:
            assert sorted(transverse.namelist()) == ["README.TXT", "TRANSVERSE/EXCLUS.TXT"]
            excluded = transverse.read("TRANSVERSE/EXCLUS.TXT").decode("ascii")
        assert "agenda" in excluded and "traces" in excluded and "notes personnelles" in excluded
        with made[name].inside("PAT00001.ZIP") as patient:
            dossier = json.loads(patient.read("DATA/DOSSIER.JSO"))
            assert not patient.read("DATA/SOURCE.NDJ")
        kinds = Counter(entry["resource"]["resourceType"] for entry in dossier["entry"])
        assert not kinds["AuditEvent"] and kinds["Procedure"]


def test_the_practices_part_has_the_agenda_traces_and_accounts(made: dict[str, Made], desk: Program) -> None:
    with made["mass"].inside("TRANSVERSE.ZIP") as transverse:
        agenda = icalendar.Calendar.from_ical(transverse.read("TRANSVERSE/AGENDA.ICS"))
        traces = transverse.read("TRANSVERSE/TRACES.LOG").decode().splitlines()
        accounts = transverse.read("TRANSVERSE/ACCOUNTS.CSV").decode("utf-8-sig")
        practice = json.loads(transverse.read("TRANSVERSE/PRACTICE.JSO"))
    with open_store(desk.folder / "practice.db", reading=True) as store:
        dossiers = [store.dossier(one.id) for one in store.patients()]
    timed = {one.id for each in dossiers for one in each.appointments if isinstance(one.starts_at, date)}
    assert {str(event["UID"]).removeprefix("urn:uuid:") for event in agenda.walk("VEVENT")} == timed
    syslog = re.compile(r"<110>1 (?:-|\d{4}-\d\d-\d\dT\S+) - \S+ - \S+ - \ufeff(\{.*\})")
    messages = [json.loads(match[1]) for line in traces if (match := syslog.fullmatch(line))]
    events = [one for each in dossiers for one in each.access_events]
    assert len(messages) == len(traces) and len([one for one in messages if "patient" in one]) == len(events)
    assert any(one.get("journal") for one in messages)
    assert "Kerbrat" in accounts and practice["resourceType"] == "Bundle"


def test_a_period_and_a_practitioner_choose_dossiers(made: dict[str, Made]) -> None:
    of_all = made["mass"].document["archives"][0]["patients"]
    for name in ("period", "practitioner"):
        one = made[name].document
        chosen = one["archives"][0]["patients"]
        assert 0 < chosen < of_all and chosen + one["not_chosen"] == of_all
    manifest = made["period"].manifest()
    assert manifest.findtext("exportStartTime") == "2025-01-01T00:00:00"
    assert manifest.findtext("exportEndTime") == "2025-12-31T23:59:59"


def test_the_journal_says_who_asked_when_and_which_archive_was_made(
    made: dict[str, Made], desk: Program
) -> None:
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store:
        query = "SELECT detail FROM journal WHERE operation = 'delivery' ORDER BY id"
        first, *_ = [json.loads(detail) for (detail,) in store.execute(query)]
    assert (first["requester"], first["requested_on"], first["outcome"]) == (
        "Dr Exemple",
        "2026-11-02",
        "complete",
    )
    assert first["archives"][0]["id"] == made["mass"].manifest().findtext("exportId")
    assert "Dr Exemple le 2026-11-02" in (made["mass"].manifest().findtext("comments") or "")


@pytest.mark.parametrize("name", ["period", "practitioner"])
def test_the_journal_names_the_patients_in_the_archive_and_nobody_who_was_passed_over(
    made: dict[str, Made], desk: Program, name: str
) -> None:
    manifest = made[name].manifest()
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store:
        query = "SELECT detail FROM journal WHERE operation = 'delivery'"
        entries = [json.loads(detail) for (detail,) in store.execute(query)]
        patients = {identity for (identity,) in store.execute("SELECT id FROM patients")}
    (entry,) = [one for one in entries if one["archives"][0]["id"] == manifest.findtext("exportId")]
    assert len(entry["patients"]) == int(manifest.findtext("statistics/patientArchiveCount") or 0)
    assert set(entry["patients"]) < patients


# -- the signature ------------------------------------------------------------------------


def verified(folder: Path, roots: Path) -> tuple[int, str]:
    """Return how xmlsec1 ended over SIGN.XML in ``folder``, and what it said of the files it lists."""
    command = [need("xmlsec1"), "--verify", "--trusted-pem", str(roots), "--id-attr:Id", "SignedProperties"]
    done = subprocess.run(
        [*command, "--id-attr:Id", "Manifest", "SIGN.XML"], cwd=folder, capture_output=True, check=False
    )
    found = re.search(r"Manifests References \(ok/all\): (\S+)", (done.stdout + done.stderr).decode())
    return done.returncode, found[1] if found else ""


def test_the_signature_is_accepted_by_xmlsec1_and_no_changed_one_is(
    made: dict[str, Made], desk: Program, tmp_path: Path
) -> None:
    with made["three"].zip() as whole:
        whole.extractall(tmp_path)
    roots = desk.folder / "kerbrat" / "roots.pem"
    assert verified(tmp_path, roots) == (0, "5/5")
    for name in ("MANIFEST.XML", "TRANSVERSE.ZIP", "PAT00002.ZIP"):
        data = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        assert verified(tmp_path, roots) == (0, "4/5"), name
        (tmp_path / name).write_bytes(data)
    text = (tmp_path / "SIGN.XML").read_text()
    for old, new in (
        ('<ds:Reference URI="PAT00002.ZIP">', '<ds:Reference URI="PAT00003.ZIP">'),
        ("<xades:SigningTime>2", "<xades:SigningTime>3"),
    ):
        assert old in text
        (tmp_path / "SIGN.XML").write_text(text.replace(old, new, 1))
        assert verified(tmp_path, roots)[0] != 0, old


# -- read back ----------------------------------------------------------------------------


def plain(dossier: Dossier) -> Dossier:
    """Return a dossier without what a store says of who came from elsewhere."""
    people = tuple(replace(one, active=True) for one in dossier.practitioners)
    return replace(dossier, practitioners=people, patient=replace(dossier.patient, linked=()))


def test_what_was_written_is_read_back_into_the_same_dossiers(made: dict[str, Made], desk: Program) -> None:
    desk.here("collect", "pdlgc", "mass", "--into", "back.db").ok()
    with (
        open_store(desk.folder / "practice.db", reading=True) as before,
        open_store(desk.folder / "back.db", reading=True) as after,
    ):
        patients = list(before.patients())
        assert len(patients) > 50 and len(list(after.patients())) == len(patients)
        for one in patients:
            assert plain(before.dossier(one.id)) == plain(after.dossier(one.id))


def test_a_store_and_a_package_give_the_same_dossiers(made: dict[str, Made]) -> None:
    def bundles(name: str) -> dict[str, Any]:
        found = {}
        with made[name].zip() as whole:
            for one in whole.namelist():
                if one.startswith("PAT"):
                    with made[name].inside(one) as inner:
                        bundle = json.loads(inner.read("DATA/DOSSIER.JSO"))
                        (patient,) = (
                            entry["resource"]
                            for entry in bundle["entry"]
                            if entry["resource"]["resourceType"] == "Patient"
                        )
                        found[patient["id"]] = (bundle["entry"], inner.read("DATA/SOURCE.NDJ"))
        return found

    stored, sealed = bundles("mass"), bundles("package")
    assert len(sealed) > 3
    for patient, bundle in sealed.items():
        assert bundle == stored[patient]


# -- readable copies ----------------------------------------------------------------------


def test_every_document_has_one_readable_copy_named_by_the_rule(desk: Program) -> None:
    line = ("deliver", "practice.db", "--patient", "45", "--as", "pdlgc", "--to", "copies", *SIGNER, *WHO)
    (path,) = (desk.folder / desk.here(*line, "--json").ok().document["path"]).iterdir()
    one = Made(document=None, path=path)
    with one.inside("PAT00001.ZIP") as patient:
        names = patient.namelist()
        documents = {
            Path(name).stem
            for name in names
            if name.startswith("IHE_XDM/SUBSET01/") and not name.endswith("METADATA.XML")
        }
        copies = [name for name in names if name.startswith("PDF/")]
        assert len(documents) > 3 and {Path(name).stem.rpartition("_")[2] for name in copies} == documents
        assert len(copies) == len(documents)
        rule = re.compile(r"PDF/\d{8}_[^_]{1,40}_PERRICHON_Gérard_[A-Z]{3}\d{5}\.pdf")
        for name in copies:
            assert rule.fullmatch(name), name
            assert patient.read(name).startswith(b"%PDF-1.")
    assert all(len(mapping_rows(place)) == 1 for place in one.places())
    back = desk.here("collect", "pdlgc", "copies", "--into", "copies.db", "--json").ok().document
    assert {found["code"] for found in back["findings"]}.isdisjoint({"pdlgc-own-changed", "pdlgc-pdf-alone"})
    with open_store(desk.folder / "copies.db", reading=True) as store:
        (patient_found,) = store.patients()
        files = {one.sha256 for one in store.dossier(patient_found.id).attachments()}
    with open_store(desk.folder / "practice.db", reading=True) as store:
        assert files and files == {one.sha256 for one in store.dossier(patient_found.id).attachments()}


# -- what is refused ----------------------------------------------------------------------


def test_nothing_is_written_without_a_key_or_over_something(desk: Program) -> None:
    line = ("deliver", "practice.db", "--all", "--as", "pdlgc", *WHO)
    asked = desk.here(*line, "--to", "new")
    assert asked.status == 2 and "--signer" in asked.err
    desk.here(*line, "--to", "kerbrat", *SIGNER).refused("already-exists", 42)
    asked = desk.here(*line, "--to", "new", *SIGNER, "--practitioner", "Nobody")
    assert asked.status == 2 and "Nobody" in asked.err
    asked = desk.here(*line, "--to", "new", *SIGNER, "--rpps", "Kerbrat")
    assert asked.status == 2 and "--rpps" in asked.err
    asked = desk.here("deliver", "practice.db", "--all", "--to", "new", "--finess", "990000002", *WHO[:4])
    assert asked.status == 2 and "--finess is for --as pdlgc alone" in asked.err
    asked = desk.here(*line, "--to", "new", *SIGNER, "--since", "2026-01-02", "--until", "2026-01-01")
    assert asked.status == 2 and "--since is after --until" in asked.err
    never = ("--since", "1900-01-01", "--until", "1900-01-02")
    desk.here(*line, "--to", "new", *SIGNER, *never, "--no-pdf").refused("nothing-chosen", 39)
    assert not (desk.folder / "new").exists()


def test_numbers_that_the_practice_lacks_are_given(desk: Program) -> None:
    given = ("--finess", "990000002", "--contact", "p@example.invalid")
    line = ("deliver", "practice.db", "--patient", "1", "--as", "pdlgc", "--no-pdf", *SIGNER, *WHO)
    bare = desk.here(*line, "--to", "bare", "--json").ok().document
    codes = {one["code"] for one in bare["findings"]}
    assert "author-without-number" in codes and "signer-is-not-author" not in codes
    filled = desk.here(*line, "--to", "filled", *given, "--json").ok().document
    assert "author-without-number" not in {one["code"] for one in filled["findings"]}
    (path,) = (desk.folder / "filled").iterdir()
    manifest = Made(document=filled, path=path).manifest()
    institution = manifest.findtext("author/lgcSoftwareVendor/institution") or ""
    assert institution.endswith("^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^1990000002")
    assert (manifest.findtext("author/lgcSystem") or "").startswith("3990000002/1^archiver ")
    assert manifest.findtext("author/lgcSoftwareVendor/contact/telecom/value") == "p@example.invalid"

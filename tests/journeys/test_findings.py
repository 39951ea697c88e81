"""Findings: one line a code on the terminal, all of them in the report and in the JSON, for every command."""

from __future__ import annotations

import ast
import csv
import json
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.cli.terminal.console import show_findings
from archiver.sealing.age import HybridIdentity, read_identities
from archiver.sealing.recovery.recovery_set import split_identity
from tests.authorities import practitioners
from tests.clinical import document
from tests.journeys.command_lines import LINES, LISTING, commands
from tests.journeys.line import Line, lay_molaire
from tests.journeys.program import Ended, Program
from tests.unit.fhir_exports import exports as fhir_exports
from tests.unit.plain_archives.archives import lay_archives
from tests.unit.portability import archives as portability
from tests.unit.xdm.medium import Entry, lay

ROOT = Path(__file__).resolve().parents[2]
CRLS = tuple(f"{name}.crl" for name in ("one", "two", "three"))
CHILD = "patient_number;family_name;given_name;birth_date\n3;Lemoine-Garnier;Chloé;2012-05-21\n"
ROSTER = "patient_number;family_name;given_name;birth_date\n" + 4 * "45;Perrichon;Gérard;1955-11-23\n"
MADE = (
    *("new.asice", "new.age", "new.json", "new.db", "new.files", "new-dossier", "new-parts"),
    *("verdict.pdf", "verdict.json", "report.csv"),
)
FILED = ("--report", "verdict.pdf", "--report-signer", "kerbrat/signer.p12")
SHOWING = {
    "add",
    "retire",
    "show",
    "accepted_signers",
    "audit",
    "catalogue",
    "deposit",
    "describe",
    "destroy",
    "parity",
    "renewal",
    "repair",
    "status",
    "restitute",
    "restitution",
    "restore",
    "verify_journal",
    "collect",
    "check_roster",
    "decisions",
    "deliveries",
    "documents",
    "dossier",
    "each",
    "host",
    "export",
    "import_",
    "bagit",
    "eark",
    "fhir",
    "folders",
    "network",
    "pdlgc",
    "seda",
    "tables",
    "plan_export",
    "preview",
    "prove",
    "request_answer",
    "show_export",
    "signatures",
    "split_package",
    "verdict_table",
    "verify",
}
"""Modules that print findings; those that call ``note_doubt`` do so through ``accepted_signers``.

A list of answers and the documents of a transfer have a few at most: all of them are in their JSON.
"""
REPORTING = {
    *(
        "collect opendental",
        "collect mapped",
        "mapping preview",
        "collect any",
        "collect dicom",
        "collect dicom-receive",
        "collect dicom-node",
        "collect dicomweb",
        "collect bridges",
        "collect documents",
        "collect cda",
        "collect xdm",
        "collect archive",
        "collect pdlgc",
        "collect fhir",
        "export",
        "inspect",
        "import",
        "verify",
    ),
    *(
        "dossier check",
        "keys show-unit",
        "keys drill",
        "keys share",
        "roster check",
        "roster verify",
        "find",
        "show",
        "proof patient",
        "proof absent",
        "proof verify",
        "split",
    ),
    "deliver",
}
"""Commands that print findings."""


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A desk at which every command has more to say of one kind than it prints."""
    folder = tmp_path_factory.mktemp("findings")
    names = ("practice.db", "package.asice", "kerbrat", "pressoir", "receiver.identity", "roots.pem")
    small_line.copy(folder, *names, "pressoir.sqlite")
    for name in CRLS:
        (folder / name).write_bytes(practitioners(name).revocations(at=datetime.now(UTC)))
    with (folder / "receiver.identity").open("rb") as stream:
        (key,) = read_identities(stream)
    assert isinstance(key, HybridIdentity)
    cards = [" ".join(one.words) for one in split_identity(key, threshold=2, cards=2).cards]
    (folder / "cards.txt").write_text("\n\n".join(cards), encoding="utf-8")
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    lay_molaire(folder)
    with (folder / "molaire" / "AVOIRS.csv").open("ab") as table:
        table.write(b"".join(b"%d;900;01/02/2024;1,00;\r\n" % number for number in (901, 902, 903)))
    (folder / "folder").mkdir()
    (folder / "folder.csv").write_text("file;patient number\n", encoding="utf-8")
    for number in range(3):
        (folder / "folder" / f"{number}.pdf").write_bytes(b"%PDF-1.4\n")
    lay_archives(folder / "unpacked")
    strange = [{"resourceType": f"Strange{name}", "id": name} for name in "ABC"]
    (folder / "export.json").write_bytes(fhir_exports.bundle((*fhir_exports.EVERYTHING, *strange)))
    portability.lay(folder / "pdlgc", {f"PAT0000{number}.ZIP": b"none" for number in range(4)})
    medium = lay(folder / "medium", [Entry("DOC0001.XML", document())])
    for number in range(3):
        (medium / f"{number}.bin").write_bytes(b"of nobody")
    for store, change in (
        ("practice.db", "UPDATE patients SET deceased_on = '1900-01-01'"),
        ("pressoir.sqlite", "UPDATE patient SET Birthdate = '1900-01-01'"),
    ):
        with closing(sqlite3.connect(folder / store)) as connection:
            connection.execute(change)
            connection.commit()
    program = Program(folder=folder)
    program(*LISTING).ok()
    (folder / "signed").mkdir()
    shutil.copy(folder / "roster.csv", folder / "signed")
    program("roster", "sign", "signed/roster.csv", *LINES["roster sign"][1:]).ok()
    return program


def line(name: str, report: str = "report.csv") -> tuple[str, ...]:
    """Return the command with everything that it notices, and where it is to be listed."""
    option = "--check-crl" if name == "keys share" else "--crl"
    arguments = (
        ()
        if name.startswith(("collect", "mapping")) or name in {"dossier check", "export", "roster check"}
        else (w for one in CRLS for w in (option, one))
    )
    filed = FILED if name == "verify" else ("--report", report)
    return (*name.split(), *LINES[name], *arguments, *filed)


def _remove_made(desk: Program) -> None:
    for name in MADE:
        path = desk.folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def run(desk: Program, *arguments: str) -> Ended:
    _remove_made(desk)
    for path in desk.folder.glob("*.p7s"):
        path.unlink()
    ended = desk.here(*arguments)
    assert ended.status in {0, 4}, ended.err
    return ended


def listed(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    """Yield severity and code of every finding of the report."""
    if name == "verify":
        document = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))
        yield from ((one["severity"], one["code"]) for one in document["verdict"]["findings"])
        return
    with (folder / "report.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream, delimiter=";"):
            if not row["key"]:
                found = re.search(r"\[([a-z-]+)\]$", row["reason"])
                assert found, row
                yield row["state"], found[1]


def keys(folder: Path) -> Iterator[str]:
    """Yield the keys of what waits for a person, which has a line of its own in the report."""
    with (folder / "report.csv").open(encoding="utf-8-sig", newline="") as stream:
        yield from (row["key"] for row in csv.DictReader(stream, delimiter=";") if row["key"])


def _is_waiting(finding: dict[str, str], waiting: set[tuple[str, str]]) -> bool:
    return (finding["where"], finding["text"]) in waiting


def test_every_command_that_prints_findings_is_known() -> None:
    """A module that begins to print findings gives its commands the option, and stands here; notices are none of it."""
    calling = {
        path.stem
        for path in (ROOT / "archiver" / "cli").rglob("*.py")
        if path.stem != show_findings.__module__.rpartition(".")[2]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == show_findings.__name__
    }
    assert calling == SHOWING
    options = {name: {word for one in command.params for word in one.opts} for name, command in commands()}
    reporting = {name for name, words in options.items() if "--report" in words}
    others = {"backup status", "vault audit"}
    assert reporting - others == REPORTING, "of these it is the whole status, as JSON or as a page"
    assert {name for name, words in options.items() if words & {"--crl", "--check-crl"}} - {
        "export",
        "paperwork transfer",
        "roster sign",
        "receipt sign",
        "receipt check",
        "handover record",
        "judge pdlgc",  # says of a list that tells nothing that its rule is not examined
        "read",  # says it of a package before anything is served
        "vault journal verify",  # every finding of it is in the text and in --json
        "vault deposit",  # what is found of a package is why it is refused; what of the vault, in --json
    } <= REPORTING
    assert all("--json" in options[name] for name in REPORTING)


FROM_OTHERS = {"collect dicom-node", "collect dicomweb"}
"""Commands that have nothing to say without a server of others: ``interop/test_images_orthanc.py`` runs one."""


BY_TABLE = {"collect mapped", "mapping preview"}
"""Commands that read tables: findings of one code have a line in each, so that one table hides no other."""


@pytest.mark.parametrize("name", sorted(REPORTING - FROM_OTHERS))
def test_all_findings_are_in_the_report_and_in_the_json(name: str, desk: Program) -> None:
    document = run(desk, *line(name), "--json").document
    counts = Counter((one["severity"], one["code"]) for one in document["findings"])
    assert max(counts.values()) >= 3, counts
    waiting = {(one["key"], one["reason"]) for one in document.get("unassigned", ())}
    in_lines = ((one["severity"], one["code"]) for one in document["findings"] if _is_waiting(one, waiting))
    assert Counter(listed(desk.folder, name)) == counts - Counter(in_lines)
    assert {key for key, _ in waiting} <= set(keys(desk.folder) if waiting else ())
    plain = run(desk, *line(name)).err
    sentences = [one for one in plain.splitlines() if re.match(r"  (error|warning|note): ", one)]
    for (_, code), count in counts.items():
        lines = [one for one in sentences if f"[{code}]" in one]
        more = [re.search(r" and (\d+) more like it$", one) for one in lines]
        assert sum(1 + int(found[1]) if found else 1 for found in more) == count, lines
        assert len(lines) == 1 or name in BY_TABLE, lines
    assert all(any(f"[{code}]" in one for _, code in counts) for one in sentences), plain


@pytest.mark.parametrize("name", sorted(REPORTING))
def test_a_report_replaces_no_other_file(name: str, desk: Program) -> None:
    mine = desk.folder / ("verdict.pdf" if name == "verify" else "mine.csv")
    _remove_made(desk)
    mine.write_text("mine", encoding="utf-8")
    assert desk.here(*line(name, "mine.csv")).refused("already-exists", 42)
    assert mine.read_text(encoding="utf-8") == "mine"
    assert not (desk.folder / "new.asice").exists() and not any(desk.folder.glob(".*.part"))


def test_a_report_is_private_and_holds_no_formula(desk: Program) -> None:
    shutil.copy(desk.folder / "one.crl", desk.folder / "=1.crl")
    run(desk, *line("inspect"), "--crl", "=1.crl")
    assert (desk.folder / "report.csv").stat().st_mode & 0o077 == 0
    with (desk.folder / "report.csv").open(encoding="utf-8-sig", newline="") as stream:
        cells = [cell for row in csv.reader(stream, delimiter=";") for cell in row]
    assert any("=1.crl" in cell for cell in cells) and not any(cell.startswith("=") for cell in cells)


def test_a_plan_says_what_it_noticed_of_its_list(desk: Program) -> None:
    sealing = LINES["export"][LINES["export"].index("--signer") :]
    plan = ("export", "practice.db", "new.asice", *sealing, "--roster", "roster.csv", "--dry-run")
    document = run(desk, *plan, "--report", "report.csv", "--json").document
    assert [one["code"] for one in document["findings"]] == 3 * ["roster-patient-twice"]
    assert [*listed(desk.folder, "export")] == 3 * [("note", "roster-patient-twice")]
    assert "[roster-patient-twice]" in run(desk, *plan).err
    assert not (desk.folder / "new.asice").exists()


def test_a_plan_says_what_it_noticed_of_the_agreement_and_of_families(desk: Program) -> None:
    """The roster takes a child without her mother, and is signed by somebody whom the exporter does not know."""
    (desk.folder / "family").mkdir()
    (desk.folder / "family/child.csv").write_text(CHILD, encoding="utf-8")
    signing = ("--signer", "kerbrat/signer.p12", "--ground", "collaboration-exit")
    parties = ("--practice", "Cabinet Exemple", "--between", "Dr Malo Kerbrat", "--between", "Dr Exemple")
    desk("roster", "sign", "family/child.csv", *signing, *parties).ok()
    situation = ("--situation", "collaboration-exit", "--receiver", "Cabinet Exemple")
    sealing = ("--to", "pressoir/receiver.recipient", "--signer", "pressoir/signer.p12")
    leaving = ("--roster", "family/child.csv", "--dry-run")
    plan = ("export", "practice.db", "new.asice", *situation, *sealing, *leaving)
    document = run(desk, *plan, "--report", "report.csv", "--json").document
    expected = [("note", "household-parted"), ("warning", "roster-signature-uncounted")]
    assert sorted((one["severity"], one["code"]) for one in document["findings"]) == expected
    assert sorted(listed(desk.folder, "export")) == expected

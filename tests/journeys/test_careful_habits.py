"""What must not be lost when a person repeats a command, forgets an option or names the wrong file."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from samples.story.book import build_sqlite
from tests.journeys.line import SAMPLES, Line
from tests.journeys.program import Program

PRACTICE = SAMPLES / "practice"


@pytest.fixture
def desk(demo_line: Line, tmp_path: Path) -> Program:
    """A practice that was collected, with its source."""
    demo_line.copy(tmp_path, "practice.db", "tilleuls.sqlite", "kerbrat", "pressoir", "roots.pem")
    return Program(folder=tmp_path)


def files_of(store: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(store)) as db:
        query = "SELECT id, attachment_sha256 FROM {} WHERE attachment_sha256 IS NOT NULL"
        return sorted(
            row for table in ("documents", "image_files") for row in db.execute(query.format(table))
        )


def test_a_forgotten_image_folder_takes_nothing_away(desk: Program) -> None:
    before = files_of(desk.folder / "practice.db")
    done = desk("collect", "opendental", "tilleuls.sqlite", "--into", "practice.db").incomplete()
    assert files_of(desk.folder / "practice.db") == before
    assert "file-kept" in done.err


def test_what_a_person_assigned_stays_assigned(desk: Program) -> None:
    source = ("collect", "documents", str(PRACTICE / "papers"), "--into", "practice.db")
    desk(*source, "--report", "report.csv").incomplete()
    text = (desk.folder / "report.csv").read_text(encoding="utf-8")
    line = next(one for one in text.splitlines() if one.startswith("kowalczyk")) + "9"
    (desk.folder / "filled.csv").write_text(f"{text.splitlines()[0]}\n{line}\n", encoding="utf-8")
    desk(*source, "--assign", "filled.csv").incomplete()
    again = desk(*source, "--json").incomplete().document
    assert [one["key"] for one in again["unassigned"]] == ["dubreuil.pdf"]
    assert again["changed"] is False


def test_a_report_never_replaces_another_file(desk: Program) -> None:
    shutil.copytree(PRACTICE / "papers", desk.folder / "papers")
    listing = shutil.copy2(PRACTICE / "papers.csv", desk.folder)
    before = Path(listing).read_bytes()
    desk("collect", "documents", "papers", "--into", "practice.db", "--report", "papers.csv").refused(
        "already-exists", 42
    )
    assert Path(listing).read_bytes() == before


def test_a_store_that_was_made_is_said_to_be_made(small_line: Line, tmp_path: Path) -> None:
    """A mistyped name makes a second practice: not in silence."""
    small_line.copy(tmp_path, "package.asice", "receiver.identity", "roots.pem", "pressoir.sqlite")
    desk = Program(folder=tmp_path, language="fr")
    opening = ("package.asice", "--identity", "receiver.identity", "--roots", "roots.pem")
    made = "La base {} n’existait pas\u00a0: elle vient d’être créée."
    for command, name in (
        (("import", *opening), "succesor.db"),
        (("collect", "opendental", "pressoir.sqlite"), "c.db"),
    ):
        into = (*command, "--into", name)
        assert made.format(name) in desk(*into).err.splitlines()
        assert "créée" not in desk(*into).err
        assert desk(*into, "--json").document["store_created"] is False
        other = desk(*command, "--into", f"other-{name}", "--json")
        assert other.document["store_created"] is True and made.format(f"other-{name}") in other.err
        assert "créée" in desk(*command[: 2 if command[0] == "collect" else 1], "--help").out
    assert "créée" not in desk("collect", "dicom", "--help").out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((), "erreur\u00a0: Indiquez --roster ou --all. [usage]"),
        (
            ("--roster", "roster.csv", "--all"),
            "erreur\u00a0: --roster et --all s’excluent\u00a0: donnez l’un ou l’autre. [usage]",
        ),
    ],
)
def test_whose_dossiers_are_exported_is_said_one_way(
    tmp_path: Path, options: tuple[str, ...], sentence: str
) -> None:
    desk = Program(folder=tmp_path, language="fr")
    done = desk("export", "practice.db", "out.asice", "--signer", "signer.p12", *options)
    assert done.status == 2 and done.err.splitlines()[0] == sentence


def test_a_folder_with_nothing_in_it_counts_no_rows(desk: Program) -> None:
    (desk.folder / "empty").mkdir()
    done = desk("collect", "dicom", "empty", "--into", "practice.db").incomplete()
    assert "Nothing to collect was found there: see above." in done.out.splitlines()
    assert "Read 0" not in done.out


def test_a_receipt_is_never_replaced(small_line: Line, tmp_path: Path) -> None:
    small_line.copy(tmp_path, "package.asice", "receiver.identity", "roots.pem")
    desk = Program(folder=tmp_path)
    command = (
        "import", "package.asice", "--identity", "receiver.identity", "--roots", "roots.pem",
        "--into", "mine.db", "--receipt", "receipt.txt",
    )  # fmt: skip
    desk(*command).ok()
    first = {name: (tmp_path / name).read_bytes() for name in ("receipt.json", "receipt.txt")}
    assert json.loads(first["receipt.json"])["complete"] is True
    desk(*command).refused("already-exists", 42)
    assert first == {name: (tmp_path / name).read_bytes() for name in first}
    for name in ("mine.db", "receipt.json", "receipt.txt"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_store_of_imports_does_not_send_in_another_practices_name(small_line: Line, tmp_path: Path) -> None:
    small_line.copy(tmp_path, "package.asice", "receiver.identity", "roots.pem", "kerbrat", "pressoir")
    desk = Program(folder=tmp_path)
    reading = ("--identity", "receiver.identity", "--roots", "roots.pem")
    desk("import", "package.asice", *reading, "--into", "mine.db").ok()
    export = ("export", "mine.db", "next.asice", "--all", "--to", "pressoir/receiver.recipient")
    signed = ("--signer", "kerbrat/signer.p12")
    desk(*export, *signed).refused("sender-unknown", 33)
    desk(*export, *signed, "--sender", "Cabinet du Dr Kerbrat").ok()
    desk("import", "next.asice", *reading, "--into", "third.db", "--receipt", "r.json").ok()
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["sender"] == "Cabinet du Dr Kerbrat"


def test_units_do_not_lie_in_the_order_of_the_roster(demo_line: Line) -> None:
    desk = Program(folder=demo_line.folder)
    reading = ("--identity", "receiver.identity", "--roots", "roots.pem", "--json")
    listed = desk("inspect", "package.asice", *reading).ok().document["units"]
    owners = {f"units/{unit['unit']}.zip": unit["patient"] for unit in listed}
    with zipfile.ZipFile(demo_line.folder / "package.asice") as package:
        lying = [owners[name] for name in package.namelist() if name in owners]
    numbers = [patient["number"] for patient in lying if patient]
    roster = (demo_line.folder / "roster.csv").read_text(encoding="utf-8").splitlines()[1:]
    wanted = [line.split(";")[0] for line in roster]
    assert sorted(numbers) == sorted(wanted)
    assert numbers != wanted


def test_a_store_gives_the_beginning_of_a_roster(desk: Program) -> None:
    desk("patients", "practice.db", "--roster", "mine.csv").ok()
    whole = ("--practitioner", "99900000029", "--roster", "mine.csv", "--unsigned", "essai")
    keys = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")
    done = desk("export", "practice.db", "p.asice", *whole, *keys, "--json").ok()
    assert done.document["counts"]["patients"] == 68


def test_a_copy_of_another_practice_can_be_told_apart(tmp_path: Path) -> None:
    statements = (SAMPLES / "successor" / "opendental.sql").read_text(encoding="utf-8")
    build_sqlite(statements, tmp_path / "tables.sqlite")
    desk = Program(folder=tmp_path)
    for name in ("one", "two"):
        desk("collect", "opendental", "tables.sqlite", "--practice", name, "--into", f"{name}.db").ok()
    identities = []
    for name in ("one", "two"):
        with closing(sqlite3.connect(tmp_path / f"{name}.db")) as db:
            identities.append({row[0] for row in db.execute("SELECT id FROM patients")})
    assert len(identities[0]) == len(identities[1]) == 10
    assert identities[0].isdisjoint(identities[1])

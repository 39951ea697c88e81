"""The journeys of whoever takes over, out of Open Dental in a running MariaDB: the same as from the copy in SQLite."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.journeys import (
    test_dossiers,
    test_import_undone,
    test_receipts,
    test_second_package,
    test_taking_over,
)
from tests.journeys.line import EXPORT, SAMPLES, Line
from tests.journeys.program import Program
from tests.mariadb import MariaDbSource, Server

IMAGES = ("--images", str(SAMPLES / "practice" / "images"))
ROWS = SAMPLES / "practice" / "opendental.sql"


def source(server: Server, name: str) -> MariaDbSource:
    """Return the sample practice in a database of its own, which a journey may change."""
    return MariaDbSource(server=server, database=server.opendental(name, ROWS))


@pytest.fixture(scope="module")
def small(
    mariadb_server: Server,
    opendental_successor: str,
    small_line: Line,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A folder with both stores, collected from two databases of the server, and the keys of both sides."""
    folder = tmp_path_factory.mktemp("small")
    small_line.copy(folder, "kerbrat", "pressoir", "roots.pem", "receiver.identity", "roster.csv")
    program = Program(folder=folder)
    ours = source(mariadb_server, "small")
    program("collect", "opendental", ours.address, *IMAGES, "--into", "practice.db").incomplete()
    program("collect", "dicom", SAMPLES / "practice" / "imaging", "--into", "practice.db").ok()
    program("collect", "documents", SAMPLES / "practice" / "papers", "--into", "practice.db").incomplete()
    theirs = MariaDbSource(server=mariadb_server, database=opendental_successor)
    program("collect", "opendental", theirs.address, "--into", "successor.db").ok()
    return folder


@pytest.fixture
def desk(small: Path, tmp_path: Path) -> Program:
    return Program(folder=Path(shutil.copytree(small, tmp_path / "desk")))


def test_retirement_to_a_successor_who_treats_thirty_of_the_patients(
    mariadb_server: Server, demo_line: Line, tmp_path: Path
) -> None:
    desk = Program(folder=demo_line.copy(tmp_path, *test_taking_over.NEEDED))
    leaver, heir = source(mariadb_server, "leaver"), source(mariadb_server, "heir")
    desk("collect", "opendental", leaver.address, *IMAGES, "--into", "practice.db").incomplete()
    practice = test_taking_over.preferences(demo_line.folder / "pressoir.sqlite")
    test_taking_over.take_over(desk, leaver, heir, practice)


def test_two_packages_three_months_apart(
    mariadb_server: Server, demo_line: Line, small_line: Line, tmp_path: Path
) -> None:
    demo_line.copy(tmp_path, "kerbrat", "pressoir", "receiver.identity", "roots.pem")
    small_line.copy(tmp_path, "successor.db", "roster.csv")
    test_second_package.bring_up_to_date(Program(folder=tmp_path), source(mariadb_server, "twice"))


def test_a_receipt_is_returned_and_checked(mariadb_server: Server, desk: Program) -> None:
    ours = MariaDbSource(server=mariadb_server, database="small")
    ours.run(test_receipts.ALLERGY)
    desk("collect", "opendental", ours.address, *IMAGES, "--into", "practice.db").incomplete()
    desk(*EXPORT).ok()
    test_receipts.test_a_receipt_is_returned_and_checked(desk)


def test_an_import_is_taken_back(desk: Program) -> None:
    desk(*EXPORT).ok()
    test_import_undone.test_an_import_is_taken_back_and_comes_in_again(desk)


def test_a_dossier_is_found_by_somebody_who_only_knows_lemoine_born_about_1970(desk: Program) -> None:
    test_dossiers.test_a_dossier_is_found_by_somebody_who_only_knows_lemoine_born_about_1970(desk)

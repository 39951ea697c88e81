"""The journeys of whoever leaves, out of Open Dental in a running MariaDB: the same as from the copy in SQLite."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.interop.test_taking_over_mariadb import IMAGES, source
from tests.journeys import test_collaboration_exit, test_situations
from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.mariadb import MariaDbSource, Server

pytestmark = pytest.mark.slow
KEYS = ("kerbrat", "vauquelin", "pressoir", "roots.pem", "receiver.identity", "roster.csv")


@pytest.fixture(scope="module")
def practice(
    mariadb_server: Server,
    opendental_successor: str,
    demo_line: Line,
    tmp_path_factory: pytest.TempPathFactory,
) -> Line:
    """A folder with the stores of both practices, collected from two databases of the server, and all keys."""
    folder = demo_line.copy(tmp_path_factory.mktemp("leaving"), *KEYS)
    program = Program(folder=folder)
    leaver = source(mariadb_server, "leaving")
    program("collect", "opendental", leaver.address, *IMAGES, "--into", "practice.db").incomplete()
    theirs = MariaDbSource(server=mariadb_server, database=opendental_successor)
    program("collect", "opendental", theirs.address, "--into", "successor.db").ok()
    return Line(folder=folder, printed="")


@pytest.fixture
def desk(practice: Line, tmp_path: Path) -> Program:
    folder = tmp_path / "desk"
    folder.mkdir()
    return Program(folder=practice.copy(folder, "practice.db", *KEYS))


def test_a_collaboration_ends_with_disputed_patients(desk: Program) -> None:
    """What the clauses do not decide is left to the two of them; each side takes its own."""
    desk = Program(folder=desk.folder, language="fr")
    proposing = (*test_collaboration_exit.CLAUSES, *test_collaboration_exit.ENDED)
    desk("roster", "propose", "practice.db", *proposing, "--to", "proposition").ok()
    test_collaboration_exit.test_everybody_is_listed_once_with_the_evidence(desk)
    test_collaboration_exit.test_what_the_clauses_do_not_decide_is_left_open_and_said_why(desk)
    test_collaboration_exit.test_households_and_what_is_unfinished_are_listed_before_the_split(desk)
    test_collaboration_exit.test_nobody_exports_before_everything_is_decided(desk)
    test_collaboration_exit.test_the_two_decide_and_each_side_takes_its_own(desk)


def test_both_sign_in_two_places_and_the_package_says_so(practice: Line, tmp_path: Path) -> None:
    """He signs at his desk, she at hers, where nothing but the roster, its statement and his signature arrives."""
    (tmp_path / "his").mkdir()
    (tmp_path / "hers").mkdir()
    his = Program(folder=practice.copy(tmp_path / "his", "practice.db", "kerbrat", "pressoir", "roster.csv"))
    hers = Program(folder=practice.copy(tmp_path / "hers", "vauquelin"))
    between = ("--between", "99900000029", "--between", "99900000011", "--ground", "collaboration-exit")
    agreed = ("--practice", "Cabinet dentaire des Tilleuls", *between)
    his("roster", "sign", "roster.csv", "--signer", "kerbrat/signer.p12", *agreed).ok()
    for path in his.folder.glob("roster.csv*"):
        shutil.copy(path, hers.folder)
    hers("roster", "sign", "roster.csv", "--signer", "vauquelin/signer.p12").ok()
    for path in hers.folder.glob("roster.csv.*.p7s"):
        shutil.copy(path, his.folder)
    shutil.copy(hers.folder / "vauquelin" / "roots.pem", his.folder / "hers.pem")
    sealing = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12", "--roots", "hers.pem")
    leaving = ("--practitioner", "99900000029", "--roster", "roster.csv", "--receiver", "Cabinet du Pressoir")
    situation = ("--situation", "collaboration-exit", "--no-own-key")
    done = his("export", "practice.db", "exit.asice", *situation, *leaving, *sealing).ok()
    assert "Signatures of the roster, or of the package with it: 2 of 2." in done.out
    assert "Signed the roster: Dr Hélène Vauquelin (99900000011)" in done.out


def test_shares_and_assets_of_a_selarl_are_sold(desk: Program) -> None:
    test_situations.test_the_shares_of_a_selarl_are_sold(desk)
    test_situations.test_a_selarl_sells_its_practice(desk)


def test_an_archive_company_keeps_the_records(desk: Program) -> None:
    test_situations.test_a_dentist_retires_and_an_archive_company_keeps_the_records(desk)


def test_a_practice_is_without_practitioner(desk: Program, practice: Line) -> None:
    test_situations.test_a_practice_is_without_practitioner(desk, practice)


def test_sixty_eight_patients_take_their_own_dossier_along(desk: Program) -> None:
    test_situations.test_each_patient_takes_their_own_dossier_along(desk)

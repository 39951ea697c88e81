"""Names from data: no command shows one that acts on a terminal, no list holds one that a spreadsheet computes."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sqlite3
import unicodedata
from contextlib import closing

import pytest

from archiver.practice.store import open_store
from formats.model.people import Patient
from tests.journeys.command_lines import LINES, PathParameter, commands, path_parameters
from tests.journeys.line import Line
from tests.journeys.program import Ended, Program

ACTS = "\x1b[2J\x1b]0;x\x07\x9b2J\x85\x7f\r\u202e\u2066\u200f\u061c\u200b\u2028\ufeff"
"""Clears a screen, names a window, ends a line, turns the direction, hides: C0, DEL, C1, bidirectional, invisible."""
FORMULA = '=HYPERLINK("http://127.0.0.1/";"x")'
FORMULAS = (FORMULA, "+1", "-1+1", "@SUM(1)", "\tx", "\uff1d1", "a\r=1", " =1", "-1")
ALLOWED = {"\n"}


def assert_harmless(ended: Ended) -> None:
    """What was printed shows everything it holds."""
    for text in (ended.out, ended.err):
        acting = {
            one for one in text if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        } - ALLOWED
        assert not acting, (acting, text)


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A practice where every name was made by somebody who wants to do harm, and a package of it."""
    folder = tmp_path_factory.mktemp("names")
    small_line.copy(folder, "practice.db", "kerbrat", "pressoir", "receiver.identity", "roots.pem")
    small_line.copy(folder, "pressoir.sqlite")
    with closing(sqlite3.connect(folder / "practice.db")) as store:
        names = [
            (table, column)
            for (table,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for _, column, *_ in store.execute(f"PRAGMA table_info([{table}])").fetchall()
            if "name" in column or column in {"title", "label", "text", "description"}
        ]
        for table, column in names:
            if table in {"patients", "practices", "practitioners", "documents", "acts", "related_persons"}:
                store.execute(f"UPDATE [{table}] SET [{column}] = [{column}] || ? WHERE [{column}] <> '' "
                              f"AND [{column}] NOT LIKE '[%' AND [{column}] NOT LIKE '%urn:%'", (ACTS,))  # fmt: skip
        store.commit()
    with closing(sqlite3.connect(folder / "pressoir.sqlite")) as source:
        source.execute("UPDATE patient SET LName = LName || ?, FName = ? || FName", (ACTS, FORMULA))
        source.commit()
    papers = folder / "papers"
    papers.mkdir()
    if os.name != "nt":
        (papers / f"x{ACTS.replace(chr(0), '')}.pdf").write_bytes(b"%PDF-1.4\n")
    (papers / "=x.txt").write_bytes(b"Bonjour")
    with (folder / "papers.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(["file", "patient number", "family name", "given name", "birth date"])
        writer.writerow(["=x.txt", "77777", FORMULA, "-Anne" + ACTS, ""])
    shutil.copytree(papers, folder / "folder")
    program = Program(folder=folder)
    program("export", "practice.db", "package.asice", "--all", *SIGN).ok()
    if os.name != "nt":
        shutil.copy(folder / "package.asice", folder / f"p{ACTS}.asice")
    return program


SIGN = ("--signer", "kerbrat/signer.p12", "--to", "pressoir/receiver.recipient")
OPEN = ("--identity", "receiver.identity", "--roots", "kerbrat/roots.pem")
SHOWN = {
    "export": [("export", "practice.db", "again.asice", "--all", *SIGN)],
    "verify": [("verify", "package.asice", "--roots", "kerbrat/roots.pem")],
    "inspect": [("inspect", "package.asice", *OPEN)],
    "import": [("import", "package.asice", "--into", "new.db", *OPEN)],
    "patients": [("patients", "practice.db"), ("patients", "new.db", "--roster", "roster.csv")],
    "people list": [("people", "list", "new.db")],
    "people same": [("people", "same", "new.db", "999", "--by", "Anne")],
    "people different": [("people", "different", "new.db", "999", "--by", "Anne")],
    "people separate": [("people", "separate", "new.db", ACTS, "--by", "Anne")],
    "keys show-unit": [
        ("keys", "show-unit", "package.asice", "--patient", "1", *OPEN),
        ("keys", "show-unit", "package.asice", "--patient", f"x{ACTS}", *OPEN),
        ("keys", "show-unit", "package.asice", "--patient", "Kerbrat", *OPEN),
    ],
    "collect opendental": [("collect", "opendental", "pressoir.sqlite", "--into", "new.db")],
    "collect documents": [
        ("collect", "documents", "papers", "--into", "practice.db", "--report", "papers-report.csv"),
        ("collect", "documents", "papers", "--into", "practice.db", "--assign", "papers-report.csv"),
    ],
    "collect dicom": [
        ("collect", "dicom", "folder", "--into", "practice.db", "--report", "dicom-report.csv")
    ],
    "evidence show": [("evidence", "show", "package.asice")],
    "evidence build": [("evidence", "build", "package.asice", "--tsa", f"http://127.0.0.1:9/{ACTS}")],
    "evidence renew": [("evidence", "renew", "package.asice", "--tsa", f"http://127.0.0.1:9/{ACTS}")],
    "keys new": [("keys", "new", "k", "--name", f"Anne{ACTS}", "--no-passphrase")],
    "keys recovery": [("keys", "recovery", f"{ACTS}", "--out", "x.pdf")],
    "keys drill": [("keys", "drill", "package.asice", "--cards-file", f"{ACTS}")],
    "keys restore": [("keys", "restore", "k", "--cards-file", f"{ACTS}", "--no-passphrase")],
    "keys share": [("keys", "share", "package.asice", "s.asice", *SIGN, *OPEN)],
    "package tools": [
        ("package", "tools", f"p{ACTS}.asice", "--to", f"again{ACTS}"),
        ("package", "tools", f"p{ACTS}.asice", "--to", "kerbrat"),
    ],
}
"""What every command is asked to show; in this order, for some need what others made."""


def test_no_command_shows_a_name_that_acts(desk: Program) -> None:
    assert {name for name, _ in commands()} <= SHOWN.keys()
    seen = ""
    for lines in SHOWN.values():
        for line in lines:
            for more in ((), ("--json",)):
                again = any(word.startswith("again") for word in line)
                for left in desk.folder.glob("again*" if again else "roster.csv" if more else "-"):
                    shutil.rmtree(left) if left.is_dir() else left.unlink()
                if more and "s.asice" in line:
                    continue
                ended = desk.here(*line, *more)
                assert "[unexpected]" not in ended.err, ended.err
                assert_harmless(ended)
                if more and ended.out:
                    json.loads(ended.out)
                seen += ended.out + ended.err
    for readme in desk.folder.glob("again*/*.txt"):
        assert_harmless(Ended(status=0, out=readme.read_text(encoding="utf-8"), err=""))
    assert "\\x1b[2J" in seen and "\\u202e" in seen and "\\x9b" in seen


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names of files")
@pytest.mark.parametrize("parameter", path_parameters(), ids=str)
def test_no_refusal_shows_a_path_that_acts(parameter: PathParameter, desk: Program) -> None:
    small = PathParameter(command=parameter.command, option=parameter.option, place=parameter.place)
    ended = desk.here(*small.line(f"no{ACTS}.x"))
    assert_harmless(ended)
    assert LINES[parameter.command]


def test_no_receipt_shows_a_name_that_acts(desk: Program) -> None:
    """The sender's name is as the source has it: it may hold anything, a line of its own too."""
    with open_store(desk.folder / "practice.db", reading=True) as store:
        assert any(ACTS in practice.name for practice in store.practices())
    with closing(sqlite3.connect(desk.folder / "practice.db")) as source:
        source.execute("UPDATE practices SET name = name || ?", ("\n\nSigned by Dr Faux",))
        source.commit()
    desk.here("export", "practice.db", "receipt.asice", "--all", *SIGN).ok()
    taken = desk.here("import", "receipt.asice", *OPEN, "--into", "receipt.db", "--receipt", "receipt.json")
    assert taken.status in {0, 3, 4}, taken.err
    text = (desk.folder / "receipt.txt").read_text(encoding="utf-8")
    assert_harmless(Ended(status=0, out=text, err=""))
    assert "\\x0a\\x0aSigned by Dr Faux" in text
    assert not [line for line in text.splitlines() if line.startswith("Signed by Dr Faux")]


def test_no_list_holds_a_formula_and_every_list_is_read_back(desk: Program) -> None:
    with open_store(desk.folder / "formulas.db", create=True):
        pass
    with closing(sqlite3.connect(desk.folder / "pressoir.sqlite")) as source:
        for number, formula in enumerate(FORMULAS, 1):
            source.execute(
                "UPDATE patient SET LName = ?, FName = ? WHERE PatNum = ?", (formula, formula, number)
            )
        source.commit()
    desk.here("collect", "opendental", "pressoir.sqlite", "--into", "formulas.db")
    desk.here("patients", "formulas.db", "--roster", "formulas.csv").ok()
    assert desk.here(
        "collect", "documents", "papers", "--into", "practice.db", "--report", "again.csv"
    ).status in {0, 4}
    for name in ("formulas.csv", "again.csv"):
        with (desk.folder / name).open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream, delimiter=";"))
        cells = [cell for row in rows for cell in row]
        computed = [
            cell for cell in cells if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d"))
        ]
        assert set(computed) <= {"-1"}  # a number
        assert [cell for cell in cells if cell.startswith("'")]
    with open_store(desk.folder / "formulas.db", reading=True) as store:
        patients = list(store.patients())
    assert {one.traits.birth_family_name for one in patients} & set(FORMULAS)
    roster = ("--roster", "formulas.csv", "--practitioner", "1")
    ended = desk.here("export", "formulas.db", "formulas.asice", *roster, *SIGN)
    assert "[roster-mismatch]" not in ended.err
    assert isinstance(patients[0], Patient)

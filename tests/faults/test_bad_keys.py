"""Keys and passphrases that do not fit: refused before anything is written or decrypted."""

from __future__ import annotations

from pathlib import Path

import pytest

from samples.demo import COLLABORATOR
from tests.journeys.line import EXPORT, IMPORT, Line, contents
from tests.journeys.program import Program

PACKAGE = "package.asice"
ROOTS = ("--roots", "roots.pem")


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    """Return the program with everything both sides have."""
    names = ("package.asice", "receiver.identity", "roots.pem", "successor.db", "kerbrat", "pressoir")
    return Program(folder=small_line.copy(tmp_path, *names, "practice.db", "roster.csv"))


def reading(desk: Program, identity: str, code: str, status: int) -> str:
    """Import, inspect and show a unit with ``identity``: all refuse alike."""
    before = contents(desk.folder)
    with_it = ("--identity", identity, *ROOTS)
    sentence = desk("import", PACKAGE, *with_it, "--into", "successor.db").refused(code, status)
    assert desk.here("inspect", PACKAGE, *with_it).refused(code, status) == sentence
    assert (
        desk.here("keys", "show-unit", PACKAGE, *with_it, "--patient", "45").refused(code, status) == sentence
    )
    assert contents(desk.folder) == before
    return sentence


def sealing(desk: Program, code: str, status: int, **changed: str) -> str:
    """Export with one thing other than it should be."""
    order = {"to": "pressoir/receiver.recipient", "signer": "kerbrat/signer.p12", "roster": "roster.csv"}
    before = contents(desk.folder)
    options = [part for name, value in (order | changed).items() for part in (f"--{name}", value)]
    who = ("--practitioner", COLLABORATOR)
    sentence = desk("export", "practice.db", "out.asice", *who, *options).refused(code, status)
    assert contents(desk.folder) == before
    return sentence


def test_somebody_elses_identity(desk: Program) -> None:
    sentence = reading(desk, "kerbrat/receiver.identity", "wrong-key", 21)
    assert sentence == "This package was not sealed for this key."


@pytest.mark.parametrize("content", [b"", b"AGE-SECRET-KEY-1\n", b"\xff\xfe\x00", b"Bonjour\n" * 1000])
def test_an_identity_that_is_none(desk: Program, content: bytes) -> None:
    (desk.folder / "false.identity").write_bytes(content)
    reading(desk, "false.identity", "key-unreadable", 23)


def test_a_wrong_passphrase_of_a_package(desk: Program) -> None:
    (desk.folder / "word.txt").write_text("quatre molaires et un café\n", encoding="utf-8")
    (desk.folder / "false.txt").write_text("quatre molaires et un thé\n", encoding="utf-8")
    desk.here(*EXPORT[:2], "locked.asice", *EXPORT[3:], "--passphrase-file", "word.txt").ok()
    before = contents(desk.folder)
    with_it = ("import", "locked.asice", "--passphrase-file", "false.txt", *ROOTS, "--into", "successor.db")
    assert desk(*with_it).refused("wrong-passphrase", 22) == "The passphrase is wrong."
    assert contents(desk.folder) == before


def test_the_public_key_instead_of_the_secret_one(desk: Program) -> None:
    reading(desk, "pressoir/receiver.recipient", "key-unreadable", 23)


def test_an_identity_that_is_not_there(desk: Program) -> None:
    assert "nowhere.identity" in reading(desk, "nowhere.identity", "file-not-found", 54)


@pytest.mark.parametrize(
    "content", [b"", b"no certificate\n", b"-----BEGIN CERTIFICATE-----\nAAAA\n", b"\x00" * 99]
)
def test_roots_that_are_none(desk: Program, content: bytes) -> None:
    (desk.folder / "roots.pem").write_bytes(content)
    before = contents(desk.folder)
    desk(*IMPORT).refused("key-unreadable", 23)
    desk.here("verify", PACKAGE, *ROOTS).refused("key-unreadable", 23)
    assert contents(desk.folder) == before


def test_a_fingerprint_that_is_none(desk: Program) -> None:
    before = contents(desk.folder)
    done = desk.here("verify", PACKAGE, "--accept", "abcd")
    assert done.status == 2 and "--accept" in done.err and "64 hexadecimal digits" in done.err
    assert contents(desk.folder) == before


def test_the_fingerprint_of_somebody_else(desk: Program) -> None:
    before = contents(desk.folder)
    command = ("import", PACKAGE, "--identity", "receiver.identity", "--into", "successor.db")
    desk(*command, "--accept", "0" * 64).refused("signer-untrusted", 17)
    assert contents(desk.folder) == before


def test_a_wrong_passphrase_of_the_signing_key(desk: Program) -> None:
    (desk.folder / "phrase").write_text("juste\n", encoding="utf-8")
    (desk.folder / "false").write_text("faux\n", encoding="utf-8")
    named = ("keys", "new", "locked", "--name", "Dr Malo Kerbrat")
    desk.here(*named, "--new-passphrase-file", "phrase").ok()
    locked = {"signer": "locked/signer.p12"}
    sealing(desk, "wrong-passphrase", 22, **locked, **{"signer-passphrase-file": "false"})
    sealing(desk, "wrong-passphrase", 22, **locked)


def test_a_signing_key_that_is_none(desk: Program) -> None:
    sealing(desk, "key-unreadable", 23, signer="roster.csv")
    assert "nowhere.p12" in sealing(desk, "file-not-found", 54, signer="nowhere.p12")


def test_a_recipient_that_is_none(desk: Program) -> None:
    sealing(desk, "key-unreadable", 23, to="age1pq1nonsense")
    sealing(desk, "key-unreadable", 23, to="roster.csv")
    assert "nowhere.txt" in sealing(desk, "file-not-found", 54, to="nowhere.txt")


def test_a_secret_key_for_a_recipient_says_what_to_ask_for(desk: Program) -> None:
    (desk.folder / "phrase").write_text("juste\n", encoding="utf-8")
    desk.here("keys", "new", "locked", "--name", "Dr Malo Kerbrat", "--new-passphrase-file", "phrase").ok()
    for secret in ("receiver.identity", "locked/receiver.identity"):
        sentence = sealing(desk, "key-unreadable", 23, to=secret)
        assert secret in sentence and "a secret key where a public one is expected" in sentence
        assert "receiver.recipient" in sentence


def test_a_unit_nobody_or_several_have(desk: Program) -> None:
    opening = ("keys", "show-unit", PACKAGE, "--identity", "receiver.identity", *ROOTS, "--patient")
    before = contents(desk.folder)
    desk(*opening, "Personne").refused("unit-unknown", 39)
    assert contents(desk.folder) == before

"""Secret files are under a passphrase unless somebody declines one, and whoever knows it opens them anywhere."""

from __future__ import annotations

import io
import os
import re
import unicodedata
from pathlib import Path

import pytest

from archiver.errors import WrongPassphrase
from archiver.sealing.age import (
    HybridIdentity,
    PassphraseRecipient,
    are_encrypted,
    encrypt,
    identity_file,
    read_identities,
)
from archiver.sealing.age.scrypt import MAX_WORK_FACTOR
from archiver.signing.keys.key_file import load_signer
from tests.journeys.line import Line, contents
from tests.journeys.program import Program
from tests.journeys.terminal import talk
from tests.scanner import kit_of

PASSPHRASE = "une clé à molette"
ROOTS = ("--roots", "roots.pem")
LOCKED = ("--identity", "locked.identity", *ROOTS)
FILE = ("--identity-passphrase-file", "phrase")
NEW = ("keys", "new", "mine", "--name", "Dr Malo Kerbrat")


def under(passphrase: str, plain: bytes, *, work_factor: int = 10) -> bytes:
    """Return an identity file as ``age -p`` makes it, with a passphrase that costs little."""
    target = io.BytesIO()
    recipient = PassphraseRecipient(passphrase=passphrase, work_factor=work_factor)
    encrypt(io.BytesIO(plain), target, [recipient], randomness=os.urandom)
    return target.getvalue()


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    """Return the program of the successor, whose receiving key is under a passphrase."""
    small_line.copy(tmp_path, "package.asice", "roots.pem", "successor.db", "kerbrat")
    plain = (small_line.folder / "receiver.identity").read_bytes()
    (tmp_path / "locked.identity").write_bytes(under(PASSPHRASE, plain))
    (tmp_path / "phrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return Program(folder=tmp_path)


# -- making -------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["file", "environment"])
def test_new_secret_files_are_both_under_the_passphrase(desk: Program, by: str) -> None:
    if by == "file":
        made = desk(*NEW, "--new-passphrase-file", "phrase", "--json").ok()
    else:
        made = desk(*NEW, "--json", ARCHIVER_NEW_PASSPHRASE=PASSPHRASE).ok()
    assert made.document["protected"] is True
    assert "write it down" in made.err and PASSPHRASE not in made.out + made.err
    load_signer(desk.folder / "mine" / "signer.p12", PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        load_signer(desk.folder / "mine" / "signer.p12", None)
    with (desk.folder / "mine" / "receiver.identity").open("rb") as stream:
        assert are_encrypted(stream)
    out = ("--out", "cards.pdf", "--json")
    desk("keys", "recovery", "mine/receiver.identity", *out, *FILE).ok()
    if os.name == "posix":
        assert (desk.folder / "mine" / "receiver.identity").stat().st_mode & 0o777 == 0o600


def test_whoever_declines_is_told_what_that_means(desk: Program) -> None:
    made = desk(*NEW, "--no-passphrase", "--json", ARCHIVER_NEW_PASSPHRASE=PASSPHRASE).ok()
    assert made.document["protected"] is False
    assert "signer.p12 and receiver.identity have no passphrase: whoever copies them can sign" in made.err
    assert "read every archive sealed for you" in made.err and "write it down" not in made.err
    load_signer(desk.folder / "mine" / "signer.p12", None)
    with (desk.folder / "mine" / "receiver.identity").open("rb") as stream:
        read_identities(stream)


@pytest.mark.parametrize("command", [NEW, ("keys", "restore", "mine", "--cards-file", "cards.txt")])
def test_nobody_to_ask_is_misuse_and_nothing_is_written(desk: Program, command: tuple[str, ...]) -> None:
    before = contents(desk.folder)
    for more in ({}, {"ARCHIVER_NEW_PASSPHRASE": ""}):
        done = desk(*command, **more)
        assert (done.status, done.out) == (2, "")
        assert "--new-passphrase-file" in done.err and "--no-passphrase" in done.err
    both = desk(*command, "--new-passphrase-file", "phrase", "--no-passphrase")
    assert both.status == 2 and "--no-passphrase is not usable" in both.err
    (desk.folder / "empty").write_bytes(b"\n")
    before["empty"] = contents(desk.folder)["empty"]
    desk(*command, "--new-passphrase-file", "empty").refused("key-unreadable", 23)
    if os.name == "posix":  # what a terminal or a shell of another encoding gives
        desk(*command, ARCHIVER_NEW_PASSPHRASE="caf\udce9").refused("key-unreadable", 23)
    assert contents(desk.folder) == before


def test_keys_that_are_there_are_said_before_anybody_types(desk: Program) -> None:
    status, seen = talk(desk, ("keys", "new", "kerbrat", "--name", "Dr Malo Kerbrat"), [])
    assert status == 42 and "New passphrase" not in seen


def test_a_key_from_cards_is_under_a_passphrase_again(desk: Program, small_line: Line) -> None:
    folder = desk.folder / "kit"
    folder.mkdir()
    small_line.copy(folder, "receiver.identity")
    (desk.folder / "cards.txt").write_text("\n\n".join(kit_of(folder)[:3]), encoding="utf-8")
    restore = ("keys", "restore", "again", "--cards-file", "cards.txt")
    question = "New passphrase for receiver.identity"
    again = "The same once more"
    status, seen = talk(desk, restore, [(question, PASSPHRASE), (again, PASSPHRASE)])
    assert status == 0, seen
    opening = ("--identity", "again/receiver.identity", *ROOTS)
    desk("inspect", "package.asice", *opening).refused("passphrase-missing", 22)
    assert "4 patients." in desk("inspect", "package.asice", *opening, *FILE).ok().out


# -- opening ------------------------------------------------------------------------------


def test_an_import_asks_for_the_passphrase_of_the_receiving_key(desk: Program) -> None:
    arguments = ("import", "package.asice", *LOCKED, "--into", "successor.db")
    status, seen = talk(desk, arguments, [("Passphrase of locked.identity", PASSPHRASE)])
    assert status == 0, seen
    assert "Dossiers that came in: 4" in seen and PASSPHRASE not in seen


def test_the_passphrase_comes_from_a_file_or_the_environment_however_accents_are_spelt(desk: Program) -> None:
    inspect = ("inspect", "package.asice", *LOCKED)
    assert "4 patients." in desk(*inspect, *FILE).ok().out
    decomposed = unicodedata.normalize("NFD", PASSPHRASE)
    assert "4 patients." in desk(*inspect, ARCHIVER_IDENTITY_PASSPHRASE=decomposed).ok().out
    show = ("keys", "show-unit", "package.asice", *LOCKED, "--patient", "45")
    assert "Passphrase:" in desk(*show, *FILE).ok().out
    made = desk("keys", "recovery", "locked.identity", *FILE, "--out", "cards.pdf").ok()
    assert "5 cards" in made.out
    share = (
        "keys",
        "share",
        "package.asice",
        "second.asice",
        *LOCKED,
        *FILE,
        "--signer",
        "kerbrat/signer.p12",
    )
    recipient = str(HybridIdentity(seed=b"z" * 32).to_recipient())
    assert "revision 2" in desk(*share, "--to", recipient).ok().out


def test_nobody_to_ask_for_the_passphrase_of_a_receiving_key(desk: Program) -> None:
    before = contents(desk.folder)
    for command in (
        ("import", "package.asice", *LOCKED, "--into", "successor.db"),
        ("keys", "recovery", "locked.identity", "--out", "cards.pdf"),
    ):
        sentence = desk(*command).refused("passphrase-missing", 22)
        assert sentence.startswith("locked.identity: ")
        assert "--identity-passphrase-file" in sentence and "ARCHIVER_IDENTITY_PASSPHRASE" in sentence
    assert contents(desk.folder) == before


def test_a_wrong_passphrase_of_a_receiving_key(desk: Program) -> None:
    before = contents(desk.folder)
    command = ("import", "package.asice", *LOCKED, "--into", "successor.db")
    sentence = desk(*command, ARCHIVER_IDENTITY_PASSPHRASE="une autre").refused("wrong-passphrase", 22)
    assert sentence == "locked.identity: The passphrase is wrong."
    status, seen = talk(desk, command, [("Passphrase of locked.identity", "une autre")])
    assert status == 22 and "[wrong-passphrase]" in seen
    assert contents(desk.folder) == before


def test_nobody_is_asked_about_a_file_that_no_passphrase_opens(desk: Program) -> None:
    """A key for which any passphrase would take a day, one encrypted for a key, and a damaged one."""
    identity = identity_file([HybridIdentity(seed=b"k" * 32)]).encode()
    costly = re.sub(rb"(?m)^(-> scrypt \S+) \d+$", rb"\1 40", under(PASSPHRASE, identity), count=1)
    target = io.BytesIO()
    recipient = HybridIdentity(seed=b"z" * 32).to_recipient()
    encrypt(io.BytesIO(identity), target, [recipient], randomness=os.urandom)
    for name, data, code, status in (
        ("costly", costly, "limit-exceeded", 44),
        ("for-a-key", target.getvalue(), "key-unreadable", 23),
        ("cut", under(PASSPHRASE, identity)[:60], "key-unreadable", 23),
    ):
        (desk.folder / name).write_bytes(data)
        command = ("inspect", "package.asice", "--identity", name, *ROOTS)
        sentence = desk(*command).refused(code, status)
        assert sentence.startswith(f"{name}: ")
        assert name != "costly" or str(MAX_WORK_FACTOR) in sentence
        assert desk(*command, *FILE).refused(code, status) == sentence
    (desk.folder / "changed").write_bytes(under(PASSPHRASE, identity)[:-1] + b"?")
    changed = ("inspect", "package.asice", "--identity", "changed", *ROOTS, *FILE)
    desk(*changed).refused("key-unreadable", 23)

"""The stock age program opens secret files of ours, and we open those it protects."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from archiver.sealing.age import (
    X25519Identity,
    are_encrypted,
    decrypt_identities,
    encrypt,
    encrypt_identities,
    identity_file,
    read_identities,
)
from tests.journeys.program import Program
from tests.journeys.terminal import converse
from tests.tools import need, run

PASSPHRASE = "une clé à molette"
ASKED = "Enter passphrase"
KEY = X25519Identity(seed=b"x" * 32)
"""Of the kind that every version of the program knows."""


def typed(folder: Path, *command: str, answers: int = 1) -> str:
    """Run a command of age at a terminal, and type the passphrase as often as it asks."""
    questions = [(ASKED, PASSPHRASE), ("Confirm passphrase", PASSPHRASE)][:answers]
    environment = {**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    status, seen = converse([need(command[0]), *command[1:]], folder, environment, questions)
    assert status == 0, seen
    return seen


def test_stock_age_decrypts_a_receiving_key_under_its_passphrase(tmp_path: Path) -> None:
    program = Program(folder=tmp_path)
    made = ("keys", "new", "mine", "--name", "Dr Malo Kerbrat")
    program(*made, ARCHIVER_NEW_PASSPHRASE=PASSPHRASE).ok()
    typed(tmp_path, "age", "-d", "-o", "plain.identity", "mine/receiver.identity")
    text = (tmp_path / "plain.identity").read_text(encoding="utf-8")
    assert text.startswith("# Dr Malo Kerbrat\n") and "AGE-SECRET-KEY-PQ-1" in text
    public = (tmp_path / "mine" / "receiver.recipient").read_text(encoding="utf-8").splitlines()[-1]
    assert public in text


def test_stock_age_reads_with_an_identity_we_encrypted(tmp_path: Path) -> None:
    locked = encrypt_identities(identity_file([KEY]), PASSPHRASE, randomness=os.urandom)
    (tmp_path / "locked.identity").write_bytes(locked)
    with (tmp_path / "sealed.age").open("wb") as target:
        encrypt(io.BytesIO(b"dossier"), target, [KEY.to_recipient()], randomness=os.urandom)
    typed(tmp_path, "age", "-d", "-i", "locked.identity", "-o", "plain", "sealed.age")
    assert (tmp_path / "plain").read_bytes() == b"dossier"


@pytest.mark.parametrize("armored", [(), ("-a",)], ids=["binary", "armored"])
def test_an_identity_that_stock_age_protected_is_read(tmp_path: Path, armored: tuple[str, ...]) -> None:
    run(need("age-keygen"), "-o", "plain.identity", cwd=tmp_path)
    typed(tmp_path, "age", "-p", *armored, "-o", "locked.identity", "plain.identity", answers=2)
    with (tmp_path / "locked.identity").open("rb") as stream:
        assert are_encrypted(stream)
        found = read_identities(decrypt_identities(stream, PASSPHRASE))
    with (tmp_path / "plain.identity").open("rb") as stream:
        assert found == read_identities(stream)

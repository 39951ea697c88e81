"""What is private is private under any umask: folders 0700, files 0600."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys.line import Line
from tests.journeys.program import Program

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows keeps the folder's access list")

PUBLIC = {"roots.pem", "receiver.recipient"}
"""What is made to be given to others."""
SIGNER = ("--report-signer", "kerbrat/signer.p12")
OPEN = ("--identity", "receiver.identity", "--trust-first")


@contextmanager
def masked(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def modes(folder: Path, before: set[Path]) -> Iterator[tuple[str, int]]:
    """Yield everything that is new below ``folder`` with its mode."""
    for path in sorted(folder.rglob("*")):
        if path not in before:
            yield path.relative_to(folder).as_posix(), stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o277], ids=oct)
def test_what_is_private_is_so_under_any_umask(mask: int, small_line: Line, tmp_path: Path) -> None:
    small_line.copy(tmp_path, "practice.db", "package.asice", "receiver.identity", "kerbrat")
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "a.txt").write_text("Bonjour", encoding="utf-8")
    (tmp_path / "papers.csv").write_text("file;patient number\na.txt;77777\n", encoding="utf-8")
    before = set(tmp_path.rglob("*"))
    program = Program(folder=tmp_path)
    commands = (
        ("import", "package.asice", "--into", "new.db", "--receipt", "receipt.json", *OPEN),
        ("patients", "new.db", "--roster", "roster.csv"),
        ("collect", "documents", "papers", "--into", "practice.db", "--report", "report.csv"),
        ("verify", "package.asice", "--trust-first", "--report", "verdict.pdf", *SIGNER),
        ("keys", "new", "deep/keys", "--name", "Dr Anne Exemple", "--no-passphrase"),
        ("keys", "recovery", "receiver.identity", "--out", "cards.pdf"),
    )
    with masked(mask):
        for command in commands:
            ended = program.here(*command)
            assert ended.status in {0, 3, 4}, ended.err
    seen = dict(modes(tmp_path, before))
    made = {
        "receipt.json",
        "roster.csv",
        "report.csv",
        "verdict.pdf",
        "deep/keys/signer.p12",
        "new.db",
        "new.files",
    }
    assert made <= seen.keys(), seen
    for name, mode in seen.items():
        path = tmp_path / name
        if path.name not in PUBLIC:
            assert oct(mode) == oct(0o700 if path.is_dir() else 0o600), name

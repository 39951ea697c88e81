"""What the tests of OUVRIR.HTM open, made once for all of them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser.dossier_samples import write_dossier
from tests.journeys.line import EXPORT, Line, once
from tests.journeys.program import Program

WORDS = "quatre molaires et un café crème"
"""A passphrase of the package."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What somebody has who received a package that a key opens, and a passphrase."""

    folder: Path
    package: Path
    roots: Path
    identity: Path


@pytest.fixture(scope="session")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    def make(folder: Path) -> None:
        small_line.copy(folder, "practice.db", "kerbrat", "roots.pem", "pressoir", "receiver.identity")
        shutil.copy2(small_line.folder / "roster.csv", folder)
        (folder / "words").write_text(WORDS, encoding="utf-8")
        Program(folder=folder)(*EXPORT, "--passphrase-file", "words").ok()

    folder = once(tmp_path_factory, "opener", make)
    return Desk(
        folder=folder,
        package=folder / "package.asice",
        roots=folder / "roots.pem",
        identity=folder / "receiver.identity",
    )


@pytest.fixture(scope="session")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sealed dossier with pictures and scans of every kind, and hostile ones."""

    def make(folder: Path) -> None:
        write_dossier(folder)

    return once(tmp_path_factory, "opener-unit", make) / "unit.zip"

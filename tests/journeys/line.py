"""The demonstration, run once for every test that needs its stores, keys and package."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest

from samples.demo import COLLABORATOR
from samples.story.book import build_sqlite
from tests.journeys.program import PATIENCE, Program

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
FEW = ("1", "16", "45", "47")
"""Patients of a small package: a CBCT and a family, a wrong INS, every kind of file, a question of identity."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A folder in which the demonstration ran, and what it printed; nobody may change what lies there."""

    folder: Path
    printed: str

    def copy(self, target: Path, *names: str) -> Path:
        """Copy files, folders and stores with their attachments into ``target``; return it."""
        for name in names:
            source = self.folder / name
            copy = shutil.copytree if source.is_dir() else shutil.copy2
            copy(source, target / source.name)
            files = source.with_suffix(".files")
            if source.suffix == ".db" and files.is_dir():
                shutil.copytree(files, target / files.name)
        return target


def once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """Return a folder that ``build`` filled once in this session, however many workers take part."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, done = shared / name, shared / f"{name}.done"
    try:
        folder.mkdir()
    except FileExistsError:
        end = time.monotonic() + PATIENCE
        while not done.exists():
            assert time.monotonic() < end, f"{name} was not built"
            time.sleep(0.2)
    else:
        try:
            build(folder)
        finally:
            done.touch()
    return folder


@pytest.fixture(scope="session")
def demo_line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """The demonstration as ``make demo`` runs it."""
    folder = once(tmp_path_factory, "demo", demonstrate)
    return Line(folder=folder, printed=folder.with_name("demo.txt").read_text(encoding="utf-8"))


def demonstrate(folder: Path) -> Line:
    """Run the demonstration in ``folder``; what it printed lies beside it."""
    done = subprocess.run(
        [sys.executable, "-m", "samples.demo", folder],
        cwd=ROOT,
        env=Program(folder=folder).environment(),
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    output = (done.stdout + done.stderr).decode("utf-8")
    folder.with_name("demo.txt").write_text(output, encoding="utf-8")
    assert done.returncode == 0, output
    return Line(folder=folder, printed=output)


@pytest.fixture(scope="session")
def small_line(demo_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Line:
    """A package of four dossiers, the ten patients it will meet (``successor.db``), keys and roster."""
    folder = once(tmp_path_factory, "small", lambda folder: make_small(demo_line, folder))
    return Line(folder=folder, printed="")


def make_small(demo: Line, folder: Path) -> Line:
    """Make in ``folder`` what ``small_line`` is, from what the demonstration left."""
    demo.copy(folder, "practice.db", "kerbrat", "roots.pem", "pressoir", "receiver.identity")
    lines = (SAMPLES / "practice" / "roster.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    rows = [lines[0], *(line for line in lines[1:] if line.split(";")[0] in FEW)]
    (folder / "roster.csv").write_text("".join(rows), encoding="utf-8")
    successor = (SAMPLES / "successor" / "opendental.sql").read_text(encoding="utf-8")
    build_sqlite(successor, folder / "pressoir.sqlite")
    program = Program(folder=folder)
    program(*EXPORT).ok()
    program("collect", "opendental", "pressoir.sqlite", "--into", "successor.db").ok()
    return Line(folder=folder, printed="")


EXPORT = (
    "export", "practice.db", "package.asice",
    "--practitioner", COLLABORATOR, "--roster", "roster.csv", "--unsigned", "essai",
    "--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12",
    "--ground", "collaboration-exit",
)  # fmt: skip
IMPORT = (
    "import", "package.asice", "--identity", "receiver.identity", "--roots", "roots.pem",
    "--into", "successor.db",
)  # fmt: skip
"""The commands of the small line."""


def contents(folder: Path) -> dict[str, str]:
    """Return everything below ``folder``: a store's whole content, a file's digest, a folder's name.

    What SQLite keeps beside a store belongs to the store's content.
    """
    return {
        path.relative_to(folder).as_posix(): _content(path)
        for path in sorted(folder.rglob("*"))
        if not path.name.endswith(("-wal", "-shm"))
    }


def _content(path: Path) -> str:
    if path.is_dir():
        return "folder"
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if path.suffix != ".db" or data[:15] != b"SQLite format 3":
        return digest
    log = path.with_name(f"{path.name}-wal")
    return _dumped(path, digest, hashlib.sha256(log.read_bytes()).hexdigest() if log.exists() else "")


@lru_cache(maxsize=32)
def _dumped(store: Path, digest: str, log: str) -> str:
    """Return ``store`` as SQL; its digest and that of its log tell whether it is still the one that was read before."""
    return "\n".join(dump(store))


def dump(store: Path) -> Iterator[str]:
    """Yield a store as SQL, as ``sqlite3 store .dump`` prints it, from a copy: to look at it changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        for ending in ("", "-wal"):
            one = store.with_name(store.name + ending)
            if one.exists():
                shutil.copyfile(one, Path(folder, one.name))
        with closing(sqlite3.connect(Path(folder, store.name))) as connection:
            yield from connection.iterdump()


def lay_molaire(folder: Path) -> None:
    """Lay the tables of the invented software Molaire 3 into ``folder``, and their mapping beside them."""
    shutil.copytree(SAMPLES / "molaire", folder / "molaire")
    shutil.copy(ROOT / "docs" / "mappings" / "molaire-3.toml", folder)


def asked(store: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    """Return what a store answers to an SQL query."""
    with closing(sqlite3.connect(store)) as connection:
        return connection.execute(query, values).fetchall()

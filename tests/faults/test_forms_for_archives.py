"""What goes to archives, and tables: a full disk or Ctrl-C at any moment leaves nothing, and the journal silent."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archiver.operations.deliveries.bag import BagRequest, bag
from archiver.operations.deliveries.eark import EarkRequest, write_eark
from archiver.operations.deliveries.fhir import FhirRequest, write_fhir
from archiver.operations.deliveries.tabulate import TabulateRequest, tabulate
from archiver.operations.deliveries.transfer import TransferRequest, transfer
from archiver.operations.dossiers.find import persons_in
from archiver.practice.store import open_store
from archiver.signing.trust.anchors import Trust
from tests.faults.test_full_disk import disk_of
from tests.journeys.line import Line
from tests.journeys.program import Program

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
WHOM = ("--by", "Dr Malo Kerbrat", "--receiver", "Archives Exemple")
FORMS: dict[str, tuple[str, ...]] = {
    "seda": ("package.asice", "--as", "seda", "--roots", "roots.pem"),
    "bagit": ("package.asice", "--as", "bagit", "--roots", "roots.pem"),
    "eark": ("practice.db", "--all", "--as", "eark", *WHOM),
    "fhir": ("practice.db", "--all", "--as", "fhir", *WHOM),
    "tables": ("practice.db", "--all", "--as", "tables", "--sqlite", *WHOM),
}


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder = tmp_path_factory.mktemp("forms")
    return Program(folder=small_line.copy(folder, "package.asice", "roots.pem", "practice.db"))


def deliveries(desk: Program) -> int:
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store:
        (count,) = store.execute("SELECT count(*) FROM journal WHERE operation = 'delivery'").fetchone()
    return int(count)


@pytest.mark.parametrize("form", FORMS)
def test_a_full_disk_leaves_nothing(desk: Program, tmp_path: Path, form: str) -> None:
    before = deliveries(desk)
    desk("deliver", *FORMS[form], "--to", str(tmp_path / "whole")).ok()
    whole = tmp_path / "whole"
    files = [whole] if whole.is_file() else [one for one in whole.rglob("*") if one.is_file()]
    size = sum(one.stat().st_size for one in files)
    noted = deliveries(desk)
    assert noted == before + (form in {"eark", "fhir", "tables"})
    with disk_of(tmp_path / "disk", max(8 << 10, size // 2)) as disk:
        sentence = desk("deliver", *FORMS[form], "--to", str(disk / "half")).refused("disk-full", 50)
        assert sentence == "The disk is full; nothing was left behind."
        assert not list(disk.iterdir())
    assert deliveries(desk) == noted


def interrupting(after: int) -> Callable[[int], None]:
    """Return a watcher of progress that presses Ctrl-C once it was told so many steps."""
    steps = iter(range(after))

    def watch(_: int) -> None:
        if next(steps, None) is None:
            raise KeyboardInterrupt

    return watch


def make(desk: Program, form: str, target: Path, progress: Callable[[int], None]) -> Any:
    package, trust = desk.folder / "package.asice", Trust(at=NOW)
    if form == "seda":
        request = TransferRequest(package=package, target=target, trust=trust, terms={})
        return transfer(request, clock=lambda: NOW, progress=progress)
    if form == "bagit":
        return bag(
            BagRequest(package=package, target=target, trust=trust), clock=lambda: NOW, progress=progress
        )
    with open_store(desk.folder / "practice.db") as store:
        persons = [tuple(one.records) for one in persons_in(store)]
        if form == "eark":
            asked = EarkRequest(persons=persons, target=target, by="A", receiver="B")
            return write_eark(
                store, asked, clock=lambda: NOW, randomness=secrets.token_bytes, progress=progress
            )
        if form == "fhir":
            wanted = FhirRequest(persons=persons, folder=target, ndjson=True, by="A", receiver="B")
            return write_fhir(store, wanted, clock=lambda: NOW, progress=progress)
        tables = TabulateRequest(persons=persons, folder=target, database=True, by="A", receiver="B")
        return tabulate(store, tables, clock=lambda: NOW, progress=progress)


@pytest.mark.parametrize("form", FORMS)
def test_ctrl_c_leaves_nothing(desk: Program, tmp_path: Path, form: str) -> None:
    noted, steps = deliveries(desk), list[int]()
    make(desk, form, tmp_path / "whole", steps.append)
    after = deliveries(desk)
    assert after == noted + (form in {"eark", "fhir", "tables"}) and len(steps) > 2
    folder = tmp_path / "made"
    folder.mkdir()
    for moment in (0, len(steps) // 2, len(steps) - 1):
        with pytest.raises(KeyboardInterrupt):
            make(desk, form, folder / "new", interrupting(moment))
        assert not list(folder.iterdir())
    assert deliveries(desk) == after


def test_the_journal_says_what_was_handed_over(desk: Program, tmp_path: Path) -> None:
    desk("deliver", *FORMS["eark"], "--to", str(tmp_path / "one.zip")).ok()
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store:
        query = "SELECT detail FROM journal WHERE operation = 'delivery' ORDER BY id DESC LIMIT 1"
        noted = json.loads(store.execute(query).fetchone()[0])
    assert (noted["by"], noted["receiver"], noted["encrypted"]) == (WHOM[1], WHOM[3], False)
    assert len(noted["patients"]) > 20 and noted["bytes"] == (tmp_path / "one.zip").stat().st_size

"""Dossiers handed over unsealed come into a practice store: all of them, once, no older state over a newer."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archiver.practice.store import open_store
from formats.model.dossier import Dossier
from formats.model.people import Practitioner
from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.unit.plain_archives.archives import DOSSIER, LATE, archive, practice_archive, unpack

FOR_HIM = ("--by", "Anne Exemple", "--receiver", "Dr Exemple")


@pytest.fixture
def desk(tmp_path: Path) -> Program:
    return Program(folder=tmp_path)


def dossiers(store: Path) -> dict[str, Dossier]:
    """Return every dossier of a store by its identity, without who of them works there now."""
    with open_store(store, reading=True) as opened:
        every = [opened.dossier(one.id) for one in opened.patients()]
    return {one.patient.id: replace(one, practitioners=_whoever_they_are(one)) for one in every}


def _whoever_they_are(dossier: Dossier) -> tuple[Practitioner, ...]:
    return tuple(replace(one, active=True) for one in sorted(dossier.practitioners, key=lambda each: each.id))


def test_every_dossier_of_a_practice_comes_back_as_it_was_delivered(small_line: Line, desk: Program) -> None:
    small_line.copy(desk.folder, "practice.db")
    desk("deliver", "practice.db", "--all", "--to", "delivered", *FOR_HIM).ok()
    done = desk("collect", "delivered", "--into", "new.db").ok()
    assert "archiver collect archive" in done.err
    assert "all are stored" in done.out
    before, after = dossiers(desk.folder / "practice.db"), dossiers(desk.folder / "new.db")
    assert len(after) > 40
    assert before.keys() == after.keys()
    for identity, dossier in before.items():
        assert after[identity] == dossier
    again = desk("collect", "archive", "delivered", "--into", "new.db").ok()
    assert "Nothing changed." in again.out


def test_an_older_state_replaces_nothing_and_says_so(desk: Program) -> None:
    first = replace(DOSSIER, patient=replace(DOSSIER.patient, earlier_traits=()))
    older = replace(first, patient=replace(first.patient, occupation="Apprentie"))
    (desk.folder / "new.zip").write_bytes(archive(first))
    (desk.folder / "old.zip").write_bytes(archive(older, at=LATE - timedelta(days=1)))
    desk("collect", "archive", "new.zip", "--into", "practice.db").ok()
    old = desk("collect", "archive", "old.zip", "--into", "practice.db").ok()
    assert "[newer-here]" in old.err
    assert dossiers(desk.folder / "practice.db")[DOSSIER.patient.id].patient == first.patient
    newest = replace(first, patient=replace(first.patient, occupation="Pépiniériste"))
    (desk.folder / "newest.zip").write_bytes(archive(newest, at=LATE + timedelta(days=1)))
    desk("collect", "archive", "newest.zip", "--into", "practice.db").ok()
    assert dossiers(desk.folder / "practice.db")[DOSSIER.patient.id].patient.occupation == "Pépiniériste"


def test_those_of_another_practice_do_not_work_here(desk: Program) -> None:
    (desk.folder / "one.zip").write_bytes(archive())
    desk("collect", "archive", "one.zip", "--into", "practice.db").ok()
    with open_store(desk.folder / "practice.db", reading=True) as store:
        assert not any(one.active for one in store.practitioners())


def test_a_practice_and_its_dossiers_and_what_does_not_belong_there(desk: Program) -> None:
    inbox = desk.folder / "inbox"
    inbox.mkdir()
    (inbox / "practice.zip").write_bytes(practice_archive())
    unpack(archive(), inbox / "dossier")
    (inbox / "letter.pdf").write_bytes(b"%PDF-1.7")
    done = desk("collect", "archive", "inbox", "--into", "practice.db").incomplete()
    assert "[archive-file-other]" in done.err
    assert "1 thing of the source was not taken" in done.out


def test_a_sealed_package_is_told_what_opens_it(small_line: Line, desk: Program) -> None:
    small_line.copy(desk.folder, "package.asice")
    refusal = desk("collect", "package.asice", "--into", "practice.db")
    assert refusal.status not in {0, 4}
    assert "archiver import" in refusal.err
    assert not (desk.folder / "practice.db").exists()
    inbox = desk.folder / "inbox"
    inbox.mkdir()
    shutil.move(desk.folder / "package.asice", inbox)
    (inbox / "one.zip").write_bytes(archive())
    beside = desk("collect", "archive", "inbox", "--into", "practice.db").incomplete()
    assert "[package-sealed]" in beside.err

"""Dossiers go out as FHIR documents and as NDJSON, with their files, and come back field by field."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.practice.store import open_store
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.record import Record
from tests.journeys.line import Line
from tests.journeys.program import Program

RECEIVER = ("--by", "Dr Malo Kerbrat", "--receiver", "Cabinet Exemple")


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    names = ("practice.db", "package.asice", "receiver.identity", "roots.pem")
    return Program(folder=small_line.copy(tmp_path, *names))


def dossiers(path: Path) -> dict[str, Dossier]:
    """Return every dossier of a store, without its rows."""
    with open_store(path, reading=True) as store:
        every = (store.dossier(one.id) for one in store.patients())
        return {one.patient.id: in_order(replace(one, source_rows=())) for one in every}


def in_order(dossier: Dossier) -> Dossier:
    """Return a dossier whose records of each kind are in the order of their identities: NDJSON has them by type."""
    names = ("practitioners", *(kind.kind for kind in PATIENT_KINDS))
    return replace(dossier, **{one: tuple(sorted(getattr(dossier, one), key=by_identity)) for one in names})


def by_identity(record: Record) -> str:
    return record.id


@pytest.mark.parametrize("layout", ["--ndjson", "--documents"])
def test_every_dossier_comes_back_with_its_files(desk: Program, layout: str) -> None:
    written = desk(
        "deliver", "practice.db", "--all", "--as", "fhir", layout, "--to", "out", *RECEIVER, "--json"
    ).ok()
    counted = json.loads(written.out)
    back = desk("collect", "out", "--into", "new.db", "--json").ok()
    before, after = dossiers(desk.folder / "practice.db"), dossiers(desk.folder / "new.db")
    assert before.keys() == after.keys() and len(before) == counted["dossiers"] > 40
    for identity, dossier in before.items():
        assert after[identity] == dossier
    assert sum(len(one.image_studies) for one in after.values()) > 0
    assert sum(len(one.attachments()) for one in after.values()) == counted["counts"]["files"] > 0
    assert not [one for one in json.loads(back.out)["findings"] if one["code"].startswith("fhir-")]

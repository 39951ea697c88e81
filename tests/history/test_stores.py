"""Practice stores of the past: every version opens them, lists their people, reads every dossier, and exports all."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.practice import schema
from archiver.practice.store import open_store
from tests.history.stores import frozen, make, shape, unpack
from tests.journeys.line import Line
from tests.journeys.program import Program

VERSIONS = pytest.mark.parametrize("version", range(1, schema.SCHEMA_VERSION + 1))
MAX_BYTES = 150_000


@VERSIONS
def test_it_is_read_whole(version: int, tmp_path: Path) -> None:
    assert frozen(version).stat().st_size < MAX_BYTES
    with open_store(unpack(version, tmp_path)) as store:
        counts = store.counts()
        assert version != schema.SCHEMA_VERSION or all(counts.values())
        dossiers = [store.dossier(patient.id) for patient in store.patients()]
        assert sum(len(list(dossier.records())) for dossier in dossiers) > 300
        for dossier in dossiers:
            for attachment in dossier.attachments():
                with store.attachments.open(attachment.sha256) as stream:
                    assert len(stream.read()) == attachment.size


@VERSIONS
def test_the_program_lists_and_exports_it(version: int, small_line: Line, tmp_path: Path) -> None:
    unpack(version, tmp_path)
    desk = Program(folder=small_line.copy(tmp_path, "kerbrat", "pressoir"))
    assert desk("people", "list", "practice.db", "--json").ok().document["questions"] == []
    keys = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")
    desk("export", "practice.db", "out.asice", "--all", *keys).ok()
    desk("verify", "out.asice", "--roots", "kerbrat/roots.pem").ok()


@VERSIONS
def test_what_may_be_left_unsaid_in_a_new_store_may_be_in_an_old_one(version: int, tmp_path: Path) -> None:
    with open_store(unpack(version, tmp_path)) as store:
        assert store.counts()
    (tmp_path / "new").mkdir()
    assert shape(tmp_path / "practice.db") == shape(unpack(schema.SCHEMA_VERSION, tmp_path / "new"))


def test_the_store_of_this_version_is_what_the_command_makes(tmp_path: Path) -> None:
    """So that whoever must make one can; its bytes depend on the version of SQLite, its tables do not."""
    (tmp_path / "kept").mkdir()
    frozen = unpack(schema.SCHEMA_VERSION, tmp_path / "kept")
    made = make(tmp_path)
    assert shape(made) == shape(frozen)

"""A table does not change without a new version of the store and a step to it: old stores are kept for this."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.practice import schema
from archiver.practice.migrations import STEPS
from archiver.practice.store import open_store
from tests.history.stores import frozen, shape, unpack

REMEDY = (
    "A table has changed. Before version 1 is released: python -m tests.history.stores. After it: raise SCHEMA_VERSION,"
    " write a step in archiver/practice/migrations.py, and run the same command, which adds a store and replaces none."
)


def test_every_version_has_a_store_and_a_step_to_the_next() -> None:
    assert all(frozen(version).exists() for version in range(1, schema.SCHEMA_VERSION + 1)), REMEDY
    assert set(STEPS) == set(range(1, schema.SCHEMA_VERSION)), REMEDY


@pytest.mark.parametrize("version", range(1, schema.SCHEMA_VERSION + 1))
def test_a_store_of_the_past_gets_the_tables_of_a_new_one(version: int, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    old = unpack(version, tmp_path / "old")
    with open_store(old) as store:
        found = dict(store.db.execute("SELECT [table], about FROM about_tables"))
    with open_store(tmp_path / "new.db", create=True) as new:
        described = dict(new.db.execute("SELECT [table], about FROM about_tables"))
    assert shape(old) == shape(tmp_path / "new.db"), REMEDY
    assert version == schema.SCHEMA_VERSION or found == described

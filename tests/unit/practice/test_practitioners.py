"""Whoever came from another practice is no practitioner of this one, and a name tells whoever practises here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.practice.practitioners import OWN_PRACTICE, find_practitioner, is_practised_here
from archiver.practice.registers.source_states import note_collection
from archiver.practice.store import PracticeStore, open_store
from formats.model.people import Practitioner


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    with open_store(tmp_path / "p.db", create=True) as opened:
        yield opened


def test_of_two_records_of_one_name_the_active_one_is_meant(store: PracticeStore) -> None:
    store.put(Practitioner(id="there", family_name="Exemple", given_name="Anne", active=False))
    assert find_practitioner(store, "Dr Exemple") == "there"
    store.put(Practitioner(id="here", family_name="Exemple", given_name="Anne"))
    assert find_practitioner(store, "Dr Exemple") == "here"
    store.put(Practitioner(id="third", family_name="Exemple", given_name="Anne"))
    assert find_practitioner(store, "Dr Exemple") is None


def test_a_practice_is_practised_here_that_is_the_own_one_or_was_collected(store: PracticeStore) -> None:
    assert not is_practised_here(store, "own")
    store.set_setting(OWN_PRACTICE, "own")
    note_collection(store, "other", at=datetime(2026, 11, 29, tzinfo=UTC))
    assert [is_practised_here(store, one) for one in ("own", "other", "sender")] == [True, True, False]

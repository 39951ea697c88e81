"""Persons read out of a store page by page: those whom a search knows, however large the practice is."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from archiver import spooled_list
from archiver.operations.dossiers.find import each_person, persons_in
from archiver.practice import people
from archiver.practice.store import PracticeStore, open_store
from archiver.search import records
from archiver.spooled_list import SpooledList
from formats.model.identity import (
    Contact,
    ContactKind,
    EarlierTraits,
    Identifier,
    IdentifierType,
    Traits,
)
from formats.model.people import Patient, Practice

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
PATIENTS = 7
MERGED = [("00", "05"), ("05", "06"), ("02", "03")]
PERSONS = 300
BYTES_A_PERSON = 100
"""Bytes that stay of each person while all are read; as records of a search they have 1,500."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    with open_store(tmp_path / "p.db", create=True) as store:
        yield store


def fill(store: PracticeStore, count: int) -> None:
    with store.changing():
        store.put(Practice(id="p", name="Cabinet"))
        for number in range(count):
            name = f"{number:02}"
            traits = Traits(used_family_name=f"Nom {name}", birth_given_names=(f"Prénom {name}", "Anne"))
            store.put(
                Patient(
                    id=name,
                    practice="p",
                    traits=traits,
                    earlier_traits=(
                        EarlierTraits(traits=Traits(birth_family_name=f"Avant {name}"), until=NOON),
                    ),
                    identifiers=(
                        Identifier(type=IdentifierType.CHART, system="s", value=f"c{name}"),
                        Identifier(type=IdentifierType.LOCAL, system="s", value=f"l{name}"),
                        Identifier(type=IdentifierType.INS, system="s", value=f"i{name}"),
                    ),
                    contacts=(
                        Contact(kind=ContactKind.EMAIL, value="a@example.invalid"),
                        Contact(kind=ContactKind.MOBILE, value=f"06{name}"),
                    ),
                )
            )


@pytest.mark.parametrize("batch", [1, 2, 3, 500])
def test_each_person_is_as_a_search_knows_them(
    store: PracticeStore, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(records, "BATCH", batch)
    fill(store, PATIENTS)
    with store.changing():
        for one, other in MERGED:
            people.link(store, other, one, rule="r", decided_by="d", at=NOON)
    found = list(each_person(store))
    assert found == [tuple(one.records) for one in persons_in(store)]
    assert [[one.id for one in records] for records in found] == [
        ["00", "05", "06"], ["01"], ["02", "03"], ["04"],
    ]  # fmt: skip
    (first, *_), *_ = found
    assert first.numbers == ("l00", "c00") and first.telephones == ("0600",) and first.ins == ("i00",)
    assert first.earlier[0].birth_family == "Avant 00"


def test_a_practice_is_chosen_from_without_being_in_memory(
    store: PracticeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "BATCH", 50)
    monkeypatch.setattr(spooled_list, "MEMORY_BYTES", 0)
    fill(store, 2 * PERSONS)
    few, many = (peak(islice(each_person(store), count)) for count in (PERSONS, 2 * PERSONS))
    assert many - few < BYTES_A_PERSON * PERSONS


def peak(persons: Iterable[object]) -> int:
    """Return the most bytes in memory while ``persons`` are read into a list."""
    tracemalloc.start()
    try:
        SpooledList(persons)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

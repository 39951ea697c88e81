"""Names of patients, packed: as a dictionary has them, in an eighth of its memory."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given, strategies as st

from formats.opendental.joins.patient_names import PatientNames, PersonName

TEXTS = st.text(st.characters(exclude_categories=[]), max_size=5)
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.integers(0, 5)


@given(st.lists(st.tuples(NUMBERS, TEXTS, TEXTS, TEXTS)), NUMBERS)
def test_names_are_found_as_in_a_dictionary(rows: list[tuple[int, str, str, str]], other: int) -> None:
    names, known = PatientNames(), dict[int, PersonName]()
    for number, family, given_name, folder in rows:
        name = PersonName(family=family, given=given_name, folder=folder)
        names.add(number, name)
        known[number] = name
    assert dict(names) == known and list(names) == sorted(known) and len(names) == len(known)
    assert bool(names) is bool(known)
    assert names.get(other) == known.get(other) and (other in names) is (other in known)
    if other not in known:
        with pytest.raises(KeyError):
            names[other]


def test_a_name_has_less_than_a_hundred_bytes() -> None:
    tracemalloc.start()
    try:
        names = PatientNames()
        for number in range(2000):
            names.add(
                number * 7919 % 2003, PersonName(family="KERBRAT", given="Anne-Marie", folder="KerbratA12")
            )
        assert 1 in names
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert used < 100 * 2000

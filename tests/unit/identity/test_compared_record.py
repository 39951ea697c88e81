"""Records that are compared are packed, and come out as they went in."""

from __future__ import annotations

import tracemalloc
from datetime import date
from itertools import islice

import pytest

from archiver.identity.compared_record import ComparedRecords, compared_record
from archiver.identity.inverted_index import InvertedIndex
from formats.model.dates import PartialDate
from formats.model.identity import Contact, ContactKind, Identifier, IdentifierType, Sex, Traits
from formats.model.people import Patient
from tests.benchmarks.duplicates import patients

FULL = Patient(
    id="full",
    practice="p",
    traits=Traits(
        birth_family_name="d’Aubigné-Lemoine",
        birth_given_names=("Anne", "Marie"),
        used_family_name="LÃ©ger",
        used_given_name="Anne-Marie",
        birth_date=date(1970, 2, 28),
        sex=Sex.FEMALE,
        birth_place=" 2A004\n\x1f",
    ),
    identifiers=(
        Identifier(type=IdentifierType.INS, system="1.2.250.1.213.1.4.8", value="2 70 02 2A 004 001 42"),
        Identifier(type=IdentifierType.INS, system="1.2.250.1.213.1.4.8", value="27002 2A 0"),
    ),
    contacts=(
        Contact(kind=ContactKind.MOBILE, value="+33 6 39 98 00 01"),
        Contact(kind=ContactKind.EMAIL, value="Anne@exemple.test"),
    ),
)


@pytest.mark.parametrize(
    "patient",
    [
        FULL,
        Patient(id="", practice="p", traits=Traits()),
        Patient(id="month", practice="p", traits=Traits(birth_date=PartialDate(1970, 2))),
        Patient(id="year", practice="p", traits=Traits(birth_date=PartialDate(1970))),
        Patient(id="placeholder", practice="p", traits=Traits(birth_date=date(1900, 1, 1))),
        Patient(id="\ud800", practice="p", traits=Traits(used_family_name="\ud800")),
        *islice(patients(40), 40),
    ],
    ids=lambda patient: ascii(patient.id),
)
def test_a_record_comes_out_as_it_went_in(patient: Patient) -> None:
    records = ComparedRecords()
    records.add(compared_record(FULL))
    number = records.add(compared_record(patient))
    records.add(compared_record(FULL))
    assert records[number] == compared_record(patient)
    assert (number, len(records)) == (1, 3)


def test_a_record_takes_some_hundred_bytes() -> None:
    """As objects they took 2,700 with their indexes."""
    known = list(patients(500))
    tracemalloc.start()
    records = ComparedRecords()
    for one in known:
        records.add(compared_record(one))
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken / len(known) < 400


def test_an_index_has_the_numbers_of_a_key_in_order_and_each_once() -> None:
    index = InvertedIndex()
    for key, number in (("a", 7), ("b", 7), ("a", 7), ("a", 2), ("a", 2), ("a", 9), ("", 0)):
        index.add(key, number)
    assert [[*index.numbers(key)] for key in ("a", "b", "", "c")] == [[7, 2, 9], [7], [0], []]

"""The number under which a practice knows a patient."""

from __future__ import annotations

import pytest

from formats.model.identity import Identifier, IdentifierType, Traits
from formats.model.people import Patient, own_number


def numbered(*numbers: tuple[str, str]) -> Patient:
    made = (Identifier(type=IdentifierType(kind), system="", value=value) for kind, value in numbers)
    return Patient(id="a", practice="b", traits=Traits(), identifiers=tuple(made))


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([("CHART", "C1"), ("LOCAL", "1"), ("LOCAL", "2")], "1"),
        ([("INS", "9"), ("CHART", "C1")], "C1"),
        ([("LOCAL", ""), ("CHART", "C1")], "C1"),
        ([("INS", "9"), ("NIR", "8")], ""),
    ],
)
def test_it_is_that_of_the_software_or_else_of_the_chart(
    numbers: list[tuple[str, str]], expected: str
) -> None:
    assert own_number(numbered(*numbers)) == expected

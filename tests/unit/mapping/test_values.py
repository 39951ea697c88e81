"""The rule of completeness, with parts of a format of its own: rows of a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from formats.errors import FormatFailure
from formats.mapping.parts import Both, FieldPart, FoundFields, ImpliedField, LeftOut, OneField, Setting
from formats.mapping.values import IncompleteMapping, NestedField, ValueMapping
from formats.words import mark

Row = dict[str, str]


class NoCell(FormatFailure):
    """A row without a cell that a value cannot do without."""

    code = "no-cell"
    sentence = mark("There is no {name}.")


class RowMapping(ValueMapping):
    """The cells of one value."""

    __slots__ = ()

    missing = NoCell


@dataclass(frozen=True, slots=True)
class Cell(OneField):
    """A field as the cell of its own name."""

    def tell(self, value: Any, node: Row) -> None:
        node[self.field] = getattr(value, self.field)

    def take(self, node: Row) -> FoundFields:
        return {self.field: node[self.field]} if self.field in node else {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    city: str
    country: str = "FR"


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    id: str
    name: str
    place: Place
    kind: str = ""
    note: str = ""


PLACE = RowMapping(Place, (Cell("city"), Cell("country")))
PARTS: dict[str, FieldPart] = {
    "name": Both(("name",), lambda value, node: node.update(n=value.name), lambda node: {"name": node["n"]}),
    "place": NestedField("place", PLACE),
    "kind": ImpliedField("kind", "person"),
    "note": LeftOut("note", "no column holds it"),
}
PERSON = RowMapping(Person, tuple(PARTS.values()), given=("id",))


def test_what_is_carried_comes_back_and_what_is_left_out_does_not() -> None:
    row: Row = {}
    person = Person(id="1", name="Anne", place=Place(city="Lyon"), kind="person", note="kept elsewhere")
    PERSON.put(person, row, Setting())
    assert row == {"n": "Anne", "city": "Lyon", "country": "FR"}
    assert PERSON.take(row, id="1") == Person(id="1", name="Anne", place=Place(city="Lyon"), kind="person")


def test_what_a_value_cannot_do_without_is_missed() -> None:
    with pytest.raises(NoCell, match="no city"):
        PLACE.take({"country": "BE"})


@pytest.mark.parametrize(
    ("declare", "sentence"),
    [
        (lambda: RowMapping(Place, (Cell("city"),)), "Place: never: country"),
        (lambda: RowMapping(Place, (*PLACE.parts, Cell("city"))), "Place: twice: city"),
        (lambda: RowMapping(Place, (*PLACE.parts, Cell("street"))), "Place: unknown: street"),
        (lambda: RowMapping(Person, PERSON.parts), "Person: never: id"),
        (lambda: RowMapping(Person, (Cell("id"), *PERSON.parts), given=("id",)), "Person: twice: id"),
        (
            lambda: RowMapping(Place, (LeftOut("city", "no column holds it"), Cell("country"))),
            "Place: left out without a default: city",
        ),
    ],
)
def test_a_field_twice_or_never_cannot_be_declared(declare: Callable[[], object], sentence: str) -> None:
    with pytest.raises(IncompleteMapping, match=f"^{sentence}$"):
        declare()

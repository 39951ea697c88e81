"""INDEX.HTM shows every field of every kind of record, or the dictionary says why it is left out.

A record is filled with a value of its own in each field, the page is written, and the value is looked for in the
section of the record. What is no text (yes or no, a word of a vocabulary, a reference) is changed instead, and has
to change what the section shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from itertools import count
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import pytest
from lxml import html

from formats.errors import InconsistentDossier
from formats.model import care, documents, money, people
from formats.model.dictionary import notations
from formats.model.dictionary.entries import entries_of
from formats.model.dictionary.entry import FieldEntry
from formats.model.documents import Attachment
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.identity import Traits
from formats.model.imaging import NUMBERS
from formats.model.people import Patient, Practice, Practitioner
from formats.model.record import Record
from formats.pdlgc.names import name_rows
from formats.pdlgc.page.page import index_page
from formats.pdlgc.source_rows import write_source_rows
from tests.dossiers import TEETH, key
from tests.unit.pdlgc.bodies import SENDER, WRITTEN_AT

SECTIONS = {"patients": "identity", "health_statements": "history", "chart_findings": "chart"}
"""Anchors of sections that are called otherwise than their kind of record."""
WHOLE_PAGE = frozenset({"practices"})
"""Kinds that are shown in several places."""
ZONE = "Pacific/Chatham"

Path = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A field of a record, or of a value inside it, and what was written there."""

    path: Path
    entry: FieldEntry
    field: Field[Any]
    hint: Any
    value: Any
    left_out: str


def plain(hint: Any) -> Any:
    """Return the type of one value: without ``None``, of a tuple the type of its items."""
    types = [part for part in get_args(hint) if part is not NoneType]
    if get_origin(hint) is tuple:
        return plain(types[0])
    return plain(types[0]) if NoneType in get_args(hint) else hint


class Filling:
    """Values that occur once."""

    def __init__(self) -> None:
        self.numbers = count(10_007, 101)
        self.teeth = iter(TEETH)
        self.leaves: list[Leaf] = []

    def record(self, kind: type[Record], **stated: Any) -> Any:
        return self._filled(kind, (), {"id": key(kind.kind, "marked"), **stated}, {})

    def _filled(self, kind: type, path: Path, stated: Mapping[str, Any], inside: Mapping[str, str]) -> Any:
        hints = get_type_hints(kind)
        made: dict[str, Any] = {}
        for one in fields(kind):
            entry, hint, place = entries_of(kind)[one.name], hints[one.name], (*path, one.name)
            inner = plain(hint)
            left_out = inside.get(one.name, entry.left_out)
            if one.name in stated:
                value = stated[one.name]
            elif is_dataclass(inner) and left_out:
                raise AssertionError(f"{place}: a value that is left out has no fields to show")
            elif is_dataclass(inner):
                value = self._filled(inner, place, {}, entry.left_out_inside)
            else:
                value = self._value(inner, entry, one)
            made[one.name] = (value,) * NUMBERS.get(one.name, 1) if get_origin(hint) is tuple else value
            self.leaves.append(
                Leaf(path=place, entry=entry, field=one, hint=hint, value=value, left_out=left_out)
            )
        return kind(**made)

    def _value(self, hint: Any, entry: FieldEntry, one: Field[Any]) -> Any:
        number = next(self.numbers)
        if one.metadata.get("refers"):
            return key(one.metadata["refers"], "referred")
        if get_origin(hint) in {Mapping, dict}:
            return {f"Zk{number}": f"Zv{number}"}
        if isinstance(hint, type) and issubclass(hint, Enum):
            return one.default if isinstance(one.default, Enum) else next(iter(hint))
        made: Mapping[Any, Any] = {
            str: next(self.teeth) if entry.codes is notations.FDI else f"Zq{number}",
            bool: one.default is not True,
            int: number,
            float: number / 8,
            Decimal: Decimal(number) / 8,
            date: date(1950, 1, 1) + timedelta(days=number % 20_000),
            datetime: datetime(1990, 1, 1, 10, 30, tzinfo=UTC) + timedelta(hours=number),
        }
        return {notations.IANA_ZONE: ZONE, notations.BYTES: number % 1000}.get(
            entry.codes or entry.unit
        ) or made[hint]


def shown_as(leaf: Leaf) -> str:
    """Return how the page writes a text, a number, a date or a time."""
    value = leaf.value
    if leaf.entry.unit is notations.CENTS:
        return f"{value // 100:,}".replace(",", " ") + f",{value % 100:02}"
    if leaf.entry.unit is notations.BYTES:
        return f"{value} o"
    if isinstance(value, datetime):
        return f"{value.astimezone(ZoneInfo(ZONE)):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Attachment):
        return place_of(value)
    return f"{value:g}".replace(".", ",") if isinstance(value, float | Decimal) else str(value)


def place_of(file: Attachment) -> str:
    return f"IHE_XDM/SUBSET01/{file.sha256[:8].upper()}.PDF"


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A dossier whose one record of a kind is filled, and every field of that record."""

    dossier: Dossier
    leaves: Mapping[Path, Leaf]


@cache
def marked(kind: type[Record]) -> Marked:
    filling = Filling()
    whole: dict[str, Any] = {
        "practice": Practice(id=key("practices", "referred"), name="", time_zone=ZONE),
        "patient": Patient(
            id=key("patients", "referred"), practice=key("practices", "referred"), traits=Traits()
        ),
        "practitioners": (Practitioner(id=key("practitioners", "referred"), family_name="Referred"),),
    }
    of = {"patient": key("patients", "referred")}
    referred: tuple[Any, ...] = (
        care.Act(id=key("acts", "referred"), **of, status=care.ActStatus.DONE, label="Referred"),
        care.Appointment(
            id=key("appointments", "referred"),
            **of,
            status=care.AppointmentStatus.SCHEDULED,
            reason="Referred",
        ),
        people.Coverage(id=key("coverages", "referred"), **of, insurer="Referred"),
        documents.Document(id=key("documents", "referred"), **of, title="Referred"),
        money.Payment(id=key("payments", "referred"), **of, amount_cents=1),
    )
    whole |= {one.kind: (one,) for one in referred if one.kind != kind.kind}
    if kind is Practice:
        whole["practice"] = filling.record(kind, id=key("practices", "referred"))
    elif kind is Patient:
        whole["patient"] = filling.record(kind, id=of["patient"])
    else:
        whole[kind.kind] = (filling.record(kind),)
    return Marked(dossier=Dossier(**whole), leaves={leaf.path: leaf for leaf in filling.leaves})


def section(kind: type[Record], dossier: Dossier) -> str:
    """Return what the section of ``kind`` shows: its text, and where its links lead."""
    links = {one.sha256: place_of(one) for one in dossier.attachments()}
    pieces = index_page(dossier, links=links, sender=SENDER, written_at=WRITTEN_AT)
    root: Any = html.fromstring(b"".join(pieces))
    (body,) = root.xpath("//body")
    if kind.kind not in WHOLE_PAGE:
        (body,) = body.xpath(f"//section[@id='{SECTIONS.get(kind.kind, kind.kind)}']")
    text = " ".join([body.text_content(), *body.xpath(".//@href")])
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


def record_in(dossier: Dossier, kind: type[Record]) -> Any:
    if kind is Practice:
        return dossier.practice
    return dossier.patient if kind is Patient else getattr(dossier, kind.kind)[0]


def with_record(dossier: Dossier, record: Record) -> Dossier:
    if isinstance(record, Practice):
        return replace(dossier, practice=record)
    if isinstance(record, Patient):
        return replace(dossier, patient=record)
    return replace(dossier, **{record.kind: (record,)})


def changed(value: Any, path: Path, to: Any) -> Any:
    """Return ``value`` with ``to`` in the field at ``path``."""
    name, *rest = path
    present = getattr(value, name)
    inner = present[0] if isinstance(present, tuple) else present
    made = changed(inner, tuple(rest), to) if rest else to
    return replace(value, **{name: (made,) if isinstance(present, tuple) else made})


def others(leaf: Leaf) -> list[Any]:
    """Return the other values of a field that holds no text."""
    if isinstance(leaf.value, bool):
        return [not leaf.value]
    if isinstance(leaf.value, Enum):
        return [word for word in type(leaf.value) if word is not leaf.value]
    optional = NoneType in get_args(leaf.hint)
    return (
        [None]
        if optional and (leaf.field.metadata.get("refers") or leaf.entry.codes is notations.UUID)
        else []
    )


def looks_alike(kind: type[Record], leaf: Leaf, other: Any) -> bool | None:
    """Tell whether the section shows ``other`` as it does the value of ``leaf``; ``None`` where it cannot be."""
    dossier = marked(kind).dossier
    try:
        record = changed(record_in(dossier, kind), leaf.path, other)
    except InconsistentDossier:
        return None
    return section(kind, with_record(dossier, record)) == section(kind, dossier)


def texts_of(leaf: Leaf) -> Iterator[str]:
    """Yield the texts that show the value of a field."""
    if isinstance(leaf.value, Mapping):
        yield from (*leaf.value, *leaf.value.values())
    elif not is_dataclass(leaf.value) or isinstance(leaf.value, Attachment):
        yield shown_as(leaf)


def faults(kind: type[Record], leaf: Leaf) -> Iterator[str]:
    """Yield what the section of ``kind`` does not do with one field of it."""
    if leaf.field.metadata.get("refers") in {"patients", "practices"} or leaf.path == ("id",):
        assert leaf.left_out
    elif alternatives := others(leaf):
        alike = {
            other: found for other in alternatives if (found := looks_alike(kind, leaf, other)) is not None
        }
        assert alike
        for other in [other for other, found in alike.items() if found != bool(leaf.left_out)]:
            yield f"{leaf.value!r} and {other!r} look {'alike' if alike[other] else 'different'}"
    else:
        shown = section(kind, marked(kind).dossier)
        for text in texts_of(leaf):
            if (text in shown) == bool(leaf.left_out):
                yield f"{text!r} {'is' if leaf.left_out else 'is not'} there"


KINDS: tuple[type[Record], ...] = (Practice, Practitioner, Patient, *PATIENT_KINDS)
CASES = [(kind, path) for kind in KINDS for path in marked(kind).leaves]


def test_every_kind_and_field_is_seen() -> None:
    assert len(CASES) > 300
    for kind in KINDS:
        assert {path[0] for path in marked(kind).leaves} == {one.name for one in fields(kind)}


@pytest.mark.parametrize(
    ("kind", "path"), CASES, ids=[f"{kind.kind}.{'.'.join(path)}" for kind, path in CASES]
)
def test_a_field_is_shown_or_the_dictionary_says_why_not(kind: type[Record], path: Path) -> None:
    assert list(faults(kind, marked(kind).leaves[path])) == []


def carried(dossier: Dossier, table: str) -> str:
    """Return the text of a table of the archive."""
    if table == notations.SOURCE:
        return b"".join(write_source_rows(dossier.source_rows)).decode()
    places = {one.sha256: "" for one in dossier.attachments()}
    return "\n".join(";".join(row) for row in name_rows(dossier, places))


@pytest.mark.parametrize("table", [notations.NAMES, notations.SOURCE])
def test_a_table_of_the_archive_carries_the_fields_that_say_so_and_no_others(table: str) -> None:
    found = 0
    for kind in KINDS:
        text = carried(marked(kind).dossier, table)
        for path, leaf in marked(kind).leaves.items():
            if isinstance(leaf.value, str) and leaf.value.startswith("Zq"):
                assert (leaf.value in text) == (table in leaf.entry.tables), (kind.kind, path)
                found += table in leaf.entry.tables
    assert found >= 4

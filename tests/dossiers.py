"""Dossiers for tests: random consistent ones, and one with every kind of record and every word.

``dossiers()`` is driven by the types of the model, so a field that is added
there is generated here without a change.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from hypothesis import strategies as st

from formats.model.dates import PartialDate
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.health import HealthStatement, consistent_statement
from formats.model.imaging import NUMBERS, ImageFile
from formats.model.people import Patient, Practice, Practitioner
from formats.model.record import Record, practice_namespace, record_id
from tests.full_dossier import full_dossier, key, patient_variants

__all__ = ["PLAIN_TEXTS", "TEXTS", "dossiers", "enums", "full_dossier", "key", "patient_variants", "words"]

TEETH = [f"{quadrant}{place}" for quadrant in range(1, 9) for place in range(1, 9 if quadrant < 5 else 6)]

_AWKWARD = [
    "",
    " ",
    "\t",
    "\u00a0",
    "a\x00b",
    "\x1f",
    "\ud800",
    "\ud83d\ude00",
    "é\u2028\u0085",
    '"\\',
    "x" * 300,
]
TEXTS = st.one_of(
    st.sampled_from(_AWKWARD),
    st.text(max_size=12),
    st.text(st.characters(exclude_categories=()), max_size=4),
    st.sampled_from(
        ["1.2.250.1.213.1.4.10", "urn:oid:1.2.3", "https://smt.esante.gouv.fr/terminologie-ccam", "HBLD038"]
    ),
)
"""Texts of the worst kind: empty, blank, with control characters and lone surrogates."""
PLAIN_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=12)
"""Texts a careful practice would write; for formats that promise less than all of Unicode."""
OFFSETS = st.one_of(
    st.sampled_from([0, 60, 120, -300, 345, 14 * 60, -14 * 60, 15 * 60]).map(
        lambda minutes: timedelta(minutes=minutes)
    ),
    st.sampled_from(
        [timedelta(minutes=9, seconds=21), timedelta(hours=-23, minutes=-59), timedelta(microseconds=1)]
    ),
)
MOMENTS = st.builds(
    lambda moment, offset: moment.replace(tzinfo=timezone(offset), fold=0), st.datetimes(), OFFSETS
)  # fixed offsets only: named zones are equal in fewer cases (PEP 495) and travel as their offset
PARTIAL_DATES = st.builds(PartialDate, st.integers(1, 9999), st.one_of(st.none(), st.integers(1, 12)))
WHOLES = st.one_of(st.integers(-10, 30), st.integers())
DECIMALS = st.one_of(st.decimals(-1000, 1000, places=2), st.decimals(allow_nan=False, allow_infinity=False))
TOOTH = st.one_of(st.sampled_from(TEETH), st.sampled_from(TEETH).map(lambda tooth: f"{tooth}S"))
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)

Draw = Callable[[st.SearchStrategy[Any]], Any]


@cache
def hints(made: type) -> dict[str, Any]:
    """Return the types of the fields of ``made``."""
    return typing.get_type_hints(made)


@st.composite
def dossiers(
    draw: Draw,
    *,
    texts: st.SearchStrategy[str] = TEXTS,
    most: int = 2,
    kinds: tuple[type[Record], ...] = PATIENT_KINDS,
) -> Dossier:
    """Draw a consistent dossier with up to ``most`` records of each of ``kinds``."""
    known: dict[str, list[str]] = {}
    making = _Making(draw=draw, texts=texts, known=known)
    practice = making.record(Practice)
    practitioners = tuple(making.record(Practitioner) for _ in range(draw(st.integers(0, most))))
    patient = making.record(Patient, practice=practice.id)
    records = {}
    for kind in kinds:
        records[kind.kind] = tuple(making.record(kind) for _ in range(draw(st.integers(0, most))))
    return Dossier(practice=practice, practitioners=practitioners, patient=patient, **records)


class _Making:
    """Draws values by their types; references lead to what was drawn before."""

    def __init__(self, *, draw: Draw, texts: st.SearchStrategy[str], known: dict[str, list[str]]) -> None:
        self.draw = draw
        self.texts = texts
        self.known = known
        self.made = 0

    def record(self, kind: type[Record], **stated: Any) -> Any:
        self.made += 1
        key = record_id(practice_namespace("test"), kind.kind, self.made)
        record = self.value(kind, id=key, **stated)
        self.known.setdefault(kind.kind, []).append(key)
        return record

    def value(self, made: type, **stated: Any) -> Any:
        values = dict(stated)
        for field in fields(made):
            if field.name not in values:
                values[field.name] = self.field(made, field.name, field.metadata.get("refers"), field.default)
        if made is HealthStatement:
            values = consistent_statement(values)
        if made is ImageFile:
            values |= {
                name: tuple(self.draw(st.lists(WHOLES, min_size=count, max_size=count)))
                for name, count in NUMBERS.items()
                if values[name]
            }
        return made(**values)

    def field(self, made: type, name: str, refers: str | None, default: Any) -> Any:
        if refers:
            return self.reference(refers, needed=default is MISSING or refers == "patients")
        if name == "tooth":
            return self.draw(st.one_of(TOOTH, st.just("")))
        if name == "teeth":
            return tuple(self.draw(st.lists(TOOTH, max_size=3)))
        if name == "sha256":
            return self.draw(st.one_of(DIGESTS, self.texts))
        return self.typed(hints(made)[name])

    def reference(self, kind: str, *, needed: bool) -> str | None:
        choices = self.known.get(kind, [])
        if needed:
            return choices[0]
        chosen: str | None = self.draw(st.sampled_from([None, *choices]))
        return chosen

    def typed(self, hint: Any) -> Any:
        arguments = typing.get_args(hint)
        if isinstance(hint, types.UnionType):
            return self.typed(self.draw(st.sampled_from(arguments)))
        if hint is type(None):
            return None
        origin = typing.get_origin(hint)
        if origin is tuple:
            return tuple(self.typed(arguments[0]) for _ in range(self.draw(st.integers(0, 3))))
        if origin is Mapping:
            return {str(place): self.typed(arguments[1]) for place in range(self.draw(st.integers(0, 3)))}
        if is_dataclass(hint):
            return self.value(typing.cast("type", hint))
        return self.draw(self.simple(hint))

    def simple(self, hint: Any) -> st.SearchStrategy[Any]:
        if issubclass(hint, Enum):
            return st.sampled_from(list(hint))
        return {
            str: self.texts,
            bool: st.booleans(),
            int: WHOLES,
            float: st.floats(allow_nan=False),
            Decimal: DECIMALS,
            date: st.dates(),
            PartialDate: PARTIAL_DATES,
            datetime: MOMENTS,
        }[hint]


def enums(made: type) -> set[type[Enum]]:
    """Return every enum that ``made`` and what it contains can hold."""
    found: set[type[Enum]] = set()
    pending: list[Any] = [made]
    seen: set[Any] = set()
    while pending:
        hint = pending.pop()
        if hint in seen:
            continue
        seen.add(hint)
        pending.extend(typing.get_args(hint))
        if is_dataclass(hint):
            pending.extend(hints(typing.cast("type", hint)).values())
        elif isinstance(hint, type) and issubclass(hint, Enum):
            found.add(hint)
    return found


def words(value: Any) -> set[Enum]:
    """Return every enum value inside ``value``."""
    if isinstance(value, Enum):
        return {value}
    if isinstance(value, tuple):
        return set().union(*map(words, value))
    if is_dataclass(value):
        return set().union(*(words(getattr(value, field.name)) for field in fields(value)))
    return set()

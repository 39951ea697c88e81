"""Fields of the model that a mapping fills, by the names of the data dictionary, and what each takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, get_args, get_origin, get_type_hints

from formats.model.dictionary.entries import entries_of
from formats.model.documents import Attachment
from formats.model.dossier import PATIENT_KINDS
from formats.model.imaging import ImageStudy
from formats.model.mouth import Surface
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.words import BilingualText, Words


class Form(StrEnum):
    """What a field takes."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    MOMENT = "moment"
    MONEY = "money"
    WHOLE = "whole"
    REAL = "real"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    TOOTH = "tooth"
    TEETH = "teeth"
    SURFACES = "surfaces"
    TEXTS = "texts"
    WHOLES = "wholes"
    REFERENCE = "reference"
    FILE = "file"
    VALUE = "value"
    VALUES = "values"


_UNNAMED = Words("", "")


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldTarget:
    """A field: its ``form``, its vocabulary or the type of the values inside, the kind of record it refers to.

    A reference to somebody's own patient record leads out of the dossier: ``refers`` is then ``patients``.
    """

    name: str
    form: Form
    type: Any = None
    refers: str = ""
    required: bool = False
    label: Words = _UNNAMED

    @property
    def named(self) -> BilingualText:
        """What a person calls the field, with its key in quotation marks."""
        return named_key(self.label, self.name)


def named_key(label: Words, key: str) -> BilingualText:
    """Return what a field or a kind is called, with the key by which a mapping knows it."""
    return BilingualText(Words(f"{label.fr} («\u00a0{key}\u00a0»)", f"{label.en} (“{key}”)"))


_OF_PRACTICE: tuple[type[Record], ...] = (Practice, Practitioner, Patient)
KINDS: Mapping[str, type[Record]] = MappingProxyType(
    {kind.kind: kind for kind in _OF_PRACTICE + PATIENT_KINDS if kind not in {SourceRow, ImageStudy}}
)
"""Kinds of record that a mapping makes: DICOM studies come from their files, source rows by themselves."""

GIVEN = frozenset({"id", "patient", "practice"})
"""Fields that follow from the row."""
_NEVER = frozenset({"earlier_traits", "linked"})
"""Fields that no source has: what was collected before, and what people decided."""
_OWN_DOSSIER = frozenset({"other_patient", "payer_patient"})
_PLAIN = {
    int: Form.WHOLE,
    float: Form.REAL,
    Decimal: Form.DECIMAL,
    bool: Form.BOOLEAN,
    Attachment: Form.FILE,
}


@cache
def targets_of(kind: type) -> Mapping[str, FieldTarget]:
    """Return the fields of ``kind`` that a mapping may fill, in the order of the dictionary."""
    hints = get_type_hints(kind)
    declared = {one.name: one for one in fields(kind)}
    left = GIVEN | _NEVER if issubclass(kind, Record) else _NEVER
    return MappingProxyType(
        {
            name: replace(_target(declared[name], hints[name]), label=entry.label)
            for name, entry in entries_of(kind).items()
            if name not in left
        }
    )


@cache
def fields_by_label(kind: type) -> Mapping[str, str]:
    """Return the fields of ``kind`` by their labels, French and English."""
    found = targets_of(kind)
    return MappingProxyType({label: name for name, one in found.items() for label in one.label})


def _target(one: Any, hint: Any) -> FieldTarget:
    refers = one.metadata.get("refers", "")
    required = one.default is MISSING and one.default_factory is MISSING
    if refers or one.name in _OWN_DOSSIER:
        return FieldTarget(
            name=one.name, form=Form.REFERENCE, refers=refers or Patient.kind, required=required
        )
    form, inside = _form(one.name, hint)
    return FieldTarget(name=one.name, form=form, type=inside, required=required)


def _form(name: str, hint: Any) -> tuple[Form, Any]:
    if get_origin(hint) is tuple:
        return _many(name, get_args(hint)[0])
    types = [one for one in (get_args(hint) or (hint,)) if one is not type(None)]
    if date in types:
        return (Form.MOMENT if datetime in types else Form.DATE), None
    (only,) = types
    if only in _PLAIN:
        return (Form.MONEY if name.endswith("_cents") else _PLAIN[only]), None
    if is_dataclass(only):
        return Form.VALUE, only
    if issubclass(only, StrEnum):
        return Form.CODE, only
    return (Form.TOOTH if name == "tooth" else Form.TEXT), None


def _many(name: str, inside: Any) -> tuple[Form, Any]:
    if is_dataclass(inside):
        return Form.VALUES, inside
    if inside is Surface:
        return Form.SURFACES, inside
    if inside is int:
        return Form.WHOLES, None
    return (Form.TEETH if name == "teeth" else Form.TEXTS), None

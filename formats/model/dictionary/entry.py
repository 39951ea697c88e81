"""Entry of the data dictionary: what is said about one field of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from formats.words import Words


class Privacy(StrEnum):
    """Privacy class of a field; a value inside a record has the stricter one of its own and its holder's.

    ``THIRD_PARTY`` is about somebody else than the patient. ``PERSONAL_NOTE`` can be a note that is the
    practitioner's own and leaves only with a mass export (PDLGC).
    """

    ADMINISTRATIVE = "administrative"
    CARE = "care"
    THIRD_PARTY = "third-party"
    PERSONAL_NOTE = "personal-note"


PRIVACY_WORDS: Mapping[Privacy, Words] = {
    Privacy.ADMINISTRATIVE: Words("administrative", "administrative"),
    Privacy.CARE: Words("soin", "care"),
    Privacy.THIRD_PARTY: Words("tiers", "third party"),
    Privacy.PERSONAL_NOTE: Words("note personnelle", "personal note"),
}
"""What each class is called in the reference pages."""


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """Entry of one field.

    ``label`` stands in front of its value, ``meaning`` is a sentence of the catalogue. ``codes`` names the
    outside code system or notation of a text, ``unit`` that of a number; words of the model itself are in
    ``Codes``. INDEX.HTM shows the field unless ``left_out`` says why not (a sentence of the catalogue);
    ``left_out_inside`` says so of fields of the value it holds. ``tables`` are the tables of an archive
    that carry it, beside DATA/DOSSIER.JSO.
    """

    label: Words
    meaning: str
    privacy: Privacy
    codes: Words | None = field(default=None, kw_only=True)
    unit: Words | None = field(default=None, kw_only=True)
    left_out: str = field(default="", kw_only=True)
    left_out_inside: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    tables: tuple[str, ...] = field(default=(), kw_only=True)


Fields: TypeAlias = Mapping[type, Mapping[str, FieldEntry]]
"""Entries of the fields that each dataclass declares itself, by field."""

Codes: TypeAlias = Mapping[type[StrEnum], Mapping[Any, Words]]
"""What the words of each vocabulary of the model are called."""

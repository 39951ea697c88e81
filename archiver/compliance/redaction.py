"""Redaction of a dossier for whoever asks for it: what the law keeps back is taken out, with a trace of what and why.

1. What is about somebody else: fields that the data dictionary calls a third party's are emptied; a record that is all
   about somebody else leaves with nothing in it, and is left out.
2. Notes that the practitioner made for themselves alone, unless one served care, which only the practitioner can say.
3. Rows of the source, word for word: nobody can tell whom they name. What they say was read into the records.
4. Kinds of record that do not serve the purpose of the request, where it has one.
5. Single records that the practitioner leaves out, with a reason.

Texts, letters and images are handed over as they stand: a person reads them first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from archiver.compliance.request_words import Omission
from formats.model.care import Note, NoteKind
from formats.model.dictionary.entries import fields_of_class
from formats.model.dictionary.entry import Privacy
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.people import RelatedPerson
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.model.references import with_references

_THIRD = frozenset({Privacy.THIRD_PARTY})


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """What a person decided: ``only`` are kinds of record, all where it is empty; the others identities of records."""

    only: Collection[str] = frozenset()
    without: Collection[str] = frozenset()
    notes: Collection[str] = frozenset()


EVERYTHING = Selection()
"""All kinds of record, and no record left out or handed over by a person's decision."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Redacted:
    """A dossier as it is handed over, and what it lacks: whole ``records`` by identity, ``emptied`` fields by kind."""

    dossier: Dossier
    records: Mapping[str, tuple[str, Omission]]
    emptied: Mapping[tuple[str, str], int]

    def counts(self) -> dict[tuple[str, Omission], int]:
        """Return how many records of each kind are left out for each reason."""
        return dict(Counter(self.records.values()))


def redact(dossier: Dossier, selection: Selection) -> Redacted:
    """Return ``dossier`` without what is not to be handed over."""
    left_out = {
        record.id: (record.kind, why) for record in dossier.records() if (why := _omission(record, selection))
    }
    emptied: Counter[tuple[str, str]] = Counter()
    rest = _rest(dossier, left_out, lambda record: _without_others(record, emptied))
    patient = replace(dossier.patient, linked=())
    return Redacted(dossier=replace(rest, patient=patient), records=left_out, emptied=dict(emptied))


def without_records(dossier: Dossier, identities: Collection[str], why: Omission) -> Redacted:
    """Return ``dossier`` without the records that ``identities`` name; the patient stays."""
    left_out = {
        record.id: (kind.kind, why)
        for kind in PATIENT_KINDS
        for record in getattr(dossier, kind.kind)
        if record.id in identities
    }
    rest = _rest(dossier, left_out, lambda record: _naming_none_of(record, left_out))
    return Redacted(dossier=rest, records=left_out, emptied={})


def _rest(dossier: Dossier, left_out: Mapping[str, Any], change: Callable[[Record], Record]) -> Dossier:
    """Return ``dossier`` without what is left out, and each record that stays as ``change`` gives it."""
    kinds: dict[str, Any] = {
        kind.kind: tuple(
            change(_detached(record, left_out))
            for record in getattr(dossier, kind.kind)
            if record.id not in left_out
        )
        for kind in PATIENT_KINDS
    }
    return replace(dossier, **kinds)


def _naming_none_of(record: Record, left_out: Mapping[str, Any]) -> Record:
    """Return a verbatim row without the identities of records that are left out; any other record as it is."""
    if not isinstance(record, SourceRow) or left_out.keys().isdisjoint(record.records):
        return record
    return replace(record, records=tuple(one for one in record.records if one not in left_out))


def _omission(record: Record, selection: Selection) -> Omission | None:
    if record.id in selection.without:
        return Omission.CHOICE
    if isinstance(record, RelatedPerson):
        return Omission.THIRD_PARTY
    if isinstance(record, SourceRow):
        return Omission.VERBATIM_ROW
    if isinstance(record, Note) and record.note is NoteKind.PERSONAL and record.id not in selection.notes:
        return Omission.PERSONAL_NOTE
    if selection.only and record.kind not in selection.only:
        return Omission.PURPOSE
    return None


def _detached(record: Record, left_out: Mapping[str, Any]) -> Record:
    """Return ``record`` without references to what is left out."""
    return with_references(record, lambda _, identity: None if identity in left_out else identity)


def _without_others(record: Record, emptied: Counter[tuple[str, str]]) -> Record:
    changes = {}
    for name, empty in _third_party_fields(type(record)):
        if getattr(record, name) != empty:
            changes[name] = empty
            emptied[record.kind, name] += 1
    return replace(record, **changes) if changes else record


def _third_party_fields(kind: type[Record]) -> Iterator[tuple[str, Any]]:
    """Yield the fields of ``kind`` that are about somebody else, each with the value of one that says nothing."""
    named = fields_of_class(kind, _THIRD)
    for one in fields(kind):
        if one.name in named:
            yield one.name, one.default

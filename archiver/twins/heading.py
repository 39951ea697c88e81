"""Heading of a readable copy: the practice, who the patient is, what the document is, and its day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

from archiver.twins.nodes import Node, breakable, nodes_of, plain_text
from formats.cda.elements import stamp_date
from formats.mapping.ins import travelling_ins
from formats.model.dates import AnyDate, PartialDate, first_day
from formats.model.dictionary.entries import code_words, labels
from formats.model.dossier import Dossier
from formats.model.identity import ContactKind, Sex, Traits
from formats.model.people import Patient, Practice
from formats.pdlgc.page import identity
from formats.pdlgc.page.markup import Html, both, html_text
from formats.pdlgc.page.values import day
from formats.pdlgc.subset.documents import SubsetDocument
from formats.pdlgc.subset.plan import recorded_at
from formats.words import Words

MAX_TITLE = 300
"""Characters of a title; a longer one would fill the first page."""
MAX_NAME = 120
"""Characters of a name above each page; the first one has all of it below."""

_TRAITS = labels(Traits)
_NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
_NOT_FILLED_IN = "non renseigné"
_INS = Words("INS", "INS")
_BORN = {Sex.MALE: "né", Sex.FEMALE: "née", Sex.OTHER: "né(e)", Sex.UNKNOWN: "né(e)"}


def heading_data(dossier: Dossier, document: SubsetDocument) -> dict[str, Any]:
    """Return the heading of the copy of ``document`` as the template takes it."""
    name = breakable(cut(plain_text(identity.full_name(dossier.patient)), MAX_NAME))
    born = day(dossier.patient.traits.birth_date)
    line = f"{name}, {_BORN[dossier.patient.traits.sex]} le {plain_text(born)}" if born else name
    return {
        "practice": {
            "name": breakable(cut(dossier.practice.name, MAX_NAME)),
            "lines": list(_practice_lines(dossier.practice)),
        },
        "patient": {"name": name, "line": line, "facts": list(_patient_facts(dossier.patient))},
        "title": breakable(cut(" ".join((document.title or document.type.label).split()), MAX_TITLE)),
        "kind": document.type.label,
        "when": _when(_day_of(document)),
        "body": [],
        "pages": [],
    }


def cut(text: str, most: int) -> str:
    """Return ``text``, or its beginning with ``…``."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _when(value: AnyDate | None) -> str:
    if value is None:
        return ""
    return f"établi {'en' if isinstance(value, PartialDate) else 'le'} {plain_text(day(value))}"


def _day_of(document: SubsetDocument) -> AnyDate | None:
    """Return the day of a document; that of an undated file is, in the metadata, when they were written: none."""
    if document.record is not None and recorded_at(document.record) is None:
        return None
    return stamp_date(document.service_start)


def copy_moment(document: SubsetDocument) -> datetime:
    """Return the moment that the metadata of a copy state: that of its document, the epoch where it has none.

    Nothing of a copy depends on when it is made, so that the same document gives the same bytes.
    """
    on = _day_of(document)
    return datetime.combine(first_day(on), time(), UTC) if on else _NO_MOMENT


def _practice_lines(practice: Practice) -> Iterator[str]:
    for address in practice.addresses[:1]:
        yield from filter(None, address.lines)
        yield " ".join(filter(None, (address.postal_code, address.city)))
    reached = (ContactKind.PHONE, ContactKind.EMAIL)
    for kind in reached:
        yield from [one.value for one in practice.contacts if one.kind is kind][:1]
    for identifier in practice.identifiers[:2]:
        yield f"{code_words(identifier.type).fr} {identifier.value}"


def _patient_facts(patient: Patient) -> Iterator[tuple[list[str], list[Node]]]:
    traits = patient.traits
    shown: tuple[tuple[Words, Html], ...] = (
        (_TRAITS["birth_family_name"], html_text(traits.birth_family_name)),
        (_TRAITS["birth_given_names"], html_text(", ".join(traits.birth_given_names))),
        (_TRAITS["birth_date"], day(traits.birth_date)),
        (_TRAITS["sex"], both(code_words(traits.sex))),
        (_TRAITS["birth_place"], html_text(traits.birth_place)),
        (_INS, identity.ins(replace(patient, identifiers=tuple(travelling_ins(patient))))),
    )
    for words, value in shown:
        yield [words.fr], nodes_of([value]) if value else [{"p": [{"q": [_NOT_FILLED_IN]}]}]

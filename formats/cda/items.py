"""A clinical document as items of a source: the document itself, who it names, what it wraps and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from formats import xml
from formats.cda.codes import LOINC
from formats.cda.document import ClinicalDocument
from formats.cda.elements import attribute, child, elements_at, faulty_stamps, local_name
from formats.cda.files import embedded_file, embedded_values
from formats.cda.people import addresses_of, name_parts, relation_of, telecoms
from formats.cda.reading import Reading
from formats.cda.sections import body_items
from formats.errors import Fact
from formats.findings import Finding, Severity
from formats.model.documents import Document
from formats.model.people import Patient, Practice, RelatedPerson, Relation
from formats.model.provenance import Cell, SourceRow
from formats.model.record import record_id
from formats.reading import FileBody, Item, Tally
from formats.words import mark, plural
from formats.xml import Element

_PROFESSIONALS = (
    *("author/assignedAuthor", "legalAuthenticator/assignedEntity", "authenticator/assignedEntity"),
    *("participant/associatedEntity", "documentationOf/serviceEvent/performer/assignedEntity"),
    "componentOf/encompassingEncounter/responsibleParty/assignedEntity",
    "componentOf/encompassingEncounter/encounterParticipant/assignedEntity",
)
_RELATED = ("informant/relatedEntity", "participant/associatedEntity")
_NO_PROFESSIONALS = frozenset({"ECON", "NOK", "GUAR", "CAREGIVER", "AGNT", "PRS"})
"""classCode of an entity that is no professional (HL7 RoleClass)."""
_NO_BASE64 = mark("The file that the document wraps cannot be taken: it is not whole.")
_CHANGED = mark("The file that the document wraps is refused: it has not the digest that stands beside it.")
_ELSEWHERE = mark("The document wraps a file that is not in it: {place}.")
_TIMES = plural(
    "{count} date or time of the document is none: {value}. It stays word for word.",
    "{count} dates or times of the document are none, the first being {value}. They stay word for word.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """Whose dossier a document belongs to, and which source says so.

    ``known`` are the identities of the persons of whom a record was made before: each is made once.
    """

    practice: Practice
    patient: Patient
    system: str
    known: set[str]


def document_identity(practice: str, patient: str, key: str) -> str:
    """Return the identity of the record of the document ``key`` itself."""
    return record_id(practice, "cda-documents", f"{patient}/{key}/whole")


def document_items(
    document: ClinicalDocument,
    holder: Holder,
    *,
    place: str,
    name: str,
    open_file: Callable[[], BinaryIO],
    superseded: bool = False,
) -> Iterator[Item]:
    """Yield everything that ``document`` holds, but the patient; findings name its ``place``, ``name`` is its file's.

    Its tree is not whole afterwards: what became a file is taken out of it.
    """
    reading = Reading(
        document=document,
        practice=holder.practice.id,
        patient=holder.patient.id,
        system=holder.system,
        place=place,
        known=holder.known,
    )
    reading.author = reading.practitioner(child(document.root, "author/assignedAuthor"))
    yield from _whole(reading, name, open_file)
    yield from _people(reading)
    yield from _wrapped(reading, superseded=superseded)
    faults = list(faulty_stamps(document.root))
    if faults:
        facts: dict[str, Fact] = {"count": len(faults), "value": faults[0]}
        yield Finding(severity=Severity.WARNING, code="cda-time", where=place, sentence=_TIMES, facts=facts)
    yield from body_items(reading, superseded=superseded)
    yield from reading.practitioners.values()
    yield _header_row(reading)
    yield Tally(table="document", rows=1)


def _whole(reading: Reading, name: str, open_file: Callable[[], BinaryIO]) -> Iterator[Item]:
    """Yield the document as it was made, byte for byte."""
    document = reading.document
    yield FileBody(attachment=document.attachment, open=open_file)
    yield Document(
        id=reading.identity_of("documents", "whole"),
        patient=reading.patient,
        title=document.title,
        original_name=name,
        category=document.type.label,
        code=document.type.code if document.type.oid == LOINC else "",
        created_at=reading.made_at,
        practitioner=reading.author,
        attachment=document.attachment,
    )


def _people(reading: Reading) -> Iterator[RelatedPerson]:
    """Know the professionals of the header, and yield who answers for the patient or is called."""
    root = reading.document.root
    for place in _PROFESSIONALS:
        for one in elements_at(root, place):
            if attribute(one, "classCode") not in _NO_PROFESSIONALS:
                reading.practitioner(one)
    guardians = ((one, Relation.GUARDIAN) for one in elements_at(reading.document.role, "patient/guardian"))
    others = (
        (one, relation_of(one))
        for place in _RELATED
        for one in elements_at(root, place)
        if place.startswith("informant") or attribute(one, "classCode") in _NO_PROFESSIONALS
    )
    for entity, relation in (*guardians, *others):
        person = _related(entity, relation, reading)
        if person is not None and person.id not in reading.known:
            reading.known.add(person.id)
            yield person


def _related(entity: Element, relation: Relation, reading: Reading) -> RelatedPerson | None:
    names = ("guardianPerson", "relatedPerson", "associatedPerson")
    person = next((one for name in names if (one := child(entity, name)) is not None), None)
    family, given, _ = name_parts(person)
    if not family and not given:
        return None
    key = f"{reading.patient}/{relation.value}/{family}/{given}"
    return RelatedPerson(
        id=record_id(reading.practice, "cda-related", key),
        patient=reading.patient,
        relation=relation,
        family_name=family,
        given_name=given,
        contacts=telecoms(entity),
        addresses=addresses_of(entity),
        note=reading.coded(child(entity, "code")).label,
    )


def _wrapped(reading: Reading, *, superseded: bool) -> Iterator[Item]:
    """Yield the file that a document of level 1 wraps."""
    body = child(reading.document.root, "component/nonXMLBody")
    if body is None:
        return
    elsewhere = attribute(child(body, "text/reference"))
    if elsewhere:
        facts = {"place": elsewhere}
        yield Finding(
            severity=Severity.ERROR,
            code="cda-file-elsewhere",
            where=reading.place,
            sentence=_ELSEWHERE,
            facts=facts,
        )
    for number, node in enumerate(list(embedded_values(body)), 1):
        found = embedded_file(node, unreadable=_NO_BASE64, changed=_CHANGED)
        if found.body is None:
            yield Finding(severity=Severity.ERROR, code="cda-file", where=reading.place, sentence=found.fault)
            continue
        node.text = f"sha256:{found.body.attachment.sha256}"
        if not superseded:
            yield found.body
            yield replace(_document(reading, number), attachment=found.body.attachment)


def _document(reading: Reading, number: int) -> Document:
    document = reading.document
    return Document(
        id=reading.identity_of("documents", f"wrapped/{number}"),
        patient=reading.patient,
        title=document.title,
        category=document.type.label,
        code=document.type.code if document.type.oid == LOINC else "",
        created_at=reading.made_at,
        practitioner=reading.author,
    )


def _header_row(reading: Reading) -> SourceRow:
    """Return the header word for word; nothing of the body is in it."""
    document, root = reading.document, reading.document.root
    for one in list(root):
        if local_name(one) == "component" and child(one, "structuredBody") is not None:
            root.remove(one)
    columns: dict[str, Cell] = {
        "id": document.number,
        "set_id": document.series,
        "version": document.version or None,
        "title": document.title,
        "type": document.type.code,
        "effective_time": attribute(child(root, "effectiveTime")),
        "sha256": document.attachment.sha256,
        "header": xml.xml_text(root),
    }
    return SourceRow(
        id=reading.row_identity("document"),
        patient=reading.patient,
        system=reading.system,
        table="document",
        key=document.key,
        columns=columns,
        records=(reading.identity_of("documents", "whole"),),
    )

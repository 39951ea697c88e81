"""The Composition of a document (R4, documents.html): whose it is, who keeps it, and every record in its section."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime

from formats.fhir.codes import HL7, LOINC, Coding
from formats.fhir.elements import Element
from formats.fhir.exact import put_primitive
from formats.fhir.kinds import resource_for
from formats.fhir.primitives import MOMENT, TEXT
from formats.fhir.records.people import roles
from formats.fhir.resources import start
from formats.fhir.vocabulary import concept
from formats.fhir_interchange.narrative import narrative, paragraph, record_lines
from formats.fhir_interchange.profiles import IPS_COMPOSITION
from formats.fhir_interchange.sections import STAFF, DocumentSection, sections_of
from formats.mapping.parts import Setting
from formats.model.dossier import Dossier
from formats.model.health import HealthStatement, Presence
from formats.model.provenance import SourceRow
from formats.model.record import NAMESPACE, Record
from formats.xml_markup import Markup

KIND = "composition"
"""Tag of the Composition of a document; what it says is made from the records, and no record of its own."""
SUMMARY = Coding(LOINC, "60591-5")
"""The type of an International Patient Summary."""
NOT_STATED = Coding(f"{HL7}/list-empty-reason", "unavailable")
"""Why a section is empty: nothing is known, which is not that there is nothing (IPS 2.0)."""
NOT_STATED_TEXT = "Non renseigné\u00a0: le dossier n’en dit rien, ce qui ne veut pas dire qu’il n’y en a pas."
TITLE = "Dossier dentaire et synthèse médicale"


def composition(dossier: Dossier, *, patient_conforms: bool, written_at: datetime) -> Element:
    """Return the Composition of ``dossier``; with ``patient_conforms`` it says to be of the Patient Summary."""
    patient = f"Patient/{dossier.patient.id}"
    practice = {"reference": f"Organization/{dossier.practice.id}"}
    key = str(uuid.uuid5(NAMESPACE, f"{dossier.patient.id}/{KIND}"))
    node = start("Composition", key, KIND)
    if patient_conforms:
        node["meta"]["profile"] = [IPS_COMPOSITION]
    node |= {
        "language": "fr",
        "status": "final",
        "type": concept(SUMMARY),
        "subject": {"reference": patient},
    }
    put_primitive(node, "date", MOMENT, written_at)
    node["author"] = [practice]
    put_primitive(node, "title", TEXT, _title(dossier))
    node |= {"custodian": practice, "section": list(_sections(dossier))}
    return node


def _title(dossier: Dossier) -> str:
    traits = dossier.patient.traits
    family = traits.used_family_name or traits.birth_family_name
    given = traits.used_given_name or " ".join(traits.birth_given_names[:1])
    named = " ".join(f"{given} {family}".split())
    return f"{TITLE} – {named}" if named else TITLE


def _sections(dossier: Dossier) -> Iterator[Element]:
    records = [one for one in dossier.records() if not isinstance(one, SourceRow)]
    for section, found in sections_of(records):
        if not found:
            empty = concept(NOT_STATED) | {"text": NOT_STATED_TEXT}
            text = narrative([paragraph(NOT_STATED_TEXT)])
            yield _section(section, text) | {"emptyReason": empty}
            continue
        text = narrative((*_denied(found), *record_lines(found, dossier)))
        yield _section(section, text) | {"entry": _entries(map(_reference, found))}
    yield from _staff(dossier)


def _denied(found: list[Record]) -> Iterator[Markup]:
    """Yield the line of a topic that was asked about, and of which there is nothing."""
    if all(isinstance(one, HealthStatement) and one.presence is Presence.NONE for one in found):
        yield paragraph("Demandé au patient\u00a0: aucun.")


def _staff(dossier: Dossier) -> Iterator[Element]:
    setting = Setting(practice=dossier.practice.id, currency=dossier.practice.currency)
    references, lines = [], []
    for one in dossier.practitioners:
        references.append(f"Practitioner/{one.id}")
        references += [f"PractitionerRole/{role['id']}" for role in roles(one, setting)]
        lines.append(paragraph(" ".join(filter(None, (one.title, one.given_name, one.family_name))) or "–"))
    if references:
        yield _section(STAFF, narrative(lines)) | {"entry": _entries(references)}


def _section(section: DocumentSection, text: Element) -> Element:
    return {"title": section.title, "code": concept(section.code), "text": text}


def _reference(record: Record) -> str:
    return f"{resource_for(record).name}/{record.id}"


def _entries(references: Iterable[str]) -> list[Element]:
    return [{"reference": one} for one in references]

"""Writing one dossier as a document (R4, documents.html): a Bundle whose first entry is the Composition."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from formats.fhir.codes import BASE, URI_SYSTEM
from formats.fhir.elements import Element
from formats.fhir.layout import BundleLine, BundleSink, as_json, write_lines
from formats.fhir_interchange.composition import composition
from formats.fhir_interchange.profiles import IPS_BUNDLE, IPS_PATIENT, claims
from formats.fhir_interchange.resources import (
    file_places,
    patient_resources,
    practice_resources,
    resource_text,
)
from formats.model.dossier import Dossier
from formats.model.record import NAMESPACE

DOCUMENT = "document.json"
"""What the document of a dossier is called; its files lie beside it."""


def write_fhir_document(
    dossier: Dossier, target: BundleSink, *, written_at: datetime
) -> tuple[Counter[str], Counter[str]]:
    """Write ``dossier`` without its source rows to ``target``; return how many records by kind, and resources by type.

    The same dossier and time give the same bytes. ``written_at`` carries a zone.

    Raises:
        FormatFailure: when a record's identity is no FHIR id.
        LimitExceeded: when the document would be too large to be read again.
    """
    written, resources = Counter[str](), Counter[str]()
    patient = next(patient_resources(dossier, Counter()))
    conforms = claims(patient, IPS_PATIENT)
    first = composition(dossier, patient_conforms=conforms, written_at=written_at)
    identity = uuid.uuid5(NAMESPACE, f"{dossier.patient.id}/{written_at.isoformat()}")
    head: Element = {
        "type": "document",
        "identifier": {"system": URI_SYSTEM, "value": f"urn:uuid:{identity}"},
    }
    write_lines(
        _lines(dossier, first, written, resources),
        target,
        written_at,
        head=head,
        profiles=(IPS_BUNDLE,) if conforms else (),
    )
    return written, resources


def _lines(
    dossier: Dossier, first: Element, written: Counter[str], resources: Counter[str]
) -> Iterator[BundleLine]:
    places = file_places(dossier)
    for nodes in ([first], practice_resources(dossier), patient_resources(dossier, written)):
        for node in nodes:
            place = f"{node['resourceType']}/{node['id']}"
            text = resource_text(node, places)
            resources[node["resourceType"]] += 1
            yield place, f'{{"fullUrl":{as_json(f"{BASE}/{place}")},"resource":{text}}}'

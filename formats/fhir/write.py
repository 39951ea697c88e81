"""Writing one dossier as a FHIR R4 Bundle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from formats.fhir.elements import Element
from formats.fhir.kinds import resource_for
from formats.fhir.layout import write_lines
from formats.fhir.parts import Setting
from formats.fhir.people import roles
from formats.model.dossier import Dossier
from formats.model.provenance import SourceRow


def write_bundle(dossier: Dossier, target: BinaryIO, *, written_at: datetime) -> None:
    """Write ``dossier`` without its source rows to ``target`` as a Bundle of type collection.

    The same dossier and time give the same bytes. ``written_at`` carries a zone.

    Raises:
        FormatFailure: when a record's identity is no FHIR id.
        LimitExceeded: when the bundle would be too large to be read again.
    """
    write_lines(resources(dossier), target, written_at)


def resources(dossier: Dossier) -> Iterator[Element]:
    """Yield the resources of ``dossier``: practice, practitioners, patient, then the patient's records."""
    setting = Setting(practice=dossier.practice.id, currency=dossier.practice.currency)
    yield resource_for(dossier.practice).write(dossier.practice, setting)
    for practitioner in dossier.practitioners:
        yield resource_for(practitioner).write(practitioner, setting)
        yield from roles(practitioner, setting)
    yield resource_for(dossier.patient).write(dossier.patient, setting)
    for record in dossier.records():
        if not isinstance(record, SourceRow):
            yield resource_for(record).write(record, setting)

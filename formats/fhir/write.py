"""Writing one dossier as a FHIR R4 Bundle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from formats.fhir.elements import Element
from formats.fhir.kinds import resource_for
from formats.fhir.layout import BundleSink, write_lines
from formats.fhir.records.people import roles
from formats.mapping.parts import Setting
from formats.model.dossier import Dossier
from formats.model.provenance import SourceRow


def write_bundle(dossier: Dossier, target: BundleSink, *, written_at: datetime) -> Counter[str]:
    """Write ``dossier`` without its source rows to ``target`` as a Bundle of type collection.

    Return how many records of the patient were written, by kind.

    The same dossier and time give the same bytes. ``written_at`` carries a zone.

    Raises:
        FormatFailure: when a record's identity is no FHIR id.
        LimitExceeded: when the bundle would be too large to be read again.
    """
    written: Counter[str] = Counter()
    write_lines(_resources(dossier, written), target, written_at)
    return written


def _resources(dossier: Dossier, written: Counter[str]) -> Iterator[Element]:
    """Yield the practice, practitioners, patient, then the patient's records, counting these."""
    setting = Setting(practice=dossier.practice.id, currency=dossier.practice.currency)
    yield resource_for(dossier.practice).write(dossier.practice, setting)
    for practitioner in dossier.practitioners:
        yield resource_for(practitioner).write(practitioner, setting)
        yield from roles(practitioner, setting)
    yield resource_for(dossier.patient).write(dossier.patient, setting)
    for record in dossier.records():
        if not isinstance(record, SourceRow):
            yield resource_for(record).write(record, setting)
            written[record.kind] += 1

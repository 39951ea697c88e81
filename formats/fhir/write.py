"""Writing one dossier as a FHIR R4 Bundle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from formats.fhir.codegen.compiled import write_line
from formats.fhir.layout import BundleLine, BundleSink, bundle_line, write_lines
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
    write_lines(bundle_lines(dossier, written), target, written_at)
    return written


def bundle_lines(dossier: Dossier, written: Counter[str]) -> Iterator[BundleLine]:
    """Yield the practice, practitioners, patient, then the patient's records, counting these."""
    setting = Setting(practice=dossier.practice.id, currency=dossier.practice.currency)
    yield write_line(dossier.practice, setting)
    for practitioner in dossier.practitioners:
        yield write_line(practitioner, setting)
        yield from map(bundle_line, roles(practitioner, setting))
    yield write_line(dossier.patient, setting)
    for record in dossier.records():
        if not isinstance(record, SourceRow):
            yield write_line(record, setting)
            written[record.kind] += 1

"""The resources of a dossier as other programs get them: with standard terms, profiles, and where their files lie."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from formats.fhir.elements import Element
from formats.fhir.kinds import resource_for
from formats.fhir.layout import as_json
from formats.fhir.records.papers import FILE_URL
from formats.fhir.records.people import roles
from formats.fhir_interchange.profiles import declare_profiles
from formats.fhir_interchange.terms import add_standard_terms, withhold_ins
from formats.mapping.ins import travelling_ins
from formats.mapping.parts import Setting
from formats.model.documents import Document
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile
from formats.model.people import Patient
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.pdlgc.endings import ending
from formats.words import mark

FILES = "files"
"""The folder of the files; each lies under its SHA-256, whose first two digits are a folder of their own."""
ROWS_LEFT_OUT = mark(
    "No type of resource is meant for a row of the source word for word; the folder of a delivered dossier has it."
)
"""Why source rows are in no FHIR delivery."""
_FILE = re.compile(f'"url":"{FILE_URL}([0-9a-f]{{64}})"')
"""Where a resource names a file; inside a text the quotation marks would be escaped."""


def practice_resources(dossier: Dossier) -> Iterator[Element]:
    """Yield the practice, the practitioners and their engagements."""
    setting = _setting(dossier)
    yield _standard(dossier.practice, setting)
    for practitioner in dossier.practitioners:
        yield _standard(practitioner, setting)
        yield from map(add_terms_and_profiles, roles(practitioner, setting))


def patient_resources(dossier: Dossier, written: Counter[str]) -> Iterator[Element]:
    """Yield the patient, then the records of the patient but source rows, counting these by kind."""
    setting = _setting(dossier)
    yield _standard(dossier.patient, setting)
    for record in dossier.records():
        if not isinstance(record, SourceRow):
            yield _standard(record, setting)
            written[record.kind] += 1


def add_terms_and_profiles(node: Element, record: Record | None = None) -> Element:
    """Add to the resource of a ``record`` of ours what is written for other programs, and return it.

    An INS that may not travel as one (``formats.mapping.ins``) does not.
    """
    if isinstance(record, Patient) and not any(travelling_ins(record)):
        withhold_ins(node)
    return declare_profiles(add_standard_terms(node))


def _setting(dossier: Dossier) -> Setting:
    return Setting(practice=dossier.practice.id, currency=dossier.practice.currency)


def _standard(record: Record, setting: Setting) -> Element:
    return add_terms_and_profiles(resource_for(record).write(record, setting), record)


def file_places(dossier: Dossier) -> dict[str, str]:
    """Return where each file of a dossier lies, by its SHA-256: beside the resources, under its digest."""
    holders: tuple[Document | ImageFile, ...] = (*dossier.documents, *dossier.image_files)
    called = {one.attachment.sha256: one.original_name for one in holders if one.attachment}
    places = {}
    for one in dossier.attachments():
        kind = ending(one.media_type, called.get(one.sha256, "")).lower()
        places[one.sha256] = str(PurePosixPath(FILES, one.sha256[:2], f"{one.sha256}.{kind}"))
    return places


def resource_text(node: Element, places: Mapping[str, str]) -> str:
    """Return a resource as one line of JSON, in which files are where ``places`` says."""
    text = as_json(node)
    if FILE_URL not in text:
        return text
    return _FILE.sub(lambda found: f'"url":{as_json(places.get(found[1], FILE_URL + found[1]))}', text)

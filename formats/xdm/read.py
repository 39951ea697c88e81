"""Media of clinical documents: each document is compared with its metadata, and read if it is the one they describe.

1. The metadata say who submits, about whom, and which files there are.
2. A file that is not there, or of another length or digest, is refused; the others are read.
3. A clinical document is read as such (``formats.cda``); any other file becomes a document of the patient.
4. What the metadata say in every object is kept word for word; files that no entry names are named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from formats.cda.document import (
    MAX_DOCUMENT_BYTES,
    read_document,
)
from formats.cda.items import Holder, document_identity, document_items
from formats.cda.read import REPLACED, dossiers_of, people_of
from formats.digests import SHA256
from formats.errors import Failure
from formats.findings import Finding, Severity
from formats.model.provenance import SourceRow
from formats.model.record import record_id
from formats.outside_files.archives import OutsideFile
from formats.reading import Item, Tally
from formats.words import mark
from formats.xdm.codes import REPLACES
from formats.xdm.described import (
    DescribedDocument,
    SubmittedDocuments,
    refused_file,
    submitted_documents,
    xdm_finding,
)
from formats.xdm.medium import subsets_at
from formats.xdm.plain_document import plain_document

SYSTEM = "xdm"
_UNDESCRIBED = mark("No metadata describe this file: it is not taken.")
_DESCRIPTIONS = frozenset({"readme.txt", "index.htm", "index.html"})
MAX_DESCRIPTION_BYTES = 1 << 20
"""Bytes of what a medium says of itself in README.TXT or INDEX.HTM; a page of text."""


def read_media(place: Path) -> Iterator[Item]:
    """Yield what the medium at ``place`` (a folder or a ZIP archive), or each in that folder, holds.

    Raises:
        FileNotFound, NotMedium: when there is none.
        ZipRefused: when ``place`` is an archive that is not plain.
        LimitExceeded: past a limit of the folder.
    """
    with ExitStack() as stack:
        submitted: list[SubmittedDocuments] = []
        beside: list[OutsideFile] = []
        for one in subsets_at(place, stack):
            if isinstance(one, Finding):
                yield one
            elif isinstance(one, OutsideFile):
                beside.append(one)
            else:
                found = yield from submitted_documents(one)
                submitted += [found] if found else []
        yield from submission_items(submitted)
        yield from _files_beside(beside, submitted)


# -- 3. and 4. content ---------------------------------------------------------------------


def submission_items(submitted: list[SubmittedDocuments], system: str = SYSTEM) -> Iterator[Item]:
    """Yield the content of all documents, patient by patient, then what the metadata say, as rows of ``system``."""
    documents = _with_replaced(submitted)
    dossiers, findings = dossiers_of(one.heading for one in documents)
    yield from findings
    by_key = {(one.heading.practice.id, one.heading.key): one for one in reversed(documents)}
    known: set[str] = set()
    tallies: Counter[str] = Counter()
    taken: dict[str, tuple[str, str]] = {}
    for patient, practice, headings in dossiers:
        yield from people_of(patient, practice, headings, known)
        holder = Holder(practice=practice, patient=patient, system=system, known=known)
        for heading, replaced in headings:
            found = by_key[heading.practice.id, heading.key]
            taken[found.entry.id] = patient.id, document_identity(practice.id, patient.id, heading.key)
            if replaced:
                yield xdm_finding(heading.place, "cda-replaced", REPLACED, Severity.NOTE)
            for item in _content(found, holder, superseded=replaced or found.withdrawn):
                if isinstance(item, Tally):
                    tallies[item.table] += item.rows
                else:
                    yield item
    yield from (Tally(table=table, rows=rows) for table, rows in tallies.items())
    yield from _object_rows(submitted, taken, known, system)


def _with_replaced(submitted: list[SubmittedDocuments]) -> list[DescribedDocument]:
    """Return all documents, each with the numbers of those that an association says it replaces."""
    every = [found for one in submitted for found in one.documents]
    numbers = {one.entry.id: one.heading.number for one in every}
    replaced: dict[str, list[str]] = {}
    for one in (each for submission in submitted for each in submission.submission.associations):
        if one.kind in REPLACES and one.target in numbers:
            replaced.setdefault(one.source, []).append(numbers[one.target])
    return [
        replace(
            one,
            heading=replace(one.heading, replaces=(*one.heading.replaces, *replaced.get(one.entry.id, ()))),
        )
        for one in every
    ]


def _content(found: DescribedDocument, holder: Holder, *, superseded: bool) -> Iterator[Item]:
    file = found.file
    if not found.clinical:
        yield from plain_document(found.entry, found.heading.key, file, found.attachment, holder)
        return
    with file.open() as stream:
        document = read_document(stream.read(MAX_DOCUMENT_BYTES + 1), file.place)
    name = file.name.rsplit("/", 1)[-1]
    yield from document_items(
        document, holder, place=file.place, name=name, open_file=file.open, superseded=superseded
    )


def _object_rows(
    submitted: list[SubmittedDocuments], taken: dict[str, tuple[str, str]], known: set[str], system: str
) -> Iterator[Item]:
    """Yield the objects of all metadata; of a submission about one patient all are that patient's."""
    rows = 0
    for one in submitted:
        if one.practice.id not in known:
            known.add(one.practice.id)
            yield one.practice
        patients = {taken[found.entry.id][0] for found in one.documents if found.entry.id in taken}
        only = next(iter(patients)) if len(patients) == 1 else None
        for number, each in enumerate(one.submission.objects, 1):
            rows += 1
            patient, record = taken.get(each.id, (only, ""))
            yield SourceRow(
                id=record_id(one.practice.id, f"{system}-rows", f"{one.key}/{number}"),
                patient=patient,
                system=system,
                table="object",
                key=f"{one.key}#{number}",
                columns={"kind": each.kind, "id": each.id, "title": each.title, "xml": each.text},
                records=(record,) if record else (),
            )
    if submitted:
        yield Tally(table="object", rows=rows)


def _files_beside(beside: list[OutsideFile], submitted: list[SubmittedDocuments]) -> Iterator[Item]:
    """Yield what the medium says of itself as rows, and a finding for every other file."""
    rows = 0
    for one in beside:
        if not submitted or one.name.casefold().rsplit("/", 1)[-1] not in _DESCRIPTIONS:
            yield xdm_finding(one.place, "xdm-undescribed", _UNDESCRIBED)
            continue
        try:
            with one.open() as stream:
                data = stream.read(MAX_DESCRIPTION_BYTES)
        except (Failure, OSError) as fault:
            yield refused_file(fault, one.place)
            continue
        practice = submitted[0].practice.id
        rows += 1
        yield SourceRow(
            id=record_id(practice, "xdm-files", f"{one.place}/{SHA256.hash_value(data).hex()[:16]}"),
            system=SYSTEM,
            table="file",
            key=one.place,
            columns={"name": one.name, "text": _text(data)},
        )
    if rows:
        yield Tally(table="file", rows=rows)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")

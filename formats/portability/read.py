"""Portability archives as items of a source: patient by patient, each part only if it is the one that was sent.

1. Manifest and signature say which parts there are (``formats.portability.parts``); another one is refused alone.
2. A patient's part holds documents with metadata (IHE XDM), read as from a medium, and copies of them in PDF.
3. Everything about the export as a whole (manifest, signature, documentation, the part beside the patients') is kept
   word for word as rows.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from formats.cda.document import practice_identity
from formats.cda.people import organisation_identifiers
from formats.digests import SHA256
from formats.errors import Failure
from formats.findings import Finding, Severity
from formats.folders import unreadable
from formats.model.people import Practice
from formats.model.provenance import SourceRow
from formats.model.record import record_id
from formats.outside_files.archives import OpenArchives, OutsideFile
from formats.portability.dossiers import SYSTEM, KnownTraits, patient_part
from formats.portability.findings import portability_finding
from formats.portability.manifest import ExportManifest, is_transverse
from formats.portability.own_dossier import is_own, own_items
from formats.portability.parts import StatedParts
from formats.portability.places import PortabilityArchive, exports_at
from formats.reading import Item, StateMoment, Tally
from formats.words import BYTES, Counted
from formats.xdm.described import refused_file

MAX_ROW_BYTES = 16 << 20
"""Bytes of one file about an export as a whole, which is kept as a row: a year of an agenda is a few megabytes."""


def read_portability(place: Path) -> Iterator[Item]:
    """Yield what the portability archives at ``place`` hold (a ZIP archive, a folder, or a folder of them).

    Raises:
        FileNotFound, NotPortability: when none is there.
        ZipRefused: when ``place`` is an archive that is not plain.
        LimitExceeded: past a limit of the folder.
    """
    rows: Counter[str] = Counter()
    with ExitStack() as stack:
        archives = OpenArchives(stack)
        known = KnownTraits()
        for one in exports_at(place, archives):
            if isinstance(one, OutsideFile):
                yield portability_finding("pdlgc-beside", one.place)
                continue
            items = iter((one,)) if isinstance(one, Finding) else _export_items(one, archives, known)
            for item in items:
                if isinstance(item, Tally):
                    continue
                if isinstance(item, SourceRow):
                    rows[f"{item.system}/{item.table}"] += 1
                yield item
    yield from (Tally(table=table, rows=count) for table, count in sorted(rows.items()))


def _export_items(archive: PortabilityArchive, archives: OpenArchives, known: KnownTraits) -> Iterator[Item]:
    stated = StatedParts(archive)
    yield from stated.read()
    practice = _practice(stated.manifest, archive.place)
    keep = partial(_row, export=stated.manifest.export or archive.place, archive=archive)
    yield StateMoment(practice=practice.id, patient=None, at=None, collected=True)
    yield practice
    for name in sorted(archive.parts):
        try:
            fault = stated.fault(name)
            if fault is not None:
                yield fault
            if fault is not None and fault.severity is Severity.ERROR:
                continue
            files = archive.parts[name]
            if name in archive.packed:
                packed, files = files[0], archives.files_within(files[0])
                if is_own(files) and (yield from own_items(packed)):
                    continue
        except (Failure, OSError) as failure:
            yield refused_file(failure, archive.parts[name][0].place)
            continue
        if is_transverse(name):
            for file in files:
                yield from keep(file, practice.id, None, table="transverse")
            continue
        yield from patient_part(
            files,
            f"{archive.place}/{name}",
            stated.entry(name),
            practice=practice,
            archives=archives,
            known=known,
            keep_text=keep,
        )
    whole = [one for one in (archive.manifest, archive.signature) if one is not None]
    for file in (*whole, *archive.beside):
        yield from keep(file, practice.id, None)


def _practice(manifest: ExportManifest, place: str) -> Practice:
    """Return who exports, as the manifest names the vendor; where it names nobody, the archive itself."""
    name = manifest.institution or manifest.system or place
    numbers = [("1.2.250.1.71.4.2.2", manifest.number)] if manifest.number else []
    root, extension = numbers[0] if numbers else ("", "")
    return Practice(
        id=practice_identity(root, extension, name),
        name=name,
        identifiers=organisation_identifiers(numbers),
    )


def _row(
    file: OutsideFile,
    practice: str,
    patient: str | None,
    *,
    export: str,
    archive: PortabilityArchive,
    table: str = "file",
) -> Iterator[Item]:
    """Keep a file as a row: its text, or its bytes in base64."""
    try:
        with file.open() as stream:
            data = stream.read(MAX_ROW_BYTES + 1)
    except Failure as fault:
        yield refused_file(fault, file.place)
        return
    except OSError as fault:
        yield unreadable(Path(file.place), Path(), fault)
        return
    if len(data) > MAX_ROW_BYTES:
        yield portability_finding(
            "pdlgc-file-too-long", file.place, found=Counted(max(file.size, len(data)), BYTES)
        )
        return
    digest = SHA256.hash_value(data).hex()[:16]
    name = file.place.removeprefix(f"{archive.place}/")
    yield SourceRow(
        id=record_id(practice, "pdlgc-files", f"{export}/{name}/{digest}"),
        patient=patient,
        system=SYSTEM,
        table=table,
        key=f"{export}/{name}#{digest}",
        columns={"name": name, "content": _content(data)},
    )


def _content(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    return f"base64:{base64.b64encode(data).decode('ascii')}" if "\0" in text else text

"""The submission of a patient's archive, read back: what METADATA.XML says of each file is compared with what is there.

What is in the documents that are made of the dossier is not read: the bundle says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from formats import xml
from formats.digests import SHA1
from formats.findings import Finding, Severity
from formats.pdlgc.contents import ArchiveContents
from formats.pdlgc.errors import ArchiveChanged, ArchiveIncomplete
from formats.pdlgc.profile import METADATA, SUBSET, TWINS
from formats.pdlgc.subset.documents import MADE_NAME
from formats.words import mark
from formats.xdm.codes import RIM
from formats.xdm.metadata import MAX_METADATA_BYTES

_COMPARED = ("URI", "size", "hash")
"""Slots that say which file is described, and what it must be."""
_UNDESCRIBED = mark("The metadata of the patient archive do not describe this document: {name}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadSubmission:
    """What belongs to the submission of an archive besides original files, and what was noticed of it.

    ``sha1`` is that of each file that is described, in lower-case hexadecimal.
    """

    members: frozenset[str] = frozenset()
    sha1: Mapping[str, str]
    findings: tuple[Finding, ...] = ()


NO_SUBMISSION = ReadSubmission(sha1={})


def read_submission(contents: ArchiveContents) -> ReadSubmission:
    """Return what the metadata say; an archive of no submission has none.

    Documents that are made of the dossier are read to their end; whoever reads an original file compares it.

    Raises:
        ArchiveIncomplete: when a file that is described, or what describes the others, is missing.
        ArchiveChanged: when a file is of another length or digest, or described twice.
        FormatFailure: when the metadata cannot be read.
    """
    names = frozenset(contents.names)
    files = {name for name in names if name.startswith(f"{SUBSET}/")}
    if not files:
        return NO_SUBMISSION
    if METADATA not in files:
        raise ArchiveIncomplete(name=METADATA)
    sha1: dict[str, str] = {}
    for name, size, digest in _described(contents):
        if name not in names:
            raise ArchiveIncomplete(name=name)
        if name in sha1 or size != str(contents.size(name)) or len(digest) != 2 * SHA1.size:
            raise ArchiveChanged(name=name)
        sha1[name] = digest
    made = frozenset(name for name in sha1 if MADE_NAME.fullmatch(PurePosixPath(name).name))
    for name in made:
        with contents.whole(name, sha1=sha1[name]):
            pass
    left = sorted(files - sha1.keys() - {METADATA})
    return ReadSubmission(
        members=frozenset({*made, METADATA, *_twins(names, sha1)}),
        sha1=sha1,
        findings=tuple(map(_undescribed, left)),
    )


def _described(contents: ArchiveContents) -> Iterator[tuple[str, str, str]]:
    """Yield the place, length and SHA-1 of each file that the metadata describe."""
    with contents.whole(METADATA) as stream:
        data = stream.read(MAX_METADATA_BYTES + 1)
    root = xml.parse(data, what=METADATA, limit=MAX_METADATA_BYTES, bare=True)
    for entry in root.iter(f"{{{RIM}}}ExtrinsicObject"):
        slots = {
            slot.get("name", ""): "".join(map(str, slot.itertext())).strip()
            for slot in entry.iterchildren(f"{{{RIM}}}Slot")
            if slot.get("name") in _COMPARED
        }
        place, size, digest = (slots.get(name, "") for name in _COMPARED)
        yield f"{SUBSET}/{place}", size, digest.lower()


def _twins(names: Iterable[str], described: Iterable[str]) -> frozenset[str]:
    """Return which of ``names`` are readable copies of documents that are described: the last part names the file."""
    stems = {PurePosixPath(name).stem for name in described}
    copies = (name for name in names if name.startswith(f"{TWINS}/"))
    return frozenset(one for one in copies if PurePosixPath(one).stem.rpartition("_")[2] in stems)


def _undescribed(name: str) -> Finding:
    return Finding(
        severity=Severity.WARNING,
        code="archive-document-undescribed",
        where=name,
        sentence=_UNDESCRIBED,
        facts={"name": name},
    )

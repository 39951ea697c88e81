"""An export, ``PA….ZIP``, front to back: README, documentation, patients, the practice, manifest, signature.

Length and SHA-256 of each archive within are known when it ends, and so manifest and signature stand behind them all.
An export that was left in its midst goes on: whoever keeps it says which members are whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from formats.digests import SHA256, Digest
from formats.paths import short_name
from formats.pdlgc.profile import MANIFEST, PATIENT_STEM, SIGNATURE, TRANSVERSE, TRANSVERSE_ARCHIVE
from formats.portability.writer.archive_lines import ArchiveLines
from formats.portability.writer.author import ExportAuthor
from formats.portability.writer.documentation import documentation
from formats.portability.writer.manifest import ArchiveLine, ManifestFacts, export_manifest
from formats.portability.writer.readme import (
    EXPORT_INSTRUCTIONS,
    EXPORT_TREE,
    README,
    write_readme,
)
from formats.target import Target, write_all
from formats.zip.writer import MemberSpan, ZipStream

SPARE = 64 << 20
"""Bytes that a patient's archive may have besides its files: the page, FHIR, documents made of the dossier."""
SignFiles = Callable[[Iterable[tuple[str, Digest]]], Iterable[bytes]]
"""Sign files, given by name and digest as often as they are asked for; gives the signature in pieces."""


class HashingTarget:
    """Passes bytes on, and keeps their number and SHA-256."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._state = SHA256.new()
        self.size = 0

    def write(self, data: bytes | memoryview, /) -> int:
        """Take ``data``."""
        write_all(self._target, data)
        self._state.update(data)
        self.size += len(data)
        return len(data)

    @property
    def digest(self) -> Digest:
        """SHA-256 of what was written."""
        return Digest(SHA256, self._state.digest())


def patient_id(number: int) -> str:
    """Return what the manifest calls the archive of the patient ``number``, from 1 to ``MAX_PATIENTS``."""
    return short_name(PATIENT_STEM, number, "")


class PortabilityExport:
    """Writes one export into ``target``, dated ``when``; ``earlier`` members are in it already."""

    def __init__(self, target: Target, *, when: datetime, earlier: Iterable[MemberSpan] = ()) -> None:
        self._zip = ZipStream(target, when=when, earlier=earlier)
        self._patients = ArchiveLines()

    @property
    def last(self) -> MemberSpan:
        """The member that was written last."""
        return self._zip.last

    @property
    def count(self) -> int:
        """How many patients' archives there are."""
        return len(self._patients)

    def write_front(self, author: ExportAuthor) -> Iterator[MemberSpan]:
        """Write what stands in front of the patients, and yield each member."""
        self._zip.add(README, [write_readme(author, EXPORT_INSTRUCTIONS, EXPORT_TREE)])
        yield self.last
        for place, pieces in documentation():
            self._zip.add(place, pieces)
            yield self.last

    @contextmanager
    def patient(self, *, size: int) -> Iterator[tuple[str, HashingTarget]]:
        """Begin the archive of the next patient, whose files have ``size`` bytes; ``add`` lists it when it is whole."""
        name = patient_id(self.count + 1)
        member = self._zip.begin(f"{name}.ZIP", size=size + SPARE, stored=True)
        yield name, HashingTarget(member)
        member.end()

    def add(self, line: ArchiveLine) -> None:
        """List the archive of a patient."""
        self._patients.append(line)

    def finish(
        self, write_transverse: Callable[[Target], object], facts: ManifestFacts, sign: SignFiles
    ) -> int:
        """Write the part about the practice, manifest and signature; return the length of the export in bytes."""
        member = self._zip.begin(TRANSVERSE_ARCHIVE, stored=True)
        target = HashingTarget(member)
        write_transverse(target)
        member.end()
        transverse = ArchiveLine(id=TRANSVERSE, size=target.size, digest=target.digest)
        with self._zip.open(MANIFEST) as stream:
            manifest = HashingTarget(stream)
            for piece in export_manifest(facts, transverse, self._patients, count=self.count):
                manifest.write(piece)
        front = ((MANIFEST, manifest.digest), (TRANSVERSE_ARCHIVE, transverse.digest))
        self._zip.add(SIGNATURE, sign(_SignedFiles(front, self._patients)))
        return self._zip.finish()


@dataclass(frozen=True, slots=True)
class _SignedFiles:
    """What is signed, by name and digest, as often as it is asked for."""

    front: tuple[tuple[str, Digest], ...]
    patients: ArchiveLines

    def __iter__(self) -> Iterator[tuple[str, Digest]]:
        yield from self.front
        for one in self.patients:
            yield f"{one.id}.ZIP", one.digest

"""Which parts of a portability archive are the ones that were sent: compared with its manifest and its signature.

1. The manifest lists the parts, with their sizes and digests; the signature has digests of its own.
2. A part of another size or digest, or that nothing names, is refused; the others are read.
3. Where the manifest is not the one that was signed, the signature alone is believed.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from formats.digests import BUFFER, SHA256, Digest, DigestAlgorithm
from formats.errors import Failure
from formats.findings import Finding
from formats.folders import as_finding
from formats.outside_files.archives import OutsideFile
from formats.portability.findings import portability_finding
from formats.portability.manifest import (
    MAX_MANIFEST_BYTES,
    ArchiveEntry,
    ExportManifest,
    is_transverse,
    read_export_manifest,
)
from formats.portability.places import PortabilityArchive
from formats.portability.signed_digests import MAX_SIGNATURE_BYTES, read_signed_digests


class StatedParts:
    """What the manifest and the signature of one archive say of its parts."""

    def __init__(self, archive: PortabilityArchive) -> None:
        self._archive = archive
        self._signed: dict[str, Digest] = {}
        self.manifest = ExportManifest()
        self._entries: dict[str, ArchiveEntry] = {}

    def read(self) -> Generator[Finding, None, None]:
        """Read both, and yield what is noticed."""
        yield from self._read_signature()
        yield from self._read_manifest()
        yield from self._compared()

    def entry(self, name: str) -> ArchiveEntry | None:
        """Return what the manifest says of the part ``name``."""
        return self._entries.get(name)

    def _read_signature(self) -> Generator[Finding, None, None]:
        file = self._archive.signature
        if file is None:
            yield portability_finding("pdlgc-unsigned", self._archive.place)
            return
        try:
            with file.open() as stream:
                self._signed = read_signed_digests(stream.read(MAX_SIGNATURE_BYTES + 1), file.place)
        except Failure as fault:
            yield as_finding(fault, file.place)
            return
        yield portability_finding("pdlgc-signature-unjudged", file.place)

    def _read_manifest(self) -> Generator[Finding, None, None]:
        file = self._archive.manifest
        if file is None:
            yield portability_finding("pdlgc-manifest-missing", self._archive.place)
            return
        try:
            with file.open() as stream:
                data = stream.read(MAX_MANIFEST_BYTES + 1)
            self.manifest = read_export_manifest(data, file.place)
        except Failure as fault:
            yield as_finding(fault, file.place)
            yield portability_finding("pdlgc-manifest-unread", file.place)
            return
        if self.manifest.fault:
            yield portability_finding("pdlgc-manifest-not-well-formed", file.place, fault=self.manifest.fault)
        signed = self._signed.get(file.base_name.upper())
        changed = signed is not None and Digest.of(data, algorithm=signed.algorithm) != signed
        if changed:
            yield portability_finding("pdlgc-manifest-changed", file.place)
        for one in self.manifest.entries:
            if not changed:
                self._entries[one.name] = one
            elif f"{one.name}.ZIP" in self._signed:
                self._entries[one.name] = replace(one, size=None, digest=None)

    def _compared(self) -> Generator[Finding, None, None]:
        place, manifest = self._archive.place, self.manifest
        parts = self._archive.parts
        known = {_same(name): name for name in parts}
        for one in manifest.entries:
            if one.name not in parts and _same(one.name) in known:
                self._entries[known[_same(one.name)]] = one
            elif one.name not in parts:
                yield portability_finding("pdlgc-missing", place, name=one.name)
        there = {
            "patients": sum(not is_transverse(name) for name in parts),
            "transverse": sum(is_transverse(name) for name in parts),
        }
        for what, expected in manifest.counts.items():
            if there[what] != expected:
                yield portability_finding(
                    "pdlgc-counts", place, expected=expected, found=there[what], what=what
                )
        if manifest.status and manifest.status != "COMPLETE":
            yield portability_finding("pdlgc-partial", place, status=manifest.status)

    def fault(self, name: str) -> Finding | None:
        """Return why the part ``name`` is refused, or a note that nothing says what it should be.

        Raises:
            Failure, OSError: when it cannot be read.
        """
        place = (
            self._archive.parts[name][0].place
            if name in self._archive.packed
            else f"{self._archive.place}/{name}"
        )
        entry, signed = self._entries.get(name), self._signed.get(f"{name}.ZIP")
        if entry is None and signed is None and (self._entries or self._signed):
            return portability_finding("pdlgc-unlisted", place)
        stated = (
            entry is not None and (entry.size is not None or entry.digest is not None)
        ) or signed is not None
        if name not in self._archive.packed or not stated:
            return portability_finding("pdlgc-unchecked", place)
        algorithm = signed.algorithm if signed else SHA256
        size, found = _measured(self._archive.parts[name][0], {SHA256, algorithm})
        if entry is not None and entry.size is not None and entry.size != size:
            return portability_finding("pdlgc-size", place, found=size, expected=entry.size)
        differs = entry is not None and entry.digest is not None and found[SHA256] != entry.digest
        if differs or (signed is not None and found[algorithm] != signed):
            return portability_finding("pdlgc-hash", place)
        return None


def _same(name: str) -> str:
    """Return one name for all those of the part beside the patients', and of ``PAT1`` and ``PAT00001``."""
    return "" if is_transverse(name) else name.removeprefix("PAT").lstrip("0")


def _measured(
    file: OutsideFile, algorithms: set[DigestAlgorithm]
) -> tuple[int, dict[DigestAlgorithm, Digest]]:
    """Return the length of ``file`` in bytes and its digests, read to its end."""
    size, states = 0, {one: one.new() for one in algorithms}
    with file.open() as stream:
        while piece := stream.read(BUFFER):
            size += len(piece)
            for state in states.values():
                state.update(piece)
    return size, {one: Digest(one, state.digest()) for one, state in states.items()}

"""A bag (RFC 8493) of files: each copied while it is hashed, then the manifests, then the tag manifests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from archiver import disk
from formats.bagit.write import (
    ALGORITHMS,
    DECLARATION,
    INFO,
    MANIFEST,
    PAYLOAD,
    TAG_MANIFEST,
    declaration,
    info_lines,
    manifest_line,
    payload_oxum,
)
from formats.digests import Digest, DigestAlgorithm, chunks
from formats.regular_files import open_regular


class BagFolder:
    """Writes a bag into the new folder ``folder``; ``finish`` makes it whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lines: dict[DigestAlgorithm, list[bytes]] = {one: [] for one in ALGORITHMS}
        self.files = self.size = 0

    def add(self, name: str, place: Path, *, progress: Callable[[int], None]) -> None:
        """Copy the file at ``place`` as the payload file ``name``, with ``/`` between folders.

        Raises:
            DiskFull, DiskFault: what the disk answered.
        """
        path = f"{PAYLOAD}/{name}"
        target = self._folder.joinpath(*path.split("/"))
        states = {algorithm: algorithm.new() for algorithm in ALGORITHMS}
        with disk.failures_about(place):
            target.parent.mkdir(parents=True, exist_ok=True)
            with open_regular(place) as source, disk.open_new(target) as stream:
                for piece in chunks(source):
                    stream.write(piece)
                    self.size += len(piece)
                    for state in states.values():
                        state.update(piece)
                    progress(len(piece))
        self.files += 1
        for algorithm, state in states.items():
            self._lines[algorithm].append(manifest_line(Digest(algorithm, state.digest()), path))

    def finish(self, labels: Iterable[tuple[str, str]]) -> None:
        """Write the tag files; ``labels`` are those of ``bag-info.txt`` before the sums of the payload."""
        oxum = ("Payload-Oxum", payload_oxum(self.size, self.files))
        tags = {DECLARATION: declaration(), INFO: info_lines((*labels, oxum))}
        for algorithm, lines in self._lines.items():
            tags[MANIFEST.format(algorithm=algorithm.name)] = b"".join(lines)
        for algorithm in ALGORITHMS:
            lines = [manifest_line(Digest.of(data, algorithm=algorithm), name) for name, data in tags.items()]
            self._write(TAG_MANIFEST.format(algorithm=algorithm.name), b"".join(lines))
        for name, data in tags.items():
            self._write(name, data)

    def _write(self, name: str, data: bytes) -> None:
        with disk.failures_about(), disk.open_new(self._folder / name) as stream:
            stream.write(data)

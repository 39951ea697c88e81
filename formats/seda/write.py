"""The SIP of a SEDA transfer: one ZIP, written front to back, with the files first and ``manifest.xml`` last."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from formats.digests import SHA512, Digest
from formats.seda.codes import MANIFEST
from formats.seda.manifest import content_name, manifest_pieces
from formats.seda.transfer import DataObject, DataObjects, Transfer
from formats.target import Target
from formats.zip.limits import ZipLimits
from formats.zip.writer import ZipStream

LIMITS = ZipLimits(members=500_001, member_bytes=1 << 50, total_bytes=1 << 53)
"""As many members as a sealed package has, and the manifest; bytes as ZIP64 and file systems let them be."""


class TransferWriter:
    """Writes the files of a transfer one after the other; sizes and digests are counted while they go by."""

    def __init__(self, target: Target, *, when: datetime) -> None:
        self._zip = ZipStream(target, when=when, limits=LIMITS)
        self._count = 0

    def add(
        self,
        name: str,
        pieces: Iterable[bytes],
        *,
        size: int,
        unit: str = "",
        destroy_from: date | None = None,
        on_hold: bool = False,
        watch: Callable[[bytes], object] = lambda _: None,
    ) -> DataObject:
        """Write the file ``name`` of ``size`` bytes, and return what the manifest will say of it.

        ``watch`` is given each piece that was written.

        Raises:
            LimitExceeded: for more or larger files than a ZIP takes.
        """
        self._count += 1
        state, written = SHA512.new(), 0
        with self._zip.open(content_name(self._count, name), size=size) as member:
            for piece in pieces:
                member.write(piece)
                state.update(piece)
                written += len(piece)
                watch(piece)
        return DataObject(
            number=self._count,
            name=name,
            digest=Digest(SHA512, state.digest()),
            size=written,
            unit=unit,
            destroy_from=destroy_from,
            on_hold=on_hold,
        )

    def finish(self, transfer: Transfer, objects: DataObjects) -> None:
        """Write ``manifest.xml``; the SIP is whole afterwards."""
        self._zip.add(MANIFEST, manifest_pieces(transfer, objects))
        self._zip.finish()

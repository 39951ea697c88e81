"""Range of an object in an object storage as a stream: asked for piece by piece, each with a time of its own."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, cast

from archiver.storage.errors import StorageUnreachable
from archiver.storage.object_answers import BROKEN_OFF, reader_answers
from archiver.storage.object_clients import ATTEMPTS

if TYPE_CHECKING:
    from obstore import GetOptions
    from obstore.store import S3Store

RANGE_BYTES = 8 << 20
"""Bytes asked for at a time: what is in memory, and what has ``ANSWER_SECONDS`` to arrive."""


class ObjectRange(io.RawIOBase):
    """Bytes ``start`` to ``end`` of one version of the object ``name``; ``key`` is what messages call it."""

    def __init__(
        self,
        reader: S3Store,
        storage: str,
        name: str,
        key: str,
        *,
        version: str,
        start: int,
        end: int,
        attempts: int = ATTEMPTS,
    ) -> None:
        self._reader, self._storage, self._name, self._key = reader, storage, name, key
        self._version, self._at, self._end = version, start, end
        self._attempts, self._piece = attempts, memoryview(b"")

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into ``buffer``; return how many bytes.

        Raises:
            StorageObjectMissing, StorageUnreachable, StorageRefused: what the storage answers.
        """
        if not self._piece and self._at < self._end:
            end = min(self._at + RANGE_BYTES, self._end)
            self._piece = memoryview(self._fetch(end))
            self._at = end
        count = min(len(buffer), len(self._piece))
        buffer[:count] = self._piece[:count]
        self._piece = self._piece[count:]
        return count

    def _fetch(self, end: int) -> bytes:
        for _ in range(self._attempts - 1):
            try:
                return self._ask(end)
            except StorageUnreachable as failure:  # obstore does not ask again for what broke off half-way
                if failure.facts["reason"] != BROKEN_OFF:
                    raise
        return self._ask(end)

    def _ask(self, end: int) -> bytes:
        import obstore  # noqa: PLC0415 - an optional extra, which is there

        wanted: dict[str, Any] = {"range": (self._at, end)}
        if self._version:
            wanted["version"] = self._version
        with reader_answers(self._storage, self._key):
            content = bytes(obstore.get(self._reader, self._name, options=cast("GetOptions", wanted)).bytes())
        if len(content) != end - self._at:
            raise StorageUnreachable(storage=self._storage, reason=BROKEN_OFF)
        return content

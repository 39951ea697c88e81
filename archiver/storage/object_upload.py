"""Upload of one object to an object storage, in one piece or in parts; its digest is compared before it has a name.

Each piece carries its SHA-256, which the server compares. The SHA-256 of an upload in parts is a digest of digests:
so the digest of the whole is our own, and an upload that is not what was announced is given up before it is an object.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any, BinaryIO

from archiver.storage.errors import StorageDigestMismatch, StorageRefused
from archiver.storage.object_answers import answers
from archiver.storage.storage import RetentionLock
from formats.digests import Digest
from formats.errors import Failure
from formats.words import mark

PART_BYTES = 16 << 20
"""Bytes of a part, and the longest object that is sent in one piece: what is in memory at a time."""
MAX_PARTS = 10_000
"""Parts of an upload (Amazon S3 User Guide, “Multipart upload limits”)."""
MAX_OBJECT_BYTES = 5 << 40
"""Bytes of an object (same place)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """What is to be sent: ``name`` in ``bucket``, called ``key`` in messages; ``client`` is one of boto3."""

    client: Any
    storage: str
    bucket: str
    name: str
    key: str
    size: int
    digest: Digest
    lock: RetentionLock | None = None
    supersede: bool = False

    @property
    def place(self) -> dict[str, Any]:
        """Where it goes, as every request says it."""
        return {"Bucket": self.bucket, "Key": self.name}

    @property
    def condition(self) -> dict[str, Any]:
        """What the request that makes the object asks: that there is none yet (RFC 9110, 13.1.2)."""
        return {} if self.supersede else {"IfNoneMatch": "*"}

    def send(self, stream: BinaryIO, part_bytes: int = PART_BYTES) -> str:
        """Send what is left in ``stream``; return the version id, or nothing where the storage names none.

        Raises:
            StorageDigestMismatch: when ``stream`` is not what was announced; there is no object then.
            StorageObjectExists, StorageRefused, StorageUnreachable, StorageClockDiffers: what the storage answers.
        """
        if self.size > MAX_OBJECT_BYTES:
            raise StorageRefused(storage=self.storage, reason=mark("an object has at most 5 TiB"))
        if self.size <= part_bytes:
            return self._send_whole(stream)
        return self._send_parts(stream, max(part_bytes, -(-self.size // MAX_PARTS)))

    def _send_whole(self, stream: BinaryIO) -> str:
        content = stream.read(self.size + 1)
        self._compare(Digest.of(content, algorithm=self.digest.algorithm), len(content))
        with answers(self.storage, self.key):
            answer = self.client.put_object(
                **self.place,
                **lock_headers(self.lock),
                **self.condition,
                Body=content,
                ChecksumSHA256=Digest.of(content).base64,
            )
        return str(answer.get("VersionId", ""))

    def _send_parts(self, stream: BinaryIO, part_bytes: int) -> str:
        with answers(self.storage, self.key):
            started = self.client.create_multipart_upload(
                **self.place, **lock_headers(self.lock), ChecksumAlgorithm="SHA256"
            )
        upload = self.place | {"UploadId": started["UploadId"]}
        try:
            parts = list(self._parts(stream, upload, part_bytes))
            with answers(self.storage, self.key):
                answer = self.client.complete_multipart_upload(
                    **upload, **self.condition, MultipartUpload={"Parts": parts}
                )
        except BaseException:
            with suppress(Failure), answers(self.storage, self.key):
                self.client.abort_multipart_upload(**upload)
            raise
        return str(answer.get("VersionId", ""))

    def _parts(
        self, stream: BinaryIO, upload: Mapping[str, Any], part_bytes: int
    ) -> Iterator[dict[str, Any]]:
        """Send part after part, and yield what completing takes; at the end, compare the whole."""
        state, sent = self.digest.algorithm.new(), 0
        for number, piece in enumerate(_pieces(stream, part_bytes), start=1):
            state.update(piece)
            sent += len(piece)
            if sent > self.size:
                break
            checksum = Digest.of(piece).base64
            with answers(self.storage, self.key):
                answer = self.client.upload_part(
                    **upload, PartNumber=number, Body=piece, ChecksumSHA256=checksum
                )
            yield {"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": checksum}
        self._compare(Digest(self.digest.algorithm, state.digest()), sent)

    def _compare(self, found: Digest, size: int) -> None:
        if size == self.size and found == self.digest:
            return
        reason = mark("its size differs") if size != self.size else mark("its digest differs")
        raise StorageDigestMismatch(storage=self.storage, key=self.key, reason=reason)


def lock_headers(lock: RetentionLock | None) -> dict[str, Any]:
    """Return what a request says that makes a locked object; a part of a second lengthens the lock to a whole one."""
    if lock is None:
        return {}
    until = (lock.until + timedelta(microseconds=999_999)).astimezone(UTC).replace(microsecond=0)
    return {
        "ObjectLockMode": "COMPLIANCE" if lock.compliance else "GOVERNANCE",
        "ObjectLockRetainUntilDate": until,
    }


def _pieces(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield pieces of exactly ``size`` bytes, and the last that may be shorter."""
    while True:
        piece = stream.read(size)
        while piece and len(piece) < size and (more := stream.read(size - len(piece))):
            piece += more
        if not piece:
            return
        yield piece


def abort_uploads(client: Any, bucket: str, prefix: str) -> None:
    """Abort every upload in parts of a name that begins with ``prefix``; of what boto3 raises nothing is turned."""
    for page in client.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=prefix):
        for one in page.get("Uploads", ()):
            client.abort_multipart_upload(Bucket=bucket, Key=one["Key"], UploadId=one["UploadId"])

"""Address of a storage: a folder, or a bucket of an object storage that speaks S3.

``s3:https://SERVER[:PORT]/BUCKET[/PREFIX][?region=REGION]``; without TLS only on this machine. Credentials are never
part of an address: addresses are shown, listed and written down.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit

from archiver.network import base_fault, is_loopback, shown_address
from archiver.storage.errors import StorageAddressInvalid
from formats.errors import UnsafeName
from formats.paths import safe_path
from formats.words import mark

SCHEME = "s3:"
DEFAULT_REGION = "us-east-1"
"""Region that signatures name where a server has none of its own (AWS Signature Version 4)."""
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
"""Amazon S3 User Guide, “General purpose bucket naming rules”."""
_REGION = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectStoreAddress:
    """Bucket of an object storage: ``endpoint`` is the base of its services, ``prefix`` begins every key."""

    endpoint: str
    bucket: str
    prefix: str = ""
    region: str = DEFAULT_REGION

    def __str__(self) -> str:
        place = f"{SCHEME}{self.endpoint}/{self.bucket}" + (f"/{self.prefix}" if self.prefix else "")
        return place + (f"?region={self.region}" if self.region != DEFAULT_REGION else "")

    @property
    def on_this_machine(self) -> bool:
        """Whether the server is this machine."""
        return is_loopback(urlsplit(self.endpoint).hostname or "")


def read_address(text: str) -> ObjectStoreAddress | Path:
    """Return the address that ``text`` is: of a bucket where it begins with ``s3:``, else of a folder.

    Raises:
        StorageAddressInvalid: when it is neither.
    """
    if not text.startswith(SCHEME):
        if not text or "://" in text:
            raise StorageAddressInvalid(
                address=shown_address(text), reason=mark("it is neither a folder nor an S3 address")
            )
        return Path(text)
    try:
        parts = urlsplit(text.removeprefix(SCHEME))
        reason = _base_fault(parts)
        bucket, _, prefix = parts.path.strip("/").partition("/")
        region, query_fault = _region(parts.query)
    except ValueError:
        shown = shown_address(text)
        raise StorageAddressInvalid(address=shown, reason=mark("it is not readable as an address")) from None
    reason = reason or query_fault or _place_fault(bucket, prefix)
    if reason:
        raise StorageAddressInvalid(address=shown_address(text), reason=reason)
    return ObjectStoreAddress(
        endpoint=f"{parts.scheme}://{parts.netloc}", bucket=bucket, prefix=prefix, region=region
    )


def _base_fault(parts: SplitResult) -> str:
    if "@" in parts.netloc:
        return mark("credentials do not belong into an address")
    return base_fault(f"{parts.scheme}://{parts.netloc}", mark("it names no server over https"))


def _place_fault(bucket: str, prefix: str) -> str:
    if not _BUCKET.fullmatch(bucket):
        return mark("it names no bucket")
    try:
        if prefix:
            safe_path(prefix)
    except UnsafeName:
        return mark("the prefix is no plain path")
    return ""


def _region(query: str) -> tuple[str, str]:
    given = dict(parse_qsl(query, keep_blank_values=True))
    region = given.pop("region", DEFAULT_REGION)
    if given or not _REGION.fullmatch(region):
        return "", mark("behind the question mark only region=… is understood")
    return region, ""

"""What is tried on a locked object to take it away or to shorten its lock, in the requests of Amazon S3."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from formats.words import mark

BYPASS = {"BypassGovernanceRetention": True}
"""What takes a lock in governance mode away, and must not act on one in compliance mode."""
SHORTER = timedelta(seconds=30)
"""How much earlier a shortened lock would end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbeTarget:
    """One version of an object that is locked ``until``."""

    bucket: str
    name: str
    version: str
    until: datetime

    @property
    def place(self) -> dict[str, str]:
        """The version, as requests name it."""
        return {"Bucket": self.bucket, "Key": self.name, "VersionId": self.version}

    @property
    def newest(self) -> dict[str, str]:
        """The object without a version, as requests name it."""
        return {"Bucket": self.bucket, "Key": self.name}


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbeAttempt:
    """An attempt: ``act`` makes its requests with a client of boto3; not its answer decides, but what is left."""

    id: str
    sentence: str
    act: Callable[[Any, ProbeTarget], object]


def _retention(target: ProbeTarget, mode: str, until: datetime) -> dict[str, Any]:
    return {**target.place, "Retention": {"Mode": mode, "RetainUntilDate": until}}


def _delete_in_batch(client: Any, target: ProbeTarget) -> object:
    batch = {"Objects": [{"Key": target.name, "VersionId": target.version}]}
    return client.delete_objects(Bucket=target.bucket, Delete=batch, **BYPASS)


def _suspend(client: Any, target: ProbeTarget) -> object:
    """Suspend versions, and take it back at once where that was let happen."""
    answer = client.put_bucket_versioning(
        Bucket=target.bucket, VersioningConfiguration={"Status": "Suspended"}
    )
    client.put_bucket_versioning(Bucket=target.bucket, VersioningConfiguration={"Status": "Enabled"})
    raise VersionsSuspended(answer)


class VersionsSuspended(Exception):
    """A bucket with locks whose versions could be suspended."""


ATTEMPTS = (
    ProbeAttempt(
        id="delete",
        sentence=mark("delete the locked version"),
        act=lambda client, target: client.delete_object(**target.place),
    ),
    ProbeAttempt(
        id="delete-bypass",
        sentence=mark("delete the locked version, with bypass"),
        act=lambda client, target: client.delete_object(**target.place, **BYPASS),
    ),
    ProbeAttempt(
        id="delete-batch",
        sentence=mark("delete the locked version in a batch, with bypass"),
        act=_delete_in_batch,
    ),
    ProbeAttempt(
        id="shorten",
        sentence=mark("shorten the lock"),
        act=lambda client, target: client.put_object_retention(
            **_retention(target, "COMPLIANCE", target.until - SHORTER)
        ),
    ),
    ProbeAttempt(
        id="shorten-bypass",
        sentence=mark("shorten the lock, with bypass"),
        act=lambda client, target: client.put_object_retention(
            **_retention(target, "COMPLIANCE", target.until - SHORTER), **BYPASS
        ),
    ),
    ProbeAttempt(
        id="downgrade",
        sentence=mark("lower the lock to governance mode, with bypass"),
        act=lambda client, target: client.put_object_retention(
            **_retention(target, "GOVERNANCE", target.until), **BYPASS
        ),
    ),
    ProbeAttempt(
        id="unlock",
        sentence=mark("take the lock away, with bypass"),
        act=lambda client, target: client.put_object_retention(**target.place, Retention={}, **BYPASS),
    ),
    ProbeAttempt(id="suspend", sentence=mark("suspend the versions of the bucket"), act=_suspend),
    ProbeAttempt(
        id="overwrite",
        sentence=mark("write other bytes under the same name"),
        act=lambda client, target: client.put_object(**target.newest, Body=b"other bytes"),
    ),
    ProbeAttempt(
        id="copy-over",
        sentence=mark("copy another object over it"),
        act=lambda client, target: client.copy_object(
            **target.newest,
            CopySource={"Bucket": target.bucket, "Key": target.name},
            MetadataDirective="REPLACE",
        ),
    ),
    ProbeAttempt(
        id="delete-newest",
        sentence=mark("delete the object without naming a version"),
        act=lambda client, target: client.delete_object(**target.newest),
    ),
)
"""All attempts, in the order in which they are made; those that hide the version come last."""
PARTS_ATTEMPT = ProbeAttempt(
    id="delete-bypass-parts",
    sentence=mark("delete the locked version that was sent in parts, with bypass"),
    act=lambda client, target: client.delete_object(**target.place, **BYPASS),
)
"""The attempt on an object that was sent in parts, whose lock goes with another request."""
